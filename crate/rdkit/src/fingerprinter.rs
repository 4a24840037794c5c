//! Fingerprints computed by RDKit.

use xform_core::engine::SmilesBatch;
use xform_core::{Error, Fingerprint, Fingerprinter};
use xform_rdkit_sys as sys;

use crate::{check_environment, convert::internal};

/// One thread's.
pub struct RdkitFingerprinter {
    inner: sys::Fingerprints,
}

impl RdkitFingerprinter {
    /// A fingerprinter for the calling thread.
    ///
    /// # Errors
    /// [`Error::Environment`] names an environment variable that would change how RDKit handles a molecule.
    pub fn new() -> Result<Self, Error> {
        check_environment()?;
        Ok(Self { inner: sys::Fingerprints::new().map_err(internal)? })
    }
}

impl Fingerprinter for RdkitFingerprinter {
    fn fingerprints(
        &mut self,
        texts: &SmilesBatch,
        found: &mut dyn FnMut(Option<Fingerprint>),
    ) -> Result<(), Error> {
        let view = self.inner.compute(texts.bytes(), texts.offsets()).map_err(internal)?;
        let (fingerprints, _) = view.words.as_chunks::<{ sys::FINGERPRINT_WORDS }>();
        for (words, is_molecule) in fingerprints.iter().zip(view.are_molecules) {
            found((*is_molecule == 1).then(|| Fingerprint::new(*words)));
        }
        Ok(())
    }
}
