//! Parts into one file: their encoded column chunks are appended, with their page indexes and Bloom filters; nothing is
//! encoded again.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use parquet::bloom_filter::Sbbf;
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, PageIndexPolicy, ParquetMetaDataReader};
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::file::writer::SerializedFileWriter;

use super::TableSchema;
use super::encoder::{properties, write_error};
use super::part::Part;
use crate::content::{Content, changed};
use crate::disk::Disk;
use crate::error::Error;

/// Appends the bytes of `parts`, one after the other, to `sink`, the file at `path`, and writes the footer. Memory:
/// one part.
pub fn assemble<W: Write + Send>(
    parts: impl IntoIterator<Item = Result<Bytes, Error>>,
    schema: &TableSchema,
    metadata: KeyValue,
    path: &Path,
    mut sink: W,
) -> Result<W, Error> {
    let failed = |error| write_error(path, error);
    let properties = Arc::new(schema.describe(properties()));
    let mut writer = SerializedFileWriter::new(&mut sink, schema.parquet().root_schema_ptr(), properties)
        .map_err(failed)?;
    for part in parts {
        append(&mut writer, part?).map_err(failed)?;
    }
    writer.append_key_value_metadata(metadata);
    // `into_inner` would turn an error of the last write into text.
    writer.close().map_err(failed)?;
    Ok(sink)
}

/// The bytes of a part's file, checked to be those that were written.
pub fn read_part(disk: &Disk, folder: &Path, part: &Part) -> Result<Bytes, Error> {
    let path = Part::path(folder, part.index);
    let bytes = disk.read(&path)?;
    if Content::of_bytes(&bytes).sha256 != part.sha256 {
        return Err(Error::reading(&path, changed()));
    }
    Ok(bytes.into())
}

fn append<W: Write + Send>(writer: &mut SerializedFileWriter<W>, part: Bytes) -> Result<(), ParquetError> {
    let footer = ParquetMetaDataReader::new()
        .with_page_index_policy(PageIndexPolicy::Optional)
        .parse_and_finish(&part)?;
    for (at, group) in footer.row_groups().iter().enumerate() {
        let column_indexes = footer.column_index().map(|indexes| &indexes[at]);
        let offset_indexes = footer.offset_index().map(|indexes| &indexes[at]);
        let mut target = writer.next_row_group()?;
        for (at, column) in group.columns().iter().enumerate() {
            let column_index = column_indexes.map(|indexes| indexes[at].clone());
            // The writer counts its offsets anew from where the column now begins.
            let close = ColumnCloseResult {
                bytes_written: column.compressed_size() as u64,
                rows_written: group.num_rows() as u64,
                metadata: column.clone(),
                bloom_filter: Sbbf::read_from_column_chunk(column, &part)?,
                column_index: column_index.filter(|index| !matches!(index, ColumnIndexMetaData::NONE)),
                offset_index: offset_indexes.map(|indexes| indexes[at].clone()),
            };
            target.append_column(&part, close)?;
        }
        target.close()?;
    }
    Ok(())
}
