//! The schema of an Arrow IPC stream as a run reads it.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, make_array};
use arrow::compute::{CastOptions, can_cast_types, cast_with_options};
use arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema, SchemaRef};
use arrow::ipc::convert::fb_to_schema;
use arrow::ipc::{self, Endianness};
use parquet::arrow::ArrowSchemaConverter;
use parquet::errors::ParquetError;

use crate::column_type::ParquetColumn;
use crate::error::Error;
use crate::source::check_column_count;
use crate::source::columns::{Choice, is_binary, is_text};
use crate::source::guard::guard;

/// Most bytes that the values of a chunk may take when their dictionaries are resolved.
const MAX_RESOLVED_BYTES: u64 = 512 << 20;

/// The columns that `schema` declares.
///
/// # Errors
/// [`Error::InputUnreadable`] if it cannot be read or has too many columns.
pub(super) fn fields(path: &Path, schema: ipc::Schema<'_>) -> Result<Fields, Error> {
    let refuse = |reason: String| Error::InputUnreadable { path: path.to_owned(), reason };
    check_column_count(path, schema.fields().map_or(0, |fields| fields.len()))?;
    if schema.endianness() != Endianness::Little {
        return Err(refuse(
            "it was written on a machine with the other order of bytes; write it as Parquet".to_owned(),
        ));
    }
    let schema = guard(|| Ok::<_, ParquetError>(fb_to_schema(schema)));
    Ok(schema.map_err(|reason| refuse(format!("its schema cannot be read: {reason}")))?.fields)
}

/// The types of the id, if there is one, and of the kept columns: those that they would have if the library were
/// Parquet. A column that cannot be carried over is refused by name.
pub(super) fn carried(path: &Path, fields: &Fields, choice: &Choice) -> Result<Vec<ParquetColumn>, Error> {
    let id = choice.id.map(|index| (index, "name another column with --id-column"));
    let kept = choice.kept.iter().map(|&(index, _)| (index, "leave it out of --keep-columns"));
    let chosen = id.into_iter().chain(kept);
    let each = chosen.map(|(index, advice)| {
        as_parquet(&fields[index]).map_err(|reason| {
            let name = fields[index].name();
            let reason = format!("column {name:?} cannot be used: {reason}; {advice}");
            Error::InputColumn { path: path.to_owned(), reason }
        })
    });
    each.collect()
}

fn as_parquet(field: &FieldRef) -> Result<ParquetColumn, String> {
    let column = guard(|| {
        let schema = Schema::new(vec![Arc::clone(field)]);
        let converted = ArrowSchemaConverter::new().convert(&schema)?;
        ParquetColumn::new(&converted.root_schema().get_fields()[0], Some(field))
    })?;
    let (from, to) = (field.data_type(), column.held.data_type());
    if from == to || is_as_bytes(from) || can_cast_types(from, to) {
        return Ok(column);
    }
    Err(format!("values of type {from} cannot be written to Parquet"))
}

/// The schema that is decoded: columns of text, and the one at `smiles`, as bytes.
pub(super) fn decoded(fields: &Fields) -> SchemaRef {
    let fields = fields.iter().map(|field| {
        let data_type = as_bytes(field.data_type());
        if &data_type == field.data_type() {
            return Arc::clone(field);
        }
        Arc::new(field.as_ref().clone().with_data_type(data_type))
    });
    Arc::new(Schema::new(fields.collect::<Fields>()))
}

/// The type with bytes in place of text, laid out in the same way.
fn as_bytes(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Utf8 => DataType::Binary,
        DataType::LargeUtf8 => DataType::LargeBinary,
        DataType::Utf8View => DataType::BinaryView,
        DataType::Dictionary(key, value) => DataType::Dictionary(key.clone(), Box::new(as_bytes(value))),
        other => other.clone(),
    }
}

/// Whether values of the type become views of bytes: text, and bytes in a dictionary, where a few rows may stand for
/// many bytes.
fn is_as_bytes(data_type: &DataType) -> bool {
    is_text(data_type) || (matches!(data_type, DataType::Dictionary(..)) && is_binary(data_type))
}

/// The array as views of bytes if the file's `field` holds text or is the SMILES column.
pub(super) fn with_views(array: &ArrayRef, field: &Field, is_smiles: bool) -> Result<ArrayRef, String> {
    match is_smiles || is_as_bytes(field.data_type()) {
        true => cast(array, &DataType::BinaryView),
        false => Ok(Arc::clone(array)),
    }
}

/// The rows as `held`, which differs from their type in dictionaries.
pub(super) fn resolved(rows: &ArrayRef, held: &DataType) -> Result<(ArrayRef, u64), String> {
    if resolved_bytes(rows) > MAX_RESOLVED_BYTES {
        return Err(format!("the values of a few rows take more than {} MiB", MAX_RESOLVED_BYTES >> 20));
    }
    Ok((cast(rows, held)?, 0))
}

fn cast(array: &ArrayRef, data_type: &DataType) -> Result<ArrayRef, String> {
    let options = CastOptions { safe: false, ..CastOptions::default() };
    guard(|| cast_with_options(array, data_type, &options))
}

/// Bytes of the values that the dictionaries in the array stand for; an upper bound if these are nested.
fn resolved_bytes(array: &ArrayRef) -> u64 {
    let Some(dictionary) = array.as_any_dictionary_opt() else {
        let parts = array.to_data().child_data().to_vec();
        return parts.into_iter().map(|part| resolved_bytes(&make_array(part))).fold(0, u64::saturating_add);
    };
    let values = dictionary.values();
    if values.is_empty() {
        return 0;
    }
    let keys = dictionary.normalized_keys();
    match cast(values, &DataType::BinaryView) {
        Ok(texts) => {
            let texts = texts.as_binary_view();
            keys.into_iter().map(|key| texts.value(key).len() as u64).fold(0, u64::saturating_add)
        }
        _ => {
            let all = values.to_data().get_slice_memory_size().unwrap_or(usize::MAX) as u64;
            let each = if values.data_type().is_nested() { all } else { all / values.len() as u64 };
            (keys.len() as u64).saturating_mul(each)
        }
    }
}

/// The ids of the dictionaries that the field and its parts need, each with the type of its values.
#[allow(deprecated, reason = "the ids are those of the messages")]
pub(super) fn dictionaries(field: &Field, found: &mut Vec<(i64, DataType)>) {
    match field.data_type() {
        DataType::Dictionary(_, value) => {
            found.extend(field.dict_id().map(|id| (id, value.as_ref().clone())));
            if !matches!(**value, DataType::Dictionary(..)) {
                dictionaries(&Field::new("", value.as_ref().clone(), true), found);
            }
        }
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _)
        | DataType::Map(item, _)
        | DataType::RunEndEncoded(_, item) => dictionaries(item, found),
        DataType::Struct(parts) => parts.iter().for_each(|part| dictionaries(part, found)),
        DataType::Union(parts, _) => parts.iter().for_each(|(_, part)| dictionaries(part, found)),
        _ => {}
    }
}
