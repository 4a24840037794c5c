//! Molecules as mol blocks with 2D coordinates.

use cxx::UniquePtr;

use crate::KernelError;

#[cxx::bridge(namespace = "xform")]
mod ffi {
    /// The mol blocks of some molecules.
    #[derive(Debug, Clone, Copy)]
    struct MolBlockView<'a> {
        /// All of them, one after the other; that of a text that is no molecule is empty.
        texts: &'a [u8],
        /// Where they begin and end.
        offsets: &'a [u32],
    }

    unsafe extern "C++" {
        include!("xform-rdkit-sys/bridge/mol_blocks.h");

        type MolBlocks;

        fn new_mol_blocks() -> Result<UniquePtr<MolBlocks>>;
        fn draw_mol_blocks<'a>(
            blocks: Pin<&'a mut MolBlocks>,
            bytes: &[u8],
            offsets: &[u32],
        ) -> Result<MolBlockView<'a>>;
    }
}

pub use ffi::MolBlockView;

/// Draws molecules. Stays on the thread that made it.
pub struct MolBlocks {
    inner: UniquePtr<ffi::MolBlocks>,
}

impl MolBlocks {
    /// Without molecules so far.
    ///
    /// # Errors
    /// Memory that runs out.
    pub fn new() -> Result<Self, KernelError> {
        Ok(Self { inner: ffi::new_mol_blocks()? })
    }

    /// Reads molecules as `MolFromSmiles` does and lays each out as `Compute2DCoords` does. The text of each, UTF-8 without
    /// NUL bytes, lies between two consecutive `offsets` into `bytes`. The first line of a mol block is empty; it is V2000, or
    /// V3000 if V2000 cannot hold the molecule.
    ///
    /// # Errors
    /// Offsets that do not begin with 0, ascend and end with the length of the bytes; memory that runs out.
    pub fn draw(&mut self, bytes: &[u8], offsets: &[u32]) -> Result<MolBlockView<'_>, KernelError> {
        Ok(ffi::draw_mol_blocks(self.inner.pin_mut(), bytes, offsets)?)
    }
}
