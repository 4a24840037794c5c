//! Rows into Parquet row groups, with bytes that depend on the rows alone.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::compute::BatchCoalescer;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use super::part::BATCH_ROWS;
use crate::error::Error;

/// Encodes rows in record batches of [`BATCH_ROWS`], counted from the start of a row group.
pub struct Encoder<W: Write + Send> {
    path: PathBuf,
    coalescer: BatchCoalescer,
    writer: ArrowWriter<W>,
}

impl<W: Write + Send> Encoder<W> {
    /// An encoder to `sink`; errors name `path`.
    pub fn new(sink: W, path: &Path, schema: &SchemaRef) -> Result<Self, Error> {
        let writer = ArrowWriter::try_new(sink, Arc::clone(schema), Some(properties()))
            .map_err(|error| write_error(path, error))?;
        let coalescer = BatchCoalescer::new(Arc::clone(schema), BATCH_ROWS);
        Ok(Self { path: path.to_owned(), coalescer, writer })
    }

    /// Adds rows to the open row group.
    pub fn push(&mut self, batch: RecordBatch) -> Result<(), Error> {
        self.coalescer.push_batch(batch).map_err(arrow_error)?;
        self.encode()
    }

    /// Closes the open row group.
    pub fn end_group(&mut self) -> Result<(), Error> {
        self.coalescer.finish_buffered_batch().map_err(arrow_error)?;
        self.encode()?;
        self.writer.flush().map_err(|error| write_error(&self.path, error))
    }

    /// Closes the open row group and writes the footer; for a sink in memory, since an error of the last write is no more than
    /// words here.
    pub fn finish(mut self) -> Result<W, Error> {
        self.end_group()?;
        self.writer.into_inner().map_err(|error| write_error(&self.path, error))
    }

    /// The same for any sink, with `metadata` in the footer.
    pub fn close(mut self, metadata: KeyValue) -> Result<(), Error> {
        self.end_group()?;
        self.writer.append_key_value_metadata(metadata);
        self.writer.close().map(drop).map_err(|error| write_error(&self.path, error))
    }

    /// Heap bytes held.
    pub fn memory_bytes(&self) -> u64 {
        (self.coalescer.size() + self.writer.memory_size()) as u64
    }

    fn encode(&mut self) -> Result<(), Error> {
        while let Some(batch) = self.coalescer.next_completed_batch() {
            self.writer.write(&batch).map_err(|error| write_error(&self.path, error))?;
        }
        Ok(())
    }
}

/// How every file is written.
pub fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_created_by(format!("xform-native {}", env!("CARGO_PKG_VERSION")))
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        // Only the end of a part closes a row group.
        .set_max_row_group_row_count(None)
        .set_max_row_group_bytes(None)
        // Values that are new, or seldom come again: a dictionary would be built, found too large and thrown away.
        .set_column_dictionary_enabled(ColumnPath::from("smiles"), false)
        .set_column_dictionary_enabled(ColumnPath::from("source_id"), false)
        // It only grows: 0.03 bytes a row where a dictionary takes 1.7 (polyphenol-2X, OMe: a tenth of the file).
        .set_column_dictionary_enabled(ColumnPath::from("source_row"), false)
        .set_column_encoding(ColumnPath::from("source_row"), Encoding::DELTA_BINARY_PACKED)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .build()
}

/// A failed write to the file at `path`.
pub fn write_error(path: &Path, error: ParquetError) -> Error {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(source) => Error::output("write", path, *source),
            Err(source) => Error::internal(format!("writing {}: {source}", path.display())),
        },
        error => Error::internal(format!("writing {}: {error}", path.display())),
    }
}

fn arrow_error(error: ArrowError) -> Error {
    Error::internal(error.to_string())
}
