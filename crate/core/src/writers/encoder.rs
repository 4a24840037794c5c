//! From rows to what a file holds of them.

use arrow::array::{ArrayRef, RecordBatch, UInt32Array};
use arrow::compute::{take, take_record_batch};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;

use super::depictor::MakeDepictor;
use crate::error::Error;
use crate::strings::SmilesBatch;

/// Rows to write.
#[derive(Debug, Clone)]
pub struct Rows {
    /// The columns to write.
    pub columns: RecordBatch,
    /// The molecule of each row; an empty text if its SMILES is missing or cannot be passed to an engine.
    pub smiles: SmilesBatch,
    /// What names each row, if anything does.
    pub ids: Option<ArrayRef>,
    /// The position of each row in the table, from 0.
    pub positions: Vec<u64>,
}

impl Rows {
    /// The rows at `picked`, ascending.
    pub fn take(&self, picked: Vec<u32>) -> Result<Self, ArrowError> {
        if picked.len() == self.positions.len() {
            return Ok(self.clone());
        }
        let mut smiles = SmilesBatch::default();
        picked.iter().for_each(|&row| smiles.push(self.smiles.get(row as usize)));
        let positions = picked.iter().map(|&row| self.positions[row as usize]).collect();
        let picked = UInt32Array::from(picked);
        let ids = self.ids.as_ref().map(|ids| take(ids, &picked, None)).transpose()?;
        Ok(Self { columns: take_record_batch(&self.columns, &picked)?, smiles, ids, positions })
    }
}

/// What an encoder is told once.
pub struct Layout<'a> {
    /// The columns to write.
    pub schema: SchemaRef,
    /// Whether text must not begin as a formula.
    pub spreadsheet: bool,
    /// Draws molecules.
    pub make_depictor: &'a MakeDepictor<'a>,
}

/// What a file holds of some rows.
#[derive(Debug)]
pub enum Content {
    /// Bytes.
    Text(Vec<u8>),
    /// The rows themselves.
    Rows(RecordBatch),
}

/// Rows that have been encoded.
#[derive(Debug)]
pub struct Encoded {
    /// What the file holds of them.
    pub content: Content,
    /// How many of them it holds.
    pub rows: u64,
    /// Positions in the table of those that it does not hold, because the format has no place for them.
    pub left_out: Vec<u64>,
    /// Values that the format cannot hold as they are.
    pub changed: u64,
}

impl Encoded {
    /// All of `rows`, unchanged, as this content.
    pub fn all(rows: &Rows, content: Content) -> Self {
        Self { content, rows: rows.positions.len() as u64, left_out: Vec::new(), changed: 0 }
    }
}

/// Encodes rows, on one thread.
pub trait Encoder {
    /// What a file holds of `rows`.
    ///
    /// # Errors
    /// An internal error.
    fn encode(&mut self, rows: &Rows) -> Result<Encoded, Error>;
}

/// A failure to encode.
pub(super) fn broken(error: impl std::fmt::Display) -> Error {
    Error::internal(format!("encoding rows: {error}"))
}
