//! Tests of the transform file: what loads, and what a run uses of it. `faults` tests messages and positions, `selected`
//! which transforms a run takes, `bounds` files that must not take long, use much memory or cause a panic, `tables` the
//! other formats, `left_out` rules that are left out, `schema` the JSON Schema.

mod bounds;
mod faults;
mod left_out;
mod schema;
mod selected;
mod tables;

use std::path::Path;

use self::faults::said;
use super::*;
use crate::error::Error;

const PREDECESSOR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../configs/transforms.yaml");

fn read(text: &str) -> Result<TransformFile, Error> {
    parse(Path::new("t.yaml"), text.as_bytes())
}

fn transforms(text: &str) -> Vec<Transform> {
    read(text).unwrap().transforms
}

/// A file with `entry` in its only transform, on line 5.
fn with_entry(entry: &str) -> String {
    format!("version: 1\ntransforms:\n- name: a\n  smirks: \"[C:1]>>[C:1]\"\n  {entry}\n")
}

#[test]
fn the_predecessors_file_loads_as_is() {
    let file = load(Path::new(PREDECESSOR)).unwrap();
    assert_eq!((file.version, file.transforms.len()), (1, 32));
    assert_eq!(file.notices, Vec::<String>::new());
    assert_eq!(file.idle_keys, Vec::<&str>::new());
    assert_eq!(file.sha256, "43feb3adee9faa06e8b3a09dc17c32c46060f085788dacb18ba9a380ca2d05ca");
    assert!(file.transforms.iter().all(|t| t.max_sites_per_mol.is_none() && t.exclude_sugar_like));
    assert!(file.transforms.iter().all(|t| t.prob.is_none() && !t.examples.is_empty()));
    assert_eq!(file.transforms.iter().filter(|t| t.query_smarts.is_some()).count(), 4);
    assert_eq!(file.transforms.iter().map(|t| t.examples.len()).sum::<usize>(), 57);

    let example = |input: &str, output: &str| Example::Gives {
        input: input.into(),
        output: Expected::Among(output.into()),
    };
    let methoxy = Transform {
        name: "FG_PHENOL_OH__OH__TO__OMe".into(),
        smirks: "[c:1][OX2H:2]>>[c:1][O:2]C".into(),
        query_smarts: Some("[c:1][OX2H:2]".into()),
        not_smarts: Vec::new(),
        hydrogens: Hydrogens::Implicit,
        code: Some("FG_PHENOL_OH__OH__TO__OMe".into()),
        label: Some("OH->OMe".into()),
        legacy_rule_id: Some("OH_to_OMe".into()),
        family: Some("phenol_mod".into()),
        scope_classes: vec!["polyphenol".into(), "terpenoid".into()],
        highlight_mapnums: vec![2],
        product_highlight_symbol: Some("O".into()),
        max_sites_per_mol: None,
        exclude_sugar_like: true,
        prob: None,
        id_token: None,
        examples: vec![example("Oc1ccccc1", "COc1ccccc1"), example("OCc1ccc(O)cc1", "COc1ccc(CO)cc1")],
    };
    assert_eq!(file.transforms[0], methoxy);
    // `legacy_rule_id: null`, then one that is given.
    assert_eq!(file.transforms[2].legacy_rule_id, None);
    assert_eq!(file.transforms[4].legacy_rule_id.as_deref(), Some("R1"));
    assert_eq!(file.transforms[31].name, "PRIMARY_OH__CH2OH__TO__I");
}

#[test]
fn what_is_not_given_has_its_default() {
    let file = read("transforms: [{name: a, smirks: '[C:1]>>[C:1]'}]").unwrap();
    assert_eq!((file.version, file.notices, file.idle_keys), (1, Vec::new(), Vec::new()));
    let expected = Transform {
        name: "a".into(),
        smirks: "[C:1]>>[C:1]".into(),
        query_smarts: None,
        not_smarts: Vec::new(),
        hydrogens: Hydrogens::Implicit,
        code: None,
        label: None,
        legacy_rule_id: None,
        family: None,
        scope_classes: Vec::new(),
        highlight_mapnums: Vec::new(),
        product_highlight_symbol: None,
        max_sites_per_mol: None,
        exclude_sugar_like: false,
        prob: None,
        id_token: None,
        examples: Vec::new(),
    };
    assert_eq!(file.transforms, [expected]);
}

