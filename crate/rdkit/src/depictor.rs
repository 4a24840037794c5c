//! Molecules laid out by RDKit.

use xform_core::Error;
use xform_core::engine::SmilesBatch;
use xform_core::writers::Depictor;
use xform_rdkit_sys as sys;

use crate::{check_environment, convert::internal};

/// One thread's.
pub struct RdkitDepictor {
    inner: sys::MolBlocks,
}

impl RdkitDepictor {
    /// A depictor for the calling thread.
    ///
    /// # Errors
    /// [`Error::Environment`] names an environment variable that would change how RDKit handles a molecule.
    pub fn new() -> Result<Self, Error> {
        check_environment()?;
        Ok(Self { inner: sys::MolBlocks::new().map_err(internal)? })
    }
}

impl Depictor for RdkitDepictor {
    fn mol_blocks(
        &mut self,
        texts: &SmilesBatch,
        found: &mut dyn FnMut(Option<&str>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let view = self.inner.draw(texts.bytes(), texts.offsets()).map_err(internal)?;
        for bounds in view.offsets.windows(2) {
            let block = &view.texts[bounds[0] as usize..bounds[1] as usize];
            let block = str::from_utf8(block).map_err(internal)?;
            found(Some(block).filter(|block| !block.is_empty()))?;
        }
        Ok(())
    }
}
