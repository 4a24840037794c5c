//! Text files, record by record: SMILES lines, delimited values and SDF differ only in what a record is.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{Field, Fields, Schema, SchemaRef};

use super::column_types::TypedColumn;
use super::columns::{Choice, choose};
use super::rows::SmilesRows;
use super::sniff::Found;
use super::{CHUNK_COLUMN_BYTES, Chunk, InputColumns, Source, SourceOptions, Unlisted};
use crate::codes::RejectCode;
use crate::error::Error;
use crate::strings::Notation;

/// The records of a text file.
pub(super) trait Records: Send {
    /// Reads the next record; `false` after the last one, and the reason if the file is damaged.
    fn read(&mut self) -> Result<bool, String>;

    /// The fields of the record that was read, by their position in the file; the text of the whole record if it is
    /// malformed.
    fn fields<'r>(&'r self) -> Result<impl Fn(usize) -> &'r [u8], String>;

    /// The line of the file at which the record begins, from 1, if records have several lines.
    fn line(&self) -> Option<u64> {
        None
    }

    /// Counts the fields of the record that should be columns, but are not.
    fn count_unlisted(&self, _unlisted: &mut Unlisted) {}
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
    /// The table at `path`, whose fields have `names`, from its first record.
    pub(super) fn of_table(
        path: &Path,
        records: R,
        names: impl IntoIterator<Item = impl Into<String>>,
        found: Found,
        options: &SourceOptions,
    ) -> Result<Self, Error> {
        let fields = names.into_iter().map(|name| {
            let name = name.into();
            let data_type = options.column_types.data_type(&name);
            Field::new(name, data_type, true)
        });
        let fields = fields.collect::<Fields>();
        let choice = choose(path, &fields, options, found.by_content)?;
        let mut source = Self::open(path, records, &fields, choice, options.notation(), options)?;
        source.columns.layout = Some(found.layout);
        Ok(source)
    }

    /// The file at `path` with these `fields`, of which `choice` is used, from its first record.
    pub(super) fn open(
        path: &Path,
        records: R,
        fields: &Fields,
        choice: Choice,
        notation: Notation,
        options: &SourceOptions,
    ) -> Result<Self, Error> {
        let (columns, outputs) = InputColumns::new(fields, &choice);
        let columns = InputColumns { notation, ..columns };
        let used: Vec<&str> = outputs.iter().map(|&position| fields[position].name().as_str()).collect();
        if let Some(name) = options.column_types.missing_in(&used) {
            let reason = format!(
                "--column-type names {name:?}, which is neither the id nor a kept column; keep it with --keep-columns"
            );
            return Err(Error::InputColumn { path: path.to_owned(), reason });
        }
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
        rows.begin_at(self.records.line());
        self.records.count_unlisted(&mut others.unlisted);
        let fields = match self.records.fields() {
            Ok(fields) => fields,
            Err(text) => {
                rows.push_fault(RejectCode::Malformed, Some(text), None);
                return others.push_nulls();
            }
        };
        let mut bad = None;
        for (index, &position) in self.outputs.iter().enumerate() {
            let value = fields(position);
            if let Err(expected) = others.push(index, value) {
                let name = self.schema.field(index).name();
                let value = String::from_utf8_lossy(value);
                bad = bad.or_else(|| Some(format!("{value:?} in the column {name:?} is not {expected}")));
            }
        }
        let text = fields(self.smiles);
        match bad {
            None => rows.push(Some(text)),
            Some(reason) => rows.push_unwanted(text, RejectCode::BadValue, reason),
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
        let mut rows = SmilesRows::new(max_rows, self.columns.notation);
        let mut others = TextColumns::new(self.schema.fields());
        while !rows.is_full() && !others.is_full() && self.read()? {
            self.push(&mut rows, &mut others);
            self.rows += 1;
        }
        if rows.len() == 0 {
            return Ok(None);
        }
        let unlisted = std::mem::take(&mut others.unlisted);
        let (columns, replaced) = others.finish();
        let chunk = rows.finish(&self.schema, columns, replaced);
        chunk
            .map(|chunk| Some(Chunk { unlisted, ..chunk }))
            .map_err(|error| Error::internal(error.to_string()))
    }
}

/// Columns of a text file other than the SMILES, null if empty.
struct TextColumns {
    columns: Vec<TypedColumn>,
    bytes: usize,
    replaced: u64,
    unlisted: Unlisted,
}

impl TextColumns {
    fn new(fields: &Fields) -> Self {
        Self { columns: TypedColumn::all(fields), bytes: 0, replaced: 0, unlisted: Unlisted::default() }
    }

    /// Adds a value to the column at `index`; bytes that are not UTF-8 are replaced and counted. A value that is not of
    /// the column's type becomes a null; the error says what it is not.
    fn push(&mut self, index: usize, value: &[u8]) -> Result<(), &'static str> {
        if value.is_empty() {
            return self.columns[index].push(None);
        }
        let text = String::from_utf8_lossy(value);
        self.replaced += u64::from(matches!(text, Cow::Owned(_)));
        self.bytes += text.len();
        self.columns[index].push(Some(&text))
    }

    fn push_nulls(&mut self) {
        for column in &mut self.columns {
            // A null is of every type.
            let _ = column.push(None);
        }
    }

    fn is_full(&self) -> bool {
        self.bytes >= CHUNK_COLUMN_BYTES
    }

    /// The arrays, no larger than their content, and the number of values that were not UTF-8.
    fn finish(self) -> (Vec<ArrayRef>, u64) {
        (self.columns.into_iter().map(TypedColumn::finish).collect(), self.replaced)
    }
}
