//! The kernel's canonical SMILES next to RDKit's own, to check that they are equal.

#[cxx::bridge(namespace = "xform")]
mod ffi {
    /// A SMILES and its order of the molecule's atoms.
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
        /// As RDKit's `MolToSmiles` writes it.
        rdkit: Spelling,
    }

    unsafe extern "C++" {
        include!("xform-rdkit-sys/bridge/canonical_smiles.h");

        type Transform = crate::transform::ffi::Transform;

        fn canonical_spellings(smiles: &str) -> Result<Spellings>;
        fn product_spellings(transform: &Transform, smiles: &str) -> Result<Vec<Spellings>>;
    }
}

pub use ffi::{Spelling, Spellings};

use crate::transform::{TransformSpec, compile};
use crate::{CompileError, KernelError};

/// Reads `smiles` as `MolFromSmiles` does, sanitizes it once more, as a product is, and writes it in both ways.
///
/// An error if RDKit refuses the text, or cannot write the molecule.
pub fn canonical_spellings(smiles: &str) -> Result<Spellings, KernelError> {
    Ok(ffi::canonical_spellings(smiles)?)
}

/// The products of `spec` on `smiles`, site by site, without filters. Each is spelled as the kernel writes it and as
/// Python's chain of `RunReactants`, `SanitizeMol`, `RemoveHs` and `MolToSmiles` does. Products that the chain
/// refuses are left out.
///
/// # Errors
/// Those of [`check_transform`](crate::check_transform); a SMILES or a site that RDKit refuses.
pub fn product_spellings(spec: &TransformSpec, smiles: &str) -> Result<Vec<Spellings>, CompileError> {
    let transform = compile(spec)?;
    Ok(ffi::product_spellings(&transform, smiles).map_err(KernelError::from)?)
}
