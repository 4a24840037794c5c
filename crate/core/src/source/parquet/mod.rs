//! Parquet, a page of each chosen column at a time.
//!
//! String columns are read as bytes and checked here: arrow-rs would give up the file at the first value that is not
//! UTF-8, although only that row should be refused. Arrow dictionaries are not rebuilt either, so neither the key
//! type nor the size of a dictionary matters. The bytes are read as views, so a thousand rows that refer to one long
//! value take no more memory than one row.
//!
//! A file may be made to do harm: its claims are checked before the decoder relies on them (`footer`, `pages`), and a
//! panic of the decoder becomes an error.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::datatypes::{Fields, Schema, SchemaRef};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, RowGroups, RowSelection, RowSelector};
use parquet::arrow::{ProjectionMask, parquet_to_arrow_field_levels};
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaData;

use self::int96::in_microseconds;
use self::pages::CheckedRowGroups;
use self::schema::{Decoding, FileSchema};
use super::columns::{ByContent, Choice, choose};
use super::decoded::{DecodedBatch, Projection};
use super::guard::guard;
use super::{CHUNK_ROWS, Chunk, InputColumns, Source, SourceOptions};
use crate::column_type::{Declared, Purpose};
use crate::error::Error;
use crate::stable_file::StableFile;

mod footer;
mod int96;
mod pages;
mod schema;
mod thrift;

/// Decoded bytes of a batch, by the file's own average: fewer rows than [`CHUNK_ROWS`] if rows are large.
const BATCH_BYTES: u64 = 4 << 20;
/// Fewer rows than this are not worth a call, however large they are.
const MIN_BATCH_ROWS: u64 = 16;

/// A Parquet file.
pub(super) struct ParquetSource {
    path: PathBuf,
    columns: InputColumns,
    schema: SchemaRef,
    projection: Projection,
    total_rows: u64,
    /// `None` once it has failed.
    reader: Option<ParquetRecordBatchReader>,
    batch: Option<DecodedBatch>,
    batches: Arc<AtomicU64>,
    rows: u64,
    decoder: Decoder,
}

impl ParquetSource {
    /// The library in `file`.
    pub(super) fn open(file: &StableFile, options: &SourceOptions) -> Result<Self, Error> {
        let choose = |fields: &Fields| choose(file.path(), fields, options, ByContent::default());
        let mut source = Self::open_for(Purpose::CarriedOver, file, choose)?;
        source.columns.notation = options.notation();
        Ok(source)
    }

    /// The columns that `choose` chooses among those of `file`, read for that purpose.
    pub(super) fn open_for(
        purpose: Purpose,
        file: &StableFile,
        choose: impl FnOnce(&Fields) -> Result<Choice, Error>,
    ) -> Result<Self, Error> {
        let path = file.path();
        let refuse = |reason: String| Error::InputUnreadable { path: path.to_owned(), reason };
        let file_schema = guard(|| FileSchema::read(file, purpose)).map_err(refuse)?;
        let fields = file_schema.fields();
        let choice = choose(&fields)?;
        let (mut columns, outputs) = InputColumns::new(&fields, &choice);
        columns.declared = declared(path, &file_schema, &choice, purpose)?.into_iter().map(Some).collect();

        let projection = Projection::new(choice.smiles, &outputs);
        let groups = file_schema.metadata.row_groups().iter();
        let total_rows = groups
            .map(|group| u64::try_from(group.num_rows()).ok())
            .try_fold(0_u64, |sum, rows| sum.checked_add(rows?))
            .ok_or_else(|| refuse("the row counts of its row groups are inconsistent".to_owned()))?;
        let decoding = guard(|| file_schema.decoding(choice.smiles, &projection.columns)).map_err(refuse)?;
        let parquet_schema = decoding.metadata.file_metadata().schema_descr();
        let mask = ProjectionMask::roots(parquet_schema, projection.columns.iter().copied());
        let batches = Arc::new(AtomicU64::new(0));
        let decoder = Decoder { file: file.clone(), decoding, mask, batches: Arc::clone(&batches) };
        let (reader, _) = decoder.reader_before(0).map_err(refuse)?;
        Ok(Self {
            path: path.to_owned(),
            schema: Arc::new(Schema::new(columns.fields())),
            columns,
            projection,
            total_rows,
            reader: Some(reader),
            batch: None,
            batches,
            rows: 0,
            decoder,
        })
    }

    /// The batch with rows left, decoding the next one if the last is used up; `None` at the end of the file.
    fn batch(&mut self) -> Result<Option<DecodedBatch>, Error> {
        if let Some(batch) = self.batch.take() {
            return Ok(Some(batch));
        }
        let Some(mut reader) = self.reader.take() else { return Ok(None) };
        self.batches.fetch_add(1, Ordering::Relaxed);
        let next = guard(|| reader.next().transpose());
        match next.map_err(|reason| self.corrupt(reason))? {
            Some(columns) => {
                self.reader = Some(reader);
                DecodedBatch::new(columns, &self.projection).map(Some)
            }
            None if self.rows == self.total_rows => Ok(None),
            None => Err(self.corrupt(format!("its row groups announce {} rows", self.total_rows))),
        }
    }

    fn corrupt(&self, reason: String) -> Error {
        Error::InputCorrupt { path: self.path.clone(), row: self.rows, reason }
    }
}

impl Source for ParquetSource {
    fn columns(&self) -> &InputColumns {
        &self.columns
    }

    fn total_rows(&self) -> Option<u64> {
        Some(self.total_rows)
    }

