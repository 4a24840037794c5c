//! Tables and lines of rules.

use super::*;

/// Name, SMIRKS and weight of each rule of a file with this name and content.
fn rules(name: &str, text: &str) -> Vec<(String, String, Option<f64>)> {
    let file = parse(Path::new(name), text.as_bytes()).unwrap();
    file.transforms.into_iter().map(|rule| (rule.name, rule.smirks, rule.prob)).collect()
}

fn rule(name: &str, smirks: &str, prob: Option<f64>) -> (String, String, Option<f64>) {
    (name.to_owned(), smirks.to_owned(), prob)
}

/// The fault of a file: its place, its key, and what is said.
fn fault(name: &str, text: &str) -> (String, String, String) {
    let error = parse(Path::new(name), text.as_bytes()).unwrap_err();
    let message = error.to_string();
    let Error::ConfigInvalid { line, column, key, .. } = error else { panic!("{error:?}") };
    (format!("{line}:{column}"), key.unwrap_or_default(), message)
}

#[test]
fn a_header_names_the_columns_in_any_order_and_case() {
    let text = "\u{feff}# rules\r\nProb\tSMIRKS\tname\tlabel\tquery_smarts\tscope_classes\texclude_sugar_like\thighlight_mapnums\tapply_mode\r\n\
                \r\n0.25\t[C:1]>>[C:1]F\ta\t12\t[C:1]N\tlipid; other\tTRUE\t1;2\tper_site\r\n\t[C:1]>>[C:1]Cl\tb\r\n";
    let file = parse(Path::new("t.tsv"), text.as_bytes()).unwrap();
    let [a, b] = &file.transforms[..] else { panic!("{file:?}") };
    let expected = Transform {
        query_smarts: Some("[C:1]N".into()),
        label: Some("12".into()),
        scope_classes: vec!["lipid".into(), "other".into()],
        highlight_mapnums: vec![1, 2],
        exclude_sugar_like: true,
        prob: Some(0.25),
        ..Transform::new("a", "[C:1]>>[C:1]F")
    };
    assert_eq!(a, &expected);
    assert_eq!(b, &Transform::new("b", "[C:1]>>[C:1]Cl"));
    assert_eq!((file.notices, file.idle_keys), (Vec::new(), vec!["apply_mode"]));
}

#[test]
fn a_number_stays_as_it_is_spelt() {
    let file = parse(Path::new("t.csv"), b"name,smirks,legacy_rule_id,code\n7,C>>O,1.10,007\n").unwrap();
    let rule = &file.transforms[0];
    assert_eq!((rule.name.as_str(), rule.code.as_deref()), ("7", Some("007")));
    assert_eq!(rule.legacy_rule_id.as_deref(), Some("1.10"));
}

#[test]
fn without_a_header_the_first_row_shows_the_order() {
    let expected = [rule("a b", "[C:1]>>[C:1]F", Some(0.5)), rule("c", "[C:1]>>[C:1][F,Cl]", None)];
    let sygma = "# SyGMa's rules\n\n[C:1]>>[C:1]F\t0.5\ta b\t#77/141\n#[C:1]>>[C:1]\t1\tno\n[C:1]>>[C:1][F,Cl]\t\tc\n";
    assert_eq!(rules("phase1.txt", sygma), expected);
    assert_eq!(rules("phase1.tsv", sygma), expected);
    assert_eq!(rules("t.tsv", "a b\t[C:1]>>[C:1]F\t0.5\nc\t[C:1]>>[C:1][F,Cl]\n"), expected);
    assert_eq!(rules("t.csv", "a b,[C:1]>>[C:1]F,0.5\nc,\"[C:1]>>[C:1][F,Cl]\",\n"), expected);
    let unweighted = expected.map(|(name, smirks, _)| (name, smirks, None));
    assert_eq!(rules("t.tsv", "[C:1]>>[C:1]F\ta b\n[C:1]>>[C:1][F,Cl]\tc\n"), unweighted);
    assert_eq!(rules("t.smarts", "[C:1]>>[C:1]F  a b \n# no\n\t\n[C:1]>>[C:1][F,Cl]\tc\n"), unweighted);
}

#[test]
fn a_rule_without_a_name_is_called_by_its_file_and_line() {
    let expected =
        [rule("t.smirks:2", "C>>O", None), rule("n", "C>>N", None), rule("t.smirks:4", "C>>S", None)];
    assert_eq!(rules("folder/t.smirks", "# rules\nC>>O\nC>>N n\n C>>S\n"), expected);
    assert_eq!(rules("folder/t.csv", "smirks\nC>>O\n"), [rule("t.csv:2", "C>>O", None)]);
    assert_eq!(rules("t.csv", "name,smirks\n,C>>O\n"), [rule("t.csv:2", "C>>O", None)]);
}

