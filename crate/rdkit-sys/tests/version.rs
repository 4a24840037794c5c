//! The RDKit that is linked in.

use xform_rdkit_sys::{bending_variables, rdkit_version};

/// Canonical SMILES differ between versions, so the expected products in all tests are for this one.
#[test]
fn the_version_is_the_locked_one() {
    let lock = include_str!("../rdkit.lock");
    let locked = lock.lines().find_map(|line| line.strip_prefix("version=")).unwrap();
    assert_eq!(rdkit_version().unwrap(), locked);
}

#[test]
fn nothing_bends_rdkit_here() {
    assert_eq!(bending_variables().unwrap(), [] as [&str; 0]);
}
