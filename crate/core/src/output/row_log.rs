//! Rows that are not in their final file yet: an Arrow IPC stream in [frames](super::frames), which grows at its end
//! and can be truncated to what was committed.
//!
//! Such logs keep the open part, the rejects and the rows that deduplication has deferred, so that a resumed run
//! finds them again. Only bytes with the right checksum reach Arrow's reader, which would panic on others.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, UInt32Array};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef, UInt32Type};
use arrow::error::ArrowError;
use arrow::ipc::CompressionType;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::{IpcWriteOptions, StreamWriter};
use arrow::record_batch::RecordBatch;
use serde::{Deserialize, Serialize};

use super::frames::{End, FrameReader, FrameWriter};
use super::shared::{Sharing, plain_field};
use super::{Rows, TableSchema};
use crate::disk::{Disk, DiskFile};
use crate::error::Error;

/// Bytes that wait before they are written as one message: enough to make the size of message headers negligible.
const MESSAGE_BYTES: u64 = 256 << 10;
const VALUE_BYTES: &str = "value_bytes";

/// A position in a log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Rows.
    pub rows: u64,
    /// Where the file ends.
    pub end: End,
}

/// A log that is complete, and the columns of its table.
pub struct LoggedTable {
    /// The columns.
    pub schema: Arc<TableSchema>,
    /// Its path.
    pub path: PathBuf,
    /// Where it ends.
    pub mark: Mark,
}

/// A log that is being written.
pub struct RowLog {
    writer: StreamWriter<FrameWriter>,
    schema: SchemaRef,
    waiting: Vec<RecordBatch>,
    waiting_bytes: u64,
    rows: u64,
}

impl RowLog {
    /// A new log at `path` for rows of `schema`.
    pub fn create(disk: &Disk, path: &Path, schema: &SchemaRef) -> Result<Self, Error> {
        let mut log = Self::begin(disk.create(path)?, schema, Mark::default())?;
        log.flush()?;
        Ok(log)
    }

    /// The log at `path`, truncated to `mark`.
    pub fn resume(disk: &Disk, path: &Path, schema: &SchemaRef, mark: Mark) -> Result<Self, Error> {
        Self::begin(disk.reopen(path, mark.end.bytes)?, schema, mark)
    }

    fn begin(file: DiskFile, schema: &SchemaRef, mark: Mark) -> Result<Self, Error> {
        let path = file.path().to_owned();
        let schema = log_schema(schema);
        let frames = FrameWriter::new(file, mark.end);
        let options = IpcWriteOptions::default().try_with_compression(Some(CompressionType::LZ4_FRAME));
        let writer = options.and_then(|options| StreamWriter::try_new_with_options(frames, &schema, options));
        let mut writer = writer.map_err(|error| log_error("write", &path, error))?;
        if mark.end.bytes > 0 {
            // A writer starts with the schema, which a continued log already contains.
            writer.get_mut().discard();
        }
        Ok(Self { writer, schema, waiting: Vec::new(), waiting_bytes: 0, rows: mark.rows })
    }

    /// Adds the next rows.
    pub fn push(&mut self, rows: &Rows) -> Result<(), Error> {
        if rows.source_rows.is_empty() {
            return Ok(());
        }
        self.rows += rows.source_rows.len() as u64;
        self.waiting_bytes += rows.value_bytes.iter().map(|&bytes| u64::from(bytes)).sum::<u64>();
        let value_bytes: ArrayRef = Arc::new(UInt32Array::from(rows.value_bytes.clone()));
        let columns = rows.batch.columns().iter().chain([&value_bytes]).zip(self.schema.fields());
        let columns = columns.map(|(column, field)| cast(column, field.data_type()));
        let batch = columns
            .collect::<Result<_, _>>()
            .and_then(|columns| RecordBatch::try_new(Arc::clone(&self.schema), columns));
        self.waiting.push(batch.map_err(|error| log_error("write", self.path(), error))?);
        if self.waiting_bytes >= MESSAGE_BYTES { self.flush() } else { Ok(()) }
    }

