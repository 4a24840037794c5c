//! The review of a transform: what its author may not have meant.

use std::ops::Range;

use crate::transform::{TransformSpec, compile};
use crate::{CompileError, KernelError};

#[cxx::bridge(namespace = "xform")]
mod ffi {
    enum ReviewedPart {
        Smirks,
        QuerySmarts,
        NotSmarts,
    }

    // Options do not cross the bridge, so the span has an additional flag.
    struct ReviewFinding {
        code: String,
        part: ReviewedPart,
        // Of not_smarts.
        entry: usize,
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
    /// The entry of `not_smarts` at this position.
    NotSmarts(usize),
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

/// What a review of a transform finds, judged by its templates alone.
pub(crate) fn findings(transform: &ffi::Transform) -> Result<Vec<Finding>, KernelError> {
    let finding = |found: ffi::ReviewFinding| Finding {
        code: found.code,
        pattern: match found.part {
            ffi::ReviewedPart::QuerySmarts => ReviewedPattern::QuerySmarts,
            ffi::ReviewedPart::NotSmarts => ReviewedPattern::NotSmarts(found.entry),
            _ => ReviewedPattern::Smirks,
        },
        span: found.has_span.then_some(found.begin..found.end),
        effect: found.effect,
        advice: found.advice,
    };
    Ok(ffi::review_transform(transform)?.into_iter().map(finding).collect())
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
