//! The findings about single atoms and bonds: hydrogens, stereo, queries of product templates, what is not said.
#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

use xform_core::EngineSettings;
use xform_core::engine::Engine;
use xform_core::findings::{Diagnosis, PatternKey};
use xform_core::transform::{Hydrogens, Transform};
use xform_rdkit::RdkitEngine;

/// The codes that these tests are about.
const CODES: &[&str] = &[
    "hydrogen_atom",
    "stereo_not_matched",
    "hydrogen_replaced_at_centre",
    "becomes_hydrogen_at_centre",
    "product_list",
    "product_query",
    "charge_unsaid",
    "isotope_unsaid",
    "hydrogens_unsaid",
];

fn review_of(transform: Transform) -> Vec<Diagnosis> {
    let smirks = transform.smirks.clone();
    let engine = RdkitEngine::new(&[transform], &EngineSettings::default());
    let engine = engine.unwrap_or_else(|error| panic!("{smirks}: {error}"));
    let all = engine.review()[0].clone().into_iter();
    all.filter(|finding| CODES.contains(&finding.code.as_str())).collect()
}

/// Codes, each with the part of the SMIRKS that it is about.
fn found(smirks: &str) -> Vec<(&'static str, &str)> {
    let part = |finding: &Diagnosis| finding.span.clone().map_or(smirks, |span| &smirks[span]);
    let findings = review_of(Transform::new("A", smirks));
    findings.iter().map(|finding| (finding.code.as_str(), part(finding))).collect()
}

#[test]
fn hydrogen_atoms() {
    assert_eq!(found("[C:1][O:2][H]>>[C:1][O:2]C"), [("hydrogen_atom", "[H]")]);
    assert_eq!(found("[C:1][O:2][#1]>>[C:1][O:2]C"), [("hydrogen_atom", "[#1]")]);
    assert_eq!(found("[c:1][O:2][H:3]>>[c:1][O:2][H:3]"), [("hydrogen_atom", "[H:3]")]);
    assert_eq!(found("[c:1][O;$(O[H]):2]>>[c:1][O:2]C"), [("hydrogen_atom", "[O;$(O[H]):2]")]);
    assert_eq!(found("[c:1][O;!$(O([H])c):2]>>[c:1][O:2]C"), [("hydrogen_atom", "[O;!$(O([H])c):2]")]);
    for smirks in [
        "[c:1][OX2H:2]>>[c:1][N:2]([H])[H]",
        "[c:1][OX2:2][2H]>>[c:1][O:2]C",
        "[c:1][O;$(O[3H]):2]>>[c:1][O:2]C",
        "[c:1][N;!H0:2]>>[c:1][N:2]C",
        "[c:1][OX2:2][#1,#6]>>[c:1][O:2]C",
        "[c:1][OX2:2][!#6]>>[c:1][O:2]C",
    ] {
        assert_eq!(found(smirks), [], "{smirks}");
    }
}

#[test]
fn queries_are_reviewed() {
    let mut transform = Transform::new("A", "[c:1][OX2H:2]>>[c:1][O:2]C");
    transform.query_smarts = Some("[c:1][O:2][H].C/C=C/C[C@H](F)Cl".to_owned());
    let found = review_of(transform.clone());
    let query = transform.query_smarts.unwrap();
    let parts: Vec<_> = found
        .iter()
        .map(|finding| (finding.key, finding.code.as_str(), &query[finding.span.clone().unwrap()]))
        .collect();
    let key = PatternKey::QuerySmarts;
    assert_eq!(
        parts,
        [
            (key, "hydrogen_atom", "[H]"),
            (key, "stereo_not_matched", "C/C=C/C"),
            (key, "stereo_not_matched", "[C@H]"),
        ]
    );
}

#[test]
fn patterns_that_exclude_are_reviewed() {
    let mut transform = Transform::new("A", "[c:1][OX2H:2]>>[c:1][O:2]C");
    transform.not_smarts = ["[c:1]c[F,Cl]", "[c:1][O:2][H]", "[O:2]-[c:1]cC/C=C/C"].map(str::to_owned).into();
    let patterns = transform.not_smarts.clone();
    let parts: Vec<_> = review_of(transform)
        .into_iter()
        .map(|finding| {
            let PatternKey::NotSmarts(entry) = finding.key else { panic!("{finding:?}") };
            (entry, finding.code.as_str(), patterns[entry][finding.span.unwrap()].to_owned())
        })
        .collect();
    assert_eq!(
        parts,
        [(1, "hydrogen_atom", "[H]".to_owned()), (2, "stereo_not_matched", "C/C=C/C".to_owned())]
    );
}

