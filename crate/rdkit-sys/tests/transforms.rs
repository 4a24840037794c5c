//! Which transforms are refused, and with which messages.

mod common;

use common::OME;
use xform_rdkit_sys::{CompileError, Kernel, Settings, TransformSpec, check_transform};

#[test]
fn a_smirks_that_cannot_be_used_says_why() {
    let cases = [
        ("", "at least two > characters"),
        ("not a reaction", "at least two > characters"),
        ("[c:1>>[c:1]", "Problems constructing reactant from SMARTS: [c:1"),
        ("[c:1]>>[c:1", "Problems constructing product from SMARTS: [c:1"),
        ("[c:1]>>[c:1]>>[c:1]", "multi-step reactions not supported"),
        ("[C:1].[C:2]>>[C:1][C:2]", "in one molecule, put them in parentheses, as in `([A].[B])>>`"),
        (">>[C:1]", "no reactant template"),
        ("[C:1]>>", "no product template"),
        ("[C:1][C:1]>>[C:1]", "map number 1 twice"),
        ("[C@:1]([*:2])([*z3])[*:4]>>[C@@:1]([*:2])([*:4])[*:4]", "could not find probe element"),
    ];
    for (smirks, words) in cases {
        match check_transform(&TransformSpec::new(smirks)) {
            Err(CompileError::Smirks(fault)) => assert!(fault.reason.contains(words), "{smirks}: {fault:?}"),
            other => panic!("{smirks}: {other:?}"),
        }
    }
}

#[test]
fn a_query_that_cannot_be_used_says_why() {
    let cases = [
        ("[c:1", "cannot parse it as SMARTS: syntax error"),
        ("", "no atoms"),
        ("[c][O]", "shares no map number"),
        ("[c:3][O:4]", "shares no map number"),
        ("[c:1][c:1]", "map number 1 twice"),
    ];
    for (query, words) in cases {
        match check_transform(&TransformSpec { query_smarts: Some(query), ..TransformSpec::new(OME) }) {
            Err(CompileError::QuerySmarts(fault)) => {
                assert!(fault.reason.contains(words), "{query}: {fault:?}")
            }
            other => panic!("{query}: {other:?}"),
        }
    }
}

#[test]
fn a_not_smarts_that_cannot_be_used_says_which_and_why() {
    let cases = [
        (["[c:1", "[c:1]"], 0, "cannot parse it as SMARTS: syntax error", Some(4)),
        (["[c:1]", "[c:1]=]"], 1, "cannot parse it as SMARTS: syntax error", Some(6)),
        (["[c:1]", "[c][O]"], 1, "shares no map number", None),
    ];
    for (smarts, entry, words, position) in cases {
        let not_smarts = smarts.map(str::to_owned);
        match check_transform(&TransformSpec { not_smarts: &not_smarts, ..TransformSpec::new(OME) }) {
            Err(CompileError::NotSmarts(found, fault)) => {
                assert_eq!((found, fault.position), (entry, position), "{smarts:?}: {fault:?}");
                assert!(fault.reason.contains(words), "{smarts:?}: {fault:?}");
            }
            other => panic!("{smarts:?}: {other:?}"),
        }
    }
}

#[test]
fn a_kernel_names_the_transform_at_fault() {
    let error = Kernel::new(&[TransformSpec::new(OME), TransformSpec::new("[c:1")], &Settings::default())
        .err()
        .expect("refused");
    assert_eq!(error.transform, 1);
}

#[test]
fn what_rdkit_takes_is_taken() {
    assert_eq!(check_transform(&TransformSpec::new(OME)).unwrap().product_templates, 1);
    assert_eq!(
        check_transform(&TransformSpec::new("([C:1].[N:2])>>[C:1].[N:2]")).unwrap().product_templates,
        2
    );
    assert_eq!(
        check_transform(&TransformSpec::new("[C:1]>[Pd]>[C:1]F")).unwrap().product_templates,
        1,
        "an agent"
    );
}

#[test]
fn a_pattern_that_does_not_parse_says_where() {
    for (smirks, expected) in [
        ("[c:1>>[c:1]", Some(4)),
        ("[c:1]>>[c:1]O)", Some(13)),
        ("[C:1]>>[C:1]X", Some(12)),
        ("[C:1]>>[C;:1]", Some(10)),
        ("[C:1]-[$(C(=O):2]>>[C:1]", Some(16)),
        ("[C:1] >> [C:1](O", None),
        ("[C:1]1>>[C:1]", None),
        ("[C:1]>[Na>[C:1]", Some(9)),
        ("[C:1]->[N:2]>>[C:1]->[N:2", Some(25)),
        ("C>>N>>O", None),
    ] {
        match check_transform(&TransformSpec::new(smirks)) {
            Err(CompileError::Smirks(fault)) => assert_eq!(fault.position, expected, "{smirks}: {fault:?}"),
            other => panic!("{smirks}: {other:?}"),
        }
    }
    for (query, expected) in [("[c:1]([OX2H:2", Some(13)), ("[c:1]=]", Some(6)), ("[c:1]1", None)] {
        match check_transform(&TransformSpec { query_smarts: Some(query), ..TransformSpec::new(OME) }) {
            Err(CompileError::QuerySmarts(fault)) => {
                assert_eq!(fault.position, expected, "{query}: {fault:?}");
            }
            other => panic!("{query}: {other:?}"),
        }
    }
}
