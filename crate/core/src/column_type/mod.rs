//! A column of a Parquet file that is carried over to another file with its complete type.
//!
//! Arrow cannot express some Parquet types (ENUM, BSON, a time of day in UTC), and arrow-rs writes others with a
//! different physical type than it read (decimals). This module therefore distinguishes the type that the decoder
//! reads, the type in memory and in logs, and the type that the output declares, which is the same as in the input. A
//! leaf that arrow-rs would not write as it is stored is read as the bare values of its physical type.
//!
//! INT96 is the exception: it is deprecated, and its values become microseconds, which hold every date that people
//! store.

mod hints;
mod tree;

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Schema, TimeUnit};
use parquet::arrow::{
    ARROW_SCHEMA_META_KEY, ArrowSchemaConverter, encode_arrow_schema, parquet_to_arrow_schema,
};
use parquet::basic::{
    ConvertedType, LogicalType, Repetition, TimeUnit as ParquetTimeUnit, Type as PhysicalType,
};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{FileMetaData, KeyValue, ParquetMetaData, ParquetMetaDataBuilder};
use parquet::schema::types::{ColumnDescriptor, SchemaDescriptor, Type, TypePtr};

pub use self::hints::{Hint, Hints};
use self::tree::{map_leaves, map_values, values_of, without_dictionaries};

/// Largest value of a column of fixed length, in bytes.
const MAX_FIXED_BYTES: i32 = 1 << 20;
const INT96_BYTES: i32 = 12;

/// The types of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct ParquetColumn {
    /// The type that the decoder is given instead of the file's.
    pub read: TypePtr,
    /// The field of the arrays that it returns.
    pub decoded: FieldRef,
    /// The field of the arrays in memory and in logs.
    pub held: FieldRef,
    /// The type that the output declares.
    pub declared: Declared,
}

/// The type that a file declares for a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Declared {
    /// The Parquet type.
    pub parquet: TypePtr,
    /// The field in the Arrow schema that accompanies it.
    pub arrow: FieldRef,
}

/// What the values of a column are read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be written again with the type that the file declares.
    CarriedOver,
    /// To be shown or compared.
    Values,
}

/// How the values of a leaf are carried over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// As arrow-rs reads them.
    Typed,
    /// As values of the physical type.
    Bare,
    /// As microseconds.
    Int96,
}

impl ParquetColumn {
    /// The column that a file declares as `root`, and as `hint` in its Arrow schema, if it has one.
    ///
    /// # Errors
    /// The reason why it cannot be carried over with its complete type.
    pub fn new(root: &TypePtr, hint: Option<&Field>) -> Result<Self> {
        Self::read_for(Purpose::CarriedOver, root, hint)
    }

    /// Like `new`, for that purpose. A column that is read for its values has the Arrow type of its annotation, even if
    /// arrow-rs would write that type differently: a decimal is never its unscaled number.
    ///
    /// # Errors
    /// The reason why it cannot be read.
    pub fn read_for(purpose: Purpose, root: &TypePtr, hint: Option<&Field>) -> Result<Self> {
        let leaves = descriptor(root)?;
        let leaves = leaves.columns();
        // A tool that rewrote the columns may have left an Arrow schema that no longer fits; it is only a hint.
        let hinted = hint.and_then(|hint| convert(root, Some(&without_dictionaries(hint))).ok());
        let hint = hint.filter(|_| hinted.is_some());
        let (natural, ways) = match hinted.map_or_else(|| convert(root, None), Ok) {
            Ok(natural) => {
                let ways = ways(leaves, &natural, purpose)?;
                (natural, ways)
            }
            // arrow-rs has no type for it.
            Err(_) => {
                let bare = map_leaves(root, &mut |_, leaf| bare_leaf(leaf).map(Arc::new))?;
                let natural = convert(&bare, None)?;
                let bare_way = |way| if way == Way::Typed { Way::Bare } else { way };
                let ways = ways(leaves, &natural, purpose)?.into_iter().map(bare_way).collect();
                (natural, ways)
            }
        };
        let values = values_of(&natural);
        let read = map_leaves(root, &mut |index, leaf| match ways[index] {
            Way::Typed => Ok(Arc::clone(leaf)),
            Way::Bare | Way::Int96 => bare_leaf(leaf).map(Arc::new),
        })?;
        let decoded = map_values(&natural, &mut |index, value| match ways[index] {
            Way::Typed => value.clone(),
            Way::Bare | Way::Int96 => bare_value(&leaves[index]),
        });
        let held = map_values(&natural, &mut |index, value| match ways[index] {
            Way::Typed => value.clone(),
            Way::Bare => bare_value(&leaves[index]),
            Way::Int96 => in_microseconds(value),
        });
        let parquet = map_leaves(root, &mut |index, leaf| match ways[index] {
            Way::Typed | Way::Bare => Ok(Arc::clone(leaf)),
            Way::Int96 => microseconds_leaf(leaf, has_zone(&values[index])).map(Arc::new),
        })?;
        let arrow = map_values(hint.unwrap_or(&natural), &mut |index, value| match ways[index] {
            Way::Typed | Way::Bare => value.clone(),
            Way::Int96 => in_microseconds(value),
        });
        let decoded = Arc::new(convert(&read, Some(&decoded))?);
        Ok(Self {
            read,
            decoded,
            held: Arc::new(held),
            declared: Declared { parquet, arrow: Arc::new(arrow) },
        })
    }
}

