//! Reads the files of a run again: for a merge, which combines several, and for `verify`.
//!
//! Memory: a page of each column, and one record batch; at most the values of a part, because row groups are parts.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Fields, Int32Type, Int64Type, Schema, SchemaRef};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::file::metadata::{
    FileMetaData, KeyValue, ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData,
};
use parquet::file::statistics::Statistics;
use serde_json::Value;

use super::metadata::METADATA_KEY;
use super::part::PART_BYTES;
use super::row_bytes::value_bytes;
use super::shared::{Sharing, shared_field};
use super::{Rows, TableColumn, TableSchema, products, rejects};
use crate::column_type::{Hint, Hints, ParquetColumn, retyped};
use crate::content::Content;
use crate::disk::Disk;
use crate::error::Error;
use crate::source::FILE_COLUMN;
use crate::stable_file::{Blocks, StableFile};

/// Maximum rows of a record batch that is read.
const BATCH_ROWS: usize = 1_024;
/// The products' columns before those that the engine computes; after these come the kept ones.
const PLACE_COLUMNS: [&str; 2] = ["product_index", "xf_site_index"];

/// A Parquet file of a run. Each of its readers opens it again, and all must find the same content.
pub struct WrittenFile {
    disk: Disk,
    path: PathBuf,
    blocks: Arc<Blocks>,
    /// The file's own metadata.
    metadata: Option<Vec<KeyValue>>,
    /// The footer, with the types as which the values are read.
    footer: ArrowReaderMetadata,
    schema: Arc<TableSchema>,
    /// `None` for rejects.
    product_columns: Option<ProductColumns>,
}

/// The positions of the products' columns that depend on the engine and on the library.
struct ProductColumns {
    has_id: bool,
    /// The columns that the engine computes; the kept columns follow.
    computed: Range<usize>,
}

impl ProductColumns {
    /// From the names of all columns and the library's columns in the file's metadata.
    fn of(names: &[&String], metadata: &Value) -> Option<Self> {
        let library = &metadata["columns"];
        let kept = library["kept"].as_array().map_or(0, Vec::len);
        let first = names.iter().position(|name| *name == PLACE_COLUMNS[0])? + PLACE_COLUMNS.len();
        let computed = first..names.len().checked_sub(kept)?.max(first);
        Some(Self { has_id: !library["id"].is_null(), computed })
    }

    /// Whether rows may share values of that column, which products copy from their parents.
    fn shares(&self, index: usize, name: &str) -> bool {
        index >= self.computed.end || ["source_id", "source_smiles"].contains(&name)
    }
}

impl WrittenFile {
    /// The file at `path`.
    pub fn open(disk: &Disk, path: &Path) -> Result<Self, Error> {
        let failed = |error| Error::output("read", path, error);
        let file = StableFile::new(path, disk.open(path)?).map_err(failed)?;
        let footer = footer_of(&file).map_err(failed)?;
        let metadata = footer.file_metadata().key_value_metadata().cloned();
        let mut columns = columns_of(footer.file_metadata()).map_err(|error| read_error(path, error))?;
        let names: Vec<&String> = columns.iter().map(|column| column.held.name()).collect();
        let product_columns = ProductColumns::of(&names, &metadata_of(metadata.as_ref()).unwrap_or_default());
        let is_shared = |(index, name): (usize, &&String)| {
            product_columns.as_ref().is_some_and(|columns| columns.shares(index, name))
        };
        let is_shared: Vec<bool> = names.iter().enumerate().map(is_shared).collect();
        for (column, is_shared) in columns.iter_mut().zip(&is_shared) {
            if *is_shared {
                column.decoded = shared_field(&column.decoded);
            }
        }
        let footer = with_columns(footer, &columns).map_err(|error| read_error(path, error))?;
        let columns = columns.into_iter().map(TableColumn::from).zip(is_shared);
        let columns = columns.map(|(column, is_shared)| if is_shared { column.shared() } else { column });
        let schema = TableSchema::new(columns.collect())?;
        let blocks = Arc::clone(file.blocks());
        let path = path.to_owned();
        Ok(Self { disk: disk.clone(), path, blocks, metadata, footer, schema, product_columns })
    }

