//! The findings about rules: the list's own rules, and others for each code.

use xform_core::engine::{Engine, Limits};
use xform_core::findings::{Diagnosis, FindingCode, same_rules};
use xform_core::transform::Transform;
use xform_rdkit::RdkitEngine;

/// The findings about `rules`, which a blank separates.
fn review(rules: &str) -> Vec<Diagnosis> {
    let transforms: Vec<_> = rules.split(' ').map(|smirks| Transform::new(smirks, smirks)).collect();
    let engine = RdkitEngine::new(&transforms, Limits::default());
    let engine = engine.unwrap_or_else(|error| panic!("{rules}: {error}"));
    let names: Vec<_> = rules.split(' ').collect();
    let same = same_rules(&names, &engine.identities().unwrap());
    engine
        .review()
        .unwrap()
        .into_iter()
        .flatten()
        .chain(same.into_iter().map(|(_, finding)| finding))
        .collect()
}

/// Codes, each with the part of the SMIRKS that it is about.
fn found(smirks: &str) -> Vec<(&'static str, &str)> {
    let part = |finding: &Diagnosis| finding.span.clone().map_or(smirks, |span| &smirks[span]);
    review(smirks).iter().map(|finding| (finding.code.as_str(), part(finding))).collect()
}

fn is_found(code: &str, smirks: &str) -> bool {
    found(smirks).iter().any(|(found, _)| *found == code)
}

#[test]
fn each_code_is_raised_by_its_rule_and_not_by_the_similar_one() {
    for code in FindingCode::ALL {
        let ([raised_by, not_by], code) = (code.examples(), code.as_str());
        assert!(is_found(code, raised_by), "{raised_by} does not raise {code}: {:?}", found(raised_by));
        assert!(!is_found(code, not_by), "{not_by} raises {code}: {:?}", found(not_by));
    }
}

#[test]
fn each_finding_says_what_happens() {
    for code in FindingCode::ALL {
        for finding in review(code.examples()[0]) {
            assert!(!finding.effect.is_empty() && !finding.effect.ends_with('.'), "{finding:?}");
            assert!(!finding.advice.ends_with('.'), "{finding:?}");
        }
    }
}

#[test]
fn map_numbers() {
    assert_eq!(found("[c:1][OX2H:2]>>[c:1][O:2]C"), []);
    assert_eq!(found("[c:1][OX2H]>>[c:1][O:5]C"), [("map_only_in_product", "[O:5]")]);
    assert_eq!(found("[c:1][OX2H:2]>>[c:1]CCN"), [("map_only_in_reactant", "[OX2H:2]")]);
    assert_eq!(found("[C:1][N:2]>>[C:1].[C:1][N:2]"), [("map_twice", "[C:1]")]);
    assert_eq!(found("cO>>cOC"), [("no_mapped_atom", "cO"), ("no_mapped_atom", "cOC")]);
}

#[test]
fn places_are_those_of_the_text() {
    assert_eq!(
        found("[#6;$([C](O)[N;$(N[#6])]):1](Cl)[F,Cl:2]>>[#6:1]Br.Cl[O:9]"),
        [("map_only_in_reactant", "[F,Cl:2]"), ("map_only_in_product", "[O:9]")]
    );
}
