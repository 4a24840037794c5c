//! Errors of a whole call. A bad molecule is not one: it is a record in a batch's results.

use thiserror::Error;

/// The text of a C++ exception that could not become a record.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the RDKit kernel failed: {0}")]
pub struct KernelError(pub(crate) String);

impl From<cxx::Exception> for KernelError {
    fn from(exception: cxx::Exception) -> Self {
        Self(exception.what().to_owned())
    }
}

/// What is wrong with a SMIRKS or SMARTS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternFault {
    /// Why it cannot be used; RDKit's message if RDKit refuses it.
    pub reason: String,
    /// The first invalid byte, from 0; the length if something is missing at the end. `None` if the fault has no such
    /// position.
    pub position: Option<usize>,
}

/// Why a transform or an alert cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CompileError {
    /// The SMIRKS is invalid.
    #[error("smirks: {}", .0.reason)]
    Smirks(PatternFault),
    /// The `query_smarts` is invalid.
    #[error("query_smarts: {}", .0.reason)]
    QuerySmarts(PatternFault),
    /// This entry of `not_smarts`, from 0, is invalid.
    #[error("not_smarts[{}]: {}", .0, .1.reason)]
    NotSmarts(usize, PatternFault),
    /// This one of the user's alerts, from 0, is invalid.
    #[error("alert {}: {}", .0, .1.reason)]
    Alert(usize, PatternFault),
    /// The kernel failed.
    #[error("{0}")]
    Kernel(#[from] KernelError),
}
