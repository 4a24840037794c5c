//! Morgan fingerprints of molecules.

use cxx::UniquePtr;

use crate::KernelError;

#[cxx::bridge(namespace = "xform")]
mod ffi {
    /// The fingerprints of some molecules.
    #[derive(Debug, Clone, Copy)]
    struct FingerprintView<'a> {
        /// [`FINGERPRINT_WORDS`](crate::FINGERPRINT_WORDS) words for each of them, the lowest bits first.
        words: &'a [u64],
        /// 1 for each text that is a molecule, else 0.
        are_molecules: &'a [u8],
    }

    unsafe extern "C++" {
        include!("xform-rdkit-sys/bridge/fingerprints.h");

        type Fingerprints;

        fn new_fingerprints() -> Result<UniquePtr<Fingerprints>>;
        fn compute_fingerprints<'a>(
            fingerprints: Pin<&'a mut Fingerprints>,
            bytes: &[u8],
            offsets: &[u32],
        ) -> Result<FingerprintView<'a>>;
    }
}

pub use ffi::FingerprintView;

/// Words of a fingerprint of 2,048 bits.
pub const FINGERPRINT_WORDS: usize = 2_048 / u64::BITS as usize;

/// Computes fingerprints. Stays on the thread that made it.
pub struct Fingerprints {
    inner: UniquePtr<ffi::Fingerprints>,
}

impl Fingerprints {
    /// Without molecules so far.
    ///
    /// # Errors
    /// Memory that runs out.
    pub fn new() -> Result<Self, KernelError> {
        Ok(Self { inner: ffi::new_fingerprints()? })
    }

    /// Reads molecules as `MolFromSmiles` does and computes what Python's `GetMorganGenerator(radius=2, fpSize=2048)` gives for
    /// each. The text of each, UTF-8 without NUL bytes, lies between two consecutive `offsets` into `bytes`.
    ///
    /// # Errors
    /// Offsets that do not begin with 0, ascend and end with the length of the bytes; memory that runs out.
    pub fn compute(&mut self, bytes: &[u8], offsets: &[u32]) -> Result<FingerprintView<'_>, KernelError> {
        Ok(ffi::compute_fingerprints(self.inner.pin_mut(), bytes, offsets)?)
    }
}
