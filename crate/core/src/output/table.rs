//! A Parquet file written from rows in total order, with bytes that depend on the rows alone.
//!
//! Memory: rows that wait for `flush_interval`, at most `buffer_bytes`; then one record batch and one encoded part.

use std::fs::File;
use std::io;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use super::Rows;
use super::folder::{OutputFolder, PendingFile, SealedFile};
use super::part::{Cut, PART_BYTES, PartCutter};
use crate::error::Error;

/// When rows leave the buffer for the encoder. No effect on the bytes.
#[derive(Debug, Clone, Copy)]
pub struct Buffering {
    /// As soon as that many rows wait.
    pub flush_interval: usize,
    /// Or that many bytes.
    pub buffer_bytes: u64,
}

/// Writes one table.
pub struct TableWriter {
    writer: ArrowWriter<PendingFile>,
    cutter: PartCutter,
    buffering: Buffering,
    waiting: Vec<Rows>,
    waiting_rows: usize,
    waiting_bytes: u64,
    peak_waiting_rows: usize,
    rows: u64,
}

impl TableWriter {
    /// A table of `schema` that will be `name` in `folder`.
    pub fn create(
        folder: &OutputFolder,
        name: &'static str,
        schema: &SchemaRef,
        buffering: Buffering,
    ) -> Result<Self, Error> {
        let pending = folder.create(name)?;
        let target = pending.target().to_owned();
        let writer = ArrowWriter::try_new(pending, Arc::clone(schema), Some(properties()))
            .map_err(|error| write_error(&target, error))?;
        Ok(Self {
            writer,
            cutter: PartCutter::new(Arc::clone(schema), PART_BYTES),
            buffering,
            waiting: Vec::new(),
            waiting_rows: 0,
            waiting_bytes: 0,
            peak_waiting_rows: 0,
            rows: 0,
        })
    }

    /// Takes the next rows.
    pub fn push(&mut self, rows: Rows) -> Result<(), Error> {
        if rows.source_rows.is_empty() {
            return Ok(());
        }
        self.waiting_rows += rows.source_rows.len();
        self.waiting_bytes += rows.memory_bytes();
        self.rows += rows.source_rows.len() as u64;
        self.waiting.push(rows);
        self.peak_waiting_rows = self.peak_waiting_rows.max(self.waiting_rows);
        let full = self.waiting_rows >= self.buffering.flush_interval
            || self.waiting_bytes >= self.buffering.buffer_bytes;
        if full { self.encode_waiting() } else { Ok(()) }
    }

    /// Rows taken so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The most rows that waited for the encoder.
    pub fn peak_waiting_rows(&self) -> usize {
        self.peak_waiting_rows
    }

    /// Heap bytes held.
    pub fn memory_bytes(&self) -> u64 {
        self.waiting_bytes + self.cutter.memory_bytes() + self.writer.memory_size() as u64
    }

    /// Writes what is left and the footer with `metadata`, makes the file durable and reads it back.
    pub fn seal(mut self, metadata: KeyValue) -> Result<SealedFile, Error> {
        self.encode_waiting()?;
        let mut cuts = Vec::new();
        self.cutter.finish(&mut cuts).map_err(|error| Error::internal(error.to_string()))?;
        self.encode(cuts)?;
        let target = self.writer.inner().target().to_owned();
        self.writer.append_key_value_metadata(metadata);
        let pending = self.writer.into_inner().map_err(|error| write_error(&target, error))?;
        let sealed = pending.seal()?;
        check_rows(&sealed, self.rows).map_err(|error| Error::output("read back", &target, error))?;
        Ok(sealed)
    }

    fn encode_waiting(&mut self) -> Result<(), Error> {
        let mut cuts = Vec::new();
        for rows in std::mem::take(&mut self.waiting) {
            self.cutter.push(&rows, &mut cuts).map_err(|error| Error::internal(error.to_string()))?;
        }
        (self.waiting_rows, self.waiting_bytes) = (0, 0);
        self.encode(cuts)
    }

    fn encode(&mut self, cuts: Vec<Cut>) -> Result<(), Error> {
        for cut in cuts {
            let done = match cut {
                Cut::Write(batch) => self.writer.write(&batch),
                Cut::EndPart => self.writer.flush(),
            };
            done.map_err(|error| write_error(self.writer.inner().target(), error))?;
        }
        Ok(())
    }
}

fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_created_by(format!("xform-native {}", env!("CARGO_PKG_VERSION")))
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        // Only the end of a part closes a row group.
        .set_max_row_group_row_count(None)
        .set_max_row_group_bytes(None)
        // Every value is new: a dictionary would be built, found too large and thrown away.
        .set_column_dictionary_enabled(ColumnPath::from("smiles"), false)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .build()
}

fn write_error(target: &std::path::Path, error: ParquetError) -> Error {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(source) => Error::output("write", target, *source),
            Err(source) => Error::internal(format!("writing {}: {source}", target.display())),
        },
        error => Error::internal(format!("writing {}: {error}", target.display())),
    }
}

fn check_rows(sealed: &SealedFile, rows: u64) -> io::Result<()> {
    let file = File::open(sealed.temporary())?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(io::Error::other)?;
    let found = reader.metadata().file_metadata().num_rows();
    if found as u64 == rows {
        Ok(())
    } else {
        Err(io::Error::other(format!("the footer counts {found} rows of {rows}")))
    }
}
