//! The findings about rings, cuts, valences and rules without effect. What each says of a rule's products is shown by
//! running the rule.
#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

use xform_core::EngineSettings;
use xform_core::engine::{Batch, Engine, EngineOutput, RejectCode, SmilesBatch};
use xform_core::findings::{Diagnosis, PatternKey};
use xform_core::transform::{Hydrogens, Transform};
use xform_rdkit::RdkitEngine;

fn engine(transform: &Transform) -> RdkitEngine {
    let engine = RdkitEngine::new(std::slice::from_ref(transform), &EngineSettings::default());
    engine.unwrap_or_else(|error| panic!("{}: {error}", transform.smirks))
}

fn review(transform: &Transform) -> Vec<Diagnosis> {
    engine(transform).review()[0].clone()
}

/// The places in the SMIRKS at which `code` is found.
fn places<'a>(code: &str, smirks: &'a str) -> Vec<&'a str> {
    let found = review(&Transform::new("A", smirks));
    let found = found.iter().filter(|finding| finding.code.as_str() == code);
    found.map(|finding| finding.span.clone().map_or(smirks, |span| &smirks[span])).collect()
}

fn assert_places(code: &str, rules: &[(&str, &[&str])]) {
    for (smirks, expected) in rules {
        assert_eq!(places(code, smirks), *expected, "{smirks}");
    }
}

fn run(smirks: &str, parent: &str) -> EngineOutput {
    let mut output = EngineOutput::default();
    let mut rows = SmilesBatch::default();
    rows.push(parent.as_bytes());
    let mut worker = engine(&Transform::new("A", smirks)).worker(None).unwrap();
    worker.run(Batch::new(&rows), &mut output).unwrap();
    output
}

fn products(smirks: &str, parent: &str) -> Vec<String> {
    let products = run(smirks, parent).products;
    let text = |index| String::from_utf8(products.smiles.get(index).to_vec()).unwrap();
    let mut products: Vec<_> = (0..products.len()).map(text).collect();
    products.sort();
    products
}

fn rejected(smirks: &str, parent: &str) -> Vec<RejectCode> {
    run(smirks, parent).failures.iter().map(|failure| failure.code).collect()
}

#[test]
fn kekule_rings() {
    assert_places(
        "kekule_ring",
        &[
            (
                "[C:1]1=[C:2][C:3]=[C:4][C:5]=[C:6]1>>[C:1]1=[C:2][C:3]=[C:4][C:5]=[C:6]1O",
                &["[C:1]1=[C:2][C:3]=[C:4][C:5]=[C:6]"],
            ),
            ("[C:1]C1=NC=CC=C1>>[C:1]", &["C1=NC=CC=C"]),
            ("C1=CO[C:1]=C1>>[C:1]", &["C1=CO[C:1]=C"]),
            ("C1=C[SX2][C:1]=C1>>[C:1]", &["C1=C[SX2][C:1]=C"]),
            ("C1=C[N,O][C:1]=C1>>[C:1]", &["C1=C[N,O][C:1]=C"]),
            ("O=C1C=C[C:1]=CN1>>[C:1]", &["C1C=C[C:1]=CN"]),
            // Aromatic carbon is #6 too, but its bonds are not double.
            ("[#6]1=[#6][#6:1]=[#6][#6]=[#6]1>>[#6:1]", &["[#6]1=[#6][#6:1]=[#6][#6]=[#6]"]),
            // Dienes, quinones and what is only sometimes aromatic.
            ("[C:1]1=[C:2][C:3]=[C:4][C:5][C:6]1>>[C:1]", &[]),
            ("O=C1C=CC(=O)[C:1]=C1>>[C:1]", &[]),
            ("C1=C[C,N][C:1]=C1>>[C:1]", &[]),
            ("[C:1]1=CC=CC=CC=C1>>[C:1]", &[]),
            // Aromatic rings, written as such.
            ("c1c[c:1]ccc1>>[c:1]", &[]),
            ("[#6]1:[#6]:[#6:1]:[#6]:[#6]:[#6]1>>[#6:1]", &[]),
            ("[#6]1[#6][#6:1][#6][#6][#6]1>>[#6:1]", &[]),
        ],
    );
    assert!(products("[C:1]1=CC=CC=C1>>[C:1]", "C1=CC=CC=C1").is_empty());
    assert!(products("O=C1C=C[C:1]=CN1>>[C:1]", "O=C1C=CC=CN1").is_empty());
    assert_eq!(products("O=C1C=CC(=O)[C:1]=C1>>[C:1]", "O=C1C=CC(=O)C=C1"), ["C"]);
}

