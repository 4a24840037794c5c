//! The files of a run: products, rejects, summary.
//!
//! Rows arrive in total order and in slices of any size. During a run, products are stored in [`parts`], rejects and
//! deferred rows in logs ([`row_log`]), all in a work folder inside the output folder. At the end the parts are
//! [assembled](assemble), and [`folder::OutputFolder`] gives all files their final names. A folder without
//! `SUMMARY.json` is unfinished.

pub mod assemble;
pub mod encoder;
pub mod folder;
pub mod frames;
pub mod metadata;
pub mod open_rows;
pub mod part;
mod part_encoder;
pub mod parts;
pub mod pending;
pub mod products;
pub mod read_back;
pub mod rejects;
pub mod row_bytes;
pub mod row_log;
mod shared;
pub mod spared;
mod summed;
mod table_schema;

use std::collections::HashSet;

use arrow::array::{Array, AsArray, UInt32Array};
use arrow::buffer::Buffer;
use arrow::compute::take;
use arrow::datatypes::{BinaryViewType, DataType, StringViewType};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;

use crate::error::Error;

pub use self::table_schema::{TableColumn, TableSchema};

/// Name of the products' file.
pub const PRODUCTS_FILE: &str = "products.parquet";
/// The pages that show a run, if its user asks for them: its gallery, and its report, which TypeScript writes.
pub const PAGES: [&str; 2] = ["gallery.html", "report.html"];
/// Name of the rejects' file.
pub const REJECTS_FILE: &str = "rejects.parquet";
/// Name of the file that lists the rows of products that more than one row gave.
pub const PARENTS_FILE: &str = "parents.parquet";
/// Name of the summary, which is published last.
pub const SUMMARY_FILE: &str = "SUMMARY.json";

/// Rows of a table, in total order, with the figures that decide the cut into parts.
#[derive(Debug, Clone)]
pub struct Rows {
    /// The rows.
    pub batch: RecordBatch,
    /// `source_row` of each.
    pub source_rows: Vec<i64>,
    /// Value bytes of each row, by our own count.
    pub value_bytes: Vec<u32>,
}

impl Rows {
    /// The rows from `start` up to, but not including, `end`.
    pub fn slice(&self, start: usize, end: usize) -> Self {
        Self {
            batch: self.batch.slice(start, end - start),
            source_rows: self.source_rows[start..end].to_vec(),
            value_bytes: self.value_bytes[start..end].to_vec(),
        }
    }

    /// The rows at `positions`, ascending.
    pub fn take(&self, positions: Vec<u32>) -> Result<Self, ArrowError> {
        let at = |&position: &u32| position as usize;
        let source_rows = positions.iter().map(|position| self.source_rows[at(position)]).collect();
        let value_bytes = positions.iter().map(|position| self.value_bytes[at(position)]).collect();
        let positions = UInt32Array::from(positions);
        let columns = self.batch.columns().iter().map(|column| take(column, &positions, None));
        let batch = RecordBatch::try_new(self.batch.schema(), columns.collect::<Result<_, _>>()?)?;
        Ok(Self { batch, source_rows, value_bytes })
    }

    /// Heap bytes held, without the buffers that other rows may share.
    fn own_bytes(&self) -> u64 {
        let lists = self.source_rows.len() * size_of::<i64>() + self.value_bytes.len() * size_of::<u32>();
        let shared: usize = self.shared_buffers().map(Buffer::capacity).sum();
        (self.batch.get_array_memory_size() - shared + lists) as u64
    }

    /// The buffers that other rows may share.
    fn shared_buffers(&self) -> impl Iterator<Item = &Buffer> {
        self.batch.columns().iter().flat_map(|column| match column.data_type() {
            DataType::Utf8View => column.as_byte_view::<StringViewType>().data_buffers(),
            DataType::BinaryView => column.as_byte_view::<BinaryViewType>().data_buffers(),
            _ => &[],
        })
    }

    /// Rows with only that column, 10 value bytes each.
    #[cfg(test)]
    fn of_source_rows(source_rows: Vec<i64>) -> Self {
        let column: arrow::array::ArrayRef =
            std::sync::Arc::new(arrow::array::Int64Array::from(source_rows.clone()));
        let batch = RecordBatch::try_from_iter([("source_row", column)]).unwrap();
        Self { batch, value_bytes: vec![10; source_rows.len()], source_rows }
    }

    /// The schema of such rows.
    #[cfg(test)]
    fn schema_of_source_rows() -> std::sync::Arc<TableSchema> {
        let fields = Self::of_source_rows(vec![]).batch.schema().fields().clone();
        TableSchema::new(fields.iter().map(|field| TableColumn::from(field.as_ref().clone())).collect())
            .unwrap()
    }
}

/// Counts the heap bytes of rows that are held together; a buffer that several of them share counts once.
#[derive(Debug, Default)]
pub struct HeldBytes {
    bytes: u64,
    buffers: HashSet<usize>,
}

impl HeldBytes {
    /// Adds `rows`.
    pub fn add(&mut self, rows: &Rows) {
        self.bytes += rows.own_bytes();
        for buffer in rows.shared_buffers() {
            if self.buffers.insert(buffer.as_ptr() as usize) {
                self.bytes += buffer.capacity() as u64;
            }
        }
    }

    /// The bytes of all rows added.
    pub fn get(&self) -> u64 {
        self.bytes
    }
}

/// A failure to make rows.
pub fn table_error(error: ArrowError) -> Error {
    Error::internal(format!("making output rows: {error}"))
}
