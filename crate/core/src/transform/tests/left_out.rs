//! Rules that are left out, and what is said of them.

use std::fs;
use std::path::PathBuf;

use super::*;

/// The rules of files with these names and contents, and what is said of those left out, without their folder.
fn usable(files: &[(&str, &str)]) -> Result<(Vec<String>, Vec<String>), String> {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = files.iter().map(|(name, _)| folder.path().join(name)).collect();
    for (path, (_, text)) in paths.iter().zip(files) {
        fs::write(path, text).unwrap();
    }
    let shown = |error: Error| error.to_string().replace(&format!("{}/", folder.path().display()), "");
    assert!(Rules::load(&paths).is_err(), "a rule is bad");
    let mut rules = Rules::load_usable(&paths).map_err(shown)?;
    let left_out = rules.take_left_out().into_iter().map(shown).collect();
    Ok((rules.transforms.into_iter().map(|transform| transform.name).collect(), left_out))
}

const YAML: &str = "
transforms:
- {name: a, smirks: &s x, prob: 2}
- {name: b, smirks: *s}
- smirks: x
- {name: c, smirks: x, lable: y}
- {name: d, smirks: x, scope_classes: [lipid, [3]]}
- {name: b, smirks: y}
- {name: e, smirks: x, examples: [{in: C}]}
- [f]
- {name: g, smirks: y}
";

#[test]
fn entries_of_yaml_are_left_out_one_by_one() {
    let (names, left_out) = usable(&[("t.yaml", YAML)]).unwrap();
    assert_eq!(names, ["b", "g"]);
    let places: Vec<&str> = left_out.iter().map(|fault| fault.split(": ").next().unwrap()).collect();
    let expected = [
        "t.yaml:3:33",
        "t.yaml:6:24",
        "t.yaml:7:47",
        "t.yaml:10:3",
        "t.yaml:5:3",
        "t.yaml:8:10",
        "t.yaml:9:35",
    ];
    assert_eq!(places, expected, "{left_out:#?}");
    assert!(left_out[5].contains("the name \"b\" is already used on line 4"), "{left_out:#?}");
    // The file after it is read in full.
    let (names, _) =
        usable(&[("t.yaml", YAML), ("u.yaml", "transforms:\n- {name: u, smirks: x}\n")]).unwrap();
    assert_eq!(names, ["b", "g", "u"]);
}

#[test]
fn a_file_that_is_not_yaml_ends_the_run() {
    for text in
        ["transforms:\n- {name: a, smirks: x}\n- {name: b, smirks: [C:1]: x}\n", "transform: []\n", ""]
    {
        let good = ("good.yaml", "transforms: [{name: g, smirks: x}]");
        let fault = usable(&[good, ("t.yaml", text)]).unwrap_err();
        assert!(fault.starts_with("t.yaml:"), "{fault}");
    }
}

#[test]
fn the_later_of_two_rules_with_the_same_name_is_left_out() {
    let first = "transforms:\n- {name: a, smirks: x}\n- {name: b, smirks: x}\n";
    let second = "transforms:\n- {name: c, smirks: x}\n- {name: a, smirks: y}\n";
    let (names, left_out) = usable(&[("t.yaml", first), ("u.yaml", second)]).unwrap();
    assert_eq!(names, ["a", "b", "c"]);
    let [fault] = &left_out[..] else { panic!("{left_out:#?}") };
    assert!(fault.starts_with("u.yaml:3:10: "), "{fault}");
    assert!(fault.contains("the name \"a\" is already used at t.yaml:2:10"), "{fault}");
}

#[test]
fn rows_of_other_formats_are_left_out() {
    let table = "name,smirks,prob\na,[C:1]>>[C:1]F,1\nb,[C:1]>>[C:1]F,often\nc,,0.5\na,[C:1]>>[C:1]Cl,\n";
    let (names, left_out) =
        usable(&[("t.csv", table), ("t.smarts", "C>>O good\nwords\nC>>N x/y\n")]).unwrap();
    assert_eq!(names, ["a", "good"]);
    let places: Vec<&str> = left_out.iter().map(|fault| fault.split(": ").next().unwrap()).collect();
    assert_eq!(
        places,
        ["t.csv:3:17", "t.csv:4:1", "t.csv:5:1", "t.smarts:2:1", "t.smarts:3:6"],
        "{left_out:#?}"
    );
}

#[test]
fn if_nothing_is_left_the_first_fault_is_the_error() {
    let fault = usable(&[("t.smarts", "words\nC>>N x/y\n")]).unwrap_err();
    assert!(fault.starts_with("t.smarts:1:1: "), "{fault}");
}
