//! Values as text: numbers so that reading them gives the same number, lists and other nested values as JSON.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, RecordBatchOptions};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, FieldRef, Schema};
use arrow::error::ArrowError;
use arrow::json::writer::{EncoderOptions, NullableEncoder, make_encoder};
use arrow::util::display::{ArrayFormatter, FormatOptions};

/// How the values of a column become text.
enum Column<'a> {
    Plain(ArrayFormatter<'a>, &'a dyn Array),
    Json(NullableEncoder<'a>),
}

/// The values of some rows.
pub struct Values<'a> {
    columns: Vec<Column<'a>>,
}

/// The values with time stamps of any zone in UTC, in which they are stored: this program has no table of zones.
///
/// # Errors
/// Those of a type that cannot be built.
pub fn in_utc(array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    match utc_type(array.data_type()) {
        Some(utc) => cast(array, &utc),
        None => Ok(Arc::clone(array)),
    }
}

/// Rows with time stamps in UTC; see [`in_utc`].
///
/// # Errors
/// Those of `in_utc`.
pub fn rows_in_utc(rows: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let columns = rows.columns().iter().map(in_utc).collect::<Result<Vec<_>, _>>()?;
    let schema = rows.schema();
    let fields = schema.fields().iter().zip(&columns);
    let fields = fields.map(|(field, column)| retyped(field, column.data_type().clone()));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    // There may be no column.
    let options = RecordBatchOptions::new().with_row_count(Some(rows.num_rows()));
    RecordBatch::try_new_with_options(schema, columns, &options)
}

/// The type with UTC in place of all zones; `None` if there are none.
fn utc_type(data_type: &DataType) -> Option<DataType> {
    let of = |item: &FieldRef| utc_type(item.data_type()).map(|utc| retyped(item, utc));
    match data_type {
        DataType::Timestamp(unit, Some(_)) => Some(DataType::Timestamp(*unit, Some("+00:00".into()))),
        DataType::List(item) => of(item).map(DataType::List),
        DataType::LargeList(item) => of(item).map(DataType::LargeList),
        DataType::FixedSizeList(item, length) => of(item).map(|item| DataType::FixedSizeList(item, *length)),
        DataType::Map(entries, is_sorted) => of(entries).map(|entries| DataType::Map(entries, *is_sorted)),
        DataType::Struct(fields) => {
            let has_zones = fields.iter().any(|field| utc_type(field.data_type()).is_some());
            let utc = || fields.iter().map(|field| of(field).unwrap_or_else(|| Arc::clone(field))).collect();
            has_zones.then(|| DataType::Struct(utc()))
        }
        _ => None,
    }
}

fn retyped(field: &Field, data_type: DataType) -> FieldRef {
    Arc::new(field.clone().with_data_type(data_type))
}

/// What text shows of nested values.
pub fn json_options() -> EncoderOptions {
    EncoderOptions::default().with_explicit_nulls(true)
}

impl<'a> Values<'a> {
    /// The values of all columns of `rows`, whose fields are `fields`.
    ///
    /// # Errors
    /// A type that neither text nor JSON has.
    pub fn new(
        rows: &'a RecordBatch,
        fields: &'a [FieldRef],
        options: &'a EncoderOptions,
    ) -> Result<Self, ArrowError> {
        let columns = rows.columns().iter().zip(fields).map(|(array, field)| {
            if array.data_type().is_nested() {
                return make_encoder(field, array, options).map(Column::Json);
            }
            Ok(Column::Plain(ArrayFormatter::try_new(array, &PLAIN)?, array))
        });
        Ok(Self { columns: columns.collect::<Result<_, _>>()? })
    }

    /// Replaces `text` by the value in a row of a column. False, with an empty text, for a null.
    ///
    /// # Errors
    /// A value beyond what its type shows as, such as a date in the year 300,000.
    pub fn read(&mut self, column: usize, row: usize, text: &mut String) -> Result<bool, ArrowError> {
        text.clear();
        match &mut self.columns[column] {
            Column::Plain(formatter, array) => {
                if array.is_null(row) {
                    return Ok(false);
                }
                formatter.value(row).write(text)?;
            }
            Column::Json(encoder) => {
                if encoder.is_null(row) {
                    return Ok(false);
                }
                let mut bytes = std::mem::take(text).into_bytes();
                encoder.encode(row, &mut bytes);
                *text = String::from_utf8(bytes).map_err(|error| ArrowError::JsonError(error.to_string()))?;
            }
        }
        Ok(true)
    }

    /// The number of columns.
    pub fn len(&self) -> usize {
        self.columns.len()
    }
}

const PLAIN: FormatOptions<'static> = FormatOptions::new().with_display_error(false);
