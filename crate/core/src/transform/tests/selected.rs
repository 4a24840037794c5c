//! Which transforms a run takes.

use std::path::PathBuf;

use super::*;

/// The rules of files with these contents, called `0.yaml`, `1.yaml` and so on, and the folder of the files.
fn rules_of(contents: &[&str]) -> (tempfile::TempDir, Result<Rules, Error>) {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> =
        (0..contents.len()).map(|index| folder.path().join(format!("{index}.yaml"))).collect();
    for (path, content) in paths.iter().zip(contents) {
        std::fs::write(path, content).unwrap();
    }
    (folder, Rules::load(&paths))
}

fn shipped() -> Rules {
    Rules::load(&[PREDECESSOR.into()]).unwrap()
}

fn texts(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn selected(rules: &Rules, names: &[&str]) -> Result<Vec<String>, Error> {
    filtered(rules, names, &[], &[])
}

fn filtered(rules: &Rules, names: &[&str], families: &[&str], scopes: &[&str]) -> Result<Vec<String>, Error> {
    let (names, families, scopes) = (texts(names), texts(families), texts(scopes));
    let chosen = rules.select(&Choice { names: &names, families: &families, scopes: &scopes })?;
    Ok(chosen.into_iter().map(|transform| transform.name).collect())
}

const METHOXY: &str = "FG_PHENOL_OH__OH__TO__OMe";

#[test]
fn transforms_are_taken_in_file_order_and_once() {
    let rules = shipped();
    assert_eq!(selected(&rules, &["R3_F", METHOXY, "R3_F"]).unwrap(), [METHOXY, "R3_F"]);
    let every: Vec<String> = library().transforms.into_iter().map(|transform| transform.name).collect();
    for names in [&["all"][..], &["R3_F", "all"], &["R3_F,all"], &["*"], &[]] {
        assert_eq!(selected(&rules, names).unwrap(), every);
    }
}

#[test]
fn name_code_and_old_identifier_select() {
    let text = "
transforms:
- {name: a, smirks: x, legacy_rule_id: R1, code: A}
- {name: b, smirks: x, legacy_rule_id: 2.0, code: B}
- {name: c, smirks: x, legacy_rule_id: R1, code: 'c'}
- {name: d, smirks: x, legacy_rule_id: a, code: R1}
";
    let (folder, rules) = rules_of(&[text]);
    let rules = rules.unwrap();
    for (name, found) in [("2.0", "b"), ("B", "b"), ("c", "c"), ("a", "a")] {
        assert_eq!(selected(&rules, &[name]).unwrap(), [found], "{name}: a name comes before an identifier");
    }
    let error = selected(&rules, &["R1"]).unwrap_err();
    assert_eq!(error.code(), "XFORM_AMBIGUOUS_TRANSFORM");
    let place = |line: u64| format!("{}:{line}:10", folder.path().join("0.yaml").display());
    let message = format!(
        "\"R1\" stands for 3 transforms: \"a\" ({}), \"c\" ({}), \"d\" ({}); use their names, or a pattern",
        place(3),
        place(5),
        place(6)
    );
    assert_eq!(error.to_string(), message);
    assert_eq!(error.details()["found"][1]["line"], 5);
    assert_eq!(selected(&shipped(), &["OH_to_OMe"]).unwrap(), [METHOXY]);
    assert_eq!(selected(&shipped(), &["OH_to_NH2"]).unwrap(), ["FG_PHENOL_OH__OH__TO__NH2"]);
}

#[test]
fn patterns_and_comma_lists_select() {
    let names = ["a", "ab", "a*", "a,b", "b", "c?"];
    let entries: String = names
        .iter()
        .map(|name| format!("- {{name: '{name}', smirks: x, code: K-{}}}\n", name.len()))
        .collect();
    let (_folder, rules) = rules_of(&[&format!("transforms:\n{entries}")]);
    let rules = rules.unwrap();
    for (given, found) in [
        ("a?", &["ab", "a*"][..]),
        ("*b", &["ab", "a,b", "b"]),
        ("a*", &["a*"]),
        ("a\\*", &["a*"]),
        ("?*", &names),
        ("a,b", &["a,b"]),
        ("b, a", &["a", "b"]),
        ("a,b,", &["a", "b"]),
        ("a\\,b,c\\?", &["a,b", "c?"]),
        ("K-2,b", &["ab", "a*", "b", "c?"]),
        ("K-3", &["a,b"]),
        ("K-[0-9]", &[]),
    ] {
        let chosen = selected(&rules, &[given]);
        if given == "K-2,b" {
            assert_eq!(chosen.unwrap_err().code(), "XFORM_AMBIGUOUS_TRANSFORM");
            assert_eq!(selected(&rules, &["K-2*,b"]).unwrap(), found, "a pattern may select several");
        } else {
            assert_eq!(chosen.unwrap_or_default(), found, "{given}");
        }
    }
    for none in ["x*", ",", "a,x", "A"] {
        assert_eq!(selected(&rules, &[none]).unwrap_err().code(), "XFORM_UNKNOWN_TRANSFORM", "{none}");
    }
}

#[test]
fn an_unknown_transform_brings_the_closest_names() {
    let rules = shipped();
    let suggested = |name: &str| match selected(&rules, &["R3_F", name]) {
        Err(Error::UnknownTransform { name: given, paths, suggestions }) => {
            assert_eq!((given.as_str(), &paths[..]), (name, &[PathBuf::from(PREDECESSOR)][..]));
            suggestions
        }
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(suggested("FG_PHENOL_OH__OH_TO_OMe")[0], METHOXY);
    assert_eq!(suggested("fg_phenol_oh__oh__to__nh2")[0], "FG_PHENOL_OH__OH__TO__NH2");
    assert_eq!(suggested("R3_X"), ["R3_F", "R3_I", "R3_Cl"]);
    assert_eq!(suggested("ALL"), [""; 0]);
    assert_eq!(suggested("zzz"), [""; 0]);
    let message = selected(&rules, &["R3_X"]).unwrap_err().to_string();
    assert!(message.ends_with("; did you mean \"R3_F\", \"R3_I\" or \"R3_Cl\"?"), "{message}");
}

#[test]
fn families_and_classes_filter() {
    let text = "
transforms:
- {name: a, smirks: x, family: f, scope_classes: [lipid, other]}
- {name: b, smirks: x, family: g, scope_classes: [lipid]}
- {name: c, smirks: x, family: f}
- {name: d, smirks: x, scope_classes: [other]}
";
    let (_folder, rules) = rules_of(&[text]);
    let rules = rules.unwrap();
    let chosen = |names: &[&str], families: &[&str], scopes: &[&str]| {
        filtered(&rules, names, families, scopes).unwrap().concat()
    };
    assert_eq!(chosen(&[], &["f"], &[]), "ac");
    assert_eq!(chosen(&[], &["g", "f"], &[]), "abc");
    assert_eq!(chosen(&[], &[], &["other"]), "ad");
    assert_eq!(chosen(&[], &["f"], &["lipid", "other"]), "a");
    assert_eq!(chosen(&["b", "c"], &["f"], &[]), "c");
    for (names, families, scopes, message) in [
        (&[][..], &["lipids"][..], &[][..], "family: no transform has \"lipids\""),
        (&[], &[], &["lipids"], "scope: no transform has \"lipids\"; did you mean \"lipid\"?"),
        (&["d"], &["f"], &[], "family: no transform is left that the other options select"),
    ] {
        assert_eq!(filtered(&rules, names, families, scopes).unwrap_err().to_string(), message);
    }
}

#[test]
fn several_files_keep_their_order() {
    let one = "version: 1\ntransforms: [{name: b, smirks: x}, {name: a, smirks: x}]";
    let two = "version: 1\ntransforms: [{name: d, smirks: x}, {name: c, smirks: x}]";
    let all = |contents: &[&str]| selected(&rules_of(contents).1.unwrap(), &["all"]).unwrap().concat();
    assert_eq!(all(&[two, one]), "dcba");
    assert_eq!(all(&[one, two, one]), "badc", "the same file again adds nothing");
    assert_eq!(selected(&rules_of(&[one, two]).1.unwrap(), &["c", "a"]).unwrap(), ["a", "c"]);
}

#[test]
fn one_name_in_two_files_is_refused_with_both_places() {
    let one = "version: 1\ntransforms: [{name: b, smirks: x}, {name: a, smirks: x}]";
    let (folder, rules) = rules_of(&[one, "version: 1\ntransforms:\n- {name: a, smirks: x}"]);
    let at = |name: &str| folder.path().join(name).display().to_string();
    let message = format!(
        "{}:3:10: transforms[0].name: the name \"a\" is already used at {}:2:43; give each transform of the files a \
         unique name",
        at("1.yaml"),
        at("0.yaml")
    );
    let error = rules.unwrap_err();
    assert_eq!((error.code(), error.to_string()), ("XFORM_CONFIG_INVALID", message));
}

#[test]
fn a_fault_of_a_pattern_has_the_place_in_its_own_file() {
    let list = |name: &str| format!("transforms:\n- {{name: {name}, smirks: 'CC>>CO'}}");
    let (folder, rules) = rules_of(&[&list("a"), &list("b")]);
    let (name, smirks, reason) = ("b".to_owned(), "CC>>CO".to_owned(), "no".to_owned());
    let error = Error::InvalidSmirks { place: None, name, smirks, reason, position: None };
    let message = rules.unwrap().locate(error).to_string();
    assert!(message.starts_with(&format!("{}:2:", folder.path().join("1.yaml").display())), "{message}");
}

#[test]
fn smirks_without_a_file_have_names() {
    let rules = Rules::of_smirks(&texts(&["x", "y", "z"]));
    let chosen = rules.select(&Choice::default()).unwrap();
    let made: Vec<_> =
        chosen.iter().map(|t| (t.name.as_str(), t.smirks.as_str(), t.code.as_deref())).collect();
    assert_eq!(made, [("smirks", "x", None), ("smirks_2", "y", None), ("smirks_3", "z", None)]);
}

/// The tokens of all rules of these files, each after the name of its rule.
fn tokens(contents: &[&str]) -> Vec<(String, String)> {
    let chosen = rules_of(contents).1.unwrap().select(&Choice::default()).unwrap();
    chosen.into_iter().map(|transform| (transform.name.clone(), transform.id_token())).collect()
}

#[test]
fn a_code_stands_for_its_rule_unless_another_has_it() {
    let rule = |name: &str, code: &str| format!("- {{name: {name}, smirks: x{code}}}\n");
    let all: String = [
        rule("a", ", code: A"),
        rule("b", ", code: shared"),
        rule("c", ", code: shared"),
        rule("d", ", code: a"),
        rule("e", ", code: e"),
        rule("'my: rule'", ""),
        rule("f", ", code: 'the 100 %'"),
        rule("g", ", legacy_rule_id: A"),
        rule("h", ", code: ''"),
    ]
    .concat();
    let expected = [
        ("a", "A"),
        ("b", "b"),
        ("c", "c"),
        ("d", "d"),
        ("e", "e"),
        ("my: rule", "my%3A%20rule"),
        ("f", "the%20100%20%25"),
        ("g", "g"),
        ("h", "h"),
    ];
    let expected = expected.map(|(name, token)| (name.to_owned(), token.to_owned()));
    let file = format!("transforms:\n{all}");
    assert_eq!(tokens(&[&file]), expected);

    let chosen = rules_of(&[&file]).1.unwrap();
    let (names, none) = (texts(&["b"]), Vec::new());
    let chosen = chosen.select(&Choice { names: &names, families: &none, scopes: &none }).unwrap();
    assert_eq!(chosen[0].id_token(), "b", "a rule that is not chosen counts");
    let other = "transforms: [{name: z, smirks: x, code: A}]";
    assert_eq!(tokens(&[&file, other])[0].1, "a", "a rule of another file counts");
}

#[test]
fn a_token_that_is_settled_stays() {
    let settled = Transform { id_token: Some("t".into()), ..Transform::new("a", "x") };
    let again = Rules::from(vec![settled.clone()]).select(&Choice::default()).unwrap();
    assert_eq!(again, [settled], "as when the metadata of a file is read");
}
