//! Parents on which edits could go wrong: `fixture/hard-parents.tsv`, grouped by the difficulty. RDKit reads all of
//! them.

use super::inputs::read;

/// The kinds, in the order of the file, each with its molecules.
pub fn by_kind() -> Vec<(String, Vec<String>)> {
    let mut kinds: Vec<(String, Vec<String>)> = Vec::new();
    let text = read("crate/rdkit-sys/tests/fixture/hard-parents.tsv");
    for (kind, smiles) in text.lines().skip(1).filter_map(|line| line.split_once('\t')) {
        match kinds.last_mut() {
            Some((last, rows)) if last == kind => rows.push(smiles.to_owned()),
            _ => kinds.push((kind.to_owned(), vec![smiles.to_owned()])),
        }
    }
    kinds
}

/// For these kinds, the minimum percentage of sites that are edited.
pub const EDITED_PERCENT: &[(&str, usize)] = &[
    ("stereo centre at the site", 90),
    ("stereo centre beside the site", 80),
    ("stereo of double bonds", 80),
    ("stereo in rings", 90),
    ("charges", 70),
    ("isotopes", 50),
    ("fused rings", 70),
    ("bridged rings", 90),
    ("aromatic beside bridged rings", 90),
    ("aromatic heterocycles", 80),
    ("symmetric", 90),
    ("map numbers", 90),
    ("P, S, N, halogens in their valences", 50),
];
