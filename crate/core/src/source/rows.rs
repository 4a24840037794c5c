//! Collects rows into a chunk until one of its bounds is reached.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, StringBuilder};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::record_batch::{RecordBatch, RecordBatchOptions};

use super::{CHUNK_COLUMN_BYTES, CHUNK_ROWS, CHUNK_TEXT_BYTES, Chunk, Fault};
use crate::codes::RejectCode;
use crate::error::Error;
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
        let Some(bytes) = value else { return self.push_fault(RejectCode::Null, None) };
        match check_smiles(bytes) {
            Ok(smiles) => self.smiles.push(smiles),
            Err(code) => self.push_fault(code, Some(String::from_utf8_lossy(bytes).into_owned())),
        }
    }

    /// Adds a row whose SMILES cannot be identified among its fields; `text` is the whole row.
    pub(super) fn push_malformed(&mut self, text: String) {
        self.text_bytes += text.len();
        self.push_fault(RejectCode::Malformed, Some(text));
    }

    fn push_fault(&mut self, code: RejectCode, text: Option<String>) {
        // At most CHUNK_ROWS.
        let row = self.len() as u32;
        self.faults.push(Fault { row, code, text });
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
        Ok(Chunk { smiles: self.smiles, faults: self.faults, columns, replaced })
    }
}

/// A chunk of a text file with the columns of `schema` in addition to the SMILES. `push_next` adds a row; it returns
/// `false` after the last one.
pub(super) fn text_chunk(
    max_rows: usize,
    schema: &SchemaRef,
    mut push_next: impl FnMut(&mut SmilesRows, &mut TextColumns) -> Result<bool, Error>,
) -> Result<Option<Chunk>, Error> {
    let mut rows = SmilesRows::new(max_rows);
    let mut others = TextColumns::new(schema.fields().len());
    while !rows.is_full() && !others.is_full() && push_next(&mut rows, &mut others)? {}
    if rows.len() == 0 {
        return Ok(None);
    }
    let (columns, replaced) = others.finish();
    rows.finish(schema, columns, replaced).map(Some).map_err(|error| Error::internal(error.to_string()))
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

/// Columns of a text file other than the SMILES: strings, null if empty.
pub(super) struct TextColumns {
    builders: Vec<StringBuilder>,
    bytes: usize,
    replaced: u64,
}

impl TextColumns {
    fn new(count: usize) -> Self {
        Self {
            builders: (0..count).map(|_| StringBuilder::with_capacity(0, 0)).collect(),
            bytes: 0,
            replaced: 0,
        }
    }

    /// Adds a value to the column at `index`; bytes that are not UTF-8 are replaced and counted.
    pub(super) fn push(&mut self, index: usize, value: &[u8]) {
        if value.is_empty() {
            return self.builders[index].append_null();
        }
        let text = String::from_utf8_lossy(value);
        self.replaced += u64::from(matches!(text, Cow::Owned(_)));
        self.bytes += text.len();
        self.builders[index].append_value(text);
    }

    fn is_full(&self) -> bool {
        self.bytes >= CHUNK_COLUMN_BYTES
    }

    /// The arrays, no larger than their content, and the number of values that were not UTF-8.
    fn finish(self) -> (Vec<ArrayRef>, u64) {
        let arrays = self.builders.into_iter().map(|mut builder| {
            let mut array = builder.finish();
            array.shrink_to_fit();
            Arc::new(array) as ArrayRef
        });
        (arrays.collect(), self.replaced)
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
        let fault = |row, code, text: Option<&str>| Fault { row, code, text: text.map(str::to_owned) };
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
