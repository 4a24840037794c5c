//! What a recheck found.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A row for which the fast wing of an engine and its toolkit alone give different results, which is a bug.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Position of the row in the library.
    pub row: u64,
    /// Name of the transform; `None` if the row itself is judged differently.
    pub transform: Option<String>,
    /// The first difference in the results, as the fast wing has it, in words.
    pub fast: String,
    /// The same, as the toolkit alone has it.
    pub plain: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { row, transform, fast, plain } = self;
        let of = transform.as_ref().map(|name| format!(", transform {name:?}")).unwrap_or_default();
        write!(f, "row {row}{of}: the fast path gives {fast:?}, RDKit alone gives {plain:?}")
    }
}
