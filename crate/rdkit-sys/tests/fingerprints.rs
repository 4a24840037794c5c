//! Fingerprints: equal to RDKit's in Python, as `scripts/oracle/main.py fingerprints` has recorded them in
//! `fixture/fingerprints.tsv`.

mod common;

use common::batch;
use xform_rdkit_sys::{FINGERPRINT_WORDS, Fingerprints};

/// The bits of each molecule's fingerprint; `None` for what is no molecule.
fn computed(texts: &[&str]) -> Vec<Option<Vec<usize>>> {
    let (bytes, offsets) = batch(texts);
    let mut fingerprints = Fingerprints::new().expect("there is memory");
    let view = fingerprints.compute(&bytes, &offsets).expect("a bad molecule is not an error");
    assert_eq!(view.words.len(), texts.len() * FINGERPRINT_WORDS);
    let bits = |words: &[u64]| -> Vec<usize> {
        (0..words.len() * 64).filter(|bit| words[bit / 64] >> (bit % 64) & 1 == 1).collect()
    };
    let each = view.words.chunks(FINGERPRINT_WORDS).zip(view.are_molecules);
    each.map(|(words, is_molecule)| (*is_molecule == 1).then(|| bits(words))).collect()
}

#[test]
fn fingerprints_are_those_of_rdkit_in_python() {
    let recorded: Vec<(&str, Vec<usize>)> = include_str!("fixture/fingerprints.tsv")
        .lines()
        .map(|line| {
            let (smiles, bits) = line.split_once('\t').expect("a line has two columns");
            (smiles, bits.split_whitespace().map(|bit| bit.parse().expect("a bit is a number")).collect())
        })
        .collect();
    let texts: Vec<&str> = recorded.iter().map(|(smiles, _)| *smiles).collect();
    for (found, (smiles, expected)) in computed(&texts).iter().zip(&recorded) {
        assert_eq!(found.as_ref(), Some(expected), "{smiles}");
    }
    assert!(recorded.len() > 50);
}

#[test]
fn a_text_that_is_no_molecule_has_no_fingerprint_and_the_others_keep_theirs() {
    let found = computed(&["CO", "", "C1CC", "c1cccc1", "CO"]);
    assert_eq!((found[1].as_ref(), found[2].as_ref(), found[3].as_ref()), (None, None, None));
    assert!(found[0].as_ref().is_some_and(|bits| !bits.is_empty()));
    assert_eq!(found[0], found[4]);
}

#[test]
fn offsets_that_do_not_fit_are_an_error() {
    let mut fingerprints = Fingerprints::new().expect("there is memory");
    assert!(fingerprints.compute(b"CO", &[0, 3]).is_err());
    assert!(fingerprints.compute(b"CO", &[0, 2]).is_ok(), "the next call works");
}