#[test]
fn kekule_rings_of_a_query() {
    let query = "[C:1]1=CC=CC=C1";
    let transform =
        Transform { query_smarts: Some(query.to_owned()), ..Transform::new("A", "[#6:1]F>>[#6:1]Cl") };
    let found = review(&transform);
    assert_eq!((found[0].code.as_str(), found[0].key), ("kekule_ring", PatternKey::QuerySmarts));
    assert_eq!(&query[found[0].span.clone().unwrap()], "[C:1]1=CC=CC=C");
}

#[test]
fn cuts_of_rings() {
    assert_places(
        "ring_cut",
        &[
            ("[C:1][O:2]>>[C:1].[O:2]", &["[C:1][O:2]"]),
            ("[C:1](=[O:3])[O:2]>>[C:1](=[O:3]).[O:2]", &["[C:1](=[O:3])[O:2]"]),
            ("[C:1]@[O:2]>>[C:1].[O:2]", &["[C:1]@[O:2]"]),
            // Through an atom that is removed.
            ("[C:1]O[C:2]>>[C:1].[C:2]", &["[C:1]O[C:2]"]),
            // Not in a ring.
            ("[C:1]!@[O:2]>>[C:1].[O:2]", &[]),
            ("[C:1]-;!@[O:2]>>[C:1].[O:2]", &[]),
            ("[C:1][OD1:2]>>[C:1].[O:2]", &[]),
            ("[C:1][OX2H:2]>>[C:1].[O:2]", &[]),
            ("[C:1]=[OX1:2]>>[C:1].[O:2]", &[]),
            ("[CH3:1][O:2]>>[C:1].[O:2]", &[]),
            ("[C;!R:1][O:2]>>[C:1].[O:2]", &[]),
            ("[C;x0:1][O:2]>>[C:1].[O:2]", &[]),
            ("[C:1]O!@[C:2]>>[C:1].[C:2]", &[]),
            // One product.
            ("[C:1][O:2]>>([C:1].[O:2])", &[]),
            ("[C:1][O:2]>>[C:1]", &[]),
        ],
    );
    // The ring's atoms between the two ends are in both products.
    assert_eq!(products("[CH2:1][O:2]>>[C:1].[O:2]", "C1CCOC1"), ["CCCC", "CCCO"]);
    assert_eq!(products("[C:1]O[C:2]>>[C:1].[C:2]", "C1CCOC1"), ["CCC"]);
}

#[test]
fn query_smarts_restrict_cuts() {
    let mut transform = Transform::new("A", "[C:1][O:2]>>[C:1].[O:2]");
    let codes = |transform: &Transform| -> Vec<_> {
        review(transform).iter().map(|finding| finding.code.as_str()).collect()
    };
    assert!(codes(&transform).contains(&"ring_cut"));
    transform.query_smarts = Some("[OD1:2]".to_owned());
    assert!(!codes(&transform).contains(&"ring_cut"));
}