impl Declared {
    /// Whether values of both columns mean the same, whatever the columns are called and whether they may be null.
    pub fn is_like(&self, other: &Self) -> bool {
        let physical = |root: &Type| root.is_primitive().then(|| root.get_physical_type());
        let (one, two) = (self.parquet.get_basic_info(), other.parquet.get_basic_info());
        physical(&self.parquet) == physical(&other.parquet)
            && match (one.logical_type_ref(), two.logical_type_ref()) {
                (Some(one), Some(two)) => one == two,
                // Older writers state only this one.
                _ => one.converted_type() == two.converted_type(),
            }
    }

    /// What the Parquet file says of its values beyond their physical type.
    pub fn annotation(&self) -> Option<String> {
        self.parquet.get_basic_info().logical_type_ref().map(|logical| format!("{logical:?}"))
    }

    /// The type with a different name, made optional if the column must take nulls.
    ///
    /// # Errors
    /// Those of a type that cannot be built.
    pub fn renamed(&self, name: &str, takes_nulls: bool) -> Result<Self> {
        let info = self.parquet.get_basic_info();
        let repetition = match info.has_repetition().then(|| info.repetition()) {
            Some(Repetition::REQUIRED) | None if takes_nulls => Repetition::OPTIONAL,
            found => found.unwrap_or(Repetition::REQUIRED),
        };
        let arrow = self.arrow.as_ref().clone().with_name(name);
        let is_nullable = takes_nulls || arrow.is_nullable();
        Ok(Self {
            parquet: Arc::new(renamed(&self.parquet, name, repetition)?),
            arrow: Arc::new(arrow.with_nullable(is_nullable)),
        })
    }
}

fn renamed(root: &Type, name: &str, repetition: Repetition) -> Result<Type> {
    let info = root.get_basic_info();
    let (logical, id) = (info.logical_type_ref().cloned(), info.has_id().then(|| info.id()));
    match root {
        Type::PrimitiveType { physical_type, type_length, scale, precision, .. } => {
            Type::primitive_type_builder(name, *physical_type)
                .with_repetition(repetition)
                .with_converted_type(info.converted_type())
                .with_logical_type(logical)
                .with_length(*type_length)
                .with_scale(*scale)
                .with_precision(*precision)
                .with_id(id)
                .build()
        }
        Type::GroupType { fields, .. } => Type::group_type_builder(name)
            .with_repetition(repetition)
            .with_converted_type(info.converted_type())
            .with_logical_type(logical)
            .with_fields(fields.clone())
            .with_id(id)
            .build(),
    }
}

/// The footer of a file whose columns are decoded as `types`, which must have the same leaves as the file.
///
/// # Errors
/// Those of a schema that cannot be built.
pub fn retyped(footer: ParquetMetaData, types: Vec<TypePtr>) -> Result<ParquetMetaData> {
    let file = footer.file_metadata();
    let root =
        Type::group_type_builder(file.schema_descr().root_schema().name()).with_fields(types).build()?;
    let file = FileMetaData::new(
        file.version(),
        file.num_rows(),
        file.created_by().map(str::to_owned),
        None,
        Arc::new(SchemaDescriptor::new(Arc::new(root))),
        None,
    );
    let mut footer = footer.into_builder();
    Ok(ParquetMetaDataBuilder::new(file).set_row_groups(footer.take_row_groups()).build())
}

/// How each leaf is carried over, if arrow-rs reads its values as `natural`.
fn ways(leaves: &[Arc<ColumnDescriptor>], natural: &Field, purpose: Purpose) -> Result<Vec<Way>> {
    let written = ArrowSchemaConverter::new().convert(&Schema::new(vec![natural.clone()]))?;
    if written.num_columns() != leaves.len() {
        return refuse("its parts are not those of an Arrow type");
    }
    leaves.iter().zip(written.columns()).map(|(leaf, written)| way(leaf, written, purpose)).collect()
}

