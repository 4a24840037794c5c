//! CSV, TSV and similar files. Every column is text, and an empty field of a column other than the SMILES is a null.
//! Without a header the columns are called `column_1`, `column_2` and so on.
//!
//! As everywhere in CSV, an empty line is not a row. A row with more or fewer fields than the first line is rejected:
//! its SMILES could be the value of a different column. So is a row of TSV with a line end in a field. Most programs
//! that write TSV quote nothing, so a quote at the start of a name would swallow all rows up to the next such name.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef};
use csv::{ByteRecord, Reader, ReaderBuilder};

use super::columns::choose;
use super::format::TextReader;
use super::rows::{SmilesRows, TextColumns, text_chunk};
use super::sniff::Found;
use super::{Chunk, InputColumns, MAX_ROW_BYTES, Source, SourceOptions, check_column_count};
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
    /// For each output column, its position in a record.
    outputs: Vec<usize>,
    record: ByteRecord,
    rows: u64,
}

impl DelimitedSource {
    pub(super) fn open(
        path: &Path,
        text: TextReader,
        delimiter: u8,
        found: Found,
        options: &SourceOptions,
    ) -> Result<Self, Error> {
        let refuse = |reason: String| Error::InputUnreadable { path: path.to_owned(), reason };
        let text = Bounded { text, left: MAX_ROW_BYTES };
        let has_header = found.layout.header;
        let mut reader = ReaderBuilder::new();
        reader.delimiter(delimiter).has_headers(has_header).flexible(true);
        let mut reader = reader.from_reader(text);
        let names: Vec<String> = match has_header {
            true => {
                let header = reader.byte_headers().map_err(|error| refuse(format!("no header: {error}")))?;
                header.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect()
            }
            false => (1..=found.width).map(|number| format!("column_{number}")).collect(),
        };
        check_column_count(path, names.len())?;
        let fields: Fields = names.iter().map(|name| Field::new(name, DataType::Utf8, true)).collect();
        let choice = choose(path, &fields, options, found.by_content)?;
        let (columns, outputs) = InputColumns::new(&fields, &choice);
        let columns = InputColumns { layout: Some(found.layout), ..columns };
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

    /// Reads the next record; `false` after the last one.
    fn read_record(&mut self) -> Result<bool, Error> {
        self.reader.get_mut().left = MAX_ROW_BYTES;
        let more = self.reader.read_byte_record(&mut self.record);
        more.map_err(|error| self.corrupt(error.to_string()))
    }

    /// Adds the record that was read to the current chunk.
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

/// Text of which at most `left` more bytes are handed out: a quote that is never closed must not pull the whole file
/// into memory.
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