#[test]
fn agents() {
    assert_places(
        "agent",
        &[
            ("[C:1][OH:2]>CCO>[C:1][O:2]C", &["CCO"]),
            ("[C:1][OH:2]>[Na+].[OH-]>[C:1][O:2]C", &["[Na+].[OH-]"]),
            ("[C:1][OH:2]>>[C:1][O:2]C", &[]),
            ("[C:1]->[Fe:2]>>[C:1]", &[]),
        ],
    );
    let with = products("[C:1][OH:2]>CCO>[C:1][O:2]C", "CCO");
    assert_eq!(with, products("[C:1][OH:2]>>[C:1][O:2]C", "CCO"));
}

#[test]
fn valences_of_no_parent() {
    assert_places(
        "valence_impossible",
        &[
            ("[c:1][NH2:2]>>[c:1][N:2](C)(C)C", &["[N:2]"]),
            ("[C:1][OX2:2][C:3]>>[C:1][O:2]([C:3])C", &["[O:2]"]),
            ("[c:1]O>>[c:1]C(C)(C)(C)C", &["C"]),
            ("[C:1][F,Cl;+0:2]>>[C:1]=[*:2]", &["[*:2]"]),
            ("[CH4:1]>>[CH3:1](C)C", &["[CH3:1]"]),
            ("[c:1][NH2:2]>>[c:1][N+:2](C)(C)C", &[]),
            ("[c:1][NX3:2]>>[c:1][N:2]C", &[]),
            // The parent can have the charge.
            ("[c:1][N:2]>>[c:1][N:2](C)(C)C", &[]),
            ("[S:1]>>[S:1](=O)=O", &[]),
            // A Kekule form moves.
            ("[nH:1]1[c:2][nX2:3][c:4][c:5]1>>[nH0:1]1[c:2][n:3](C)[c:4][c:5]1", &[]),
            ("[c:1][OX2H:2]>>[C:1]=[OH0:2]", &[]),
        ],
    );
    assert_eq!(rejected("[c:1][NH2:2]>>[c:1][N:2](C)(C)C", "Nc1ccccc1"), [RejectCode::Valence]);
    assert_eq!(
        products("[nH:1]1[c:2][nX2:3][c:4][c:5]1>>[nH0:1]1[c:2][n:3](C)[c:4][c:5]1", "Cc1c[nH]cn1"),
        ["Cc1cncn1C"]
    );
}

#[test]
fn valences_with_fixed_hydrogens() {
    assert_places(
        "valence_with_fixed_hydrogens",
        &[
            ("[CX4:1][CX4:2]>>[C:1]#[C:2]", &["[C:1]", "[C:2]"]),
            ("[CX4;H1:1][OX2H:2]>>[C:1]=[O:2]", &["[C:1]", "[O:2]"]),
            ("[NX4+:1]>>[N+0:1]", &["[N+0:1]"]),
            ("[CX4:1][CX4:2]>>[CH0:1]#[CH0:2]", &[]),
            ("[CX4;H1:1][OX2H:2]>>[CH0:1]=[OH0:2]", &[]),
            // If the number of neighbours changes, hydrogens are worked out anew.
            ("[CX4;H2:1][OX2H]>>[C:1](=O)O", &[]),
            // Nothing is lost.
            ("[CX3:1]=[OX1:2]>>[C:1][O:2]", &[]),
            ("[CX4;H0:1][CX4;H0:2]>>[C:1]=[C:2]", &[]),
        ],
    );
    let rule = "[CX4;H1:1][OX2H:2]>>[C:1]=[O:2]";
    assert_eq!(products(rule, "CC(O)CC"), ["CCC(C)=O"]);
    assert_eq!(rejected(rule, "C[C@H](O)CC"), [RejectCode::Valence]);
}