    /// Its columns, as they were written.
    pub fn schema(&self) -> &Arc<TableSchema> {
        &self.schema
    }

    /// Its metadata about its origin.
    pub fn metadata(&self) -> io::Result<Value> {
        metadata_of(self.metadata.as_ref())
    }

    /// Its row groups.
    pub fn groups(&self) -> Range<usize> {
        0..self.footer.metadata().num_row_groups()
    }

    /// The row group with which the deferred rows that proved unique begin, in the products of an exact run; the end
    /// if there are none.
    ///
    /// Deferred rows begin a row group. All row groups before them end between two source rows, so each begins at a
    /// higher source row than the one before it ended. The first deferred row may happen to be higher too; then the
    /// file as a whole is in total order.
    pub fn deferred_group(&self) -> Result<usize, Error> {
        let mut latest = None;
        for (index, group) in self.footer.metadata().row_groups().iter().enumerate() {
            let (first, last) = source_rows(group).ok_or_else(|| {
                let reason = "a row group does not state its source rows";
                Error::output("use", &self.path, io::Error::other(reason))
            })?;
            if latest.is_some_and(|latest| first <= latest) {
                return Ok(index);
            }
            latest = Some(last);
        }
        Ok(self.groups().end)
    }

    /// Size and SHA-256 of the file; `stop_check` is called meanwhile.
    pub fn content(&self, stop_check: &mut dyn FnMut() -> Result<(), Error>) -> Result<Content, Error> {
        let content = Content::of_while(&mut self.file()?.reader(), stop_check)?;
        content.map_err(|error| self.or_changed(Error::output("read", &self.path, error)))
    }

    fn file(&self) -> Result<StableFile, Error> {
        let file = StableFile::again(&self.path, self.disk.open(&self.path)?, &self.blocks);
        file.map_err(|error| self.or_changed(Error::output("read", &self.path, error)))
    }

    fn or_changed(&self, error: Error) -> Error {
        changed(&self.path, &self.blocks).unwrap_or(error)
    }

    /// The rows of some row groups.
    pub fn batches(&self, groups: Range<usize>) -> Result<Batches, Error> {
        self.read(groups, &(0..self.schema.rows().fields().len()).collect::<Vec<_>>())
    }

    /// All rows, with only the columns of these names, in the order of the file.
    pub fn batches_of(&self, names: &[&str]) -> Result<Batches, Error> {
        let fields = self.schema.rows().fields().iter().enumerate();
        let wanted = fields.filter(|(_, field)| names.contains(&field.name().as_str()));
        self.read(self.groups(), &wanted.map(|(index, _)| index).collect::<Vec<_>>())
    }

    /// The lowest and the highest value of a column of numbers, as its row groups state them; `None` if it has no value.
    pub fn range_of(&self, name: &str) -> Option<(f64, f64)> {
        let groups = self.footer.metadata().row_groups().iter();
        let ranges = groups.filter_map(|group| match statistics(group, name)? {
            Statistics::Int32(values) => Some((f64::from(*values.min_opt()?), f64::from(*values.max_opt()?))),
            Statistics::Double(values) => Some((*values.min_opt()?, *values.max_opt()?)),
            _ => None,
        });
        ranges.reduce(|(min, max), (lower, higher)| (min.min(lower), max.max(higher)))
    }

    fn read(&self, groups: Range<usize>, columns: &[usize]) -> Result<Batches, Error> {
        let failed = |error: String| self.or_changed(read_error(&self.path, error));
        let wanted = ProjectionMask::roots(self.footer.parquet_schema(), columns.iter().copied());
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(self.file()?, self.footer.clone())
            .with_row_groups(groups.collect())
            .with_projection(wanted)
            .with_batch_size(self.batch_rows())
            .build()
            .map_err(|error| failed(error.to_string()))?;
        let schema = self.schema.rows().project(columns).map_err(|error| failed(error.to_string()))?;
        Ok(Batches {
            path: self.path.clone(),
            blocks: Arc::clone(&self.blocks),
            reader,
            schema: Arc::new(schema),
            sharing: Sharing::default(),
        })
    }

