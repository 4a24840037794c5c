//! The message and the position of each fault of a file.

use super::*;
use crate::error::ErrorClass;

#[derive(Debug, PartialEq)]
pub(super) struct Said {
    pub(super) line: u64,
    pub(super) column: u64,
    pub(super) key: String,
    pub(super) reason: String,
    pub(super) suggestion: String,
}

pub(super) fn said(error: Error) -> Said {
    assert_eq!((error.code(), error.class()), ("XFORM_CONFIG_INVALID", ErrorClass::Config));
    match error {
        Error::ConfigInvalid { path, line, column, key, reason, suggestion } => {
            assert_eq!(path, Path::new("t.yaml"));
            let (key, suggestion) = (key.unwrap_or_default(), suggestion.unwrap_or_default());
            Said { line, column, key, reason, suggestion }
        }
        other => panic!("not a fault of the file: {other}"),
    }
}

/// (file, line, column, key, part of the reason, suggestion)
type Case<'a> = (&'a str, u64, u64, &'a str, &'a str, &'a str);

#[track_caller]
fn assert_faults(cases: &[Case<'_>]) {
    for &(text, line, column, key, reason, suggestion) in cases {
        let error = match read(text) {
            Ok(_) => panic!("no fault in\n{text}"),
            Err(error) => error,
        };
        let message = error.to_string();
        assert!(message.starts_with(&format!("t.yaml:{line}:{column}: ")), "{message}\nin\n{text}");
        let fault = said(error);
        assert_eq!((fault.line, fault.column, fault.key.as_str()), (line, column, key), "{message}\n{text}");
        assert!(fault.reason.contains(reason), "{message}\n{text}");
        assert_eq!(fault.suggestion, suggestion, "{message}\n{text}");
    }
}

#[test]
fn faults_of_syntax() {
    let in_general = "check the indentation, quotes and brackets here and in the line above";
    let give_quotes = "put quotes around SMIRKS and SMARTS";
    assert_faults(&[
        ("version: 1\n  defaults: 2\n", 1, 10, "version", "found the string \"1 defaults\"", ""),
        (
            "transforms:\n- name: a\n  code: b: c\n",
            3,
            10,
            "transforms[0]",
            "mapping values are not allowed",
            in_general,
        ),
        ("version: 1\ntransforms:\n- name: a\n smirks: b\n", 4, 2, "", "expected key", in_general),
        (
            "transforms:\n- name: a\n  smirks: [C:1]>>[C:1]F\n",
            3,
            11,
            "transforms[0].smirks",
            "found a list",
            STRING,
        ),
        ("transforms:\n- name: a\n  smirks: C>>[C:1]: F\n", 3, 19, "transforms[0]", "not YAML", give_quotes),
        ("transforms:\n- name: \"a\n  smirks: b\n", 2, 9, "transforms[0]", "unclosed quote", QUOTES),
        ("transforms:\n\t- name: a\n", 2, 2, "", "tab", "indent with blanks"),
        ("transforms:\n- {name: a, smirks: \"C\\C\"}\n", 2, 21, "transforms", "escape", BACKSLASH),
        (
            "transforms:\n- name: @a\n",
            2,
            9,
            "transforms[0]",
            "unexpected character",
            "put quotes around the value",
        ),
        ("version: 1\n---\ntransforms: []\n", 3, 1, "", "second YAML document", ONE_DOCUMENT),
        ("transforms:\n- query_smarts: *-O\n", 2, 17, "transforms[0]", "not defined above", STAR),
        ("transforms:\n- name: !a b\n", 2, 12, "transforms[0]", "unknown tag", EXCLAMATION),
        (
            "transforms: &a\n- *a\n",
            2,
            3,
            "transforms",
            "inside the value that it stands for",
            "write the value out",
        ),
        ("<<: 3\n", 1, 5, "", "a merge key (<<) takes a mapping", "write <<: *anchor"),
        ("version: !!int x\n", 1, 16, "version", "does not match its tag", "remove the tag"),
        (
            "transforms:\n- label: a\0b\n",
            2,
            11,
            "transforms[0]",
            "unexpected character",
            "put quotes around the value",
        ),
    ]);
}

const QUOTES: &str = "close the quotes on the line where they open";
const BACKSLASH: &str = "use single quotes, in which a backslash stands for itself";
const ONE_DOCUMENT: &str = "keep all transforms in one document";
const STAR: &str = "put quotes around a value that begins with *";
const EXCLAMATION: &str = "put quotes around a value that begins with !";
const GIVE_VALUE: &str = "give a value, or leave the key out";

#[test]
fn faults_of_the_file() {
    let transforms = "transforms: [{name: a, smirks: x}]";
    assert_faults(&[
        ("", 1, 1, "transforms", "missing", "add transforms:"),
        ("# nothing\n", 2, 1, "transforms", "missing", "add transforms:"),
        ("- name: a\n", 1, 1, "", "expected a mapping", KEY_VALUE),
        ("just words\n", 1, 1, "", "expected a mapping", KEY_VALUE),
        ("version: 1\n", 1, 1, "transforms", "missing", "add transforms:"),
        (
            "version: 2\ntransforms: []\n",
            1,
            10,
            "version",
            "version 2 is not known",
            "this program reads version 1",
        ),
        ("version: '1'\n", 1, 10, "version", "expected a whole number", "write 1 without quotes"),
        ("version: 1.0\n", 1, 10, "version", "expected a whole number", "write 1"),
        ("version:\n", 1, 8, "version", "found nothing", GIVE_VALUE),
        ("version: 1\ntransforms: []\n", 2, 13, "transforms", "the list is empty", ADD_TRANSFORM),
        ("transforms:\n", 1, 11, "transforms", "expected a list", ENTRIES),
        ("transforms:\n  a: {smirks: x}\n", 2, 3, "transforms", "expected a list", ENTRIES),
        ("transforms: a\n", 1, 13, "transforms", "expected a list", ENTRIES),
        ("transforms:\n- a\n", 2, 3, "transforms[0]", "expected a mapping", KEY_VALUE),
        ("transforms:\n- {name: a, smirks: x}\n-\n", 3, 2, "transforms[1]", "expected a mapping", KEY_VALUE),
        ("transfroms: []\n", 1, 1, "transfroms", "unknown key", "did you mean \"transforms\"?"),
        ("x: 1\n", 1, 1, "x", "unknown key \"x\"", "known here: version, defaults, transforms"),
        ("smirks: x\n", 1, 1, "smirks", "unknown key", "\"smirks\" belongs in a transform, under transforms"),
        ("apply_mode: x\n", 1, 1, "apply_mode", "unknown key", APPLY_MODE_PLACE),
        (
            "version: 1\nversion: 1\n",
            2,
            1,
            "version",
            "duplicate key, first used on line 1",
            "keep one of the two",
        ),
        ("3: 4\n", 1, 1, "", "expected a string, found 3", STRING),
        ("[a]: 4\n", 1, 1, "", "expected a string, found a list", STRING),
    ]);
    let in_defaults = |entry: &str| format!("defaults:\n  {entry}\n{transforms}\n");
    assert_faults(&[
        (&in_defaults("max_sites: 1"), 2, 3, "defaults.max_sites", "unknown key", MAX_SITES),
        (&in_defaults("max_sites_per_mol: 0"), 2, 22, "defaults.max_sites_per_mol", "no site", LIMIT),
        (&in_defaults("apply_mode: all_sites"), 2, 15, "defaults.apply_mode", "all_sites", ONLY_PER_SITE),
        (
            &in_defaults("exclude_sugar_like: yes"),
            2,
            23,
            "defaults.exclude_sugar_like",
            "true or false",
            "write true",
        ),
        (&in_defaults("prob: 1"), 2, 3, "defaults.prob", "unknown key", PROB_PLACE),
        (&format!("defaults: []\n{transforms}"), 1, 11, "defaults", "expected a mapping", KEY_VALUE),
    ]);
}

const ADD_TRANSFORM: &str = "add a transform: - {name: ..., smirks: ...}";
const ENTRIES: &str = "put the entries in [ ], or begin each one with - and a blank";
const KEY_VALUE: &str = "write KEY: VALUE";
const APPLY_MODE_PLACE: &str = "\"apply_mode\" belongs under defaults or in a transform";
const PROB_PLACE: &str = "\"prob\" belongs in a transform, under transforms";
const MAX_SITES: &str = "did you mean \"max_sites_per_mol\"?";
const LIMIT: &str = "use 1 or more, or -1 for no limit";
const ONLY_PER_SITE: &str = "only \"per_site\" is known";
const STRING: &str = "put quotes around it";

#[test]
fn faults_of_a_transform() {
    // (entry on line 5, column, key under transforms[0], part of the reason, suggestion)
    let cases: &[(&str, u64, &str, &str, &str)] = &[
        ("max_sites: 4", 3, "max_sites", "unknown key \"max_sites\"", MAX_SITES),
        (
            "exclude_suger_like: true",
            3,
            "exclude_suger_like",
            "unknown key",
            "did you mean \"exclude_sugar_like\"?",
        ),
        ("version: 1", 3, "version", "unknown key", "\"version\" belongs at the top of the file"),
        ("smirks: x", 3, "smirks", "duplicate key, first used on line 4", "keep one of the two"),
        ("query_smarts: 5", 17, "query_smarts", "expected a string, found 5", STRING),
        ("query_smarts: ''", 17, "query_smarts", "empty", GIVE_VALUE),
        ("query_smarts:", 15, "query_smarts", "expected a string, found nothing", GIVE_VALUE),
        (
            "query_smarts: \"a\\0b\"",
            17,
            "query_smarts",
            "control character '\\0'",
            "write it on one line, in quotes",
        ),
        ("query_smarts: {a: b}", 17, "query_smarts", "expected a string, found a list or mapping", STRING),
        (
            "not_smarts:",
            13,
            "not_smarts",
            "expected a string or a list of strings, found nothing",
            GIVE_VALUE,
        ),
        ("not_smarts: ''", 15, "not_smarts", "empty", GIVE_VALUE),
        (
            "not_smarts: 5",
            15,
            "not_smarts",
            "expected a string or a list of strings, found the number 5",
            STRING,
        ),
        (
            "not_smarts: true",
            15,
            "not_smarts",
            "expected a string or a list of strings, found the boolean true",
            STRING,
        ),
        ("not_smarts: {a: b}", 15, "not_smarts", "expected a string or a list of strings, found map", STRING),
        ("not_smarts: []", 15, "not_smarts", "the list is empty", GIVE_VALUE),
        ("not_smarts: ['[C:1]O', 5]", 26, "not_smarts[1]", "expected a string, found 5", STRING),
        ("not_smarts: ['[C:1]O', '']", 26, "not_smarts[1]", "empty", GIVE_VALUE),
        (
            "hydrogens: explict",
            14,
            "hydrogens",
            "unknown hydrogens \"explict\"",
            "did you mean \"explicit\"?",
        ),
        ("hydrogens: 1", 14, "hydrogens", "expected a string", STRING),
        (
            "hydrogens: none",
            14,
            "hydrogens",
            "unknown hydrogens \"none\"",
            "must be \"implicit\" or \"explicit\"",
        ),
        ("code: 12", 9, "code", "expected a string, found 12", STRING),
        ("label: true", 10, "label", "expected a string, found true", STRING),
        ("legacy_rule_id: true", 19, "legacy_rule_id", "expected a string", STRING),
        ("legacy_rule_id: [R1]", 19, "legacy_rule_id", "expected a string or a number, found a list", STRING),
        ("family: 2.5", 11, "family", "found 2.5", STRING),
        ("scope_classes: lipid", 18, "scope_classes", "expected a list", ENTRIES),
        ("scope_classes: [lipid, 3]", 26, "scope_classes[1]", "expected a string", STRING),
        ("highlight_mapnums: 2", 22, "highlight_mapnums", "expected a list", ENTRIES),
        (
            "highlight_mapnums: [1, 0]",
            26,
            "highlight_mapnums[1]",
            "0 is not a map number",
            "map numbers begin at 1",
        ),
        (
            "highlight_mapnums: [-1]",
            23,
            "highlight_mapnums[0]",
            "-1 is not a map number",
            "map numbers begin at 1",
        ),
        ("highlight_mapnums: ['1']", 23, "highlight_mapnums[0]", "whole number", "write 1 without quotes"),
        ("max_sites_per_mol: 0", 22, "max_sites_per_mol", "0 would leave no site", LIMIT),
        ("max_sites_per_mol: -2", 22, "max_sites_per_mol", "-2 is not a limit", LIMIT),
        ("max_sites_per_mol: 4294967296", 22, "max_sites_per_mol", "too large", LIMIT),
        ("max_sites_per_mol: 4.0", 22, "max_sites_per_mol", "expected a whole number", "write 4"),
        ("max_sites_per_mol: 4.5", 22, "max_sites_per_mol", "expected a whole number", ""),
        ("max_sites_per_mol: many", 22, "max_sites_per_mol", "found the string \"many\"", ""),
        ("exclude_sugar_like: no", 23, "exclude_sugar_like", "true or false", "write false"),
        ("exclude_sugar_like: 1", 23, "exclude_sugar_like", "true or false, found the number 1", ""),
        ("apply_mode: per_sites", 15, "apply_mode", "unknown apply_mode", "did you mean \"per_site\"?"),
        ("apply_mode: all_sites", 15, "apply_mode", "unknown apply_mode", ONLY_PER_SITE),
        ("prob: 1.5", 9, "prob", "1.5 is not between 0 and 1", "write 0.015"),
        ("prob: -0.1", 9, "prob", "-0.1 is not between 0 and 1", ""),
        ("prob: .nan", 9, "prob", "expected a number, found the string \".nan\"", ""),
        ("prob: '0.5'", 9, "prob", "expected a number", "write 0.5 without quotes"),
        ("prob: often", 9, "prob", "expected a number, found the string \"often\"", ""),
        ("examples: {in: C, out: C}", 13, "examples", "expected a list", ENTRIES),
        ("examples: [{in: C}]", 14, "examples[0].out", "missing", "add out:"),
        ("examples: [{in: C, out: 3}]", 27, "examples[0].out", "expected a string", STRING),
        (
            "examples: [{none: C, out: C}]",
            14,
            "examples[0]",
            "none stands beside in or out",
            "write two examples",
        ),
        ("examples: [{none: []}]", 21, "examples[0].none", "the list is empty", "give a SMILES"),
        ("examples: [{in: C, out: [C, 3]}]", 27, "examples[0].out", "expected a string", STRING),
        (
            "examples: [{in: C, out: C}, {in: C, uot: C}]",
            39,
            "examples[1].uot",
            "unknown key",
            "did you mean \"out\"?",
        ),
    ];
    for &(entry, column, key, reason, suggestion) in cases {
        let key = format!("transforms[0].{key}");
        assert_faults(&[(&with_entry(entry), 5, column, &key, reason, suggestion)]);
    }
}

#[test]
fn faults_of_names() {
    let long = format!("transforms:\n- name: {}\n  smirks: x\n", "n".repeat(201));
    assert_faults(&[
        ("transforms:\n- smirks: x\n", 2, 3, "transforms[0].name", "missing", "add name:"),
        ("transforms:\n- name: a\n", 2, 3, "transforms[0].smirks", "missing", "add smirks:"),
        ("transforms:\n- name: 12\n", 2, 9, "transforms[0].name", "expected a string, found 12", STRING),
        ("transforms:\n- name: ''\n", 2, 9, "transforms[0].name", "1 to 200 characters, not 0", ""),
        (&long, 2, 9, "transforms[0].name", "1 to 200 characters, not 201", ""),
        ("transforms:\n- name: a/b\n", 2, 9, "transforms[0].name", "a name holds no /", "write _ instead"),
        (
            "transforms:\n- name: 'a\\b'\n",
            2,
            9,
            "transforms[0].name",
            "a name holds no \\",
            "write _ instead",
        ),
        ("transforms:\n- name: \"a\\tb\"\n", 2, 9, "transforms[0].name", "not U+0009", "leave it out"),
        ("transforms:\n- name: \"a\\u202eb\"\n", 2, 9, "transforms[0].name", "not U+202E", "leave it out"),
        ("transforms:\n- name: all\n", 2, 9, "transforms[0].name", "every transform", "rename it"),
        (
            "transforms:\n- {name: a, smirks: x}\n- {name: b, smirks: x}\n- {smirks: x, name: a}\n",
            4,
            21,
            "transforms[2].name",
            "the name \"a\" is already used on line 2",
            "give each transform a unique name",
        ),
    ]);
}

#[test]
fn bytes_that_are_not_text() {
    let fault = |bytes: &[u8]| said(parse(Path::new("t.yaml"), bytes).unwrap_err());
    let latin1 = fault(b"version: 1\r\n# \xc3\xa9 caf\xe9\n");
    assert_eq!((latin1.line, latin1.column, latin1.reason.as_str()), (2, 8, "not UTF-8"));
    assert_eq!(latin1.suggestion, "save the file as UTF-8");
    let utf16 = fault(b"\xff\xfev\0:\0");
    assert_eq!((utf16.line, utf16.column, utf16.reason.as_str()), (1, 1, "the file is UTF-16"));
    let large = fault(&vec![b'#'; (16 << 20) + 1]);
    assert_eq!((large.line, large.column, large.reason.as_str()), (0, 0, "the file has more than 16 MiB"));
}

#[test]
fn a_fault_behind_an_alias_is_found_where_it_is_written() {
    let text = "
transforms:
- {name: a, smirks: x, label: &label long}
- name: b
  smirks: x
  max_sites_per_mol: *label
";
    let key = "transforms[1].max_sites_per_mol";
    assert_faults(&[(text, 3, 38, key, "found the string \"long\" (used at line 6)", "")]);
    let text = "
defaults: &base {max_sites_per_mol: 4}
transforms:
- {<<: {probe: 1}, name: a, smirks: x}
- {<<: *base, name: b, smirks: x}
";
    assert_faults(&[(text, 4, 9, "transforms[0].probe", "unknown key", "did you mean \"prob\"?")]);
}