#[test]
fn stereo_of_the_reactant_template() {
    let lost = [("stereo_not_matched", "[C@@H:1]")];
    assert_eq!(found("[C:4][C@@H:1]([OH:2])[C:3]>>[C:4][C:1]([O:2]C)[C:3]"), lost);
    assert_eq!(found("[C:4][C@@H:1]([OH:2])[C:3]>>[C:4][CH0:1](=[OH0:2])[C:3]"), lost);
    assert_eq!(found("[C:4]!@[C@@H](!@[OH])[C:3]>>[C:4]Cl.[C:3]Cl"), [("stereo_not_matched", "[C@@H]")]);
    assert_eq!(
        found("Br/[CH:1]=[CH:2]/[C:3]>>N/[CH:1]=[CH:2]/[C:3]"),
        [("stereo_not_matched", "Br/[CH:1]=[CH:2]/[C:3]")]
    );
    assert_eq!(found("[O:1][C;$(C/C=C/C):2]>>[O:1](C)[C:2]"), [("stereo_not_matched", "[C;$(C/C=C/C):2]")]);
    for smirks in [
        "[C:4][C@@H:1]([OH])[C:3]>>[C:4][C@H:1](F)[C:3]",
        "[C:4][C@@H:1]([OH:2])[C:3]>>[C:4][C@@H:1]([O:2]C)[C:3]",
        "[c:1][OX2H:2]>>[c:1][O:2][C@@H](C)C(=O)O",
        "Br[CH:1]=[CH:2][C:3]>>N/[CH:1]=[CH:2]/[C:3]",
    ] {
        assert_eq!(found(smirks), [], "{smirks}");
    }
}

#[test]
fn hydrogens_at_stereocentres() {
    let replaced = |part| [("hydrogen_replaced_at_centre", part)];
    assert_eq!(found("[CX4;H1:1]>>[C:1]F"), replaced("[C:1]"));
    assert_eq!(found("[CX4:1]>>[C:1]F"), replaced("[C:1]"));
    assert_eq!(found("[CX4;H1:1][N:2]>>[CH0:1](O)[N:2]"), replaced("[CH0:1]"));
    assert_eq!(found("([CX4;H1:1].[OH:2])>>[C:1][O:2]"), replaced("[C:1]"));
    let removed = |part| [("becomes_hydrogen_at_centre", part)];
    assert_eq!(found("[CX4:1]Br>>[C:1]"), removed("[C:1]"));
    assert_eq!(found("[CX4:1]!@[OX2H0:2]>>[CH1:1].[O:2]"), removed("[CH1:1]"));
    for smirks in [
        "[CX4;H2:1]>>[C:1]F",
        "[CX4;H3:1]>>[C:1]F",
        "[CX3;H1:1]>>[C:1]F",
        "[cH:1]>>[c:1]F",
        "[NX3;H1:1]>>[N:1]C",
        "[CX4;D2:1]>>[C:1]F",
        // The new atom is where RDKit counts the hydrogen.
        "[N:2][CX4;H1:1]>>[N:2][C:1]O",
        "[CX4:1]Br>>[C:1]F",
        "[CX4:1]Br>>[C:1][H]",
        "[CX4;D2:1]Br>>[C:1]",
        "[c:1]Br>>[c:1]",
        "[C:1](=[O:2])Br>>[CH1:1]=[O:2]",
    ] {
        assert_eq!(found(smirks), [], "{smirks}");
    }
}

#[test]
fn lists_in_product_templates() {
    let list = |part| [("product_list", part)];
    for atom in ["[C,N]", "[F,Cl]", "[!C]", "A", "[D2]", "[N+,O]", "[$(CO)]"] {
        assert_eq!(found(&format!("[c:1][OX2H:2]>>[c:1][O:2]{atom}")), list(atom));
    }
    assert_eq!(found("[F,Cl:1][c:2]>>[Br,I:1][c:2]"), list("[Br,I:1]"));
    assert_eq!(found("[C:1][OX2H:2]>>[C:1][N,S:2]"), list("[N,S:2]"));
    assert_eq!(found("[CX4;H2:1][OX2H:2]>>[C;H1,H2:1][O:2]C"), list("[C;H1,H2:1]"));
    assert_eq!(found("[CX4;H2:1][OX2H:2]>>[C;!H0:1][O:2]C"), list("[C;!H0:1]"));
    assert_eq!(found("[NX3;H2:1]>>[N;+,+0:1]C"), list("[N;+,+0:1]"));
    assert_eq!(found("[C:1][OX2H:2]>>[C:1][O:2]~C"), list("~"));
    assert_eq!(found("[C:1]-[O:2]>>[C:1]@[O:2]"), list("@"));
    assert_eq!(found("[C:1]=[O:2]>>[C:1]-,=[O:2]"), list("-,="));
    assert_eq!(found("[C:1]-[O:2]>>[C:1]!-[O:2]"), list("!-"));
}