#[test]
fn defaults_stand_where_the_transform_does_not_say() {
    let text = "
version: 1
defaults: {max_sites_per_mol: 4, exclude_sugar_like: true, apply_mode: per_site}
transforms:
- {name: a, smirks: x}
- {name: b, smirks: x, max_sites_per_mol: -1, exclude_sugar_like: false, apply_mode: per_site, prob: 1}
- {name: c, smirks: x, max_sites_per_mol: 7, prob: 0.25}
";
    let seen: Vec<_> = transforms(text)
        .into_iter()
        .map(|t| (t.name, t.max_sites_per_mol, t.exclude_sugar_like, t.prob))
        .collect();
    let row = |name: &str, sites, sugar, prob| (name.to_owned(), sites, sugar, prob);
    let expected = [
        row("a", Some(4), true, None),
        row("b", None, false, Some(1.0)),
        row("c", Some(7), true, Some(0.25)),
    ];
    assert_eq!(seen, expected);
    // An empty section, as an editor leaves it, is none.
    assert!(!transforms("defaults:\ntransforms: [{name: a, smirks: x}]")[0].exclude_sugar_like);
}

#[test]
fn not_smarts_is_one_pattern_or_a_list() {
    let of = |entry: &str| transforms(&with_entry(entry)).remove(0).not_smarts;
    assert_eq!(of("label: none"), Vec::<String>::new());
    assert_eq!(of("not_smarts: '[C:1]O'"), ["[C:1]O"]);
    assert_eq!(of("not_smarts: ['[C:1]O', '[C:1]N']"), ["[C:1]O", "[C:1]N"]);
    assert_eq!(of("not_smarts:\n  - \"[C:1]O\"\n  - '[C:1]N'"), ["[C:1]O", "[C:1]N"]);
}

#[test]
fn hydrogens_stand_in_a_transform_or_under_defaults() {
    let text = "
defaults: {hydrogens: explicit}
transforms:
- {name: a, smirks: x}
- {name: b, smirks: x, hydrogens: implicit}
";
    let seen: Vec<_> = transforms(text).into_iter().map(|t| t.hydrogens).collect();
    assert_eq!(seen, [Hydrogens::Explicit, Hydrogens::Implicit]);
    let explicit = transforms(&with_entry("hydrogens: explicit")).remove(0);
    assert_eq!(explicit.hydrogens, Hydrogens::Explicit);
}

/// A run that does not use these keys has the shape that it had before there were any, and resumes.
#[test]
fn late_keys_are_in_the_json_only_if_they_are_used() {
    let json = |transform: &Transform| serde_json::to_value(transform).unwrap();
    let plain = Transform::new("a", "x");
    let earlier = json(&plain);
    assert!(earlier.get("not_smarts").is_none() && earlier.get("hydrogens").is_none(), "{earlier}");
    assert_eq!(serde_json::from_value::<Transform>(earlier).unwrap(), plain);
    let late = Transform { not_smarts: vec!["[C:1]".into()], hydrogens: Hydrogens::Explicit, ..plain };
    assert_eq!(json(&late)["not_smarts"][0], "[C:1]");
    assert_eq!(json(&late)["hydrogens"], "explicit");
    assert_eq!(serde_json::from_value::<Transform>(json(&late)).unwrap(), late);
}

#[test]
fn scalars_are_what_people_mean() {
    let of = |entry: &str| transforms(&with_entry(entry)).remove(0);
    // A number keeps its spelling: 1.10 is not 1.1.
    assert_eq!(of("legacy_rule_id: 1.10").legacy_rule_id.as_deref(), Some("1.10"));
    assert_eq!(of("legacy_rule_id: 007").legacy_rule_id.as_deref(), Some("007"));
    assert_eq!(of("legacy_rule_id: '7'").legacy_rule_id.as_deref(), Some("7"));
    assert_eq!(of("legacy_rule_id: ~").legacy_rule_id, None);
    // Elements and country codes are strings, not booleans.
    assert_eq!(of("product_highlight_symbol: N").product_highlight_symbol.as_deref(), Some("N"));
    assert_eq!(of("product_highlight_symbol: Y").product_highlight_symbol.as_deref(), Some("Y"));
    assert_eq!(of("family: no").family.as_deref(), Some("no"));
    assert_eq!(of("label:").label, None);
    assert_eq!(of("query_smarts: '[C:1]\\[O]'").query_smarts.as_deref(), Some("[C:1]\\[O]"));
    // Combining marks, quotes and other alphabets are printable.
    for name in ["e\u{301}thyl 'x' \"y\"", "µ-エーテル", &"n".repeat(200)] {
        let text = format!("transforms:\n- {{smirks: x, name: {name:?}}}").replace("\\u{301}", "\u{301}");
        assert_eq!(transforms(&text)[0].name, name);
    }
}

