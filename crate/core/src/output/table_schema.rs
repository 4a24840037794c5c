//! The columns of a table: how its rows are held in memory and in logs, and what its file declares.

use std::sync::Arc;

use arrow::datatypes::{Field, FieldRef, Schema, SchemaRef};
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::arrow::{ArrowSchemaConverter, add_encoded_arrow_schema_to_metadata};
use parquet::errors::Result;
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::{SchemaDescriptor, Type, TypePtr};

use super::shared::shared_field;
use crate::column_type::{Declared, ParquetColumn};
use crate::error::Error;

const SOURCE_ROW: &str = "source_row";

/// The columns of a table.
#[derive(Debug)]
pub struct TableSchema {
    rows: SchemaRef,
    parquet: SchemaDescriptor,
    arrow: Schema,
    is_by_source_row: bool,
}

/// A column of a table.
pub struct TableColumn {
    field: FieldRef,
    declared: Option<Declared>,
    is_shared: bool,
}

impl From<Field> for TableColumn {
    /// A column that this program adds; its Arrow type is sufficient.
    fn from(field: Field) -> Self {
        Self { field: Arc::new(field), declared: None, is_shared: false }
    }
}

impl From<ParquetColumn> for TableColumn {
    /// A column of a file that a run has written.
    fn from(column: ParquetColumn) -> Self {
        Self { field: column.held, declared: Some(column.declared), is_shared: false }
    }
}

impl TableColumn {
    /// A column of the input, held as `field`, with that field's name.
    pub fn carried(field: FieldRef, declared: Option<Declared>) -> Self {
        Self { field, declared, is_shared: false }
    }

    /// The column with values that many rows may share.
    pub fn shared(self) -> Self {
        Self { is_shared: true, ..self }
    }

    fn held(&self) -> FieldRef {
        if self.is_shared { shared_field(&self.field) } else { Arc::clone(&self.field) }
    }

    fn declared(&self) -> Result<Declared> {
        match &self.declared {
            Some(declared) => declared.renamed(self.field.name(), self.field.is_nullable()),
            None => {
                let alone = Schema::new(vec![Arc::clone(&self.field)]);
                let parquet = ArrowSchemaConverter::new().convert(&alone)?;
                let parquet = Arc::clone(&parquet.root_schema().get_fields()[0]);
                Ok(Declared { parquet, arrow: Arc::clone(&self.field) })
            }
        }
    }
}

impl TableSchema {
    /// A table of these columns.
    ///
    /// # Errors
    /// An internal error: columns that cannot be written are refused when they are read.
    pub fn new(columns: Vec<TableColumn>) -> std::result::Result<Arc<Self>, Error> {
        let declared = columns.iter().map(TableColumn::declared).collect::<Result<Vec<_>>>();
        let (types, fields): (Vec<TypePtr>, Vec<FieldRef>) = declared
            .map_err(parquet_error)?
            .into_iter()
            .map(|declared| (declared.parquet, declared.arrow))
            .unzip();
        Ok(Arc::new(Self {
            rows: Arc::new(Schema::new(columns.iter().map(TableColumn::held).collect::<Vec<_>>())),
            parquet: descriptor(types)?,
            arrow: Schema::new(fields),
            is_by_source_row: false,
        }))
    }

    /// The table if its rows are in the order of their source row, at least within each row group.
    pub fn by_source_row(self: Arc<Self>) -> Arc<Self> {
        let Self { rows, parquet, arrow, .. } = &*self;
        let (rows, parquet, arrow) = (Arc::clone(rows), parquet.clone(), arrow.clone());
        Arc::new(Self { rows, parquet, arrow, is_by_source_row: true })
    }

    /// The table of these columns alone, in the order of `names`; a name without a column is ignored.
    ///
    /// # Errors
    /// Like [`Self::new`].
    pub fn only(&self, names: &[&str]) -> std::result::Result<Arc<Self>, Error> {
        let roots = self.parquet.root_schema().get_fields();
        let (mut rows, mut types, mut arrow) = (Vec::new(), Vec::new(), Vec::new());
        for index in names.iter().filter_map(|name| self.rows.index_of(name).ok()) {
            rows.push(Arc::clone(&self.rows.fields()[index]));
            types.push(Arc::clone(&roots[index]));
            arrow.push(Arc::clone(&self.arrow.fields()[index]));
        }
        Ok(Arc::new(Self {
            rows: Arc::new(Schema::new(rows)),
            parquet: descriptor(types)?,
            arrow: Schema::new(arrow),
            is_by_source_row: false,
        }))
    }

    /// The columns of the rows in memory and in logs.
    pub fn rows(&self) -> &SchemaRef {
        &self.rows
    }

    /// The columns of the file.
    pub fn parquet(&self) -> &SchemaDescriptor {
        &self.parquet
    }

    /// The `properties` of a file with these columns, with its Arrow schema in the metadata, and its order.
    pub fn describe(&self, properties: WriterProperties) -> WriterProperties {
        let mut properties = properties.into_builder().set_sorting_columns(self.order()).build();
        add_encoded_arrow_schema_to_metadata(&self.arrow, &mut properties);
        properties
    }

    /// The column by which the rows of a row group are sorted.
    fn order(&self) -> Option<Vec<SortingColumn>> {
        let mut leaves = self.parquet.columns().iter();
        let at =
            leaves.position(|leaf| leaf.path().parts() == [SOURCE_ROW]).filter(|_| self.is_by_source_row)?;
        Some(vec![SortingColumn { column_idx: at as i32, descending: false, nulls_first: false }])
    }

    /// The writer options of a file with these columns and `properties`.
    pub fn writer_options(&self, properties: WriterProperties) -> ArrowWriterOptions {
        ArrowWriterOptions::new()
            .with_properties(self.describe(properties))
            .with_parquet_schema(self.parquet.clone())
            .with_skip_arrow_metadata(true)
    }
}

/// A file's columns of these types.
fn descriptor(types: Vec<TypePtr>) -> std::result::Result<SchemaDescriptor, Error> {
    // The name that arrow-rs gives it.
    let root = Type::group_type_builder("arrow_schema").with_fields(types).build();
    Ok(SchemaDescriptor::new(Arc::new(root.map_err(parquet_error)?)))
}

fn parquet_error(error: parquet::errors::ParquetError) -> Error {
    Error::internal(format!("the columns of the output: {error}"))
}
