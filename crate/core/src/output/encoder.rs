//! Encodes rows into Parquet row groups, with bytes that depend only on the rows.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::compute::BatchCoalescer;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use super::TableSchema;
use super::part::BATCH_ROWS;
use crate::error::Error;

/// Maximum number of row groups in a file: readers number them in 16 bits.
const MAX_GROUPS: usize = i16::MAX as usize;

/// Rows of a page: what a reader that looks for one row decodes at least.
const PAGE_ROWS: usize = BATCH_ROWS;
/// Distinct values for which a Bloom filter is sized at first; it is folded to the size that it needs.
const MAX_DISTINCT: u64 = 1 << 18;
/// Share of the row groups without a value that its Bloom filter does not rule out.
const FALSE_POSITIVES: f64 = 0.01;

/// An error if the file at `path`, which will have `groups` row groups, would exceed the maximum.
pub fn check_groups(path: &Path, groups: usize) -> Result<(), Error> {
    if groups <= MAX_GROUPS {
        return Ok(());
    }
    let reason = format!(
        "it would have more than {MAX_GROUPS} row groups, the most that a Parquet file can have; run the library in \
         shards (--shard), and do not merge them"
    );
    Err(Error::output("write", path, io::Error::other(reason)))
}

/// Encodes rows in record batches of [`BATCH_ROWS`], counted from the start of a row group.
pub struct Encoder<W: Write + Send> {
    path: PathBuf,
    coalescer: BatchCoalescer,
    writer: ArrowWriter<W>,
    groups: usize,
}

impl<W: Write + Send> Encoder<W> {
    /// An encoder that writes to `sink`; errors name `path`.
    pub fn new(sink: W, path: &Path, schema: &TableSchema) -> Result<Self, Error> {
        let options = schema.writer_options(properties());
        let writer = ArrowWriter::try_new_with_options(sink, Arc::clone(schema.rows()), options)
            .map_err(|error| write_error(path, error))?;
        let coalescer = BatchCoalescer::new(Arc::clone(schema.rows()), BATCH_ROWS);
        Ok(Self { path: path.to_owned(), coalescer, writer, groups: 0 })
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
        if self.writer.in_progress_rows() > 0 {
            self.groups += 1;
            check_groups(&self.path, self.groups)?;
        }
        self.writer.flush().map_err(|error| write_error(&self.path, error))
    }

    /// Closes the open row group and writes the footer. Only for a sink in memory, because an error of the last write
    /// would become plain text here.
    pub fn finish(mut self) -> Result<W, Error> {
        self.end_group()?;
        self.writer.into_inner().map_err(|error| write_error(&self.path, error))
    }

    /// Like `finish` for any sink, with `metadata` in the footer.
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

/// The properties of every file that is written.
pub fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_created_by(format!("xform-native {}", env!("CARGO_PKG_VERSION")))
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        // Only the end of a part closes a row group.
        .set_max_row_group_row_count(None)
        .set_max_row_group_bytes(None)
        // Values that are new or rarely repeat: a dictionary would be built, found too large and discarded.
        .set_column_dictionary_enabled(ColumnPath::from("smiles"), false)
        .set_column_dictionary_enabled(ColumnPath::from("product_id"), false)
        .set_column_dictionary_enabled(ColumnPath::from("source_id"), false)
        // This column only grows: 0.03 bytes per row, compared with 1.7 for a dictionary (polyphenol-2X, OMe: a tenth
        // of the file).
        .set_column_dictionary_enabled(ColumnPath::from("source_row"), false)
        .set_column_encoding(ColumnPath::from("source_row"), Encoding::DELTA_BINARY_PACKED)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_column_statistics_enabled(ColumnPath::from("source_row"), EnabledStatistics::Page)
        .set_column_statistics_enabled(ColumnPath::from("source_id"), EnabledStatistics::Page)
        .set_column_statistics_enabled(ColumnPath::from("product_id"), EnabledStatistics::Page)
        .set_data_page_row_count_limit(PAGE_ROWS)
        // One of product_id would be an eighth of the file. Whoever looks for a product can name its parent as well.
        .set_column_bloom_filter_max_ndv(ColumnPath::from("source_id"), MAX_DISTINCT)
        .set_column_bloom_filter_fpp(ColumnPath::from("source_id"), FALSE_POSITIVES)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Rows;

    #[test]
    fn more_row_groups_than_a_file_can_have_are_an_error_with_a_way_out() {
        let path = Path::new("rejects.parquet");
        let mut encoder = Encoder::new(io::sink(), path, &Rows::schema_of_source_rows()).unwrap();
        let mut group = || {
            encoder.push(Rows::of_source_rows(vec![1]).batch)?;
            encoder.end_group()
        };
        (0..MAX_GROUPS).for_each(|_| group().unwrap());
        let error = group().unwrap_err();
        assert_eq!(error.code(), "XFORM_OUTPUT_FAILED");
        let words = error.to_string();
        assert!(words.contains("rejects.parquet: it would have more than 32767 row groups"), "{words}");
        assert!(words.contains("(--shard)"), "{words}");
    }
}
