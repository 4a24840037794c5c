//! What a transform does, in words.

#[cxx::bridge(namespace = "xform")]
mod ffi {
    /// A fact about a transform.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct TransformStatement {
        /// What it is about, by name.
        topic: String,
        /// The fact, without a full stop.
        text: String,
    }

    /// What a transform does, from its templates alone.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct TransformDescription {
        /// The templates in one line.
        picture: String,
        /// What changes, in a few words.
        change: String,
        /// All facts, by topic.
        statements: Vec<TransformStatement>,
    }

    unsafe extern "C++" {
        include!("xform-rdkit-sys/bridge/description.h");

        type Transform = crate::transform::ffi::Transform;

        fn describe_transform(transform: &Transform) -> Result<TransformDescription>;
    }
}

pub use ffi::{TransformDescription, TransformStatement};

use crate::transform::{TransformSpec, compile};
use crate::{CompileError, KernelError};

/// Describes a transform by its templates alone.
///
/// # Errors
/// Those of [`check_transform`](crate::check_transform).
pub fn describe(spec: &TransformSpec) -> Result<TransformDescription, CompileError> {
    let transform = compile(spec)?;
    Ok(ffi::describe_transform(&transform).map_err(KernelError::from)?)
}
