//! Other spellings of a molecule: the same atoms in a different order. For property tests.

#[cxx::bridge(namespace = "xform")]
mod ffi {
    /// How a molecule is spelled.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    struct RandomSpelling {
        /// Determines the order of the atoms.
        seed: u32,
        /// Single and double bonds instead of aromatic ones.
        kekule: bool,
        /// Every atom in brackets, with its hydrogens.
        hydrogens: bool,
    }

    unsafe extern "C++" {
        include!("xform-rdkit-sys/bridge/random_smiles.h");

        fn random_spellings(smiles: &str, how: RandomSpelling, count: u32) -> Result<Vec<String>>;
    }
}

pub use ffi::RandomSpelling;

use crate::KernelError;

/// Reads `smiles` as `MolFromSmiles` does and writes it `count` times, each time from a random atom and in a random order
/// of branches. The same seed gives the same spellings.
///
/// An error if RDKit refuses the text, or cannot write the molecule.
pub fn random_spellings(smiles: &str, how: RandomSpelling, count: u32) -> Result<Vec<String>, KernelError> {
    Ok(ffi::random_spellings(smiles, how, count)?)
}
