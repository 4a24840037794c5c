//! Mol blocks: equal to RDKit's in Python, as `scripts/oracle/main.py mol-blocks` has recorded them in
//! `fixture/mol_blocks.sdf`.

mod common;

use common::batch;
use xform_rdkit_sys::MolBlocks;

/// The SMILES of each record, and its mol block.
fn recorded() -> Vec<(&'static str, String)> {
    let text = include_str!("fixture/mol_blocks.sdf");
    let records = text.split_terminator("$$$$\n").map(|record| {
        let (smiles, rest) = record.split_once('\n').expect("a record has several lines");
        (smiles, format!("\n{rest}"))
    });
    records.collect()
}

fn drawn(texts: &[&str]) -> Vec<String> {
    let (bytes, offsets) = batch(texts);
    let mut blocks = MolBlocks::new().expect("there is memory");
    let view = blocks.draw(&bytes, &offsets).expect("a bad molecule is not an error");
    let block = |bounds: &[u32]| {
        String::from_utf8(view.texts[bounds[0] as usize..bounds[1] as usize].to_vec()).expect("it is text")
    };
    view.offsets.windows(2).map(block).collect()
}

#[test]
fn mol_blocks_are_those_of_rdkit_in_python() {
    let recorded = recorded();
    let texts: Vec<&str> = recorded.iter().map(|(smiles, _)| *smiles).collect();
    for (found, (smiles, expected)) in drawn(&texts).iter().zip(&recorded) {
        assert_eq!(found, expected, "{smiles}");
    }
    assert!(recorded.len() > 40);
}

#[test]
fn what_v2000_cannot_hold_is_v3000() {
    let (small, large) = ("C".repeat(999), "C".repeat(1000));
    let blocks = drawn(&[&small, &large]);
    assert!(blocks[0].contains(" V2000\n") && blocks[1].contains(" V3000\n"));
}

#[test]
fn a_text_that_is_no_molecule_has_no_mol_block() {
    let blocks = drawn(&["CO", "", "C1CC", "not a molecule", "c1cccc1", "CN"]);
    let has_block: Vec<bool> = blocks.iter().map(|block| !block.is_empty()).collect();
    assert_eq!(has_block, [true, false, false, false, false, true]);
}

#[test]
fn offsets_that_do_not_fit_are_an_error() {
    let mut blocks = MolBlocks::new().expect("there is memory");
    assert!(blocks.draw(b"CO", &[0, 3]).is_err());
    assert!(blocks.draw(b"CO", &[0, 2]).is_ok(), "the next call works");
}
