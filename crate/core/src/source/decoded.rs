//! Batches of columns that a decoder returns, cut into chunks: Parquet and Arrow.
//!
//! The SMILES and all columns of text come as views of bytes. They are checked here, value by value: a decoder would
//! give up the file at the first value that is not UTF-8, although only that row should be refused. Views also mean
//! that a thousand rows that refer to one long value take no more memory than one row.

use arrow::array::{Array, ArrayRef, AsArray, BinaryViewArray};
use arrow::datatypes::{DataType, SchemaRef};
use arrow::record_batch::RecordBatch;

use super::own_bytes::own_bytes;
use super::rows::SmilesRows;
use super::{CHUNK_COLUMN_BYTES, Chunk};
use crate::compact::compact_rows;
use crate::error::Error;
use crate::strings::Notation;

/// Gives rows a different type, and counts the values that could not be kept as they were.
pub(super) type Convert = fn(&ArrayRef, &DataType) -> Result<(ArrayRef, u64), String>;

/// The columns that are decoded.
pub(super) struct Projection {
    /// Their positions in the file, ascending.
    pub columns: Vec<usize>,
    /// Position of the SMILES column among them.
    smiles: usize,
    /// Positions of a chunk's columns among them.
    outputs: Vec<usize>,
}

impl Projection {
    /// The projection to these columns, given by their positions in the file.
    pub(super) fn new(smiles: usize, outputs: &[usize]) -> Self {
        let mut columns: Vec<usize> = outputs.iter().copied().chain([smiles]).collect();
        columns.sort_unstable();
        columns.dedup();
        let position = |index: &usize| columns.partition_point(|other| other < index);
        let (smiles, outputs) = (position(&smiles), outputs.iter().map(position).collect());
        Self { columns, smiles, outputs }
    }
}

/// A decoded batch, used up to row `at`.
pub(super) struct DecodedBatch {
    smiles: BinaryViewArray,
    columns: RecordBatch,
    /// Positions of a chunk's columns among these.
    outputs: Vec<usize>,
    at: usize,
    /// The chunk's text columns.
    texts: Vec<BinaryViewArray>,
    /// Bytes of its other columns per row, on average.
    other_bytes: usize,
}

impl DecodedBatch {
    /// The batch, which consists of the columns of the projection.
    pub(super) fn new(columns: RecordBatch, projection: &Projection) -> Result<Self, Error> {
        let outputs = &projection.outputs;
        let smiles = columns.column(projection.smiles).as_byte_view_opt().cloned();
        let smiles = smiles.ok_or_else(|| Error::internal("the SMILES column was not read as bytes"))?;
        let chosen = || outputs.iter().map(|&position| columns.column(position));
        let texts = chosen().filter_map(|column| column.as_byte_view_opt().cloned()).collect();
        let others = chosen().filter(|column| column.data_type() != &DataType::BinaryView);
        let others = others.map(|column| column.to_data().get_slice_memory_size().unwrap_or_default());
        let other_bytes = others.sum::<usize>() / columns.num_rows().max(1);
        Ok(Self { smiles, outputs: outputs.to_vec(), at: 0, texts, other_bytes, columns })
    }

    /// Whether no row is left.
    pub(super) fn is_used_up(&self) -> bool {
        self.at >= self.smiles.len()
    }

    /// Skips up to `rows` rows; returns how many there were.
    pub(super) fn skip(&mut self, rows: u64) -> u64 {
        let left = self.smiles.len() - self.at;
        let skipped = left.min(usize::try_from(rows).unwrap_or(usize::MAX));
        self.at += skipped;
        skipped as u64
    }

    /// The next rows, of this notation, with columns of the types in `schema`; there must be a row left.
    ///
    /// # Errors
    /// What is wrong with the content of a column.
    pub(super) fn next_chunk(
        &mut self,
        max_rows: usize,
        notation: Notation,
        schema: &SchemaRef,
        convert: Convert,
    ) -> Result<Chunk, String> {
        let mut rows = SmilesRows::new(max_rows, notation);
        let (mut end, mut bytes) = (self.at, 0);
        while end < self.smiles.len() && !rows.is_full() && bytes < CHUNK_COLUMN_BYTES {
            rows.push(self.smiles.is_valid(end).then(|| self.smiles.value(end)));
            bytes += self.row_bytes(end);
            end += 1;
        }
        let (columns, replaced) = self.own_columns(end - self.at, schema, convert)?;
        self.at = end;
        rows.finish(schema, columns, replaced).map_err(|error| error.to_string())
    }

    fn row_bytes(&self, row: usize) -> usize {
        self.other_bytes + self.texts.iter().map(|text| text.value(row).len()).sum::<usize>()
    }

    /// Copies of the chunk's columns for the next `len` rows.
    fn own_columns(
        &self,
        len: usize,
        schema: &SchemaRef,
        convert: Convert,
    ) -> Result<(Vec<ArrayRef>, u64), String> {
        let mut all_replaced = 0;
        let mut arrays = Vec::with_capacity(self.outputs.len());
        for (index, &position) in self.outputs.iter().enumerate() {
            let rows = self.columns.column(position).slice(self.at, len);
            let data_type = schema.field(index).data_type();
            let (array, replaced) = match rows.as_byte_view_opt() {
                Some(values) if data_type != &DataType::BinaryView => own_bytes(values, data_type),
                _ => {
                    let name = self.columns.schema_ref().field(position).name();
                    let named = |reason: String| format!("column {name:?}: {reason}");
                    let rows = compact_rows(&rows).map_err(|error| named(error.to_string()))?;
                    if rows.data_type() == data_type {
                        (rows, 0)
                    } else {
                        convert(&rows, data_type).map_err(named)?
                    }
                }
            };
            all_replaced += replaced;
            arrays.push(array);
        }
        Ok((arrays, all_replaced))
    }
}