    /// Products of this file as rows for the writer, with the same sizes as when they were made. `None` if columns are
    /// missing or have a different type.
    pub fn product_rows(&self, batch: RecordBatch) -> Option<Rows> {
        let ProductColumns { has_id, computed } = self.product_columns.as_ref()?;
        let text = |name: &str| batch.column_by_name(name)?.as_string_opt::<i32>();
        let (smiles, product_id) = (text("smiles")?, text("product_id")?);
        let parent = batch.column_by_name("source_smiles")?.as_string_view_opt()?;
        let id = has_id.then(|| batch.column_by_name("source_id")).flatten();
        let carried: Vec<_> = id.into_iter().chain(&batch.columns()[computed.end..]).collect();
        let computed = &batch.columns()[computed.clone()];
        let sizes = (0..batch.num_rows()).map(|row| {
            let carried: usize = carried.iter().map(|column| value_bytes(column, row)).sum();
            let carried = parent.value(row).len() + carried;
            let texts = smiles.value(row).len() + product_id.value(row).len();
            products::value_bytes_of(texts, computed, row, carried)
        });
        rows(sizes.collect(), batch)
    }

    /// Rows per record batch, fewer if they are large.
    fn batch_rows(&self) -> usize {
        let row_bytes = self
            .footer
            .metadata()
            .row_groups()
            .iter()
            .map(|group| group.total_byte_size().unsigned_abs() / group.num_rows().unsigned_abs().max(1));
        let row_bytes = row_bytes.max().unwrap_or(0).max(1);
        (PART_BYTES / row_bytes).clamp(1, BATCH_ROWS as u64) as usize
    }
}

/// Record batches of a file, in its order.
pub struct Batches {
    path: PathBuf,
    blocks: Arc<Blocks>,
    reader: ParquetRecordBatchReader,
    schema: SchemaRef,
    sharing: Sharing,
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.reader.next()?;
        let batch = batch.and_then(|batch| {
            let columns = self.sharing.share(batch.columns(), self.schema.fields())?;
            RecordBatch::try_new(Arc::clone(&self.schema), columns)
        });
        Some(batch.map_err(|error| {
            changed(&self.path, &self.blocks).unwrap_or_else(|| read_error(&self.path, error))
        }))
    }
}

/// An error if the file changed while it was read.
fn changed(path: &Path, blocks: &Blocks) -> Option<Error> {
    let reason = format!("it changed while it was read: {}", blocks.change()?);
    Some(Error::ShardDamaged { path: path.to_owned(), reason })
}

/// The metadata of the file at `path` about its origin.
pub fn read_metadata(path: &Path) -> io::Result<Value> {
    let footer = read_footer(File::open(path)?)?;
    metadata_of(footer.file_metadata().key_value_metadata())
}

/// The footer of a file.
pub fn read_footer(file: File) -> io::Result<ParquetMetaData> {
    footer_of(&StableFile::new(Path::new(""), file)?)
}

fn footer_of(file: &StableFile) -> io::Result<ParquetMetaData> {
    ParquetMetaDataReader::new().parse_and_finish(file).map_err(io::Error::other)
}

/// The columns of a file that a run has written.
fn columns_of(file: &FileMetaData) -> parquet::errors::Result<Vec<ParquetColumn>> {
    let hints = Hints::of(file.key_value_metadata());
    let roots = file.schema_descr().root_schema().get_fields().iter().enumerate();
    roots
        .map(|(index, root)| match hints.get(index, root.name()) {
            Hint::Field(field) => ParquetColumn::new(root, Some(field)),
            Hint::None | Hint::Unknown => ParquetColumn::new(root, None),
        })
        .collect()
}

