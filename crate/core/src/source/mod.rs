//! The input: a library file, streamed in small chunks.
//!
//! The formats are declared in `format`, and `detect` finds that of a file by its content and its name. How a table is
//! read follows from its name and its first lines (`sniff`). [`open`] chooses the columns and refuses unusable input
//! before anything runs. Memory does not grow with the file: Parquet is decoded page by page into batches of at most
//! 1,024 rows, whatever the size of the row groups, Arrow batch by batch, and text line by line. A bad SMILES is a
//! [`Fault`] of its row; a truncated file is [`Error::InputCorrupt`].
//!
//! In string columns other than the SMILES, bytes that are not UTF-8 are replaced by U+FFFD and counted
//! ([`Chunk::replaced`]). Arrow dictionaries are carried as their values: in Parquet, that is the same type.

use arrow::datatypes::{FieldRef, Fields};
use arrow::record_batch::RecordBatch;

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use crate::codes::RejectCode;
use crate::column_type::Declared;
use crate::error::Error;
use crate::stable_file::StableFile;
use crate::strings::{Notation, SmilesBatch};

mod arrow_ipc;
mod column_names;
mod column_types;
mod columns;
mod completed;
mod decoded;
mod delimited;
mod detect;
mod entered;
mod foreign;
mod format;
mod guard;
mod hash;
mod identified;
mod jsonl;
mod layout;
mod limited;
mod lines;
mod members;
mod open_file;
mod options;
mod own_bytes;
mod packing;
mod parquet;
mod parquet_table;
mod peek;
mod read_ahead;
mod recognise;
mod rows;
mod sample;
mod sdf;
mod skipping;
mod smiles_line;
mod smiles_text;
mod sniff;
mod table;
mod text;
mod unchanged;
mod unlisted;
mod window;

pub use column_names::ColumnNames;
pub use column_types::ColumnTypes;
pub use columns::OUTPUT_COLUMNS;
pub(crate) use columns::kept_names;
pub use completed::Completed;
pub use entered::{EnteredText, Lines};
pub use format::{FormatFacts, InputFormat};
pub use hash::hash_file;
pub use layout::{Delimiter, Layout};
pub use limited::Limited;
pub use open_file::open_file;
pub use options::{KeepColumns, KeptPrefix, SourceOptions};
pub use packing::{PACKINGS, Packing};
pub use parquet_table::{Table, TableColumns, is_parquet};
pub use rows::check_smiles;
pub use skipping::{Skipping, missing_rows};
pub use unlisted::Unlisted;
pub use window::{Window, count_rows};

use columns::Choice;
use identified::Identified;
use unchanged::Unchanged;

/// A library, read from its first row to its last.
pub trait Source: Send {
    /// The columns chosen from the file.
    fn columns(&self) -> &InputColumns;

    /// Rows in the file, if it states their number (Parquet).
    fn total_rows(&self) -> Option<u64>;

    /// The next rows: at most `max_rows`, at least one, cut so that their SMILES text stays near
    /// [`CHUNK_TEXT_BYTES`], or would if they are mol blocks; `None` after the last one.
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

/// SMILES text of a micro-batch, in bytes: about 100 to 300 molecules, 20 to 60 ms of work.
pub const CHUNK_TEXT_BYTES: usize = 12 * 1024;

/// Bytes of the id and kept columns of a chunk, unless a single row has more.
const CHUNK_COLUMN_BYTES: usize = 1 << 20;

/// Rows of a chunk, and of a batch decoded from Parquet.
const CHUNK_ROWS: usize = 1024;

/// The column of the output that names the file of the parent, if a library may have several files.
pub const FILE_COLUMN: &str = "source_file";

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

/// Opens the library at `path`, in any format. `reads_as_smiles` is called for the first lines of a table if no name
/// decides how to read it.
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
    let source = Identified::open(file.path(), Box::new(file.reader()), Some(file), options, reads_as_smiles);
    let source = source.map_err(|error| file.or_changed(error))?;
    Ok(Box::new(Unchanged::new(Box::new(source), file.clone())))
}

/// The library in `stream`, which messages call `name`, from its first row.
///
/// # Errors
/// Those of [`open`]; [`Error::InputUnreadable`] for a format that does not stream.
pub fn read_stream(
    name: &Path,
    stream: Box<dyn Read + Send>,
    options: &SourceOptions,
    reads_as_smiles: &ReadsAsSmiles<'_>,
) -> Result<Box<dyn Source>, Error> {
    Ok(Box::new(Identified::open(name, stream, None, options, reads_as_smiles)?))
}

/// The columns that a run uses from its input.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InputColumns {
    /// Name of the column with the molecules.
    pub smiles: String,
    /// How it is written.
    pub notation: Notation,
    /// The id column, with its type; `None` if there is none.
    pub id: Option<FieldRef>,
    /// Columns carried over, under their output names.
    pub kept: Vec<FieldRef>,
    /// The names of these in the file.
    pub kept_from: Vec<String>,
    /// Whether the first of these is [`FILE_COLUMN`].
    pub names_file: bool,
    /// The types that a Parquet file declares for the id, if there is one, and the kept columns; the output declares
    /// the same types. `None`, or nothing at all, for a column without a type of its own.
    pub declared: Vec<Option<Declared>>,
    /// The format in which the input is read.
    pub format: InputFormat,
    /// How a table is read; `None` for other formats.
    pub layout: Option<Layout>,
    /// What the user should know about the names of the kept columns.
    pub warnings: Vec<String>,
    /// What the user should know about the name of the input.
    pub notices: Vec<String>,
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
            notation: Notation::default(),
            id: choice.id.map(|index| Arc::clone(&fields[index])),
            kept: choice.kept.iter().map(rename).collect(),
            kept_from: choice.kept.iter().map(|(index, _)| fields[*index].name().clone()).collect(),
            warnings: choice.warnings.clone(),
            ..Self::default()
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
    /// The molecules as in the file; an empty string if [`Chunk::faults`] has an entry for the row.
    pub smiles: SmilesBatch,
    /// Rows whose SMILES cannot be passed to an engine, ascending, with the value in the file if it is text.
    pub faults: Vec<Fault>,
    /// The id column if there is one, then the kept columns.
    pub columns: RecordBatch,
    /// Number of values of these columns that could not be kept as they were: bytes that are not UTF-8 were replaced
    /// by U+FFFD, and INT96 timestamps lost parts of a microsecond.
    pub replaced: u64,
    /// Values that are not carried over, because the first rows of the library do not have their columns.
    pub unlisted: Unlisted,
}

impl Chunk {
    /// Bytes of heap that the chunk holds.
    pub fn memory_bytes(&self) -> usize {
        let texts = self.faults.iter().flat_map(|fault| [&fault.text, &fault.reason]);
        let texts = texts.flatten().map(String::capacity);
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
    /// `Null`, `Empty`, `NulByte`, `NotUtf8`, `Malformed`, `BadValue` or `Skipped`.
    pub code: RejectCode,
    /// The value, with bytes that are not UTF-8 replaced; `None` for a null and for a mol block.
    pub text: Option<String>,
    /// What is wrong with this row, if the code does not say all.
    pub reason: Option<String>,
}

impl Fault {
    /// What is wrong.
    pub fn in_words(&self) -> &str {
        self.reason.as_deref().unwrap_or_else(|| self.code.in_words())
    }
}
