//! CSV and TSV with a header; every column is text, and an empty field of a column beside the SMILES is a null.
//! As everywhere in CSV, an empty line is no row. A row with more or fewer fields than the header is a reject: its
//! SMILES could be another column's value. So is a row of TSV with a line end in a field: most who write TSV quote nothing, and
//! a quote at the beginning of a name then takes in all rows up to the next such name.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef};
use csv::{ByteRecord, Reader, ReaderBuilder};

use super::columns::choose;
use super::format::TextReader;
use super::rows::{SmilesRows, TextColumns, text_chunk};
use super::{Chunk, InputColumns, MAX_COLUMNS, MAX_ROW_BYTES, Source, SourceOptions};
use crate::error::Error;

/// A file of delimited values.
pub(super) struct DelimitedSource {
    path: PathBuf,
    reader: Reader<Bounded>,
    delimiter: u8,
    columns: InputColumns,
    schema: SchemaRef,
    fields: usize,
    smiles: usize,
    /// For each output column its position in a record.
    outputs: Vec<usize>,
    record: ByteRecord,
    rows: u64,
}

impl DelimitedSource {
    pub(super) fn open(
        path: &Path,
        text: TextReader,
        delimiter: u8,
        options: &SourceOptions,
    ) -> Result<Self, Error> {
        let refuse = |reason: String| Error::InputUnreadable { path: path.to_owned(), reason };
        let text = Bounded { text, left: MAX_ROW_BYTES };
        let mut reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text);
        let header = reader.byte_headers().map_err(|error| refuse(format!("no header: {error}")))?;
        if header.is_empty() {
            return Err(refuse("it has no header".to_owned()));
        }
        if header.len() > MAX_COLUMNS {
            return Err(refuse(format!("its header has {} columns, more than {MAX_COLUMNS}", header.len())));
        }
        // Those of another delimiter, as spreadsheets in much of Europe write it, would be taken for one long SMILES.
        if let Some(other) = other_delimiter(header, delimiter).filter(|_| options.smiles_column.is_none()) {
            let (other, own) = (other.escape_ascii(), delimiter.escape_ascii());
            return Err(refuse(format!(
                "its columns are separated by '{other}', where '{own}' is expected in a file of this name"
            )));
        }
        let fields: Fields = header
            .iter()
            .map(|name| Field::new(String::from_utf8_lossy(name), DataType::Utf8, true))
            .collect();
        let choice = choose(path, &fields, options)?;
        let (columns, outputs) = InputColumns::new(&fields, &choice);
        let schema = Arc::new(Schema::new(columns.fields()));
        Ok(Self {
            path: path.to_owned(),
            reader,
            delimiter,
            columns,
            schema,
            fields: fields.len(),
            smiles: choice.smiles,
            outputs,
            record: ByteRecord::new(),
            rows: 0,
        })
    }

    /// Reads the next record; `false` after the last.
    fn read_record(&mut self) -> Result<bool, Error> {
        self.reader.get_mut().left = MAX_ROW_BYTES;
        let more = self.reader.read_byte_record(&mut self.record);
        more.map_err(|error| self.corrupt(error.to_string()))
    }

    /// Adds the record that was read to the chunk in the making.
    fn push_record(&self, rows: &mut SmilesRows, others: &mut TextColumns) {
        let is_whole = self.record.len() == self.fields
            && !(self.delimiter == b'\t' && self.record.as_slice().contains(&b'\n'));
        if is_whole {
            rows.push(Some(&self.record[self.smiles]));
        } else {
            let fields: Vec<&[u8]> = self.record.iter().collect();
            rows.push_malformed(String::from_utf8_lossy(&fields.join(&self.delimiter)).into_owned());
        }
        for (index, &position) in self.outputs.iter().enumerate() {
            others.push(index, if is_whole { &self.record[position] } else { b"" });
        }
    }

    fn corrupt(&self, reason: String) -> Error {
        Error::InputCorrupt { path: self.path.clone(), row: self.rows, reason }
    }
}

impl Source for DelimitedSource {
    fn columns(&self) -> &InputColumns {
        &self.columns
    }

    fn total_rows(&self) -> Option<u64> {
        None
    }

    fn next_chunk(&mut self, max_rows: usize) -> Result<Option<Chunk>, Error> {
        let schema = Arc::clone(&self.schema);
        text_chunk(max_rows, &schema, |rows, others| {
            if !self.read_record()? {
                return Ok(false);
            }
            self.push_record(rows, others);
            self.rows += 1;
            Ok(true)
        })
    }
}

/// What seems to separate the columns of a header that is one field by `delimiter`.
fn other_delimiter(header: &ByteRecord, delimiter: u8) -> Option<u8> {
    let only = header.get(0).filter(|_| header.len() == 1)?;
    [b'\t', b';', b',', b'|'].into_iter().find(|other| *other != delimiter && only.contains(other))
}

/// Text of which at most `left` bytes more are handed out: a quote that is never closed must not pull the whole
/// file into memory.
struct Bounded {
    text: TextReader,
    left: u64,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            let limit = MAX_ROW_BYTES >> 20;
            return Err(io::Error::other(format!(
                "a row of more than {limit} MiB; is a quote never closed?"
            )));
        }
        let room = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let read = self.text.read(&mut buffer[..room])?;
        self.left -= read as u64;
        Ok(read)
    }
}
