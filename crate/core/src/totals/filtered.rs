//! What a filter has taken from some rows.

use serde::{Deserialize, Serialize};

use super::filter_tally::FilterTally;

/// What a filter has taken from the products of some rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filtered {
    /// The counts of each transform; empty if there is no filter.
    pub transforms: Vec<FilterTally>,
    /// Rows that had products, of any transform, and lost all of them.
    pub rows_all_filtered: u64,
    /// Products by the clause that took them.
    pub by_clause: Vec<u64>,
}

/// The products that a clause of a filter has taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClauseCount {
    /// The text of the clause.
    pub clause: String,
    /// The products of which it was the first clause that is not true.
    pub filtered: u64,
}

impl Filtered {
    /// Whether nothing was taken.
    pub fn is_nothing(&self) -> bool {
        self.by_clause.iter().all(|&products| products == 0)
    }
}
