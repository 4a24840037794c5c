//! Products that are the parent itself, by canonical SMILES: they are counted if the templates keep all atoms and
//! elements, with the fast wing and without it.

mod common;

use common::{Counts, Output, golden_molecules, kernel, parents, plants, run_both};
use xform_rdkit_sys::{Limits, RowOutcome, TransformSpec, canonical_spellings};

const RULE: &str = "[C:1][OX2:2]>>[C:1][O:2]";

/// The results of one transform, which are equal on both paths.
fn outputs(limits: Limits, smirks: &str, rows: &[&str]) -> Output {
    let [fast, plain] = run_both(&mut kernel(limits, &[TransformSpec::new(smirks)]), rows);
    assert_eq!((&fast.products, &fast.counts), (&plain.products, &plain.counts), "{smirks}");
    fast
}

fn same_as_parent(counts: &[Counts]) -> u64 {
    counts[0]["products_same_as_parent"]
}

/// The products on `rows`, and how many of them are counted as their parent.
fn count(smirks: &str, rows: &[&str]) -> (usize, u64) {
    let output = outputs(Limits::default(), smirks, rows);
    (output.products.len(), same_as_parent(&output.counts))
}

#[test]
fn a_rule_that_changes_nothing_gives_only_parents() {
    let rows = ["CO", "OCC", "CCOCC", "C[C@H](N)CO", "OC/C=C/C", "[13CH3]O", "C[N+](C)(C)CCO", "c1ccccc1"];
    assert_eq!(count(RULE, &rows), (7, 7), "each parent with a site is its only product");
    assert_eq!(count("[*:1]>>[*:1]", &["CC(C)Oc1ccccc1", "[Fe+2]", "OCC"]), (3, 3));
    assert_eq!(count("[*:0]>>[*:0]", &["CC"]), (1, 1), "map number 0");
}

#[test]
fn the_parent_is_compared_as_it_was_read() {
    assert_eq!(count(RULE, &["CO.[Na+]"]), (1, 0), "the product lacks the salt");
    assert_eq!(count(RULE, &["[CH3:5][OH:6]"]), (1, 0), "RDKit removes the map numbers of matched atoms");
    assert_eq!(count(RULE, &["[CH3]O[H]"]), (1, 1), "MolFromSmiles removes the hydrogen");
}

#[test]
fn a_changed_molecule_is_not_its_parent() {
    let inversion = "[C@:1]([F:2])([Cl:3])([Br:4])[I:5]>>[C@@:1]([F:2])([Cl:3])([Br:4])[I:5]";
    assert_eq!(count(inversion, &["F[C@](Cl)(Br)I"]), (1, 0));
    // One of the two hands is set, which one parent has and the other has not.
    let set = "[C:1]([F:2])([Cl:3])([Br:4])[I:5]>>[C@:1]([F:2])([Cl:3])([Br:4])[I:5]";
    assert_eq!(count(set, &["F[C@](Cl)(Br)I", "F[C@@](Cl)(Br)I"]), (2, 1));
    assert_eq!(count("[C:1][OX2H:2]>>[C:1]=[O:2]", &["CCO"]), (1, 0));
}

#[test]
fn a_repeated_parent_counts_once() {
    let output = outputs(Limits::default(), "[C:1]>>[C:1]", &["CCC", "CC"]);
    assert_eq!(output.counts[0]["results_repeated"], 3);
    assert_eq!(same_as_parent(&output.counts), 2);
}

#[test]
fn templates_that_lose_atoms_or_elements_are_not_counted() {
    for smirks in [
        "[C:1][O:2]>>[C:1]O",            // the oxygen is replaced by another
        "[C:1][N:2]>>[N:1][C:2]",        // the elements change places
        "[C:1][N:2]>>[C:1][N:2].[C:1]",  // the second template lacks an atom
        "[C,N:1][N,C:2]>>[C:1][N:2]",    // an atom of a list becomes a certain one
        "[!O:1][N:2]>>[C:1][N:2]",       // not oxygen, so perhaps not carbon
        "[$([CH3]):1][N:2]>>[C:1][N:2]", // a recursive query is not looked into
        "[C:1][N:2]>>[C:1][N:2][H]",     // a hydrogen is added, and merged
    ] {
        let (products, same) = count(smirks, &["CO", "CN"]);
        assert!(products > 0, "{smirks} gives something");
        assert_eq!(same, 0, "{smirks}");
    }
}

#[test]
fn a_list_keeps_its_element_if_the_product_leaves_it_open_or_all_members_have_it() {
    for smirks in [
        "[N,O:1]>>[*:1]",
        "[N,O:1]>>[N,O:1]",
        "[c,C:1]>>[#6:1]",
        "[C;!$(C=O):1]>>[C:1]",
        "[!$(C=O);C:1]>>[C:1]",
    ] {
        let (products, same) = count(smirks, &["CCO", "CN"]);
        assert_eq!((products, same), (2, 2), "{smirks}");
    }
}

#[test]
fn nothing_is_left_of_products_that_are_taken_back() {
    let limits = Limits::from_iter([("max_products_per_mol", 0)]);
    let output = outputs(limits, RULE, &["CO"]);
    assert_eq!(output.outcomes, [RowOutcome::Rejected]);
    assert_eq!(same_as_parent(&output.counts), 0);
}

/// Whatever the parent has, its SMILES is the text that `MolToSmiles` writes.
#[test]
fn parents_of_all_kinds_are_recognised() {
    let hard = parents::by_kind().into_iter().flat_map(|(_, rows)| rows);
    let mut kernel = kernel(Limits::default(), &[TransformSpec::new("[*:1]>>[*:1]")]);
    let mut recognised = 0;
    for smiles in hard.chain(golden_molecules()).chain(plants().into_iter().step_by(10)) {
        let Ok(parent) = canonical_spellings(&smiles) else { continue };
        let [fast, plain] = run_both(&mut kernel, &[&smiles]);
        let expected = u64::from(fast.smiles().contains(&parent.rdkit.smiles.as_str()));
        assert_eq!([&fast, &plain].map(|output| same_as_parent(&output.counts)), [expected; 2], "{smiles}");
        recognised += expected;
    }
    assert!(recognised > 400, "{recognised}");
}