    /// Rows added so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Heap bytes held.
    pub fn memory_bytes(&self) -> u64 {
        self.waiting_bytes + self.writer.get_ref().memory_bytes()
    }

    /// Makes all rows durable.
    pub fn commit(&mut self) -> Result<Mark, Error> {
        self.flush()?;
        Ok(Mark { rows: self.rows, end: self.writer.get_ref().sync()? })
    }

    /// The log's path.
    pub fn path(&self) -> &Path {
        self.writer.get_ref().path()
    }

    fn flush(&mut self) -> Result<(), Error> {
        let waiting = std::mem::take(&mut self.waiting);
        self.waiting_bytes = 0;
        let written = match waiting.is_empty() {
            true => Ok(()),
            false => concat_batches(&self.schema, &waiting).and_then(|batch| self.writer.write(&batch)),
        };
        written.and_then(|()| self.writer.flush()).map_err(|error| log_error("write", self.path(), error))
    }
}

/// The rows of a log up to a mark, in the slices in which they were written.
pub struct LoggedRows {
    path: PathBuf,
    reader: StreamReader<FrameReader>,
    schema: SchemaRef,
    sharing: Sharing,
    expected: u64,
    read: u64,
}

impl LoggedRows {
    /// Opens the log at `path`, whose rows have `schema`.
    pub fn open(disk: &Disk, path: &Path, schema: &SchemaRef, mark: Mark) -> Result<Self, Error> {
        let frames = FrameReader::open(disk, path, mark.end)?;
        let reader = StreamReader::try_new(frames, None).map_err(|error| read_error(path, error))?;
        let (path, schema) = (path.to_owned(), Arc::clone(schema));
        if reader.schema() != log_schema(&schema) {
            return Err(Error::output(
                "read",
                &path,
                io::Error::other("its columns are not those of the run"),
            ));
        }
        Ok(Self { path, reader, schema, sharing: Sharing::default(), expected: mark.rows, read: 0 })
    }

    fn rows(&mut self, batch: RecordBatch) -> Result<Rows, ArrowError> {
        let (columns, value_bytes) = batch.columns().split_at(self.schema.fields().len());
        let source_row = self.schema.index_of("source_row")?;
        Ok(Rows {
            source_rows: columns[source_row].as_primitive::<Int64Type>().values().to_vec(),
            value_bytes: value_bytes[0].as_primitive::<UInt32Type>().values().to_vec(),
            batch: RecordBatch::try_new(
                Arc::clone(&self.schema),
                self.sharing.share(columns, self.schema.fields())?,
            )?,
        })
    }
}

impl Iterator for LoggedRows {
    type Item = Result<Rows, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let Some(batch) = self.reader.next() else {
            let missing = self.expected.checked_sub(self.read).is_none_or(|missing| missing > 0);
            let reason = format!("it has {} of {} committed rows", self.read, self.expected);
            self.expected = self.read;
            return missing.then(|| Err(Error::output("read", &self.path, io::Error::other(reason))));
        };
        let rows = batch.and_then(|batch| self.rows(batch));
        self.read += rows.as_ref().map_or(0, |rows| rows.source_rows.len() as u64);
        Some(rows.map_err(|error| read_error(&self.path, error)))
    }
}

fn log_schema(schema: &SchemaRef) -> SchemaRef {
    let value_bytes = Arc::new(Field::new(VALUE_BYTES, DataType::UInt32, false));
    // Views into one value would each copy its whole buffer, message by message.
    let columns = schema.fields().iter().map(plain_field);
    Arc::new(Schema::new(columns.chain([value_bytes]).collect::<Vec<_>>()))
}

fn log_error(action: &'static str, path: &Path, error: ArrowError) -> Error {
    Error::output(action, path, io_error(error))
}

fn read_error(path: &Path, error: ArrowError) -> Error {
    Error::reading(path, io_error(error))
}

fn io_error(error: ArrowError) -> io::Error {
    match error {
        ArrowError::IoError(_, source) => source,
        error => io::Error::other(error.to_string()),
    }
}
