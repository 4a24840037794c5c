//! In a cage, a bond on a cycle may not be in any of RDKit's rings. The kernel follows RDKit's rings, not the graph.

mod common;

use common::cages::{Compared, compare};
use common::{BothPaths, parents, plants};
use xform_rdkit_sys::{TransformSpec, canonical_spellings, edit_obstacles};

/// The cages in which RDKit's rings leave out a bond of a cycle.
fn cages() -> Vec<String> {
    let kinds = parents::by_kind().into_iter();
    kinds.filter(|(kind, _)| kind.starts_with("cages")).flat_map(|(_, rows)| rows).collect()
}

fn expect_rdkits_text(parents: &[String], generations: u32, least: usize) {
    let mut compared = Compared::default();
    for smiles in parents {
        let spellings = canonical_spellings(smiles).expect("RDKit reads it");
        assert_eq!(spellings.kernel, spellings.rdkit, "{smiles}");
        compare(smiles, generations, 2, &mut compared).expect("RDKit reads it");
    }
    assert!(
        compared.different.is_empty(),
        "{} of {}: {:#?}",
        compared.different.len(),
        compared.products,
        compared.different.first()
    );
    assert!(compared.products >= least, "{}", compared.products);
}

#[test]
fn cages_and_their_products_have_rdkits_text() {
    expect_rdkits_text(&cages(), 1, 2_000);
}

/// `cargo run --release --example compare_smiles -- --cages FILE.smi` does the same for a whole library.
#[test]
fn plants_closed_into_cages_have_rdkits_text() {
    let small: Vec<_> = plants().into_iter().filter(|smiles| smiles.len() < 40).collect();
    expect_rdkits_text(&small, 3, 5_000);
}

#[test]
fn a_parent_whose_rings_do_not_cover_a_cycle_is_not_edited() {
    for smiles in cages() {
        let obstacles =
            edit_obstacles(&TransformSpec::new("[CH2:1]>>[CH:1]F"), &smiles).expect("RDKit reads it");
        assert!(
            obstacles.iter().all(|obstacle| obstacle.as_deref() == Some("rings that do not cover a cycle")),
            "{smiles}"
        );
    }
}

/// Each has an aromatic bond that is not in any of RDKit's rings, so RDKit refuses it.
#[test]
fn an_aromatic_bond_outside_rdkits_rings_is_refused_by_both_paths() {
    let rows = ["C12c3c1c2c1Cc2cc1Cc32", "c12c3C1c3c1Cc3cc1Cc32", "C1c2cc3Cc2c2C4c2c4c31"];
    let output = BothPaths::new(&["[Xe:1]>>[Xe:1]C".to_owned()]).agree_on(&rows);
    assert_eq!(output.rejected, [true; 3]);
}
