//! The library on its way to the cluster: Parquet files of even parts, in which each row has its number.
//!
//! The client reads the library as any run does, in any format, so that columns, faults and text that is not UTF-8
//! are handled in the same way; an executor sees three columns and need not know anything about the others. Blocks of
//! rows go to the files in turn, so the parts are even although the length is not known beforehand. `source_row` is a
//! column, and does not depend on how a scan is divided.
//!
//! Memory: an open row group of each file, together at most [`OPEN_BYTES`], and one chunk per file.

use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayRef, BinaryArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use xform_core::disk::{Disk, DiskFile};
use xform_core::source::{Chunk, Source};
use xform_core::{Error, Gathered, Task};

use crate::carried::Carried;

/// Rows that go to a file before the next file's turn.
const BLOCK_ROWS: usize = 512;
/// Rows of a row group.
const GROUP_ROWS: usize = 16_384;
/// Maximum size of all open row groups together. The writer packs a page only when it is full, so most of it is held
/// unpacked; 512 files with 16,384 rows each and a kilobyte of kept columns per row would take 8 GB.
const OPEN_BYTES: usize = 128 << 20;

/// The columns of the files.
pub static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    Arc::new(Schema::new(vec![
        Field::new("source_row", DataType::Int64, false),
        Field::new("smiles", DataType::Utf8, false),
        Field::new("carried", DataType::Binary, false),
    ]))
});

/// Writes the library of `task` to `parts` files in its folder, and reports each row to `gathered`.
///
/// # Errors
/// Those of the source, of the disk, and [`Error::Cancelled`].
pub fn stage(
    task: &Task<'_>,
    source: &mut dyn Source,
    gathered: &mut Gathered<'_>,
    parts: usize,
) -> Result<Vec<PathBuf>, Error> {
    let carried = Carried::new(&task.columns)?;
    let paths = (0..parts).map(|part| task.scratch.join(format!("library-{part:04}.parquet")));
    let disk = &task.control.disk;
    let mut files =
        paths.map(|path| Part::create(disk, path, OPEN_BYTES / parts)).collect::<Result<Vec<_>, Error>>()?;
    let mut block = 0;
    loop {
        let mut rows = 0;
        while rows < BLOCK_ROWS {
            let first = gathered.rows_read() as i64;
            let Some(chunk) = source.next_chunk(BLOCK_ROWS - rows)? else { break };
            gathered.read(&chunk)?;
            files[block % parts].write(&batch(first, &chunk, &carried)?)?;
            rows += chunk.smiles.len();
        }
        if rows == 0 {
            break;
        }
        block += 1;
    }
    files.into_iter().map(Part::close).collect()
}

fn batch(first: i64, chunk: &Chunk, carried: &Carried) -> Result<RecordBatch, Error> {
    let len = chunk.smiles.len();
    // The source has checked each of them.
    let smiles = (0..len).map(|row| str::from_utf8(chunk.smiles.get(row)));
    let smiles: StringArray = smiles
        .map(|text| text.map(Some))
        .collect::<Result<_, _>>()
        .map_err(|error| Error::internal(format!("a SMILES of the source: {error}")))?;
    let carried: BinaryArray = carried.pack(chunk)?;
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from_iter_values(first..first + len as i64)),
        Arc::new(smiles),
        Arc::new(carried),
    ];
    RecordBatch::try_new(Arc::clone(&SCHEMA), columns).map_err(|error| Error::internal(error.to_string()))
}

/// A file of the library.
struct Part {
    path: PathBuf,
    writer: ArrowWriter<BufWriter<DiskFile>>,
    /// Bytes at which a row group ends.
    most_bytes: usize,
}

impl Part {
    fn create(disk: &Disk, path: PathBuf, most_bytes: usize) -> Result<Self, Error> {
        let file = disk.create(&path)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_dictionary_enabled(false)
            .set_statistics_enabled(EnabledStatistics::None)
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .build();
        let writer = ArrowWriter::try_new(BufWriter::new(file), Arc::clone(&SCHEMA), Some(properties))
            .map_err(|error| write_error(&path, error))?;
        Ok(Self { path, writer, most_bytes })
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let mut written = self.writer.write(batch);
        if written.is_ok() && self.writer.memory_size() >= self.most_bytes {
            written = self.writer.flush();
        }
        written.map_err(|error| write_error(&self.path, error))
    }

    fn close(self) -> Result<PathBuf, Error> {
        self.writer.close().map_err(|error| write_error(&self.path, error))?;
        Ok(self.path)
    }
}

fn write_error(path: &Path, error: ParquetError) -> Error {
    let source = match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(source) => *source,
            Err(source) => io::Error::other(source),
        },
        error => io::Error::other(error),
    };
    Error::output("write", path, source)
}
