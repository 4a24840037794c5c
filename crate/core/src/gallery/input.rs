//! The table of a gallery: Parquet, which is read for its values, or a library in any other format.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::{Field, FieldRef, Fields};

use crate::engine::Engine;
use crate::error::Error;
use crate::library::Library;
use crate::source::{Chunk, KeepColumns, Source, SourceOptions, Table, TableColumns, is_parquet};

/// A table that can be read several times.
pub struct Input {
    kind: Kind,
    /// Its columns. Those of a library lack the one with the molecules, whose position is then past the last.
    pub columns: TableColumns,
}

enum Kind {
    Table { path: PathBuf, options: Box<SourceOptions>, rows: u64 },
    Library(Library),
}

impl Input {
    /// The table at `path`.
    ///
    /// # Errors
    /// Those of [`Table::open`] and [`Library::open`]; [`Error::InputUnreadable`] for a stream.
    pub fn open(path: &Path, options: SourceOptions, engine: &dyn Engine) -> Result<Self, Error> {
        if is_parquet(path)? {
            return Self::table(path, options);
        }
        let options = SourceOptions { keep_columns: KeepColumns::All, ..options };
        let library = Library::open(&[path.to_owned()], &options, &|texts| engine.reads_as_smiles(texts))?;
        if library.is_stream() {
            let reason = "it is a stream, and a gallery reads its rows twice; save it to a file".to_owned();
            return Err(Error::InputUnreadable { path: path.to_owned(), reason });
        }
        let columns = library.columns();
        let as_in_file = |(field, name): (&FieldRef, &String)| -> FieldRef {
            Arc::new(Field::clone(field).with_name(name))
        };
        let kept = columns.kept.iter().zip(&columns.kept_from).map(as_in_file);
        let fields: Fields = columns.id.iter().cloned().chain(kept).collect();
        let (smiles, id) = (fields.len(), columns.id.as_ref().map(|_| 0));
        Ok(Self { columns: TableColumns { fields, smiles, id }, kind: Kind::Library(library) })
    }

    fn table(path: &Path, options: SourceOptions) -> Result<Self, Error> {
        let mut found = None;
        let table = open_table(path, &options, |columns| {
            found = Some(columns.clone());
            Ok(Vec::new())
        })?;
        let columns = found.ok_or_else(|| Error::internal("the columns of the table were not shown"))?;
        let kind = Kind::Table { path: path.to_owned(), options: Box::new(options), rows: table.rows() };
        Ok(Self { kind, columns })
    }

    /// The paths of its files.
    pub fn paths(&self) -> Vec<&Path> {
        match &self.kind {
            Kind::Table { path, .. } => vec![path],
            Kind::Library(library) => library.paths().collect(),
        }
    }

    /// Its number of rows; a file that does not state it is read. `stop_check` is called now and then.
    ///
    /// # Errors
    /// Those of a damaged file and of `stop_check`.
    pub fn count_rows(&self, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<u64, Error> {
        match &self.kind {
            Kind::Table { rows, .. } => Ok(*rows),
            Kind::Library(library) => library.count_rows(stop_check),
        }
    }

    /// Its rows, from the first one, with the columns at these positions.
    ///
    /// # Errors
    /// Those of a file that cannot be opened again.
    pub fn rows(&self, columns: Vec<usize>) -> Result<Rows<'_>, Error> {
        Ok(match &self.kind {
            Kind::Table { path, options, .. } => {
                Rows::Table(Box::new(open_table(path, options, |_| Ok(columns))?))
            }
            Kind::Library(library) => Rows::Library { library, source: library.source()?, columns },
        })
    }
}

fn open_table(
    path: &Path,
    options: &SourceOptions,
    wanted: impl FnOnce(&TableColumns) -> Result<Vec<usize>, Error>,
) -> Result<Table, Error> {
    Table::open(path, options.smiles_column.as_deref(), options.id_column.as_deref(), wanted)
}

/// The rows of a table, read once.
pub enum Rows<'a> {
    /// Of a Parquet file.
    Table(Box<Table>),
    /// Of a library, with the positions of the columns that are wanted.
    Library { library: &'a Library, source: Box<dyn Source>, columns: Vec<usize> },
}

impl Rows<'_> {
    /// The next rows, with the wanted columns; `None` after the last one.
    ///
    /// # Errors
    /// Those of a damaged file.
    pub fn next_chunk(&mut self) -> Result<Option<Chunk>, Error> {
        match self {
            Self::Table(table) => table.next_chunk(),
            Self::Library { source, columns, .. } => {
                let Some(mut chunk) = source.next_chunk(usize::MAX)? else { return Ok(None) };
                let wanted = chunk.columns.project(columns);
                chunk.columns =
                    wanted.map_err(|error| Error::internal(format!("choosing columns: {error}")))?;
                Ok(Some(chunk))
            }
        }
    }

    /// Makes sure that what was read is still the same; `stop_check` is called meanwhile.
    ///
    /// # Errors
    /// [`Error::InputChanged`], and that of `stop_check`.
    pub fn confirm(&self, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        match self {
            Self::Table(table) => table.confirm(stop_check),
            Self::Library { library, .. } => library.confirm(stop_check),
        }
    }
}
