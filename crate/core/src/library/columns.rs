//! The columns of several files as those of one library: the same ones by name, null where a file lacks them.
//!
//! SMILES and id are found in each file as in a single one, and may have another name there. Columns that are carried over
//! must have the same type in all files that have them; kinds of text count as the same type.

use std::collections::{HashMap, HashSet};
use std::iter::repeat_n;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray, new_null_array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::record_batch::{RecordBatch, RecordBatchOptions};

use super::hive::Partition;
use crate::column_type::Declared;
use crate::error::Error;
use crate::source::{Chunk, FILE_COLUMN, InputColumns, KeepColumns, SourceOptions, kept_names};

/// A column that is carried over, as the files seen so far have it.
struct Column {
    field: FieldRef,
    declared: Option<Declared>,
    /// The first file that has it.
    first: PathBuf,
    /// Number of files that have it.
    files: usize,
}

/// Of columns of one name in a file, this is the first, second, ...
type Key = (String, usize);

/// Collects the columns of the files of a library, in their order.
pub(super) struct Union<'a> {
    options: &'a SourceOptions,
    files: usize,
    /// Those of the first file, without what is carried over.
    columns: InputColumns,
    /// The first file, and the first one with a layout.
    first: PathBuf,
    first_table: Option<PathBuf>,
    id: Option<Column>,
    keys: Vec<Key>,
    kept: HashMap<Key, Column>,
    notices: Vec<String>,
}

impl<'a> Union<'a> {
    pub(super) fn new(options: &'a SourceOptions) -> Self {
        Self {
            options,
            files: 0,
            columns: InputColumns::default(),
            first: PathBuf::new(),
            first_table: None,
            id: None,
            keys: Vec::new(),
            kept: HashMap::new(),
            notices: Vec::new(),
        }
    }

    /// Adds the columns of the file at `path`.
    ///
    /// # Errors
    /// [`Error::InputColumn`] for a column that has another type in an earlier file.
    pub(super) fn add(
        &mut self,
        path: &Path,
        found: &InputColumns,
        partitions: &[Partition],
    ) -> Result<(), Error> {
        self.add_facts(path, found)?;
        self.files += 1;
        let mut declared = found.declared.iter().cloned();
        let mut column = |field: &FieldRef| Column {
            field: Arc::clone(field),
            declared: declared.next().flatten(),
            first: path.to_owned(),
            files: 1,
        };
        if let Some(id) = &found.id {
            let found = column(id);
            match &mut self.id {
                None => self.id = Some(found),
                Some(known) => known.add(found, id.name(), path)?,
            }
        }
        let kept: Vec<Column> = found.kept.iter().map(&mut column).collect();
        for (key, column) in keys_of(&found.kept_from).into_iter().zip(kept) {
            self.keep(key, column, path)?;
        }
        let of_file: HashSet<&String> = found.kept_from.iter().collect();
        for Partition { name, .. } in partitions.iter().filter(|partition| !of_file.contains(&partition.name))
        {
            if self.is_kept(name) {
                let field = Arc::new(Field::new(name, DataType::Utf8, true));
                let column = Column { field, declared: None, first: path.to_owned(), files: 1 };
                self.keep((name.clone(), 0), column, path)?;
            }
        }
        Ok(())
    }

    fn keep(&mut self, key: Key, column: Column, path: &Path) -> Result<(), Error> {
        match self.kept.get_mut(&key) {
            Some(known) => known.add(column, &key.0, path),
            None => {
                self.keys.push(key.clone());
                self.kept.insert(key, column);
                Ok(())
            }
        }
    }

    fn is_kept(&self, name: &String) -> bool {
        if self.options.bare_columns.contains(name) {
            return true;
        }
        match &self.options.keep_columns {
            KeepColumns::None => false,
            KeepColumns::All => true,
            KeepColumns::Named(names) => names.contains(name),
        }
    }

