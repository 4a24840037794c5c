//! What came of some rows of the sample.

use std::time::Duration;

use super::crew::End;
use super::group::Group;
use super::size::Size;

/// Rows that were tried, and their size in the output.
pub struct Outcome {
    /// What became of them.
    pub group: Group,
    /// The size of their products.
    pub size: Size,
    /// Time that was spent on reading them.
    pub reading: Duration,
    /// How the work on them ended.
    pub end: End,
}
