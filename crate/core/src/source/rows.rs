//! Collects rows into a chunk until one of its bounds is reached.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::record_batch::{RecordBatch, RecordBatchOptions};

use super::{CHUNK_ROWS, CHUNK_TEXT_BYTES, Chunk, Fault, Unlisted};
use crate::codes::RejectCode;
use crate::strings::SmilesBatch;

/// The SMILES of the chunk being built.
pub(super) struct SmilesRows {
    smiles: SmilesBatch,
    faults: Vec<Fault>,
    text_bytes: usize,
    max_rows: usize,
}

impl SmilesRows {
    /// An empty chunk for at most `max_rows` rows, but at least one.
    pub(super) fn new(max_rows: usize) -> Self {
        Self {
            smiles: SmilesBatch::default(),
            faults: Vec::new(),
            text_bytes: 0,
            max_rows: max_rows.clamp(1, CHUNK_ROWS),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.smiles.len()
    }

    /// Whether the chunk must end before the next row.
    pub(super) fn is_full(&self) -> bool {
        self.len() >= self.max_rows || self.text_bytes >= CHUNK_TEXT_BYTES
    }

    /// Adds a row; `None` is a null.
    pub(super) fn push(&mut self, value: Option<&[u8]>) {
        self.text_bytes += value.map_or(0, <[u8]>::len);
        let Some(bytes) = value else { return self.push_fault(RejectCode::Null, None, None) };
        match check_smiles(bytes) {
            Ok(smiles) => self.smiles.push(smiles),
            Err(code) => self.push_fault(code, Some(String::from_utf8_lossy(bytes).into_owned()), None),
        }
    }

    /// Adds a row that cannot be used, whatever its SMILES is; `text` is the whole row if its fields cannot be told
    /// apart, else the SMILES. `reason` is what is wrong, if the code does not say all.
    pub(super) fn push_unusable(&mut self, code: RejectCode, text: String, reason: Option<String>) {
        self.text_bytes += text.len();
        self.push_fault(code, Some(text), reason);
    }

    fn push_fault(&mut self, code: RejectCode, text: Option<String>, reason: Option<String>) {
        // At most CHUNK_ROWS.
        let row = self.len() as u32;
        self.faults.push(Fault { row, code, text, reason });
        self.smiles.push(b"");
    }

    /// The chunk with its other columns, in which `replaced` values were not UTF-8.
    pub(super) fn finish(
        self,
        schema: &SchemaRef,
        columns: Vec<ArrayRef>,
        replaced: u64,
    ) -> Result<Chunk, ArrowError> {
        let options = RecordBatchOptions::new().with_row_count(Some(self.len()));
        let columns = RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options)?;
        let unlisted = Unlisted::default();
        Ok(Chunk { smiles: self.smiles, faults: self.faults, columns, replaced, unlisted })
    }
}

/// The value if an engine may have it. Blanks alone count as empty, because RDKit would make a molecule without atoms
/// from them.
pub fn check_smiles(bytes: &[u8]) -> Result<&[u8], RejectCode> {
    if std::str::from_utf8(bytes).is_err() {
        Err(RejectCode::NotUtf8)
    } else if bytes.trim_ascii().is_empty() {
        Err(RejectCode::Empty)
    } else if bytes.contains(&0) {
        Err(RejectCode::NulByte)
    } else {
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_has_its_code_and_text() {
        let mut rows = SmilesRows::new(100);
        let values: [Option<&[u8]>; 7] = [
            Some(b"CCO"),
            None,
            Some(b""),
            Some(b" \t"),
            Some(b"C\0C"),
            Some(b"C\xffC"),
            Some("Cµ".as_bytes()),
        ];
        values.iter().for_each(|value| rows.push(*value));
        let fault =
            |row, code, text: Option<&str>| Fault { row, code, text: text.map(str::to_owned), reason: None };
        assert_eq!(
            rows.faults,
            [
                fault(1, RejectCode::Null, None),
                fault(2, RejectCode::Empty, Some("")),
                fault(3, RejectCode::Empty, Some(" \t")),
                fault(4, RejectCode::NulByte, Some("C\0C")),
                fault(5, RejectCode::NotUtf8, Some("C\u{fffd}C")),
            ]
        );
        assert_eq!(rows.smiles.len(), 7);
        assert_eq!(rows.smiles.get(0), b"CCO");
        assert_eq!(rows.smiles.get(5), b"");
        assert_eq!(rows.smiles.get(6), "Cµ".as_bytes());
    }

    #[test]
    fn is_full_by_rows_and_by_text() {
        let mut rows = SmilesRows::new(0);
        assert!(!rows.is_full(), "takes one row whatever was asked");
        rows.push(None);
        assert!(rows.is_full());

        let mut rows = SmilesRows::new(usize::MAX);
        let smiles = vec![b'C'; 100];
        while !rows.is_full() {
            rows.push(Some(&smiles));
        }
        assert_eq!(rows.len(), CHUNK_TEXT_BYTES.div_ceil(100));
        // Faulty text counts as well: a file of long invalid rows must not give one huge chunk.
        let mut rows = SmilesRows::new(usize::MAX);
        rows.push(Some(&[0xff; CHUNK_TEXT_BYTES]));
        assert!(rows.is_full());
    }
}
