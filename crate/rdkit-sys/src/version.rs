//! The version of the RDKit that is linked in.

#[cxx::bridge(namespace = "xform")]
mod ffi {
    unsafe extern "C++" {
        include!("xform-rdkit-sys/bridge/version.h");

        fn rdkit_version() -> Result<String>;
        fn bending_variables() -> Result<Vec<String>>;
    }
}

use crate::KernelError;

/// Version of the RDKit that is linked in, for example `2025.03.1`.
pub fn rdkit_version() -> Result<String, KernelError> {
    Ok(ffi::rdkit_version()?)
}

/// Environment variables that are set and change how RDKit handles a molecule.
///
/// RDKit reads them at every call. While one is set, products can differ from those of the same input elsewhere.
pub fn bending_variables() -> Result<Vec<String>, KernelError> {
    Ok(ffi::bending_variables()?)
}