    /// Compares names and layout with those of earlier files.
    ///
    /// # Errors
    /// [`Error::InputColumn`] if the molecules of an earlier file are written in another way.
    fn add_facts(&mut self, path: &Path, found: &InputColumns) -> Result<(), Error> {
        self.notices.extend(found.notices.iter().cloned());
        if self.files == 0 {
            self.first = path.to_owned();
            self.columns = InputColumns { smiles: found.smiles.clone(), ..InputColumns::default() };
            self.columns.format = found.format;
            self.columns.notation = found.notation;
        }
        if found.notation != self.columns.notation {
            let reason = format!(
                "its molecules are {}, and those of {} are {}; run them apart from each other",
                found.notation.plural(),
                self.first.display(),
                self.columns.notation.plural()
            );
            return Err(Error::InputColumn { path: path.to_owned(), reason });
        }
        let (first, path_shown) = (self.first.display().to_string(), path.display());
        let mut differs = |what: &str, here: &str, there: &str, first: &str| {
            let notice = format!("{what}: {here} in {path_shown}, and {there} in {first}");
            if here != there && !self.notices.iter().any(|notice| notice.starts_with(what)) {
                self.notices.push(notice);
            }
        };
        differs("the SMILES column has several names", &found.smiles, &self.columns.smiles, &first);
        if let (Some(id), Some(known)) = (&found.id, &self.id) {
            let first = known.first.display().to_string();
            differs("the id column has several names", id.name(), known.field.name(), &first);
        }
        let Some(layout) = &found.layout else { return Ok(()) };
        match (&mut self.columns.layout, &self.first_table) {
            (known, None) => {
                *known = Some(layout.clone());
                self.first_table = Some(path.to_owned());
            }
            (Some(known), Some(first)) => {
                known.as_named &= layout.as_named;
                let header = |header| if header { "with a header" } else { "without a header" };
                let shown = |delimiter: &str, has_header| format!("{delimiter}, {}", header(has_header));
                let here = shown(layout.delimiter.name(), layout.header);
                let there = shown(known.delimiter.name(), known.header);
                differs("tables have several layouts", &here, &there, &first.display().to_string());
            }
            (None, Some(_)) => {}
        }
        Ok(())
    }

    /// The columns of the library.
    ///
    /// # Errors
    /// [`Error::InputColumn`] for a column to keep that no file has, or that cannot have its name in the output.
    pub(super) fn finish(self) -> Result<(LibraryColumns, Vec<String>), Error> {
        let Self { options, files, mut columns, first, id, mut keys, mut kept, notices, .. } = self;
        let refuse = |reason: String| Error::InputColumn { path: first.clone(), reason };
        if let KeepColumns::Named(names) = &options.keep_columns {
            let place = |name: &String| names.iter().position(|asked| asked == name);
            keys.sort_by_key(|(name, _)| place(name));
            if let Some(name) = names.iter().find(|name| !kept.contains_key(&((*name).clone(), 0))) {
                return Err(refuse(format!("no column {name:?}, nor in any other of the {files} files")));
            }
        }
        let names: Vec<&str> = keys.iter().map(|(name, _)| name.as_str()).collect();
        let mut naming = options.clone();
        naming.computed_columns.push(FILE_COLUMN.to_owned());
        let (names, warnings) = kept_names(&names, &naming).map_err(refuse)?;
        columns.warnings = warnings;
        let nullable = |column: &Column, name: &str| {
            let field = column.field.as_ref().clone().with_name(name);
            let is_nullable = field.is_nullable() || column.files < files;
            Arc::new(field.with_nullable(is_nullable))
        };
        if let Some(id) = id {
            columns.id = Some(nullable(&id, id.field.name()));
            columns.declared.push(id.declared);
        }
        columns.kept.push(Arc::new(Field::new(FILE_COLUMN, DataType::Utf8, false)));
        columns.kept_from.push(FILE_COLUMN.to_owned());
        columns.declared.push(None);
        columns.names_file = true;
        for (key, name) in keys.iter().zip(names) {
            let column = kept.remove(key).ok_or_else(|| Error::internal("a column was lost"))?;
            columns.kept.push(nullable(&column, &name));
            columns.kept_from.push(key.0.clone());
            columns.declared.push(column.declared);
        }
        Ok((LibraryColumns { columns, keys }, notices))
    }
}

impl Column {
    /// Adds the same column of another file, which is called `name` there.
    fn add(&mut self, other: Self, name: &str, path: &Path) -> Result<(), Error> {
        if !self.fits(&other) {
            let reason = format!(
                "column {name:?} is of type {}, and of type {} in {}; the files of a library must agree on the columns that \
                 are carried over",
                other.shown(),
                self.shown(),
                self.first.display()
            );
            return Err(Error::InputColumn { path: path.to_owned(), reason });
        }
        self.files += 1;
        if other.field.is_nullable() && !self.field.is_nullable() {
            self.field = Arc::new(self.field.as_ref().clone().with_nullable(true));
        }
        Ok(())
    }

