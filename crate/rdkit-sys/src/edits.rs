//! Which sites make their products by edits, so that tests know whether they compare two different paths.

#[cxx::bridge(namespace = "xform")]
mod ffi {
    unsafe extern "C++" {
        include!("xform-rdkit-sys/bridge/edits.h");

        type Transform = crate::transform::ffi::Transform;

        fn edit_obstacles(transform: &Transform, smiles: &str) -> Result<Vec<String>>;
    }
}

use crate::transform::{TransformSpec, compile};
use crate::{CompileError, KernelError};

/// For each site of `spec` in `smiles`, without filters: why its products are not edits of the parent; `None` if they
/// are.
///
/// # Errors
/// Those of [`check_transform`](crate::check_transform); a SMILES that RDKit refuses.
pub fn edit_obstacles(spec: &TransformSpec, smiles: &str) -> Result<Vec<Option<String>>, CompileError> {
    let transform = compile(spec)?;
    let obstacles = ffi::edit_obstacles(&transform, smiles).map_err(KernelError::from)?;
    Ok(obstacles.into_iter().map(|obstacle| Some(obstacle).filter(|words| !words.is_empty())).collect())
}
