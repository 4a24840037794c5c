//! The files of a run: products, rejects, summary.
//!
//! Rows arrive in total order and in slices of any size. [`table::TableWriter`] cuts them anew, so that the bytes
//! depend on the rows alone, writes them under a hidden temporary name, and [`folder::OutputFolder`] gives all
//! files their final names at the end. A folder without `SUMMARY.json` is unfinished.

pub mod folder;
pub mod metadata;
mod part;
pub mod products;
pub mod rejects;
mod row_bytes;
pub mod table;

use arrow::record_batch::RecordBatch;

/// Name of the products' file.
pub const PRODUCTS_FILE: &str = "products.parquet";
/// Name of the rejects' file.
pub const REJECTS_FILE: &str = "rejects.parquet";
/// Name of the summary, which is published last.
pub const SUMMARY_FILE: &str = "SUMMARY.json";

/// Rows of a table, in total order, with what the cut into parts goes by.
#[derive(Debug, Clone)]
pub struct Rows {
    /// The rows.
    pub batch: RecordBatch,
    /// `source_row` of each.
    pub source_rows: Vec<i64>,
    /// Value bytes of each, by our own count.
    pub value_bytes: Vec<u32>,
}

impl Rows {
    /// Heap bytes held.
    pub fn memory_bytes(&self) -> u64 {
        let lists = self.source_rows.len() * size_of::<i64>() + self.value_bytes.len() * size_of::<u32>();
        (self.batch.get_array_memory_size() + lists) as u64
    }
}
