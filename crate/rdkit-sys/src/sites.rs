//! The sites of a transform in a molecule, to be shown.

use crate::transform::{TransformSpec, compile};
use crate::{CompileError, KernelError};

#[cxx::bridge(namespace = "xform")]
mod ffi {
    /// A site.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct ListedSite {
        /// Its number, from 0, among all sites in the molecule.
        index: i32,
        /// Its atoms, in template order.
        atoms: Vec<u32>,
        /// The filter that excludes it, named as in the counts; empty if none does.
        excluded_by: String,
    }

    /// The sites in a molecule.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct SiteList {
        /// The symbols of the molecule's atoms, in lower case if they are aromatic.
        symbols: Vec<String>,
        /// The sites in order.
        sites: Vec<ListedSite>,
    }

    unsafe extern "C++" {
        include!("xform-rdkit-sys/bridge/sites.h");

        type Transform = crate::transform::ffi::Transform;

        fn list_sites(transform: &Transform, smiles: &str) -> Result<SiteList>;
    }
}

pub use ffi::{ListedSite, SiteList};

/// The sites of a transform in a molecule, with those that its filters exclude.
///
/// # Errors
/// Those of [`check_transform`](crate::check_transform); a SMILES that RDKit refuses.
pub fn list_sites(spec: &TransformSpec, smiles: &str) -> Result<SiteList, CompileError> {
    let transform = compile(spec)?;
    Ok(ffi::list_sites(&transform, smiles).map_err(KernelError::from)?)
}
