//! SMILES text: one row per line, with SMILES, blanks and id, or with the id first. Only a header is skipped, which
//! RDKit's `SmilesWriter` writes by default: an empty line is a row without SMILES.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef};

use super::columns::choose;
use super::format::TextReader;
use super::lines::LineFeeds;
use super::rows::text_chunk;
use super::smiles_line::split_line;
use super::sniff::Found;
use super::{Chunk, InputColumns, MAX_ROW_BYTES, Source, SourceOptions, TEXT_BUFFER_BYTES};
use crate::error::Error;

type Lines = BufReader<LineFeeds<Box<dyn Read + Send>>>;

/// A file of SMILES lines.
pub(super) struct SmilesTextSource {
    path: PathBuf,
    text: Lines,
    columns: InputColumns,
    schema: SchemaRef,
    /// Which of the two parts of a line is the SMILES.
    smiles: usize,
    /// For each output column, which part it is.
    outputs: Vec<usize>,
    line: Vec<u8>,
    rows: u64,
}

impl SmilesTextSource {
    pub(super) fn open(
        path: &Path,
        text: TextReader,
        found: Found,
        options: &SourceOptions,
    ) -> Result<Self, Error> {
        let names = if found.by_content.smiles == Some(1) { ["id", "smiles"] } else { ["smiles", "id"] };
        let fields: Fields = names.into_iter().map(|name| Field::new(name, DataType::Utf8, true)).collect();
        let choice = choose(path, &fields, options, found.by_content)?;
        let (columns, outputs) = InputColumns::new(&fields, &choice);
        let has_header = found.layout.header;
        let columns = InputColumns { layout: Some(found.layout), ..columns };
        let mut source = Self {
            path: path.to_owned(),
            text: BufReader::with_capacity(TEXT_BUFFER_BYTES, LineFeeds::new(text)),
            schema: Arc::new(Schema::new(columns.fields())),
            columns,
            smiles: choice.smiles,
            outputs,
            line: Vec::new(),
            rows: 0,
        };
        if has_header {
            source.read_line()?;
        }
        Ok(source)
    }

    /// Reads the next line without its end; `false` after the last one.
    fn read_line(&mut self) -> Result<bool, Error> {
        self.line.clear();
        let read = Read::take(&mut self.text, MAX_ROW_BYTES).read_until(b'\n', &mut self.line);
        let read = read.map_err(|error| self.corrupt(error.to_string()))?;
        if read as u64 == MAX_ROW_BYTES && self.line.last() != Some(&b'\n') {
            return Err(self.corrupt(format!("a line of more than {} MiB", MAX_ROW_BYTES >> 20)));
        }
        if self.line.last() == Some(&b'\n') {
            self.line.pop();
        }
        Ok(read > 0)
    }

    fn corrupt(&self, reason: String) -> Error {
        Error::InputCorrupt { path: self.path.clone(), row: self.rows, reason }
    }
}

impl Source for SmilesTextSource {
    fn columns(&self) -> &InputColumns {
        &self.columns
    }

    fn total_rows(&self) -> Option<u64> {
        None
    }

    fn next_chunk(&mut self, max_rows: usize) -> Result<Option<Chunk>, Error> {
        let schema = Arc::clone(&self.schema);
        text_chunk(max_rows, &schema, |rows, others| {
            if !self.read_line()? {
                return Ok(false);
            }
            let (first, rest) = split_line(&self.line);
            let pieces = [first, rest];
            rows.push(Some(pieces[self.smiles]));
            for (index, &piece) in self.outputs.iter().enumerate() {
                others.push(index, pieces[piece]);
            }
            self.rows += 1;
            Ok(true)
        })
    }
}
