//! A SMIRKS, on the next line a query, on another a `not_smarts`, and, if they compile, a few parents, with their
//! hydrogens as atoms if a blank ends the SMIRKS.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use xform_core::transform::{Hydrogens, Transform};
use xform_fuzz::{Molecules, OnLargeStack};

/// Small ones, because every way in which a template fits is a site: aromatic, stereo, charged, salt, sugar,
/// hydrogen.
const PARENTS: [&str; 6] = [
    "Oc1ccccc1",
    "C[C@H](N)/C=C/[N+](=O)[O-]",
    "CC(=O)[O-].[Na+]",
    "OCC1OC(O)C(O)C1",
    "[H][H]",
    "c1cc[nH]c1",
];

static RUN: LazyLock<OnLargeStack> = LazyLock::new(|| OnLargeStack::new(|| run));

fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let mut lines = text.lines();
    let smirks = lines.next().unwrap_or_default();
    let transform = Transform {
        query_smarts: lines.next().map(str::to_owned),
        not_smarts: lines.next().map(str::to_owned).into_iter().collect(),
        hydrogens: if smirks.ends_with(' ') { Hydrogens::Explicit } else { Hydrogens::Implicit },
        exclude_sugar_like: true,
        max_sites_per_mol: Some(8),
        ..Transform::new("fuzz", smirks)
    };
    if let Ok(mut molecules) = Molecules::new(&[transform]) {
        molecules.run_smiles(PARENTS.map(str::as_bytes));
    }
}

fuzz_target!(|input: &[u8]| RUN.run(input));
