//! Collects rows into a chunk until one of its bounds is reached.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::record_batch::{RecordBatch, RecordBatchOptions};

use super::{CHUNK_ROWS, CHUNK_TEXT_BYTES, Chunk, Fault, Unlisted};
use crate::codes::RejectCode;
use crate::strings::{Notation, SmilesBatch};

/// How many times the size of its SMILES a mol block has, about.
const MOL_BLOCK_SIZE: usize = 32;

/// The molecules of the chunk being built.
pub(super) struct SmilesRows {
    smiles: SmilesBatch,
    faults: Vec<Fault>,
    text_bytes: usize,
    max_rows: usize,
    /// The line of the file at which the next row begins.
    line: Option<u64>,
}

impl SmilesRows {
    /// An empty chunk for at most `max_rows` rows, but at least one, of this notation.
    pub(super) fn new(max_rows: usize, notation: Notation) -> Self {
        Self {
            smiles: SmilesBatch::of(notation),
            faults: Vec::new(),
            text_bytes: 0,
            max_rows: max_rows.clamp(1, CHUNK_ROWS),
            line: None,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.smiles.len()
    }

    /// Whether the chunk must end before the next row.
    pub(super) fn is_full(&self) -> bool {
        self.len() >= self.max_rows || self.text_bytes >= chunk_bytes(self.smiles.notation())
    }

    /// The next row begins at this line of the file, if records have several lines.
    pub(super) fn begin_at(&mut self, line: Option<u64>) {
        self.line = line;
    }

    /// Adds a row; `None` is a null.
    pub(super) fn push(&mut self, value: Option<&[u8]>) {
        let Some(bytes) = value else { return self.push_fault(RejectCode::Null, None, None) };
        let notation = self.smiles.notation();
        match check_text(notation, bytes) {
            Ok(text) => {
                self.text_bytes += text.len();
                self.append(&text);
            }
            Err(code) => self.push_fault(code, shown(notation, bytes), None),
        }
    }

    /// Adds a row that is refused for another reason than its text.
    pub(super) fn push_unwanted(&mut self, bytes: &[u8], code: RejectCode, reason: String) {
        self.push_fault(code, shown(self.smiles.notation(), bytes), Some(reason));
    }

    /// Adds a row without a text for the engine; `text` is what a reject shows of it.
    pub(super) fn push_fault(&mut self, code: RejectCode, text: Option<String>, reason: Option<String>) {
        self.text_bytes += text.as_ref().map_or(0, String::len);
        // At most CHUNK_ROWS.
        let row = self.len() as u32;
        self.faults.push(Fault { row, code, text, reason });
        self.append(b"");
    }

    fn append(&mut self, text: &[u8]) {
        match self.line.take() {
            Some(line) => self.smiles.push_at(text, line),
            None => self.smiles.push(text),
        }
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

/// Text of a chunk, in bytes.
fn chunk_bytes(notation: Notation) -> usize {
    match notation {
        Notation::Smiles => CHUNK_TEXT_BYTES,
        Notation::MolBlock => CHUNK_TEXT_BYTES * MOL_BLOCK_SIZE,
    }
}

/// What a reject shows of a row in this notation: a SMILES, but not a mol block.
pub(super) fn shown(notation: Notation, bytes: &[u8]) -> Option<String> {
    (notation == Notation::Smiles).then(|| String::from_utf8_lossy(bytes).into_owned())
}

/// The text of a row if an engine may have it. In a mol block, bytes that are not UTF-8 stand in a comment or a name, and
/// are replaced.
fn check_text(notation: Notation, bytes: &[u8]) -> Result<Cow<'_, [u8]>, RejectCode> {
    let text = match notation {
        Notation::Smiles => Cow::Borrowed(bytes),
        Notation::MolBlock => match String::from_utf8_lossy(bytes) {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        },
    };
    check_smiles(&text)?;
    Ok(text)
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
        let mut rows = SmilesRows::new(100, Notation::Smiles);
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
        let fault = |row, code, text: Option<&str>| {
            let text = text.map(str::to_owned);
            Fault { row, code, text, reason: None }
        };
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
        let mut rows = SmilesRows::new(0, Notation::Smiles);
        assert!(!rows.is_full(), "takes one row whatever was asked");
        rows.push(None);
        assert!(rows.is_full());

        let mut rows = SmilesRows::new(usize::MAX, Notation::Smiles);
        let smiles = vec![b'C'; 100];
        while !rows.is_full() {
            rows.push(Some(&smiles));
        }
        assert_eq!(rows.len(), CHUNK_TEXT_BYTES.div_ceil(100));
        // Faulty text counts as well: a file of long invalid rows must not give one huge chunk.
        let mut rows = SmilesRows::new(usize::MAX, Notation::Smiles);
        rows.push(Some(&[0xff; CHUNK_TEXT_BYTES]));
        assert!(rows.is_full());
    }
}
