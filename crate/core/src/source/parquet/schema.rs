//! The schema of a Parquet file as a run reads it: no dictionaries, and text as bytes.

use std::fs::File;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::arrow::parquet_to_arrow_schema;
use parquet::basic::Type as PhysicalType;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{
    FileMetaData, ParquetMetaData, ParquetMetaDataBuilder, ParquetMetaDataOptions, ParquetMetaDataReader,
    ParquetStatisticsPolicy,
};
use parquet::schema::types::{SchemaDescriptor, Type, TypePtr};

use super::footer;
use crate::source::columns::is_text;

/// The footer, and the Arrow fields of the top-level columns with dictionaries replaced by their values.
pub(super) struct FileSchema {
    pub metadata: ParquetMetaData,
    pub fields: Fields,
}

impl FileSchema {
    /// Reads the footer of `file`.
    pub(super) fn read(mut file: &File) -> Result<Self> {
        footer::check(&mut file)?;
        let metadata = read_footer(file)?;
        let footer = metadata.file_metadata();
        let schema = footer.schema_descr();
        // A tool that rewrote the columns may have left an Arrow schema that no longer fits; it is only a hint.
        let arrow = parquet_to_arrow_schema(schema, footer.key_value_metadata())
            .or_else(|_| parquet_to_arrow_schema(schema, None))?;
        if arrow.fields().len() != schema.root_schema().get_fields().len() {
            return Err(ParquetError::General("it has a column without any content".to_owned()));
        }
        let fields = arrow.fields().iter().map(without_dictionary).collect();
        Ok(Self { metadata, fields })
    }

    /// What the reader needs to decode the string columns and the SMILES column (by its position) as bytes.
    ///
    /// arrow-rs checks UTF-8 where the Parquet type says so, whatever Arrow type is asked for, hence the new
    /// Parquet type without an annotation.
    pub(super) fn with_text_as_bytes(self, smiles: usize) -> Result<ArrowReaderMetadata> {
        let footer = self.metadata.file_metadata();
        let root = footer.schema_descr().root_schema();
        let mut types: Vec<TypePtr> = root.get_fields().to_vec();
        let mut fields: Vec<FieldRef> = self.fields.iter().cloned().collect();
        for (index, field) in fields.iter_mut().enumerate() {
            if index == smiles || is_text(field.data_type()) {
                types[index] = Arc::new(plain_bytes(&types[index])?);
                *field = Arc::new(Field::clone(field).with_data_type(DataType::BinaryView));
            }
        }
        let root = Type::group_type_builder(root.name()).with_fields(types).build()?;
        let footer = FileMetaData::new(
            footer.version(),
            footer.num_rows(),
            footer.created_by().map(str::to_owned),
            None,
            Arc::new(SchemaDescriptor::new(Arc::new(root))),
            None,
        );
        let mut metadata = self.metadata.into_builder();
        let metadata = ParquetMetaDataBuilder::new(footer).set_row_groups(metadata.take_row_groups()).build();
        let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(fields)));
        ArrowReaderMetadata::try_new(Arc::new(metadata), options)
    }
}

/// The footer without statistics, which no run needs and which can be most of it.
fn read_footer(file: &File) -> Result<ParquetMetaData> {
    let options = ParquetMetaDataOptions::new()
        .with_column_stats_policy(ParquetStatisticsPolicy::SkipAll)
        .with_encoding_stats_policy(ParquetStatisticsPolicy::SkipAll)
        .with_size_stats_policy(ParquetStatisticsPolicy::SkipAll);
    let reader = ParquetMetaDataReader::new().with_metadata_options(Some(options));
    reader.parse_and_finish(file).map_err(|error| {
        let advice = "the file was cut off, or its writer did not finish";
        ParquetError::General(format!("it begins as Parquet but has no readable footer ({error}): {advice}"))
    })
}

/// The same column as unannotated bytes.
fn plain_bytes(column: &Type) -> Result<Type> {
    let info = column.get_basic_info();
    Type::primitive_type_builder(info.name(), PhysicalType::BYTE_ARRAY)
        .with_repetition(info.repetition())
        .with_id(info.has_id().then(|| info.id()))
        .build()
}

fn without_dictionary(field: &FieldRef) -> FieldRef {
    let data_type = plain(field.data_type());
    if &data_type == field.data_type() {
        return Arc::clone(field);
    }
    // A new field: `with_data_type` would keep the dictionary's own attributes.
    Arc::new(Field::new(field.name(), data_type, field.is_nullable()).with_metadata(field.metadata().clone()))
}

/// The type with the values' type in place of each dictionary.
fn plain(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Dictionary(_, value) => plain(value),
        DataType::List(item) => DataType::List(without_dictionary(item)),
        DataType::LargeList(item) => DataType::LargeList(without_dictionary(item)),
        DataType::ListView(item) => DataType::ListView(without_dictionary(item)),
        DataType::LargeListView(item) => DataType::LargeListView(without_dictionary(item)),
        DataType::FixedSizeList(item, length) => DataType::FixedSizeList(without_dictionary(item), *length),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(without_dictionary).collect()),
        DataType::Map(entries, sorted) => DataType::Map(without_dictionary(entries), *sorted),
        other => other.clone(),
    }
}
