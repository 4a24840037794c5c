//! The schema of a Parquet file as a run reads it: each column separately, because a column that is not used may have
//! any type.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use parquet::basic::{Repetition, Type as PhysicalType};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{
    ParquetMetaData, ParquetMetaDataOptions, ParquetMetaDataReader, ParquetStatisticsPolicy,
};
use parquet::schema::types::{Type, TypePtr};

use super::footer;
use crate::column_type::{Hint, Hints, ParquetColumn, Purpose, retyped};
use crate::source::columns::is_text;
use crate::source::guard::reason;
use crate::stable_file::StableFile;

/// The footer, and its top-level columns.
pub(super) struct FileSchema {
    pub metadata: ParquetMetaData,
    columns: Vec<FileColumn>,
}

/// A top-level column.
struct FileColumn {
    /// What the choice of columns uses.
    field: FieldRef,
    is_encrypted: bool,
    /// Its types, or why it cannot be carried over.
    types: Result<ParquetColumn, String>,
}

impl FileSchema {
    /// Reads the footer of `file`, whose columns will be read for that purpose.
    pub(super) fn read(file: &StableFile, purpose: Purpose) -> Result<Self> {
        let encrypted = footer::check(&mut file.reader())?;
        let metadata = read_footer(file)?;
        let footer = metadata.file_metadata();
        let hints = Hints::of(footer.key_value_metadata());
        let roots = footer.schema_descr().root_schema().get_fields();
        let mut leaf = 0;
        let columns = roots.iter().enumerate().map(|(index, root)| {
            let leaves = leaf..leaf + count_leaves(root);
            leaf = leaves.end;
            FileColumn::new(
                root,
                hints.get(index, root.name()),
                leaves.clone().any(|leaf| encrypted.contains(&leaf)),
                purpose,
            )
        });
        let columns = columns.collect();
        Ok(Self { metadata, columns })
    }

    /// The columns to choose from.
    pub(super) fn fields(&self) -> Fields {
        self.columns.iter().map(|column| Arc::clone(&column.field)).collect()
    }

    /// The types of the column at `index`, or why it cannot be carried over.
    pub(super) fn types(&self, index: usize) -> Result<&ParquetColumn, String> {
        let FileColumn { is_encrypted, types, .. } = &self.columns[index];
        if *is_encrypted { Err(ENCRYPTED.to_owned()) } else { types.as_ref().map_err(String::clone) }
    }

    /// Why the column at `index` cannot be read at all, or `None` if it can.
    pub(super) fn unreadable(&self, index: usize) -> Option<&'static str> {
        self.columns[index].is_encrypted.then_some(ENCRYPTED)
    }

    /// What the decoder needs for the `projected` columns; text and the SMILES column are read as bytes.
    ///
    /// arrow-rs checks UTF-8 if the Parquet type is text, whatever Arrow type is requested, hence the new Parquet
    /// type without an annotation.
    pub(super) fn decoding(self, smiles: usize, projected: &[usize]) -> Result<Decoding> {
        let root = self.metadata.file_metadata().schema_descr().root_schema();
        let columns =
            self.columns.iter().zip(root.get_fields()).enumerate().map(|(index, (column, root))| {
                if !projected.contains(&index) {
                    return passed_over(root);
                }
                match &column.types {
                    _ if index == smiles || is_text(column.field.data_type()) => as_bytes(root),
                    Ok(types) => Ok((Arc::clone(&types.read), Arc::clone(&types.decoded))),
                    Err(reason) => Err(ParquetError::General(reason.clone())),
                }
            });
        let (types, fields): (Vec<TypePtr>, Vec<FieldRef>) =
            columns.collect::<Result<Vec<_>>>()?.into_iter().unzip();
        Ok(Decoding { metadata: Arc::new(retyped(self.metadata, types)?), fields: fields.into() })
    }
}

const ENCRYPTED: &str = "it is encrypted, and encrypted columns are not read";

/// What the decoder needs.
pub(super) struct Decoding {
    pub metadata: Arc<ParquetMetaData>,
    /// The fields that it decodes.
    pub fields: Fields,
}

impl FileColumn {
    fn new(root: &TypePtr, hint: &Hint, is_encrypted: bool, purpose: Purpose) -> Self {
        let types = match hint {
            Hint::None => ParquetColumn::read_for(purpose, root, None),
            Hint::Field(field) => ParquetColumn::read_for(purpose, root, Some(field)),
            Hint::Unknown => {
                Err(ParquetError::General("its Arrow type is not known to this program".to_owned()))
            }
        };
        let types = types.map_err(|error| reason(&error.to_string()));
        let field = match &types {
            Ok(types) => Arc::clone(&types.held),
            Err(_) => Arc::new(Field::new(root.name(), unknown_type(root), true)),
        };
        Self { field, is_encrypted, types }
    }
}

/// A usable type for a column that cannot be carried over: bytes may be SMILES.
fn unknown_type(root: &Type) -> DataType {
    match root {
        Type::GroupType { .. } => DataType::Struct(Fields::empty()),
        Type::PrimitiveType { physical_type: PhysicalType::BYTE_ARRAY, .. } => DataType::Binary,
        Type::PrimitiveType { .. } => DataType::Null,
    }
}

/// The footer without statistics, which no run needs and which can be most of the footer.
fn read_footer(file: &StableFile) -> Result<ParquetMetaData> {
    let options = ParquetMetaDataOptions::new()
        .with_column_stats_policy(ParquetStatisticsPolicy::SkipAll)
        .with_encoding_stats_policy(ParquetStatisticsPolicy::SkipAll)
        .with_size_stats_policy(ParquetStatisticsPolicy::SkipAll);
    ParquetMetaDataReader::new().with_metadata_options(Some(options)).parse_and_finish(file).map_err(
        |error| ParquetError::General(format!("its footer cannot be read: {}", reason(&error.to_string()))),
    )
}

/// The same column as unannotated bytes.
fn as_bytes(column: &Type) -> Result<(TypePtr, FieldRef)> {
    let info = column.get_basic_info();
    let bytes = Type::primitive_type_builder(info.name(), PhysicalType::BYTE_ARRAY)
        .with_repetition(info.repetition())
        .with_id(info.has_id().then(|| info.id()))
        .build()?;
    let is_nullable = info.repetition() != Repetition::REQUIRED;
    Ok((Arc::new(bytes), Arc::new(Field::new(info.name(), DataType::BinaryView, is_nullable))))
}

/// A column that is skipped, with the same number of leaves.
fn passed_over(column: &Type) -> Result<(TypePtr, FieldRef)> {
    let name = |leaf: usize| leaf.to_string();
    let leaves = 0..count_leaves(column);
    let types = leaves.clone().map(|leaf| {
        let leaf = Type::primitive_type_builder(&name(leaf), PhysicalType::INT32).build()?;
        Ok(Arc::new(leaf))
    });
    let fields: Fields = leaves.map(|leaf| Field::new(name(leaf), DataType::Int32, true)).collect();
    let group = Type::group_type_builder(column.name())
        .with_repetition(Repetition::OPTIONAL)
        .with_fields(types.collect::<Result<_>>()?)
        .build()?;
    Ok((Arc::new(group), Arc::new(Field::new(column.name(), DataType::Struct(fields), true))))
}

fn count_leaves(column: &Type) -> usize {
    match column {
        Type::PrimitiveType { .. } => 1,
        Type::GroupType { fields, .. } => fields.iter().map(|field| count_leaves(field)).sum(),
    }
}
