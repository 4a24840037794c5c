//! The findings about rules: the list's own rules, and others for each code.
#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

use std::fs;

use xform_core::engine::Engine;
use xform_core::findings::{Diagnosis, FindingCode, same_rules};
use xform_core::transform::Transform;
use xform_core::{CheckRulesOptions, Control, EngineSettings, Error, RulesReport, check_rules};
use xform_rdkit::RdkitEngine;

fn make_engine(transforms: &[Transform], settings: &EngineSettings) -> Result<Box<dyn Engine>, Error> {
    Ok(Box::new(RdkitEngine::new(transforms, settings)?))
}

/// The report about files with these contents, `0.yaml`, `1.yaml` and so on.
fn report(files: &[&str]) -> RulesReport {
    let folder = tempfile::tempdir().unwrap();
    let mut options = CheckRulesOptions::default();
    for (index, text) in files.iter().enumerate() {
        let path = folder.path().join(format!("{index}.yaml"));
        fs::write(&path, text).unwrap();
        options.rules.files.push(path);
    }
    check_rules(&options, &make_engine, &Control::default(), &|_| ()).unwrap()
}

/// Each finding as `LINE:COLUMN CODE FRAGMENT`.
fn lines(report: &RulesReport) -> Vec<String> {
    let line = |finding: &xform_core::Finding| {
        let place = |number: Option<u64>| number.map_or("-".to_owned(), |number| number.to_string());
        let (line, column) = (place(finding.line), place(finding.column));
        format!("{line}:{column} {} {}", finding.code.as_str(), finding.fragment.as_deref().unwrap_or("-"))
    };
    report.findings.iter().map(line).collect()
}

/// The findings about `rules`, which a blank separates.
fn review(rules: &str) -> Vec<Diagnosis> {
    let transforms: Vec<_> = rules.split(' ').map(|smirks| Transform::new(smirks, smirks)).collect();
    let engine = RdkitEngine::new(&transforms, &EngineSettings::default());
    let engine = engine.unwrap_or_else(|error| panic!("{rules}: {error}"));
    let names: Vec<_> = rules.split(' ').map(str::to_owned).collect();
    let same = same_rules(&names, &engine.identities().unwrap());
    let of_each = engine.review().iter().flatten().cloned();
    of_each.chain(same.into_iter().map(|(_, finding)| finding)).collect()
}

/// Codes, each with the part of the SMIRKS that it is about.
fn found(smirks: &str) -> Vec<(&'static str, &str)> {
    let part = |finding: &Diagnosis| finding.span.clone().map_or(smirks, |span| &smirks[span]);
    review(smirks).iter().map(|finding| (finding.code.as_str(), part(finding))).collect()
}

/// The report about an example of a code.
fn report_about(example: &str) -> RulesReport {
    let transforms = if example.starts_with("[{") {
        example.to_owned()
    } else {
        let rule = |(index, smirks)| format!("{{name: R{index}, smirks: '{smirks}'}}");
        let rules: Vec<String> = example.split(' ').enumerate().map(rule).collect();
        format!("[{}]", rules.join(", "))
    };
    report(&[&format!("transforms: {transforms}\n")])
}

#[test]
fn each_code_is_raised_by_its_rule_and_not_by_the_similar_one() {
    for &code in FindingCode::ALL {
        let [raised_by, not_by] = code.examples();
        let is_found = |report: &RulesReport| report.findings.iter().any(|finding| finding.code == code);
        let (raising, other) = (report_about(raised_by), report_about(not_by));
        assert!(is_found(&raising), "{raised_by} does not raise {code:?}: {:?}", raising.findings);
        assert!(!is_found(&other), "{not_by} raises {code:?}: {:?}", other.findings);
    }
}

#[test]
fn each_finding_says_what_happens() {
    for code in FindingCode::ALL {
        for finding in report_about(code.examples()[0]).findings {
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
    assert_eq!(found("[CH3:1][N:2]>>[C:1].[C:1][N:2]"), [("map_twice", "[C:1]")]);
    assert_eq!(found("cO>>cOC"), [("no_mapped_atom", "cO"), ("no_mapped_atom", "cOC")]);
}

#[test]
fn places_are_those_of_the_text() {
    assert_eq!(
        found("[#6;$([C](O)[N;$(N[#6])]):1](Cl)[F,Cl:2]>>[#6:1]Br.Cl[O:9]"),
        [("map_only_in_reactant", "[F,Cl:2]"), ("map_only_in_product", "[O:9]")]
    );
}

#[test]
fn a_bad_rule_does_not_hide_what_there_is_to_say_about_others() {
    let file = "version: 1
transforms:
  - name: A
    smirks: '[C:1>>[C:1]F'
  - name: B
    smirks: '[c:1][OX2H]>>[c:1][O:5]C'
  - name: C
    smirks: '[C:1]Cl>>[C:1]F'
    examples:
      - {in: CCl, out: CF}
      - {in: CCl, out: CBr}
  - name: D
    smirks: '[C:1]Cl>>[C:1]Br'
    query_smarts: '[C:2]Cl'
";
    let report = report(&[file]);
    assert_eq!(
        lines(&report),
        [
            "4:18 invalid_smirks >",
            "6:32 map_only_in_product [O:5]",
            "11:9 example_unmet -",
            "14:19 invalid_smarts -",
        ]
    );
    let counts = report.counts;
    assert_eq!((counts.errors, counts.warnings, counts.notes), (3, 1, 0));
    let checked =
        report.rules.iter().map(|rule| (rule.name.as_str(), rule.line, rule.is_usable, rule.examples));
    assert_eq!(
        checked.collect::<Vec<_>>(),
        [("A", 3, false, 0), ("B", 5, true, 0), ("C", 7, true, 2), ("D", 12, false, 0)]
    );
}

#[test]
fn a_file_that_cannot_be_read_does_not_hide_the_others() {
    let good = "transforms: [{name: A, smirks: '[c:1][OX2H]>>[c:1][O:5]C'}]";
    let repeated = "transforms: [{name: A, smirks: '[C:1]>>[C:1]F'}]";
    let report = report(&["transforms: [{name: X", good, repeated]);
    let codes: Vec<&str> = report.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["invalid_file", "map_only_in_product", "invalid_rule"]);
    assert!(report.findings[2].effect.contains("already used at"), "{:?}", report.findings[2]);
}

#[test]
fn what_rdkit_validates_is_said_once() {
    let is_of_mapping = |code: &str| code.starts_with("map_") || code == "no_mapped_atom";
    let codes = |smirks: &str| -> Vec<_> {
        let all = found(smirks).into_iter().map(|(code, _)| code);
        all.filter(|code| is_of_mapping(code) || *code == "rdkit_validation").collect()
    };
    assert_eq!(codes("[c:1][OH:2]>>[c:1][O:3]C"), ["map_only_in_reactant", "map_only_in_product"]);
    assert_eq!(codes("cO>>cOC"), ["no_mapped_atom", "no_mapped_atom"]);
    assert_eq!(codes("[C:1]>>[C:1][C:1]"), ["map_twice"]);
    assert_eq!(codes("[C:1]>>[C:1].[Na+]"), ["no_mapped_atom"]);
    let all = review("[C:1]>>[CH2H3:1]");
    let mut said = all.iter().filter(|finding| finding.code == FindingCode::RdkitValidation);
    let (said, None) = (said.next().unwrap(), said.next()) else { panic!("{all:?}") };
    assert_eq!(said.span, None);
    let words = "1 atom of a product has several charges, hydrogen counts, masses or isotopes";
    assert_eq!(said.effect, format!("RDKit's validation says: {words}"));
}
