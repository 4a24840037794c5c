//! Text files, record by record: SMILES lines and delimited values differ only in what a record is.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, StringBuilder};
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef};

use super::columns::choose;
use super::rows::SmilesRows;
use super::sniff::Found;
use super::{CHUNK_COLUMN_BYTES, Chunk, InputColumns, Source, SourceOptions};
use crate::codes::RejectCode;
use crate::error::Error;

/// The records of a text file.
pub(super) trait Records: Send {
    /// Reads the next record; `false` after the last one, and the reason if the file is damaged.
    fn read(&mut self) -> Result<bool, String>;

    /// The fields of the record that was read, by their position in the file; the text of the whole record if it is
    /// malformed.
    fn fields<'r>(&'r self) -> Result<impl Fn(usize) -> &'r [u8], String>;
}

/// A text file.
pub(super) struct TextSource<R> {
    path: PathBuf,
    records: R,
    columns: InputColumns,
    schema: SchemaRef,
    smiles: usize,
    /// For each output column, its position in a record.
    outputs: Vec<usize>,
    rows: u64,
}

impl<R: Records> TextSource<R> {
    /// The file at `path`, whose fields have `names`, from its first record.
    pub(super) fn open(
        path: &Path,
        records: R,
        names: impl IntoIterator<Item = impl Into<String>>,
        found: Found,
        options: &SourceOptions,
    ) -> Result<Self, Error> {
        let fields = names.into_iter().map(|name| Field::new(name, DataType::Utf8, true));
        let fields = fields.collect::<Fields>();
        let choice = choose(path, &fields, options, found.by_content)?;
        let (columns, outputs) = InputColumns::new(&fields, &choice);
        let columns = InputColumns { layout: Some(found.layout), ..columns };
        Ok(Self {
            path: path.to_owned(),
            records,
            schema: Arc::new(Schema::new(columns.fields())),
            columns,
            smiles: choice.smiles,
            outputs,
            rows: 0,
        })
    }

    /// Reads the next record; `false` after the last one.
    pub(super) fn read(&mut self) -> Result<bool, Error> {
        let corrupt = |reason| Error::InputCorrupt { path: self.path.clone(), row: self.rows, reason };
        self.records.read().map_err(corrupt)
    }

    fn push(&self, rows: &mut SmilesRows, others: &mut TextColumns) {
        let fields = match self.records.fields() {
            Ok(fields) => fields,
            Err(text) => {
                rows.push_unusable(RejectCode::Malformed, text, None);
                return (0..self.outputs.len()).for_each(|index| others.push(index, b""));
            }
        };
        rows.push(Some(fields(self.smiles)));
        for (index, &position) in self.outputs.iter().enumerate() {
            others.push(index, fields(position));
        }
    }
}

impl<R: Records> Source for TextSource<R> {
    fn columns(&self) -> &InputColumns {
        &self.columns
    }

    fn total_rows(&self) -> Option<u64> {
        None
    }

    fn next_chunk(&mut self, max_rows: usize) -> Result<Option<Chunk>, Error> {
        let mut rows = SmilesRows::new(max_rows);
        let mut others = TextColumns::new(self.outputs.len());
        while !rows.is_full() && !others.is_full() && self.read()? {
            self.push(&mut rows, &mut others);
            self.rows += 1;
        }
        if rows.len() == 0 {
            return Ok(None);
        }
        let (columns, replaced) = others.finish();
        let chunk = rows.finish(&self.schema, columns, replaced);
        chunk.map(Some).map_err(|error| Error::internal(error.to_string()))
    }
}

/// Columns of a text file other than the SMILES: strings, null if empty.
struct TextColumns {
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
    fn push(&mut self, index: usize, value: &[u8]) {
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
