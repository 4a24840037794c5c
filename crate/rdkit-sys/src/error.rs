//! What fails as a whole. A bad molecule does not: it is a record in a batch's results.

use std::fmt;

/// A C++ exception that no record could take up; its text.
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

/// Why a transform cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompileError {
    /// The SMIRKS is at fault; why.
    Smirks(String),
    /// The `query_smarts` is at fault; why.
    QuerySmarts(String),
    /// The kernel failed.
    Kernel(KernelError),
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Smirks(reason) => write!(f, "smirks: {reason}"),
            Self::QuerySmarts(reason) => write!(f, "query_smarts: {reason}"),
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
