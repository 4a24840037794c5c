//! The review of a transform: what its author may not have meant.

use std::ops::Range;

use crate::transform::{TransformSpec, compile};
use crate::{CompileError, KernelError};

#[cxx::bridge(namespace = "xform")]
mod ffi {
    // Options do not cross the bridge, so the span has an additional flag.
    struct ReviewFinding {
        code: String,
        is_of_query: bool,
        has_span: bool,
        begin: usize,
        end: usize,
        effect: String,
        advice: String,
    }

    unsafe extern "C++" {
        include!("xform-rdkit-sys/bridge/review.h");

        type Transform = crate::transform::ffi::Transform;

        fn review_transform(transform: &Transform) -> Result<Vec<ReviewFinding>>;
        fn transform_identity(transform: &Transform) -> Result<String>;
    }
}

/// The pattern of a transform that a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewedPattern {
    /// The SMIRKS.
    Smirks,
    /// The `query_smarts`.
    QuerySmarts,
}

/// What a review finds odd about a transform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The name of the finding.
    pub code: String,
    /// The pattern.
    pub pattern: ReviewedPattern,
    /// The odd part of the pattern, in bytes; `None` for all of it.
    pub span: Option<Range<usize>>,
    /// What RDKit will do, as a sentence without its full stop.
    pub effect: String,
    /// What to write instead; empty if nothing has to change.
    pub advice: String,
}

/// Reviews a transform by its templates alone.
///
/// # Errors
/// Those of [`check_transform`](crate::check_transform).
pub fn review(spec: &TransformSpec) -> Result<Vec<Finding>, CompileError> {
    let transform = compile(spec)?;
    let found = ffi::review_transform(&transform).map_err(KernelError::from)?;
    let finding = |found: ffi::ReviewFinding| Finding {
        code: found.code,
        pattern: if found.is_of_query { ReviewedPattern::QuerySmarts } else { ReviewedPattern::Smirks },
        span: found.has_span.then_some(found.begin..found.end),
        effect: found.effect,
        advice: found.advice,
    };
    Ok(found.into_iter().map(finding).collect())
}

/// A text that transforms share if they differ at most in their map numbers and in the order of their atoms and product
/// templates.
///
/// # Errors
/// Those of [`check_transform`](crate::check_transform).
pub fn identity(spec: &TransformSpec) -> Result<String, CompileError> {
    let transform = compile(spec)?;
    Ok(ffi::transform_identity(&transform).map_err(KernelError::from)?)
}