#[test]
fn valences_at_some_sites() {
    assert_places(
        "valence_at_some_sites",
        &[
            ("[O:1]>>[O:1]C", &["[O:1]"]),
            ("[NX3:1]>>[N:1]C", &["[N:1]"]),
            ("[c:1]>>[c:1]C", &["[c:1]"]),
            ("[OX2H:1]>>[O:1]C", &[]),
            ("[NX3;H1,H2:1]>>[N:1]C", &[]),
            ("[cH:1]>>[c:1]C", &[]),
            // What is in $(...) may have excluded the others.
            ("[NX3;!$(N(C)(C)C):1]>>[N:1]C", &[]),
        ],
    );
    assert_eq!(products("[O:1]>>[O:1]C", "CCO"), ["CCOC"]);
    assert_eq!(rejected("[O:1]>>[O:1]C", "COC"), [RejectCode::Valence]);
}

#[test]
fn rules_without_effect() {
    let raise = [
        ("[C:1][OX2:2]>>[C:1][O:2]", "CCO"),
        ("[F,Cl:1][c:2]>>[Br,I:1][c:2]", "Clc1ccccc1"),
        ("[C:1]=[C:2]>>[C:1]=[C:2]", "C/C=C/C"),
        ("[C:1]~[C:2]>>[*:1]~[*:2]", "C#CC"),
        ("[NH2:1][#6:2]>>[NH2:1][#6:2]", "Nc1ccccc1"),
    ];
    for (smirks, parent) in raise {
        assert_eq!(places("always_parent", smirks), [smirks]);
        assert_eq!(products(smirks, parent), [parent], "{smirks}");
    }
    let others = [
        "[C@:1]([F:2])([Cl:3])[Br:4]>>[C@@:1]([F:2])([Cl:3])[Br:4]",
        "[C:1][OX2:2]>>[C:1][O-:2]",
        "[C:1][OX2:2]>>[C:1][OH:2]",
        "[C:1][O:2]>>[C:1][18O:2]",
        "[C,N:1][O:2]>>[C:1][O:2]",
        "[C:1]~[C:2]>>[C:1]-[C:2]",
        "[C:1][O:2]>>[C:1].[O:2]",
        "[C:1]O>>[C:1]O",
        // It removes the configuration.
        "[C:1][C:2]=[C:3][C:4]>>[C:1][C:2]=[C:3][C:4]",
    ];
    for smirks in others {
        assert!(places("always_parent", smirks).is_empty(), "{smirks}");
    }
    assert_eq!(products(others[8], "C/C=C/C"), ["CC=CC"]);
}

#[test]
fn recursive_patterns() {
    let alternatives = |count| format!("[{}:1]F>>[C:1]Cl", vec!["$(C[N,O])"; count].join(","));
    let nested = |count| format!("[{}C{}:1]F>>[C:1]Cl", "$(C[".repeat(count), "])".repeat(count));
    for of in [&alternatives as &dyn Fn(usize) -> String, &nested] {
        assert!(places("recursive_smarts", &of(50)).is_empty());
        let many = of(51);
        assert_eq!(places("recursive_smarts", &many), [&many[..many.find('F').unwrap()]]);
    }
}

fn same(one: &Transform, other: &Transform) -> bool {
    let engine = RdkitEngine::new(&[one.clone(), other.clone()], &EngineSettings::default()).unwrap();
    let identities = engine.identities().unwrap();
    identities[0] == identities[1]
}

#[test]
fn the_same_rule_in_other_words() {
    let rules = [
        ("[c:1][OX2H:2]>>[c:1][O:2]C", "[OX2H:7][c:3]>>C[O:7][c:3]"),
        ("[C:1]=[C:2]>>[C:1](F)[C:2]Cl", "[C:1]=[C:2]>>[C:2](F)[C:1]Cl"),
        // The mark depends on the order of the neighbours.
        (
            "[C@:1]([F:2])([Cl:3])[Br:4]>>[C@@:1]([F:2])([Cl:3])[Br:4]",
            "[C@@:1]([Cl:3])([F:2])[Br:4]>>[C@:1]([Cl:3])([F:2])[Br:4]",
        ),
        (
            "[C:1](=[O:2])[O:3][C:4]>>[C:1](=[O:2])O.[O:3][C:4]",
            "[C:4][O:3][C:1]=[O:2]>>[O:3][C:4].[C:1](=[O:2])O",
        ),
        ("[C:1][O:2]>CC>[C:1]", "[C:1][O:2]>>[C:1]"),
        (
            "[c:1]1[c:2][c:3][c:4][c:5][c:6]1>>[c:1]1[c:2][c:3][c:4][c:5][c:6]1",
            "[c:6]1[c:5][c:4][c:3][c:2][c:1]1>>[c:3]1[c:2][c:1][c:6][c:5][c:4]1",
        ),
    ];
    for (one, other) in rules {
        assert!(same(&Transform::new("A", one), &Transform::new("B", other)), "{one} and {other}");
    }
}