#[test]
fn an_example_is_a_product_all_products_or_no_site() {
    let text = "[{in: C, out: CF}, {in: C, out: [CF, N]}, {in: C, out: []}, {none: O}, {none: [O, 'N#N']}]";
    let examples = transforms(&with_entry(&format!("examples: {text}"))).remove(0).examples;
    let gives = |output| Example::Gives { input: "C".into(), output };
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let expected = [
        gives(Expected::Among("CF".into())),
        gives(Expected::Exactly(texts(&["CF", "N"]))),
        gives(Expected::Exactly(Vec::new())),
        Example::Nowhere { none: texts(&["O"]) },
        Example::Nowhere { none: texts(&["O", "N#N"]) },
    ];
    assert_eq!(examples, expected);
    let json = serde_json::to_value(&examples).unwrap();
    assert_eq!(json[0], serde_json::json!({ "in": "C", "out": "CF" }), "as the metadata has it");
    assert_eq!(serde_json::from_value::<Vec<Example>>(json).unwrap(), examples);
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_fine() {
    let text = format!("\u{feff}{}", with_entry("label: b").replace('\n', "\r\n"));
    assert_eq!(transforms(&text)[0].label.as_deref(), Some("b"));
    let fault = said(read(&format!("\u{feff}{}", with_entry("lable: b").replace('\n', "\r\n"))).unwrap_err());
    assert_eq!((fault.line, fault.column), (5, 3));
    assert_eq!(said(read("\u{feff}lable: b").unwrap_err()).column, 1);
}

#[test]
fn long_comments_are_fine() {
    let comment = "  # a line of a long story\n".repeat(500);
    let text = format!("transforms:\n{comment}- name: a\n{comment}  smirks:\n{comment}    x\n{comment}");
    assert_eq!(transforms(&text).len(), 1);
}

#[test]
fn aliases_and_merge_keys_are_resolved() {
    let text = "
transforms:
- &base
  name: a
  smirks: &smirks '[C:1]>>[C:1]F'
  scope_classes: &classes [lipid]
  max_sites_per_mol: 3
- <<: *base
  name: b
- {name: c, smirks: *smirks, scope_classes: *classes}
- <<: [{max_sites_per_mol: 5, family: f}, *base]
  name: d
";
    let seen: Vec<_> = transforms(text)
        .into_iter()
        .map(|t| {
            assert_eq!((t.smirks.as_str(), t.scope_classes), ("[C:1]>>[C:1]F", vec!["lipid".to_owned()]));
            (t.name, t.max_sites_per_mol)
        })
        .collect();
    let row = |name: &str, sites| (name.to_owned(), sites);
    assert_eq!(seen, [row("a", Some(3)), row("b", Some(3)), row("c", None), row("d", Some(5))]);
}

#[test]
fn a_file_that_cannot_be_read_says_so() {
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().join("none.yaml"), folder.path().to_owned()] {
        let error = load(&path).unwrap_err();
        assert_eq!(error.code(), "XFORM_CONFIG_UNREADABLE");
        assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    }
    let path = folder.path().join("large.yaml");
    std::fs::File::create(&path).unwrap().set_len(1 << 40).unwrap();
    assert_eq!(load(&path).unwrap_err().code(), "XFORM_CONFIG_INVALID");
}

fn library() -> TransformFile {
    load(Path::new(PREDECESSOR)).unwrap()
}

#[test]
fn the_run_overrides_the_file() {
    let limits = |max_sites| {
        let mut transforms = library().transforms;
        Overrides { max_sites, exclude_sugar_like: Some(false) }.apply(&mut transforms)?;
        assert!(transforms.iter().all(|t| !t.exclude_sugar_like));
        Ok::<_, Error>(transforms[0].max_sites_per_mol)
    };
    assert_eq!(limits(Some(3)).unwrap(), Some(3));
    assert_eq!(limits(Some(-1)).unwrap(), None);
    assert_eq!(limits(None).unwrap(), None);
    for bad in [0, -2, i64::MIN, i64::MAX] {
        let error = limits(Some(bad)).unwrap_err();
        assert_eq!(error.code(), "XFORM_INVALID_OPTION");
        assert!(error.to_string().contains("max_sites"), "{error}");
    }
    let mut transforms = library().transforms;
    Overrides::default().apply(&mut transforms).unwrap();
    assert_eq!(transforms, library().transforms);
}