fn way(leaf: &ColumnDescriptor, written: &ColumnDescriptor, purpose: Purpose) -> Result<Way> {
    if (leaf.max_def_level(), leaf.max_rep_level()) != (written.max_def_level(), written.max_rep_level()) {
        return refuse("its nulls and lists are not nested as those of an Arrow type");
    }
    if matches!(leaf.logical_type_ref(), Some(LogicalType::_Unknown { .. })) {
        return refuse("its logical type is newer than this program");
    }
    if leaf.physical_type() == PhysicalType::FIXED_LEN_BYTE_ARRAY && leaf.type_length() > MAX_FIXED_BYTES {
        return refuse(format!("it has values of {} bytes each", leaf.type_length()));
    }
    let layout = |leaf: &ColumnDescriptor| match leaf.physical_type() {
        PhysicalType::FIXED_LEN_BYTE_ARRAY => (PhysicalType::FIXED_LEN_BYTE_ARRAY, leaf.type_length()),
        physical => (physical, 0),
    };
    Ok(match leaf.physical_type() {
        PhysicalType::INT96 => Way::Int96,
        // Arrow has months, or days and milliseconds.
        _ if leaf.converted_type() == ConvertedType::INTERVAL => Way::Bare,
        _ if purpose == Purpose::CarriedOver && layout(leaf) != layout(written) => Way::Bare,
        _ => Way::Typed,
    })
}

fn refuse<T>(reason: impl Into<String>) -> Result<T> {
    Err(ParquetError::General(reason.into()))
}

/// The field that arrow-rs makes of a column.
fn convert(root: &TypePtr, hint: Option<&Field>) -> Result<Field> {
    let hint = hint.map(|hint| {
        let schema = encode_arrow_schema(&Schema::new(vec![hint.clone()]));
        vec![KeyValue::new(ARROW_SCHEMA_META_KEY.to_owned(), schema)]
    });
    match parquet_to_arrow_schema(&descriptor(root)?, hint.as_ref())?.fields().first() {
        Some(field) => Ok(field.as_ref().clone()),
        None => refuse("it has no content"),
    }
}

/// A schema with only that column.
fn descriptor(root: &TypePtr) -> Result<SchemaDescriptor> {
    let schema = Type::group_type_builder("schema").with_fields(vec![Arc::clone(root)]).build()?;
    Ok(SchemaDescriptor::new(Arc::new(schema)))
}

/// The leaf without an annotation.
fn bare_leaf(leaf: &Type) -> Result<Type> {
    let Type::PrimitiveType { physical_type, type_length, .. } = leaf else {
        return refuse("a leaf that is a group");
    };
    let (physical, length) = match physical_type {
        PhysicalType::INT96 => (PhysicalType::FIXED_LEN_BYTE_ARRAY, INT96_BYTES),
        physical => (*physical, *type_length),
    };
    let info = leaf.get_basic_info();
    Type::primitive_type_builder(info.name(), physical)
        .with_repetition(info.repetition())
        .with_length(length)
        .with_id(info.has_id().then(|| info.id()))
        .build()
}

/// The Arrow type of the values of a leaf without an annotation.
fn bare_value(leaf: &ColumnDescriptor) -> DataType {
    match leaf.physical_type() {
        PhysicalType::BOOLEAN => DataType::Boolean,
        PhysicalType::INT32 => DataType::Int32,
        PhysicalType::INT64 => DataType::Int64,
        PhysicalType::INT96 => DataType::FixedSizeBinary(INT96_BYTES),
        PhysicalType::FLOAT => DataType::Float32,
        PhysicalType::DOUBLE => DataType::Float64,
        PhysicalType::BYTE_ARRAY => DataType::Binary,
        PhysicalType::FIXED_LEN_BYTE_ARRAY => DataType::FixedSizeBinary(leaf.type_length()),
    }
}

fn microseconds_leaf(leaf: &Type, is_adjusted_to_utc: bool) -> Result<Type> {
    let info = leaf.get_basic_info();
    Type::primitive_type_builder(info.name(), PhysicalType::INT64)
        .with_repetition(info.repetition())
        .with_logical_type(Some(LogicalType::timestamp(is_adjusted_to_utc, ParquetTimeUnit::MICROS)))
        .with_id(info.has_id().then(|| info.id()))
        .build()
}

fn in_microseconds(value: &DataType) -> DataType {
    let zone = match value {
        DataType::Timestamp(_, zone) => zone.clone(),
        _ => None,
    };
    DataType::Timestamp(TimeUnit::Microsecond, zone)
}

fn has_zone(value: &DataType) -> bool {
    matches!(value, DataType::Timestamp(_, Some(zone)) if !zone.is_empty())
}
