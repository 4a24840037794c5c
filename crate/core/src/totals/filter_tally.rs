//! The counts of a filter.

use super::counts::counts;

counts! {
    /// What `where` has taken from the products of one transform; zeros without it.
    FilterTally {
        /// Made products that `--where` removed.
        #[serde(default)]
        filtered,
        /// Rows with made products, all of which `--where` removed; they are among `rows_with_products`.
        #[serde(default)]
        rows_all_filtered,
    }
}