    fn skip(&mut self, rows: u64, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        let target = self.rows + rows;
        let (reader, first) = self.decoder.reader_before(target).map_err(|reason| self.corrupt(reason))?;
        if first > self.rows {
            (self.reader, self.batch, self.rows) = (Some(reader), None, first);
        }
        while self.rows < target {
            stop_check()?;
            let Some(mut batch) = self.batch()? else {
                return Err(self.corrupt("its rows end early".to_owned()));
            };
            self.rows += batch.skip(target - self.rows);
            self.batch = Some(batch).filter(|batch| !batch.is_used_up());
        }
        Ok(())
    }

    fn next_chunk(&mut self, max_rows: usize) -> Result<Option<Chunk>, Error> {
        let Some(mut batch) = self.batch()? else { return Ok(None) };
        let chunk = batch.next_chunk(max_rows, self.columns.notation, &self.schema, in_microseconds);
        let chunk = chunk.map_err(|reason| self.corrupt(reason))?;
        self.rows += chunk.smiles.len() as u64;
        self.batch = Some(batch).filter(|batch| !batch.is_used_up());
        Ok(Some(chunk))
    }
}

/// What is needed to decode the file from any row on.
struct Decoder {
    file: StableFile,
    decoding: Decoding,
    mask: ProjectionMask,
    batches: Arc<AtomicU64>,
}

impl Decoder {
    /// A reader from row `row`, or from an earlier row in the same row group, with that row's number; earlier row
    /// groups are not read.
    ///
    /// The decoder skips rows itself only if no list is read. The pages of a list do not state their number of rows,
    /// so the decoder would unpack all of them for its next batch, which may exceed what a batch may touch (`pages`).
    fn reader_before(&self, row: u64) -> Result<(ParquetRecordBatchReader, u64), String> {
        guard(|| {
            let metadata = &self.decoding.metadata;
            let (mut first_group, mut offset) = (0, row);
            for group in metadata.row_groups() {
                let rows = group.num_rows().max(0) as u64;
                if offset < rows {
                    break;
                }
                (first_group, offset) = (first_group + 1, offset - rows);
            }
            let groups = CheckedRowGroups {
                file: self.file.clone(),
                metadata: Arc::clone(metadata),
                first_group,
                batch: Arc::clone(&self.batches),
            };
            let selection = (offset > 0 && !self.reads_lists()).then(|| {
                let left = groups.num_rows() - offset as usize;
                RowSelection::from(vec![RowSelector::skip(offset as usize), RowSelector::select(left)])
            });
            let rows = batch_rows(metadata, &self.mask);
            let fields = Some(&self.decoding.fields);
            let levels = parquet_to_arrow_field_levels(
                metadata.file_metadata().schema_descr(),
                self.mask.clone(),
                fields,
            )?;
            let first = if selection.is_some() { row } else { row - offset };
            let reader =
                ParquetRecordBatchReader::try_new_with_row_groups(&levels, &groups, rows, selection)?;
            Ok::<_, ParquetError>((reader, first))
        })
    }

    fn reads_lists(&self) -> bool {
        let leaves = self.decoding.metadata.file_metadata().schema_descr().columns().iter().enumerate();
        leaves
            .filter(|(leaf, _)| self.mask.leaf_included(*leaf))
            .any(|(_, column)| column.max_rep_level() > 0)
    }
}

/// The types that the id and the kept columns have in the file. A column that cannot be carried over is refused by
/// name.
fn declared(
    path: &Path,
    file: &FileSchema,
    choice: &Choice,
    purpose: Purpose,
) -> Result<Vec<Declared>, Error> {
    let advice_for_kept = match purpose {
        Purpose::CarriedOver => "leave it out of --keep-columns",
        Purpose::Values => "leave it out of --columns",
    };
    let refuse = |index: usize, reason: &str, advice: &str| {
        let name = file.fields()[index].name().clone();
        Error::InputColumn {
            path: path.to_owned(),
            reason: format!("column {name:?} cannot be used: {reason}; {advice}"),
        }
    };
    if let Some(reason) = file.unreadable(choice.smiles) {
        return Err(refuse(choice.smiles, reason, "decrypt it, or name another column"));
    }
    let id = choice.id.map(|index| (index, "name another column with --id-column"));
    let kept = choice.kept.iter().map(|&(index, _)| (index, advice_for_kept));
    id.into_iter()
        .chain(kept)
        .map(|(index, advice)| match file.types(index) {
            Ok(types) => Ok(types.declared.clone()),
            Err(reason) => Err(refuse(index, &reason, advice)),
        })
        .collect()
}

/// Rows per batch, chosen so that the projected columns stay near [`BATCH_BYTES`].
fn batch_rows(metadata: &ParquetMetaData, mask: &ProjectionMask) -> usize {
    let (mut bytes, mut rows) = (0, 0);
    for group in metadata.row_groups() {
        let columns = group.columns().iter().enumerate().filter(|(leaf, _)| mask.leaf_included(*leaf));
        bytes += columns.map(|(_, column)| column.uncompressed_size().max(0) as u64).sum::<u64>();
        rows += group.num_rows().max(0) as u64;
    }
    let row_bytes = (bytes / rows.max(1)).max(fixed_bytes(metadata, mask));
    (BATCH_BYTES / row_bytes.max(1)).clamp(MIN_BATCH_ROWS, CHUNK_ROWS as u64) as usize
}

/// Bytes per row of the values of fixed length, even if they are null or stored in a dictionary.
fn fixed_bytes(metadata: &ParquetMetaData, mask: &ProjectionMask) -> u64 {
    let columns = metadata.file_metadata().schema_descr().columns().iter().enumerate();
    let columns = columns.filter(|(leaf, _)| mask.leaf_included(*leaf));
    columns.map(|(_, column)| column.type_length().max(0) as u64).sum()
}