#[test]
fn columns_that_are_not_used_are_named_once() {
    let notices = |name: &str, text: &str| parse(Path::new(name), text.as_bytes()).unwrap().notices;
    let table = "name,smirks,yield,\"a, b\",examples\nx,C>>O,1,2,3\ny,C>>N,1,2,3\n";
    assert_eq!(notices("t.csv", table), ["t.csv: columns \"yield\", \"a, b\", \"examples\" are not used"]);
    assert_eq!(notices("t.tsv", "C>>O\t1\ta\t#7/9\nC>>N\t1\tb\t#7/9\n"), ["t.tsv: column 4 is not used"]);
    assert!(notices("t.csv", "name,smirks\nx,C>>O\n").is_empty());
}

#[test]
fn faults_of_tables_and_lines() {
    let cases = [
        ("t.csv", "name,smirks,prob\na,C>>O,1.5\n", "2:8", "prob", "1.5 is not between 0 and 1; write 0.015"),
        ("t.csv", "name,smirks,prob\na,C>>O,often\n", "2:8", "prob", "expected a number, found the string"),
        (
            "t.csv",
            "name,smirks\na,[C:1][F,Cl]>>[C:1]\n",
            "2:1",
            "",
            "3 fields, but the first line has 2; put double",
        ),
        ("t.csv", "a,[C:1]>>[C:1]F\nb,C>>[F,Cl]\n", "2:1", "", "3 fields, but the first line has 2"),
        ("t.csv", "name,smirks\nµ,\"C>>O\n", "2:1", "", "a quote is not closed on its line"),
        ("t.csv", "name,smirks,Name\na,C>>O,b\n", "1:1", "name", "two columns of this name"),
        ("t.csv", "name,smiles\na,C\n", "1:1", "smirks", "no column of this name"),
        ("t.csv", "x,y,C>>O\n", "1:1", "smirks", "not among the first two columns"),
        ("t.csv", "\n# nothing\n", "3:1", "", "the file has no rules"),
        ("t.csv", "name,smirks\n", "1:1", "", "the file has no rules"),
        ("t.smarts", "# nothing\n", "1:1", "", "the file has no rules"),
        ("t.csv", "name,smirks\na,C>>O\nb,\n", "3:1", "smirks", "no SMIRKS"),
        ("t.tsv", "name\tsmirks\na\tCO\n", "2:3", "smirks", "no SMIRKS: it has no >>"),
        ("t.tsv", "name\tsmirks\nµ/x\tC>>O\n", "2:1", "name", "a name holds no /; write _ instead"),
        (
            "t.csv",
            "prob,name,smirks\n,a,C>>O\n,b,C>>O\n,\"a\",C>>N\n",
            "4:3",
            "name",
            "the name \"a\" is already used on line 2",
        ),
        (
            "t.csv",
            "name,smirks,max_sites_per_mol\na,C>>O,0\n",
            "2:8",
            "max_sites_per_mol",
            "0 would leave no site",
        ),
        (
            "t.csv",
            "name,smirks,highlight_mapnums\na,C>>O,1;0\n",
            "2:8",
            "highlight_mapnums",
            "0 is not a map number",
        ),
        ("t.smarts", "C>>O a\nC>>N  \\x\n", "2:7", "name", "a name holds no \\"),
        ("t.smarts", "C>>O a\nC>>N all\n", "2:6", "name", "every transform"),
        ("t.smarts", "C>>O a\nC>>N a\n", "2:6", "name", "the name \"a\" is already used on line 1"),
    ];
    for (name, text, place, key, said) in cases {
        let (at, of, message) = fault(name, text);
        assert_eq!((at.as_str(), of.as_str()), (place, key), "{message}\n{text}");
        assert!(message.contains(said), "{message}\n{text}");
    }
}

#[test]
fn a_fault_in_a_smirks_has_the_place_of_its_character() {
    let place = |name: &str, text: &str| {
        let file = parse(Path::new(name), text.as_bytes()).unwrap();
        let rule = file.transforms.last().unwrap();
        let (name, smirks, reason) = (rule.name.clone(), rule.smirks.clone(), String::new());
        let error = Error::InvalidSmirks { place: None, name, smirks, reason, position: Some(3) };
        let Error::InvalidSmirks { place, .. } = file.patterns.locate(error, Path::new("t")) else {
            panic!()
        };
        place.map(|place| (place.line, place.column)).unwrap()
    };
    assert_eq!(place("t.tsv", "C>>O\t1\ta\nC>>N\t1\tb\n"), (2, 3));
    assert_eq!(place("t.csv", "name,smirks\nC,\"CC>>N\"\n"), (2, 6));
    assert_eq!(place("t.csv", "µ,\"C\"\"C>>N\"\n"), (1, 2), "doubled quotes: the field before");
    assert_eq!(place("t.smarts", "# x\n  CC>>N a\n"), (2, 5));
}
