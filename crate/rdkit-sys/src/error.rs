//! Errors of a whole call. A bad molecule is not one: it is a record in a batch's results.

use std::fmt;

/// The text of a C++ exception that could not become a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KernelError(pub(crate) String);

impl fmt::Display for KernelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the RDKit kernel failed: {}", self.0)
    }
}

impl std::error::Error for KernelError {}

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

/// Why a transform cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompileError {
    /// The SMIRKS is invalid.
    Smirks(PatternFault),
    /// The `query_smarts` is invalid.
    QuerySmarts(PatternFault),
    /// The kernel failed.
    Kernel(KernelError),
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Smirks(fault) => write!(f, "smirks: {}", fault.reason),
            Self::QuerySmarts(fault) => write!(f, "query_smarts: {}", fault.reason),
            Self::Kernel(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CompileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Kernel(error) => Some(error),
            _ => None,
        }
    }
}

impl From<KernelError> for CompileError {
    fn from(error: KernelError) -> Self {
        Self::Kernel(error)
    }
}
