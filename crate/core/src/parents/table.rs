//! The columns of the table, and its rows as bytes.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray, StringBuilder};
use arrow::compute::cast;
use arrow::datatypes::Int64Type;
use arrow::error::ArrowError;
use arrow::row::{RowConverter, Rows as EncodedRows, SortField};

use crate::dedup::DedupKey;
use crate::error::Error;
use crate::output::row_bytes::value_bytes;
use crate::output::{Rows, TableSchema, table_error};

/// The columns, which are those of the products: of the written row the first one, of the row itself the others. The
/// property by which products are recognised follows, if there is one. `xf_site_atoms` exists if the engine computes it.
const COLUMNS: [&str; 7] =
    [PRODUCT_ID, "smiles", "source_row", "source_id", "xf_name", "xf_site_index", "xf_site_atoms"];
const PRODUCT_ID: &str = "product_id";
/// The columns by which the repeats of a group are ordered. By its key, a row may give a product at a site twice, from
/// two product templates; these differ in their SMILES.
const ORDER: [&str; 3] = ["source_row", "xf_site_index", "smiles"];

/// Makes rows of the table.
pub struct ParentTable {
    schema: Arc<TableSchema>,
    /// The positions of the columns in encoded rows.
    order: Vec<usize>,
    converter: RowConverter,
}

impl ParentTable {
    /// The table for products with these columns, which are recognised by `key`.
    pub fn of(products: &TableSchema, key: DedupKey) -> Result<Self, Error> {
        let columns: Vec<&str> = COLUMNS.into_iter().chain(key.property()).collect();
        let schema = products.only(&columns)?;
        let fields = schema.rows().fields();
        let name = |index: &usize| fields[*index].name().as_str();
        let mut order: Vec<usize> = (0..fields.len()).collect();
        order.sort_by_key(|index| {
            ORDER.iter().position(|column| *column == name(index)).unwrap_or(ORDER.len())
        });
        let types = order.iter().map(|&index| SortField::new(fields[index].data_type().clone()));
        let converter = RowConverter::new(types.collect()).map_err(table_error)?;
        Ok(Self { schema, order, converter })
    }

    /// The names of the columns.
    pub fn columns(&self) -> Vec<&str> {
        self.schema.rows().fields().iter().map(|field| field.name().as_str()).collect()
    }

    /// The columns.
    pub fn schema(&self) -> &Arc<TableSchema> {
        &self.schema
    }

    /// The rows of `batch`, which may have other columns as well, as bytes that sort by [`ORDER`] and then by the other
    /// columns.
    pub fn encode(&self, batch: &RecordBatch) -> Result<EncodedRows, ArrowError> {
        let columns = self.select(batch)?;
        let ordered: Vec<ArrayRef> = self.order.iter().map(|&index| Arc::clone(&columns[index])).collect();
        self.converter.convert_columns(&ordered)
    }

    /// The rows with these bytes. A row that is not the first of its group gets the product id of the one before it, the
    /// first row of all that of `latest`, in which the last one is left.
    pub fn decode(&self, encoded: &[(bool, Vec<u8>)], latest: &mut String) -> Result<Rows, ArrowError> {
        let parser = self.converter.parser();
        let ordered = self.converter.convert_rows(encoded.iter().map(|(_, bytes)| parser.parse(bytes)))?;
        let names = self.order.iter().map(|&index| self.schema.rows().field(index).name());
        let mut columns: Vec<(&String, ArrayRef)> = names.zip(ordered).collect();
        for (_, ids) in columns.iter_mut().filter(|(name, _)| *name == PRODUCT_ID) {
            *ids = of_groups(ids.as_string(), encoded, latest);
        }
        self.rows(&RecordBatch::try_from_iter(columns)?)
    }

    /// The rows of `batch`, which may have other columns as well.
    pub fn rows(&self, batch: &RecordBatch) -> Result<Rows, ArrowError> {
        let columns = self.select(batch)?;
        let source_rows = columns[self.schema.rows().index_of("source_row")?].as_primitive::<Int64Type>();
        let source_rows = source_rows.values().to_vec();
        let bytes = |row| columns.iter().map(|column| value_bytes(column, row)).sum::<usize>() as u32;
        let value_bytes = (0..batch.num_rows()).map(bytes).collect();
        let batch = RecordBatch::try_new(Arc::clone(self.schema.rows()), columns)?;
        Ok(Rows { batch, source_rows, value_bytes })
    }

    /// The table's columns of `batch`, with the table's types.
    fn select(&self, batch: &RecordBatch) -> Result<Vec<ArrayRef>, ArrowError> {
        let column = |name: &str| {
            let missing = || ArrowError::SchemaError(format!("there is no column {name}"));
            batch.column_by_name(name).ok_or_else(missing)
        };
        let fields = self.schema.rows().fields().iter();
        fields.map(|field| cast(column(field.name())?, field.data_type())).collect()
    }
}

/// The product id of each row's group; `own` are those of the rows themselves.
fn of_groups(own: &StringArray, encoded: &[(bool, Vec<u8>)], latest: &mut String) -> ArrayRef {
    let mut ids = StringBuilder::with_capacity(encoded.len(), own.value_data().len());
    for (row, &(is_first, _)) in encoded.iter().enumerate() {
        if is_first {
            own.value(row).clone_into(latest);
        }
        ids.append_value(&*latest);
    }
    Arc::new(ids.finish())
}
