//! What a dry run says to expect of a run.

use serde::Serialize;

/// What a run is likely to give and to need. Products are counted after `where`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Expected {
    /// Rows of the library, or of the shard.
    pub rows: u64,
    /// Whether they were counted. If not, their number follows from the size of the file.
    pub rows_are_counted: bool,
    /// Rows with a site of any transform, excluded or not.
    pub rows_with_sites: u64,
    /// Rows that at least one transform rejects.
    pub rows_rejected: u64,
    /// Distinct products per parent and transform, before the deduplication.
    pub products: u64,
    /// Products that are written, at least: those that are neither known nor repeated.
    pub products_low: u64,
    /// The same, at most; 1.5 times `products_low` at most.
    pub products_high: u64,
    /// Bytes of `products.parquet` if the deduplication left all products.
    pub bytes: u64,
    /// Peak memory.
    pub memory_bytes: u64,
    /// Time.
    pub seconds: f64,
    /// The rows that were tried.
    pub sample: SampleFacts,
}

/// The rows that were tried.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SampleFacts {
    /// Their number.
    pub rows: u64,
    /// What chose them.
    pub seed: u64,
    /// How long that took, with the reading of the library.
    pub seconds: f64,
    /// Whether they are all rows; then the counts are exact.
    pub is_whole: bool,
    /// Whether there are fewer than were asked for, because the time was over.
    pub is_cut: bool,
    /// Whether the library, of more than 256 KiB, had to be read from its start to its end.
    pub reads_all: bool,
}