/// The footer, with the types as which the values of `columns` are read.
fn with_columns(
    footer: ParquetMetaData,
    columns: &[ParquetColumn],
) -> parquet::errors::Result<ArrowReaderMetadata> {
    let fields: Fields = columns.iter().map(|column| Arc::clone(&column.decoded)).collect();
    let footer = retyped(footer, columns.iter().map(|column| Arc::clone(&column.read)).collect())?;
    let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(fields)));
    ArrowReaderMetadata::try_new(Arc::new(footer), options)
}

fn metadata_of(pairs: Option<&Vec<KeyValue>>) -> io::Result<Value> {
    let text = pairs.into_iter().flatten().find(|pair| pair.key == METADATA_KEY);
    let text = text.and_then(|pair| pair.value.as_deref());
    let text = text.ok_or_else(|| io::Error::other(format!("it has no {METADATA_KEY} metadata")))?;
    serde_json::from_str(text).map_err(io::Error::other)
}

/// The position of a product in total order: source row, transform (`None` if its name is unknown), site, product
/// template.
pub type Place = (i64, Option<usize>, i32, i32);

/// The position of each product of `batch`, with its SMILES; `names` are those of the transforms in file order.
/// `None` if columns are missing or have a different type.
pub fn places<'a>(batch: &'a RecordBatch, names: &[impl AsRef<str>]) -> Option<Vec<(Place, &'a str)>> {
    let column = |name: &str| batch.column_by_name(name);
    let smiles = column("smiles")?.as_string_opt::<i32>()?;
    let source_row = column("source_row")?.as_primitive_opt::<Int64Type>()?;
    let xf_name = column("xf_name")?.as_string_opt::<i32>()?;
    let site = column("xf_site_index")?.as_primitive_opt::<Int32Type>()?;
    let product = column("product_index")?.as_primitive_opt::<Int32Type>()?;
    let place = |index: usize| {
        let transform = names.iter().position(|name| name.as_ref() == xf_name.value(index));
        (source_row.value(index), transform, site.value(index), product.value(index))
    };
    Some((0..batch.num_rows()).map(|index| (place(index), smiles.value(index))).collect())
}

/// Reject records as rows for the writer. `None` if columns are missing or have a different type.
pub fn reject_rows(batch: RecordBatch) -> Option<Rows> {
    let text = |name: &str| batch.column_by_name(name)?.as_string_opt::<i32>();
    let (smiles, reason) = (text("source_smiles")?, text("reason")?);
    let carried = [Some(batch.column_by_name("source_id")?), batch.column_by_name(FILE_COLUMN)];
    let carried: Vec<_> = carried.into_iter().flatten().collect();
    let sizes = (0..batch.num_rows()).map(|row| {
        let smiles = smiles.is_valid(row).then(|| smiles.value(row));
        rejects::value_bytes_of(smiles, reason.value(row), &carried, row)
    });
    rows(sizes.collect(), batch)
}

fn rows(value_bytes: Vec<u32>, batch: RecordBatch) -> Option<Rows> {
    let source_rows = batch.column_by_name("source_row")?.as_primitive_opt::<Int64Type>()?.values().to_vec();
    Some(Rows { batch, source_rows, value_bytes })
}

/// What a row group states of a column.
fn statistics<'a>(group: &'a RowGroupMetaData, name: &str) -> Option<&'a Statistics> {
    group.columns().iter().find(|column| column.column_path().string() == name)?.statistics()
}

/// The lowest and the highest source row of a row group.
fn source_rows(group: &RowGroupMetaData) -> Option<(i64, i64)> {
    match statistics(group, "source_row")? {
        Statistics::Int64(values) => Some((*values.min_opt()?, *values.max_opt()?)),
        _ => None,
    }
}

fn read_error(path: &Path, error: impl ToString) -> Error {
    Error::output("read", path, io::Error::other(error.to_string()))
}
