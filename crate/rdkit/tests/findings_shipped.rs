//! The findings about the shipped rules: no errors, no warnings, and known notes. With `UPDATE_GOLDEN=1` in the
//! environment, the test writes the notes.
#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use xform_core::EngineSettings;
use xform_core::engine::Engine;
use xform_core::findings::{Diagnosis, Severity};
use xform_core::transform::{Transform, load};
use xform_rdkit::RdkitEngine;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A line for each finding: rule, code, the part that it is about, and what happens.
fn lines(transform: &Transform, findings: &[Diagnosis]) -> String {
    let mut lines = String::new();
    for Diagnosis { code, span, effect, .. } in findings {
        assert_eq!(code.severity(), Severity::Note, "{} ({}): {effect}", transform.name, transform.smirks);
        let part = span.clone().map_or(transform.smirks.as_str(), |span| &transform.smirks[span]);
        writeln!(lines, "{}: {} {part}: {effect}", transform.name, code.as_str()).unwrap();
    }
    lines
}

fn notes(file: &str) -> String {
    let rules = load(&path("../../configs").join(file)).unwrap();
    let engine = RdkitEngine::new(&rules.transforms, &EngineSettings::default()).unwrap();
    let findings = engine.review();
    assert_eq!(findings.len(), rules.transforms.len());
    rules.transforms.iter().zip(findings).map(|(transform, found)| lines(transform, found)).collect()
}

#[test]
fn shipped_rules_have_known_notes_only() {
    for name in ["transforms", "medchem"] {
        let golden = path("tests/golden").join(format!("{name}.notes.txt"));
        let notes = notes(&format!("{name}.yaml"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&golden, notes).unwrap();
            continue;
        }
        assert_eq!(
            fs::read_to_string(&golden).unwrap(),
            notes,
            "UPDATE_GOLDEN=1 writes {}",
            golden.display()
        );
    }
}
