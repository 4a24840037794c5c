//! JSON lines: one object per line. Its columns are the keys of the first [`SAMPLE`], each with the narrowest type that
//! keeps all their values; an empty line is not a row.
//!
//! Nothing is changed in silence. A line that is not an object is rejected, and so is a row with a value that does not have
//! the type of its column, if that column is carried over. A key that the first lines do not have is counted
//! ([`Chunk::unlisted`]).

use std::borrow::Cow;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::{Field, Fields, Schema, SchemaRef};
use serde_json::value::RawValue;

use self::line::{Keys, Line};
use self::values::{Column, Kind, Value, string};
use super::columns::{ByContent, choose, is_smiles_name};
use super::peek::TextReader;
use super::rows::{SmilesRows, check_smiles};
use super::sample::{Extent, Sample};
use super::sniff::most;
use super::{
    CHUNK_COLUMN_BYTES, Chunk, InputColumns, KeepColumns, MAX_ROW_BYTES, ReadsAsSmiles, Source,
    SourceOptions, Unlisted, check_column_count,
};
use crate::codes::RejectCode;
use crate::error::Error;
use crate::strings::SmilesBatch;

mod line;
mod values;

/// The lines that show the columns.
const SAMPLE: Extent = Extent { lines: 10_000, bytes: 8 << 20 };
/// Of these, the ones whose values are judged as SMILES if no column has such a name.
const JUDGED_LINES: usize = 100;
/// How much of a bad value a reason shows.
const SHOWN_CHARACTERS: usize = 60;

/// A file of JSON lines.
pub(super) struct JsonLines {
    path: PathBuf,
    text: TextReader,
    line: Vec<u8>,
    /// Number of the line, from 1.
    number: u64,
    columns: InputColumns,
    schema: SchemaRef,
    keys: Keys,
    /// Position of the SMILES among the keys.
    smiles: usize,
    /// The columns of a chunk.
    outputs: Vec<Output>,
    keeps_all: bool,
    rows: u64,
}

/// The SMILES of a line, and the values that are carried over.
type Values<'a> = (Option<Cow<'a, str>>, Vec<Option<Value<'a>>>);

/// A column that is carried over.
struct Output {
    /// Position of its key.
    key: usize,
    name: String,
    kind: Kind,
}

impl JsonLines {
    /// The file at `path`, from its first row.
    pub(super) fn open(
        path: &Path,
        text: TextReader,
        options: &SourceOptions,
        reads_as_smiles: &ReadsAsSmiles<'_>,
    ) -> Result<Self, Error> {
        let (sample, text) = Sample::take(path, text, SAMPLE)?;
        let Found { names, kinds, keys } = Found::among(&sample);
        check_column_count(path, names.len())?;
        let fields = names.iter().zip(&kinds).map(|(name, kind)| Field::new(name, kind.data_type(), true));
        let fields: Fields = fields.collect();
        let is_named = options.molecule_column().is_some() || names.iter().any(|name| is_smiles_name(name));
        let smiles = if is_named { None } else { smiles_in(&sample, &keys, &kinds, reads_as_smiles)? };
        let choice = choose(path, &fields, options, ByContent { smiles, id: None })?;
        let (mut columns, outputs) = InputColumns::new(&fields, &choice);
        columns.notation = options.notation();
        let outputs =
            outputs.into_iter().map(|key| Output { key, name: names[key].clone(), kind: kinds[key] });
        Ok(Self {
            path: path.to_owned(),
            text,
            line: Vec::new(),
            number: 0,
            schema: Arc::new(Schema::new(columns.fields())),
            columns,
            keys,
            smiles: choice.smiles,
            outputs: outputs.collect(),
            keeps_all: options.keep_columns == KeepColumns::All,
            rows: 0,
        })
    }

    /// Reads the next line that is not blank; `false` after the last one.
    fn read(&mut self) -> Result<bool, Error> {
        loop {
            self.line.clear();
            let read = Read::take(&mut self.text, MAX_ROW_BYTES).read_until(b'\n', &mut self.line);
            let is_whole = self.line.last() == Some(&b'\n') || (self.line.len() as u64) < MAX_ROW_BYTES;
            let reason = match read {
                Ok(0) => return Ok(false),
                Ok(_) if is_whole => None,
                Ok(_) => Some(format!("a line of more than {} MiB", MAX_ROW_BYTES >> 20)),
                Err(error) => Some(error.to_string()),
            };
            if let Some(reason) = reason {
                return Err(Error::InputCorrupt { path: self.path.clone(), row: self.rows, reason });
            }
            self.number += 1;
            if !self.line.trim_ascii().is_empty() {
                return Ok(true);
            }
        }
    }

