//! The input: a library file, streamed in small chunks.
//!
//! A file is Parquet or text, distinguished by its first bytes. How text is read follows from its name and its first
//! lines (`sniff`). [`open`] chooses the columns and refuses unusable input before anything runs. Memory does not
//! grow with the file: Parquet is decoded page by page into batches of at most 1,024 rows, whatever the size of the
//! row groups, and text line by line. A bad SMILES is a [`Fault`] of its row; a truncated file is
//! [`Error::InputCorrupt`].
//!
//! In string columns other than the SMILES, bytes that are not UTF-8 are replaced by U+FFFD and counted
//! ([`Chunk::replaced`]). Arrow dictionaries are carried as their values: in Parquet, that is the same type.

use arrow::datatypes::{FieldRef, Fields};
use arrow::record_batch::RecordBatch;

use std::path::Path;
use std::sync::Arc;

use crate::codes::RejectCode;
use crate::column_type::Declared;
use crate::error::Error;
use crate::stable_file::StableFile;
use crate::strings::SmilesBatch;

mod column_names;
mod columns;
mod delimited;
mod format;
mod gzip;
mod hash;
mod layout;
mod limited;
mod lines;
mod options;
mod parquet;
mod rows;
mod sample;
mod skipping;
mod smiles_line;
mod smiles_text;
mod sniff;
mod table;
mod text;
mod unchanged;
mod window;

pub use column_names::ColumnNames;
pub use columns::OUTPUT_COLUMNS;
pub use format::open_file;
pub use hash::hash_file;
pub use layout::{Delimiter, Layout};
pub use limited::Limited;
pub use options::{KeepColumns, KeptPrefix, SourceOptions};
pub use rows::check_smiles;
pub use skipping::{Skipping, missing_rows};
pub use table::{Table, TableColumns};
pub use window::{Window, count_rows};

use columns::Choice;
use format::{Input, TextReader};
use sample::Sample;
use unchanged::Unchanged;

/// A library, read from its first row to its last.
pub trait Source: Send {
    /// The columns chosen from the file.
    fn columns(&self) -> &InputColumns;

    /// Rows in the file, if it states their number (Parquet).
    fn total_rows(&self) -> Option<u64>;

    /// The next rows: at most `max_rows`, at least one, cut so that their SMILES text stays near
    /// [`CHUNK_TEXT_BYTES`]; `None` after the last one.
    fn next_chunk(&mut self, max_rows: usize) -> Result<Option<Chunk>, Error>;

    /// Skips the next `rows` rows. `stop_check` is called between two chunks.
    fn skip(&mut self, mut rows: u64, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        while rows > 0 {
            stop_check()?;
            let max_rows = usize::try_from(rows).unwrap_or(usize::MAX);
            match self.next_chunk(max_rows)? {
                Some(chunk) => rows -= chunk.smiles.len() as u64,
                None => return Err(Error::internal(format!("the input ends {rows} rows early"))),
            }
        }
        Ok(())
    }
}

/// Text of a micro-batch, in bytes: about 100 to 300 molecules, 20 to 60 ms of work.
pub const CHUNK_TEXT_BYTES: usize = 12 * 1024;

/// Bytes of the id and kept columns of a chunk, unless a single row has more.
const CHUNK_COLUMN_BYTES: usize = 1 << 20;

/// Rows of a chunk, and of a batch decoded from Parquet.
const CHUNK_ROWS: usize = 1024;

/// A file with more columns is not a library: a few bytes can announce millions.
const MAX_COLUMNS: usize = 1 << 16;

/// # Errors
/// [`Error::InputUnreadable`] if a text file has more than [`MAX_COLUMNS`].
fn check_column_count(path: &Path, count: usize) -> Result<(), Error> {
    if count <= MAX_COLUMNS {
        return Ok(());
    }
    let reason = format!("it has {count} columns, more than {MAX_COLUMNS}");
    Err(Error::InputUnreadable { path: path.to_owned(), reason })
}

/// A longer row of a text file is not read as a row.
const MAX_ROW_BYTES: u64 = 16 << 20;

/// Text that is read at a time.
const TEXT_BUFFER_BYTES: usize = 1 << 16;

/// Which of some texts are SMILES, as [`Engine::reads_as_smiles`](crate::engine::Engine::reads_as_smiles) judges.
pub type ReadsAsSmiles<'a> = dyn Fn(&SmilesBatch) -> Result<Vec<bool>, Error> + 'a;

/// A text format, which the name of a file implies.
pub struct TextFormat {
    /// Its name in messages and in the documentation.
    pub name: &'static str,
    /// What follows the last dot of a file's name, in lower case.
    pub extensions: &'static [&'static str],
    open: OpenText,
}

