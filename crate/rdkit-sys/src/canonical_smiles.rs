//! The kernel's canonical SMILES beside RDKit's own, to see that they are equal.

#[cxx::bridge(namespace = "xform")]
mod ffi {
    /// A SMILES and what it says of the molecule's atoms.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct Spelling {
        /// Canonical SMILES.
        smiles: String,
        /// The atom of the molecule at each position of `smiles`.
        atom_order: Vec<u32>,
    }

    /// The same molecule written in two ways.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct Spellings {
        /// As the kernel writes its products.
        kernel: Spelling,
        /// As RDKit's `MolToSmiles` does.
        rdkit: Spelling,
    }

    unsafe extern "C++" {
        include!("xform-rdkit-sys/bridge/canonical_smiles.h");

        fn canonical_spellings(smiles: &str) -> Result<Spellings>;
    }
}

pub use ffi::{Spelling, Spellings};

use crate::KernelError;

/// Reads `smiles` as `MolFromSmiles` does, sanitizes it once more, as a product is, and writes it in both ways.
///
/// An error if RDKit refuses the text, or cannot write the molecule.
pub fn canonical_spellings(smiles: &str) -> Result<Spellings, KernelError> {
    Ok(ffi::canonical_spellings(smiles)?)
}
