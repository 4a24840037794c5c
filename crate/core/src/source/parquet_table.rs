//! A Parquet table of molecules, read for the values of its columns: the products of a run, or any other file with a SMILES
//! column.

use std::path::Path;

use arrow::datatypes::Fields;

use super::columns::{Choice, choose_of_table};
use super::parquet::ParquetSource;
use super::{Chunk, Source, open_file};
use crate::column_type::Purpose;
use crate::error::Error;
use crate::stable_file::{StableFile, unreadable};
use crate::suggest::closest;

/// The first bytes of a Parquet file.
const MAGIC: &[u8] = b"PAR1";
/// More names than this are not listed in a message.
const LISTED_NAMES: usize = 40;

/// The columns of a table, before any of them is read.
#[derive(Debug, Clone)]
pub struct TableColumns {
    /// All of them.
    pub fields: Fields,
    /// Position of the SMILES column.
    pub smiles: usize,
    /// Position of the column that names the rows; `None` if there is none.
    pub id: Option<usize>,
}

impl TableColumns {
    /// The position of the only column of that name.
    ///
    /// # Errors
    /// Why there is none, worded to follow the name of an option.
    pub fn position(&self, name: &str) -> Result<usize, String> {
        let fields = &self.fields;
        let found: Vec<usize> = (0..fields.len()).filter(|&index| fields[index].name() == name).collect();
        match found[..] {
            [index] => return Ok(index),
            [] => {}
            _ => return Err(format!("{} columns are called {name:?}", found.len())),
        }
        let names = || fields.iter().map(|field| field.name().as_str());
        if let Some(meant) = closest(name, names()) {
            return Err(format!("there is no column {name:?}; did you mean {meant:?}?"));
        }
        let listed: Vec<&str> = names().take(LISTED_NAMES).collect();
        let more = if fields.len() > LISTED_NAMES { ", ..." } else { "" };
        Err(format!("there is no column {name:?}; the columns are {}{more}", listed.join(", ")))
    }
}

/// A table, read from its first row to its last in chunks of at most 1,024 rows.
pub struct Table {
    file: StableFile,
    source: ParquetSource,
}

impl Table {
    /// The table at `path`. `smiles` and `id` name those columns, or number them from 1; otherwise they are found by their
    /// names. `wanted` gets all columns and returns the positions of those to read, in the order of the chunks' columns.
    ///
    /// # Errors
    /// [`Error::InputNotFound`], [`Error::InputUnreadable`] also for what is not Parquet, [`Error::InputColumn`], and those
    /// of `wanted`.
    pub fn open(
        path: &Path,
        smiles: Option<&str>,
        id: Option<&str>,
        wanted: impl FnOnce(&TableColumns) -> Result<Vec<usize>, Error>,
    ) -> Result<Self, Error> {
        let file = open_file(path)?;
        check_magic(&file)?;
        let choose = |fields: &Fields| {
            let (smiles, id) = choose_of_table(path, fields, smiles, id)?;
            let columns = TableColumns { fields: fields.clone(), smiles, id };
            let kept = wanted(&columns)?.into_iter().map(|index| (index, fields[index].name().clone()));
            Ok(Choice { smiles, id: None, kept: kept.collect(), warnings: Vec::new() })
        };
        let source = ParquetSource::open_for(Purpose::Values, &file, choose);
        let source = source.map_err(|error| file.or_changed(error))?;
        Ok(Self { file, source })
    }

    /// Its number of rows.
    pub fn rows(&self) -> u64 {
        self.source.total_rows().unwrap_or_default()
    }

    /// The next rows, with the wanted columns; `None` after the last one.
    ///
    /// # Errors
    /// [`Error::InputCorrupt`] and [`Error::InputChanged`].
    pub fn next_chunk(&mut self) -> Result<Option<Chunk>, Error> {
        self.source.next_chunk(usize::MAX).map_err(|error| self.file.or_changed(error))
    }

    /// Skips the next `rows` rows; parts of the file that hold only such rows are not read. `stop_check` is called meanwhile.
    ///
    /// # Errors
    /// Those of [`next_chunk`](Self::next_chunk), and that of `stop_check`.
    pub fn skip(&mut self, rows: u64, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        self.source.skip(rows, stop_check).map_err(|error| self.file.or_changed(error))
    }

    /// Makes sure that the file is still the one that was opened; `stop_check` is called meanwhile.
    ///
    /// # Errors
    /// [`Error::InputChanged`], and that of `stop_check`.
    pub fn confirm(&self, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        self.file.confirm(stop_check)
    }
}

/// Whether the file at `path` begins as Parquet does. False for what is not a file.
///
/// # Errors
/// [`Error::InputUnreadable`].
pub fn is_parquet(path: &Path) -> Result<bool, Error> {
    if !path.is_file() {
        return Ok(false);
    }
    has_magic(&open_file(path)?)
}

fn check_magic(file: &StableFile) -> Result<(), Error> {
    if has_magic(file)? {
        return Ok(());
    }
    let reason = "it is not Parquet; name the output folder of a finished run, or a Parquet file";
    Err(Error::InputUnreadable { path: file.path().to_owned(), reason: reason.to_owned() })
}

fn has_magic(file: &StableFile) -> Result<bool, Error> {
    use std::io::Read;

    let mut head = Vec::new();
    let read = file.reader().take(MAGIC.len() as u64).read_to_end(&mut head);
    read.map_err(|error| unreadable(file.path(), error))?;
    Ok(head == MAGIC)
}