#[test]
fn filters_and_hydrogens_make_another_rule() {
    let rule = Transform::new("A", "[c:1][OX2H:2]>>[c:1][O:2]C");
    let not = |smarts: &str| Transform { not_smarts: vec![smarts.to_owned()], ..rule.clone() };
    assert!(same(&not("[O:2][c:1]Cl"), &not("Cl[c:1][O:2]")));
    assert!(!same(&rule, &not("[c:1]Cl")));
    assert!(!same(&not("[c:1]F"), &not("[c:1]Cl")));
    assert!(!same(&rule, &Transform { hydrogens: Hydrogens::Explicit, ..rule.clone() }));
}

#[test]
fn other_rules() {
    let rules = [
        ("[c:1][OX2H:2]>>[c:1][O:2]C", "[c:1][OX2H:2]>>[c:1]([O:2])C"),
        ("[C:1]=[C:2]>>[C:1](F)[C:2]Cl", "[C:1]=[C:2]>>[C:1](Cl)[C:2]Cl"),
        (
            "[C@:1]([F:2])([Cl:3])[Br:4]>>[C@@:1]([F:2])([Cl:3])[Br:4]",
            "[C@:1]([F:2])([Cl:3])[Br:4]>>[C@:1]([F:2])([Cl:3])[Br:4]",
        ),
        ("C/C=C/[C:1]>>C/C=C/[C:1]", "C/C=C/[C:1]>>C/C=C\\[C:1]"),
        ("[C:1][O:2]>>[C:1].[O:2]", "[C:1][O:2]>>([C:1].[O:2])"),
        ("[C;$(C:C):1]>>[C:1]", "[C;$(CC):1]>>[C:1]"),
        ("[C:1]~[O:2]>>[C:1]", "[C:1]@[O:2]>>[C:1]"),
        // The numbers say which atom becomes which.
        (
            "[c:6]1[c:5][c:4][c:3][c:2][c:1]1>>[c:3]1[c:2][c:1][c:6][c:5][c:4]1",
            "[c:6]1[c:5][c:4][c:3][c:2][c:1]1>>[c:3]1[c:2][c:1][c:6][c:4][c:5]1",
        ),
    ];
    for (one, other) in rules {
        assert!(!same(&Transform::new("A", one), &Transform::new("B", other)), "{one} and {other}");
    }
}

#[test]
fn rules_with_other_filters_are_others() {
    let plain = Transform::new("A", "[c:1][OX2H:2]>>[c:1][O:2]C");
    let query = |smarts: &str| Transform { query_smarts: Some(smarts.to_owned()), ..plain.clone() };
    assert!(same(&query("[c:1]c[F:9]"), &query("[F:8]c[c:1]")));
    assert!(!same(&query("[c:1]c[F:9]"), &query("[c:2]c[F:9]")), "the query is about another atom");
    assert!(!same(&query("[c:1]cF"), &plain));
    assert!(!same(&Transform { exclude_sugar_like: !plain.exclude_sugar_like, ..plain.clone() }, &plain));
    assert!(!same(&Transform { max_sites_per_mol: Some(4), ..plain.clone() }, &plain));
}