    /// Adds the row of the line that was read.
    fn push(&self, rows: &mut SmilesRows, carried: &mut Carried) {
        let line = match Line::read(self.line.trim_ascii(), &self.keys) {
            Ok(line) => line,
            Err(reason) => {
                let text = String::from_utf8_lossy(self.line.trim_ascii()).into_owned();
                let reason = format!("line {} is not a JSON object: {reason}", self.number);
                rows.push_fault(RejectCode::Malformed, Some(text), Some(reason));
                return carried.push_nulls();
            }
        };
        match self.values(&line) {
            Ok((smiles, values)) => {
                rows.push(smiles.as_ref().map(|smiles| smiles.as_bytes()));
                carried.push(values.iter().map(Option::as_ref));
            }
            Err(reason) => {
                let smiles = line.values[self.smiles].and_then(|smiles| string(smiles).ok());
                let smiles = smiles.unwrap_or_default();
                rows.push_unwanted(smiles.as_bytes(), RejectCode::BadValue, reason);
                carried.push_nulls();
            }
        }
        if self.keeps_all {
            let lost = line.others.iter().filter(|(_, value)| value.is_some());
            lost.for_each(|(key, _)| carried.unlisted.count(key));
        }
    }

    /// The SMILES, and the values that are carried over.
    fn values<'a>(&self, line: &Line<'a>) -> Result<Values<'a>, String> {
        let bad = |column: &str, value: &RawValue, reason| {
            let value: String = value.get().chars().take(SHOWN_CHARACTERS).collect();
            format!("line {}, column {column:?}: {value} {reason}", self.number)
        };
        let smiles = line.values[self.smiles]
            .map(|value| string(value).map_err(|reason| bad(&self.columns.smiles, value, reason)));
        let values = self.outputs.iter().map(|Output { key, name, kind }| {
            let value = line.values[*key];
            value
                .map(|value| Value::read(value, *kind).map_err(|reason| bad(name, value, reason)))
                .transpose()
        });
        Ok((smiles.transpose()?, values.collect::<Result<_, String>>()?))
    }
}

impl Source for JsonLines {
    fn columns(&self) -> &InputColumns {
        &self.columns
    }

    fn total_rows(&self) -> Option<u64> {
        None
    }

    fn next_chunk(&mut self, max_rows: usize) -> Result<Option<Chunk>, Error> {
        let mut rows = SmilesRows::new(max_rows, self.columns.notation);
        let mut carried = Carried::new(&self.outputs);
        while !rows.is_full() && carried.bytes < CHUNK_COLUMN_BYTES && self.read()? {
            self.push(&mut rows, &mut carried);
            self.rows += 1;
        }
        if rows.len() == 0 {
            return Ok(None);
        }
        let arrays = carried.columns.into_iter().map(Column::finish).collect();
        let chunk =
            rows.finish(&self.schema, arrays, 0).map_err(|error| Error::internal(error.to_string()))?;
        Ok(Some(Chunk { unlisted: carried.unlisted, ..chunk }))
    }
}

/// The values of a chunk that are carried over.
struct Carried {
    columns: Vec<Column>,
    bytes: usize,
    unlisted: Unlisted,
}

impl Carried {
    fn new(outputs: &[Output]) -> Self {
        let columns = outputs.iter().map(|output| Column::new(output.kind)).collect();
        Self { columns, bytes: 0, unlisted: Unlisted::default() }
    }

    fn push<'v>(&mut self, values: impl Iterator<Item = Option<&'v Value<'v>>>) {
        self.bytes +=
            self.columns.iter_mut().zip(values).map(|(column, value)| column.push(value)).sum::<usize>();
    }

    fn push_nulls(&mut self) {
        self.push(std::iter::repeat(None));
    }
}

/// What the first lines show.
struct Found {
    names: Vec<String>,
    kinds: Vec<Kind>,
    keys: Keys,
}

impl Found {
    /// The columns of the lines that are objects.
    fn among(sample: &Sample) -> Self {
        let (mut names, mut kinds, mut keys) = (Vec::new(), Vec::<Option<Kind>>::new(), Keys::default());
        for line in sample.lines() {
            let Ok(line) = Line::read(line.trim_ascii(), &keys) else { continue };
            for (kind, value) in kinds.iter_mut().zip(&line.values) {
                let new = value.map(Kind::of);
                *kind = kind.map_or(new, |kind| Some(new.map_or(kind, |new| kind.with(new))));
            }
            for (key, value) in line.others {
                keys.add(&key);
                names.push(key.into_owned());
                kinds.push(value.map(Kind::of));
            }
        }
        // Nothing but nulls may still become text.
        let kinds = kinds.into_iter().map(|kind| kind.unwrap_or(Kind::Text)).collect();
        Self { names, kinds, keys }
    }
}

/// The position of the only column of text whose values read as SMILES in nearly all of the first lines.
fn smiles_in(
    sample: &Sample,
    keys: &Keys,
    kinds: &[Kind],
    reads_as_smiles: &ReadsAsSmiles<'_>,
) -> Result<Option<usize>, Error> {
    let lines = sample.lines().filter_map(|line| Line::read(line.trim_ascii(), keys).ok());
    let lines: Vec<Line<'_>> = lines.take(JUDGED_LINES).collect();
    let mut fits = Vec::new();
    for (column, _) in kinds.iter().enumerate().filter(|(_, kind)| **kind == Kind::Text) {
        let mut texts = SmilesBatch::default();
        for line in &lines {
            let text = line.values[column].and_then(|value| string(value).ok()).unwrap_or_default();
            texts.push(check_smiles(text.as_bytes()).unwrap_or_default());
        }
        let reads = reads_as_smiles(&texts)?.into_iter().filter(|reads| *reads).count();
        fits.extend(most(reads, lines.len()).then_some(column));
    }
    Ok(if let [only] = fits[..] { Some(only) } else { None })
}