#[test]
fn queries_in_product_templates() {
    let query = |part| [("product_query", part)];
    assert_eq!(found("[C;R;H2:1]>>[C;R:1]F"), query("[C;R:1]"));
    assert_eq!(found("[CX4;H2:1]>>[CX4:1]F"), query("[CX4:1]"));
    assert_eq!(found("[CX4;H2:1]>>[C;$(CN):1]F"), query("[C;$(CN):1]"));
    assert_eq!(found("[c:1][OX2H:2]>>[c:1][O:2][C;D2]"), query("[C;D2]"));
    assert_eq!(found("[c:1][OX2H:2]>>[c:1][O:2]-;!@C"), query("-;!@"));
    assert_eq!(found("[c:1][F,Cl:2]>>[c:1]([F,Cl:2])Br"), query("[F,Cl:2]"));
    for smirks in [
        "[c:1][OX2H:2]>>[c:1][O:2]*",
        "[c:1][*:2]>>[c:1](F)[*:2]",
        "[c:1][OX2H:2]>>[#6:1][#8:2]C",
        "[c:1]~[c:2]Br>>[c:1]~[c:2]Cl",
        "[C;H2:1][OX2H:2]>>[C;H2:1][O:2]C",
        "[c:1][OX2H:2]>>[c:1][O:2]-c1ccccc1",
    ] {
        assert_eq!(found(smirks), [], "{smirks}");
    }
}

#[test]
fn what_is_not_said() {
    let charge = |part| [("charge_unsaid", part)];
    assert_eq!(found("[c:1][N+:2](=O)[O-]>>[c:1][N:2]"), charge("[N:2]"));
    assert_eq!(found("[N+:1](=O)[O-]>>[N:1]"), charge("[N:1]"));
    assert_eq!(found("[C:1][O-:2]>>[C:1][O:2]C"), charge("[O:2]"));
    assert_eq!(found("[C:1][OX2H,OX1-:2]>>[C:1][O:2]C"), charge("[O:2]"));
    assert_eq!(found("[13CH3:1][O:2]>>[CH3:1][O:2]"), [("isotope_unsaid", "[CH3:1]")]);
    let hydrogens = |part| [("hydrogens_unsaid", part)];
    assert_eq!(found("[CX4;H1:1][OX2H:2]>>[C:1]=[O:2]"), hydrogens("[C:1]"));
    assert_eq!(found("[CX4;H1:1][OX2H]>>[C:1]=O"), hydrogens("[C:1]"));
    assert_eq!(found("[C:1][OX1-:2]>>[C:1][O+0:2]"), hydrogens("[O+0:2]"));
    assert_eq!(found("[n:1][CX3;$(C(=O)[CH3])]>>[n:1]"), hydrogens("[n:1]"));
    for smirks in [
        "[c:1][N+:2](=O)[O-]>>[c:1][N+0H2:2]",
        "[c:1][N+:2](=[O:3])[O-:4]>>[c:1](F)[N:2](=[O:3])[O:4]",
        "[C:1][OX1-:2]>>[C:1][O+0:2]C",
        "[C:1][OX1-]>>[C:1]N",
        "[C:1][OX1-:2]>>[C:1][NH:2]",
        "[13CH3:1][O:2]>>[13CH3:1][O:2]C",
        "[13CH3:1][O:2]>>[0CH3:1][O:2]C",
        "[CX4;H2:1][OX2H:2]>>[C:1]=[O:2]",
        "[CX4;H1:1][OX2H:2]>>[CH0:1]=[O:2]",
        "[CX3:1]=[CX3:2]>>[C:1][C:2]",
        "[CX2:1]#[NX1]>>[C:1](=O)O",
        "[n:1][CX3;$(C(=O)[CH3])]>>[nH:1]",
        "[n+:1][OX1-]>>[n+0:1]",
    ] {
        assert_eq!(found(smirks), [], "{smirks}");
    }
}

#[test]
fn hydrogens_that_the_parents_get_as_atoms() {
    let transform = Transform::new("A", "[C:1][O:2][H]>>[C:1][O:2]C");
    assert_eq!(review_of(Transform { hydrogens: Hydrogens::Explicit, ..transform }), []);
}
