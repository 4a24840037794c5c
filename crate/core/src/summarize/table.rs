//! The figures of the groups as a table.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, RecordBatch, UInt64Array};
use arrow::datatypes::{Field, Schema};
use arrow::error::ArrowError;

use super::range::ColumnRange;
use super::summary::GroupReport;
use crate::error::Error;

/// The figures of a range that a table has, each with the ending of its column.
type Figure = (&'static str, fn(&ColumnRange) -> Option<f64>);
const FIGURES: [Figure; 4] = [
    ("min", |range| range.min),
    ("mean", |range| range.mean),
    ("median", |range| range.median),
    ("max", |range| range.max),
];

/// A row for each group: its `values`, the column `rows`, and for each of `columns` its figures, such as `MW_min`.
///
/// # Errors
/// An internal error.
pub fn table(values: &RecordBatch, columns: &[String], groups: &[GroupReport]) -> Result<RecordBatch, Error> {
    let mut fields: Vec<Arc<Field>> = values.schema().fields().iter().cloned().collect();
    let mut arrays: Vec<ArrayRef> = values.columns().to_vec();
    let mut add = |name: String, array: ArrayRef| {
        fields.push(Arc::new(Field::new(name, array.data_type().clone(), true)));
        arrays.push(array);
    };
    let counts = |count: fn(&GroupReport, usize) -> u64, place| -> ArrayRef {
        Arc::new(groups.iter().map(|group| Some(count(group, place))).collect::<UInt64Array>())
    };
    add("rows".to_owned(), counts(|group, _| group.rows, 0));
    for (place, column) in columns.iter().enumerate() {
        add(format!("{column}_nulls"), counts(|group, place| group.ranges.ranges[place].nulls, place));
        for (ending, figure) in FIGURES {
            let found = groups.iter().map(|group| figure(&group.ranges.ranges[place]));
            add(format!("{column}_{ending}"), Arc::new(found.collect::<Float64Array>()));
        }
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(broken)
}

fn broken(error: ArrowError) -> Error {
    Error::internal(format!("writing the figures: {error}"))
}
