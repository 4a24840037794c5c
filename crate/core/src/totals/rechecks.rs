//! The counts of the recheck.

use super::counts::counts;

counts! {
    /// How rows were made, and how many of them were made a second time and compared.
    RecheckCounts {
        /// Rows made by RDKit alone, with `--no-fast`.
        #[serde(default)]
        rows_plain,
        /// Rows chosen by `--recheck` about which the fast path had an answer, made a second time by RDKit alone.
        #[serde(default)]
        rows_rechecked,
        /// Rechecked rows that were not compared, because the recheck ran out of memory or time, or crashed.
        #[serde(default)]
        recheck_incomplete,
    }
}