    fn fits(&self, other: &Self) -> bool {
        let (one, two) = (self.field.data_type(), other.field.data_type());
        let are_like = || match (&self.declared, &other.declared) {
            (Some(one), Some(two)) => one.is_like(two),
            _ => true,
        };
        (is_text(one) && is_text(two)) || (one == two && are_like())
    }

    /// Its type in words: that of the Parquet file where only that differs.
    fn shown(&self) -> String {
        let of_file = self.declared.as_ref().and_then(Declared::annotation);
        of_file.map_or_else(
            || self.field.data_type().to_string(),
            |of_file| format!("{} ({of_file})", self.field.data_type()),
        )
    }
}

fn is_text(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

fn keys_of(names: &[String]) -> Vec<Key> {
    let mut seen: HashMap<&String, usize> = HashMap::new();
    let mut key = |name| {
        let number = seen.entry(name).or_default();
        *number += 1;
        (name.clone(), *number - 1)
    };
    names.iter().map(&mut key).collect()
}

/// The columns of a library of several files.
#[derive(Debug)]
pub(super) struct LibraryColumns {
    pub(super) columns: InputColumns,
    /// Of the kept columns after [`FILE_COLUMN`].
    keys: Vec<Key>,
}

impl LibraryColumns {
    /// Those of a single file, as they are.
    pub(super) fn of_one(columns: InputColumns) -> Self {
        Self { columns, keys: Vec::new() }
    }
}

/// Where a file has the values of a column.
#[derive(Debug)]
enum Origin {
    /// In this column of its chunks.
    Column(usize),
    /// The same text in each row.
    Text(String),
    /// Nowhere.
    Nowhere,
}

/// Gives the chunks of a file the columns of the library.
#[derive(Debug)]
pub(super) struct Adapter {
    schema: SchemaRef,
    origins: Vec<Origin>,
}

impl Adapter {
    /// For the file at `path` with the columns `found`.
    pub(super) fn new(
        library: &LibraryColumns,
        path: &Path,
        found: &InputColumns,
        partitions: &[Partition],
    ) -> Self {
        let first = usize::from(found.id.is_some());
        let positions = keys_of(&found.kept_from).into_iter().zip(first..);
        let positions: HashMap<Key, usize> = positions.collect();
        let of_key = |key: &Key| match positions.get(key) {
            Some(&position) => Origin::Column(position),
            None => {
                let partition = partitions.iter().find(|partition| partition.name == key.0 && key.1 == 0);
                let value = partition.and_then(|partition| partition.value.clone());
                value.map_or(Origin::Nowhere, Origin::Text)
            }
        };
        let of_id = library.columns.id.as_ref().map(|_| match &found.id {
            Some(_) => Origin::Column(0),
            None => Origin::Nowhere,
        });
        let of_file = Origin::Text(path.to_string_lossy().into_owned());
        Self {
            schema: Arc::new(Schema::new(library.columns.fields())),
            origins: of_id.into_iter().chain([of_file]).chain(library.keys.iter().map(of_key)).collect(),
        }
    }

    /// The chunk with the columns of the library.
    pub(super) fn adapt(&self, chunk: Chunk) -> Result<Chunk, Error> {
        let rows = chunk.smiles.len();
        let fields = self.schema.fields().iter();
        let columns = fields.zip(&self.origins).map(|(field, origin)| {
            Ok(match origin {
                Origin::Column(position) => of_type(chunk.columns.column(*position), field.data_type())?,
                Origin::Text(text) => Arc::new(StringArray::from_iter_values(repeat_n(text, rows))),
                Origin::Nowhere => new_null_array(field.data_type(), rows),
            })
        });
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let columns = columns
            .collect::<Result<Vec<ArrayRef>, ArrowError>>()
            .and_then(|columns| {
                RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)
            })
            .map_err(|error| Error::internal(format!("the columns of a file: {error}")))?;
        Ok(Chunk { columns, ..chunk })
    }
}

fn of_type(values: &ArrayRef, data_type: &DataType) -> Result<ArrayRef, ArrowError> {
    match values.data_type() == data_type {
        true => Ok(Arc::clone(values)),
        false => cast(values, data_type),
    }
}