type OpenText = fn(&Path, TextReader, &SourceOptions, &ReadsAsSmiles<'_>) -> Result<Box<dyn Source>, Error>;

/// The text formats, in the order in which messages list them.
pub const TEXT_FORMATS: [TextFormat; 3] = [
    TextFormat {
        name: "SMILES text",
        extensions: &["smi", "smiles", "txt"],
        open: |path, text, options, reads| open_table(path, text, Some(Delimiter::Blank), options, reads),
    },
    TextFormat {
        name: "CSV",
        extensions: &["csv"],
        open: |path, text, options, reads| open_table(path, text, Some(Delimiter::Comma), options, reads),
    },
    TextFormat {
        name: "TSV",
        extensions: &["tsv"],
        open: |path, text, options, reads| open_table(path, text, Some(Delimiter::Tab), options, reads),
    },
];

/// Opens the library at `path`, in any format. `reads_as_smiles` is called for the first lines of a text file if no
/// name decides how to read it.
///
/// # Errors
/// [`Error::InputNotFound`], [`Error::InputUnreadable`] (a directory, an empty file, an unknown format, Parquet
/// without a footer), [`Error::InputColumn`] and [`Error::InvalidOption`].
pub fn open(
    path: &Path,
    options: &SourceOptions,
    reads_as_smiles: &ReadsAsSmiles<'_>,
) -> Result<Box<dyn Source>, Error> {
    read(&open_file(path)?, options, reads_as_smiles)
}

/// The library in `file`, from its first row.
///
/// # Errors
/// Those of [`open`], and [`Error::InputChanged`].
pub fn read(
    file: &StableFile,
    options: &SourceOptions,
    reads_as_smiles: &ReadsAsSmiles<'_>,
) -> Result<Box<dyn Source>, Error> {
    let source = source_in(file, options, reads_as_smiles).map_err(|error| file.or_changed(error))?;
    Ok(Box::new(Unchanged::new(source, file.clone())))
}

fn source_in(
    file: &StableFile,
    options: &SourceOptions,
    reads_as_smiles: &ReadsAsSmiles<'_>,
) -> Result<Box<dyn Source>, Error> {
    let path = file.path();
    match Input::open(file, options.delimiter.is_some())? {
        Input::Parquet(file) => {
            options.refuse_for_parquet()?;
            Ok(Box::new(parquet::ParquetSource::open(path, file, options)?))
        }
        Input::Text(text, Some(format)) => (format.open)(path, text, options, reads_as_smiles),
        Input::Text(text, None) => open_table(path, text, None, options, reads_as_smiles),
    }
}

/// Text whose first lines show how it is read; `by_name` is what the file's name implies as the column separator.
fn open_table(
    path: &Path,
    text: TextReader,
    by_name: Option<Delimiter>,
    options: &SourceOptions,
    reads_as_smiles: &ReadsAsSmiles<'_>,
) -> Result<Box<dyn Source>, Error> {
    let (sample, text) = Sample::take(path, text)?;
    let found = sniff::sniff(path, &sample, by_name, options, reads_as_smiles)?;
    Ok(match found.layout.delimiter.byte() {
        None => Box::new(smiles_text::open(path, text, found, options)?),
        Some(delimiter) => Box::new(delimited::open(path, text, delimiter, found, options)?),
    })
}

/// The columns that a run uses from its input.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InputColumns {
    /// Name of the SMILES column.
    pub smiles: String,
    /// The id column, with its type; `None` if there is none.
    pub id: Option<FieldRef>,
    /// Columns carried over, under their output names.
    pub kept: Vec<FieldRef>,
    /// The types that a Parquet file declares for the id, if there is one, and the kept columns; the output declares
    /// the same types. Empty if the input has no types.
    pub declared: Vec<Declared>,
    /// How a text file is read; `None` for Parquet.
    pub layout: Option<Layout>,
    /// What the user should know about the names of the kept columns.
    pub warnings: Vec<String>,
}

impl InputColumns {
    /// The choice among the file's `fields`, and for each column of a chunk its position in the file.
    fn new(fields: &Fields, choice: &Choice) -> (Self, Vec<usize>) {
        let rename = |(index, name): &(usize, String)| {
            let field = &fields[*index];
            if field.name() == name { Arc::clone(field) } else { Arc::new((**field).clone().with_name(name)) }
        };
        let columns = Self {
            smiles: fields[choice.smiles].name().clone(),
            id: choice.id.map(|index| Arc::clone(&fields[index])),
            kept: choice.kept.iter().map(rename).collect(),
            declared: Vec::new(),
            layout: None,
            warnings: choice.warnings.clone(),
        };
        (columns, choice.id.into_iter().chain(choice.kept.iter().map(|(index, _)| *index)).collect())
    }

    /// The fields of [`Chunk::columns`].
    pub fn fields(&self) -> Fields {
        self.id.iter().chain(&self.kept).cloned().collect()
    }
}

/// Consecutive rows of a library. The chunk owns its memory, so it does not keep a larger buffer alive.
#[derive(Debug)]
pub struct Chunk {
    /// SMILES as in the file; an empty string if [`Chunk::faults`] has an entry for the row.
    pub smiles: SmilesBatch,
    /// Rows whose SMILES cannot be passed to an engine, ascending, with the value in the file if it is text.
    pub faults: Vec<Fault>,
    /// The id column if there is one, then the kept columns.
    pub columns: RecordBatch,
    /// Number of values of these columns that could not be kept as they were: bytes that are not UTF-8 were replaced
    /// by U+FFFD, and INT96 timestamps lost parts of a microsecond.
    pub replaced: u64,
}

impl Chunk {
    /// Bytes of heap that the chunk holds.
    pub fn memory_bytes(&self) -> usize {
        let texts = self.faults.iter().filter_map(|fault| fault.text.as_ref()).map(String::capacity);
        self.smiles.memory_bytes()
            + size_of_val(self.faults.as_slice())
            + texts.sum::<usize>()
            + self.columns.get_array_memory_size()
    }
}

/// A row that never reaches the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Row in the chunk.
    pub row: u32,
    /// `Null`, `Empty`, `NulByte`, `NotUtf8`, `Malformed` or `Skipped`.
    pub code: RejectCode,
    /// The value, with bytes that are not UTF-8 replaced; `None` for a null.
    pub text: Option<String>,
}
