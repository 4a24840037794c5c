//! The InChI of a molecule and its key.

#[cxx::bridge(namespace = "xform")]
mod ffi {
    /// The standard InChI of a molecule.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct MoleculeInchi {
        /// `InChI=1S/...`; empty if there is none, or no key of it.
        inchi: String,
        /// The InChIKey, 27 characters; empty if there is none.
        key: String,
        /// Whether InChI warns: `message` says what it changed or left out.
        warned: bool,
        /// InChI's message: its warnings, or why there is no InChI.
        message: String,
    }

    unsafe extern "C++" {
        include!("xform-rdkit-sys/bridge/inchi.h");

        fn inchi_of(smiles: &str) -> Result<MoleculeInchi>;
    }
}

pub use ffi::MoleculeInchi;

use crate::KernelError;

/// Reads `smiles` as `MolFromSmiles` does and makes its InChI, as `MolToInchi` does in Python.
///
/// An error if RDKit refuses the text, or cannot prepare the molecule for InChI.
pub fn inchi_of(smiles: &str) -> Result<MoleculeInchi, KernelError> {
    Ok(ffi::inchi_of(smiles)?)
}
