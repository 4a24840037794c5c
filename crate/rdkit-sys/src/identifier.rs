//! What molecules are recognised by: their canonical SMILES or their InChIKeys.

use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use cxx::UniquePtr;

use crate::crash_record::kept;
use crate::{KernelError, Notation};

#[cxx::bridge(namespace = "xform")]
mod ffi {
    /// What a molecule is recognised by.
    #[derive(Debug)]
    enum MoleculeIdentity {
        /// The text is not a molecule.
        None,
        /// Its canonical SMILES.
        Smiles,
        /// Its InChIKey.
        InchiKey,
    }

    /// What some molecules are recognised by, one entry for each.
    #[derive(Debug, Clone, Copy)]
    struct IdentityView<'a> {
        /// The numbers of [`MoleculeIdentity`].
        kinds: &'a [u8],
        /// All texts, one after the other.
        texts: &'a [u8],
        /// Where the texts begin and end.
        offsets: &'a [u32],
    }

    unsafe extern "C++" {
        include!("xform-rdkit-sys/bridge/identifier.h");

        type Identifier;

        fn new_identifier(by_inchi_key: bool, standardize: &str) -> Result<UniquePtr<Identifier>>;
        fn keep_identifier_record(identifier: Pin<&mut Identifier>, path: &[u8]) -> Result<i32>;
        fn identify<'a>(
            identifier: Pin<&'a mut Identifier>,
            first_row: u64,
            bytes: &[u8],
            offsets: &[u32],
            mol_blocks: bool,
        ) -> Result<IdentityView<'a>>;
    }
}

pub use ffi::{IdentityView, MoleculeIdentity};

/// Recognises molecules as products are recognised. Stays on the thread that made it.
pub struct Identifier {
    inner: UniquePtr<ffi::Identifier>,
}

impl Identifier {
    /// By their InChIKeys, or by SMILES if they do not have one; without `by_inchi_key` always by SMILES. Molecules are
    /// standardized first if `standardize` says how, as in [`Settings`](crate::Settings).
    ///
    /// # Errors
    /// An unknown way to standardize; memory that runs out.
    pub fn new(by_inchi_key: bool, standardize: Option<&str>) -> Result<Self, KernelError> {
        Ok(Self { inner: ffi::new_identifier(by_inchi_key, standardize.unwrap_or_default())? })
    }

    /// From now on, records in the file at `path` which row is being read, as [`Kernel`](crate::Kernel) does.
    ///
    /// # Errors
    /// The system's error if the file cannot be created.
    pub fn keep_crash_record(&mut self, path: &Path) -> io::Result<()> {
        kept(ffi::keep_identifier_record(self.inner.pin_mut(), path.as_os_str().as_bytes()))
    }

    /// Reads molecules as a kernel reads rows of that `notation`, the first of which is row `first_row` of its file. The text of
    /// each, UTF-8 without NUL bytes, lies between two consecutive `offsets` into `bytes`. One that RDKit refuses, cannot
    /// standardize or cannot write is [`MoleculeIdentity::None`].
    ///
    /// # Errors
    /// Offsets that do not begin with 0, ascend and end with the length of the bytes; memory that runs out.
    pub fn identify(
        &mut self,
        first_row: u64,
        bytes: &[u8],
        offsets: &[u32],
        notation: Notation,
    ) -> Result<IdentityView<'_>, KernelError> {
        let mol_blocks = notation == Notation::MolBlock;
        Ok(ffi::identify(self.inner.pin_mut(), first_row, bytes, offsets, mol_blocks)?)
    }
}
