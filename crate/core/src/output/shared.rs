//! Values that many rows repeat, held once.
//!
//! Each product has its parent's SMILES, id and kept columns. Text and bytes among these are held as views, and the
//! views of all products of a parent refer to one value. Files do not show this: there, views are plain text and
//! bytes.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, UInt32Array};
use arrow::compute::{cast, concat, take};
use arrow::datatypes::{BinaryViewType, DataType, Field, FieldRef, StringViewType};
use arrow::error::ArrowError;

use crate::compact::take_rows;

/// The type that replaces `data_type` so that many rows can share values.
fn shared_type(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
        DataType::Binary | DataType::LargeBinary => DataType::BinaryView,
        other => other.clone(),
    }
}

/// The field with a type whose values many rows can share.
pub fn shared_field(field: &FieldRef) -> FieldRef {
    let data_type = shared_type(field.data_type());
    if &data_type == field.data_type() {
        return Arc::clone(field);
    }
    Arc::new(Field::new(field.name(), data_type, field.is_nullable()).with_metadata(field.metadata().clone()))
}

/// The field with a type that stores each row's value separately.
pub fn plain_field(field: &FieldRef) -> FieldRef {
    let data_type = match field.data_type() {
        DataType::Utf8View => DataType::LargeUtf8,
        DataType::BinaryView => DataType::LargeBinary,
        _ => return Arc::clone(field),
    };
    Arc::new(Field::new(field.name(), data_type, field.is_nullable()).with_metadata(field.metadata().clone()))
}

/// A column of parents, from which the rows of their products are taken.
pub struct Parents(ArrayRef);

impl Parents {
    /// Only the rows of `column` at `rows`.
    pub fn take(column: &ArrayRef, rows: &UInt32Array) -> Result<Self, ArrowError> {
        Self::of(&take_rows(column, rows)?)
    }

    /// All of `column`, which must not hold on to anything else.
    pub fn of(column: &ArrayRef) -> Result<Self, ArrowError> {
        cast(column, &shared_type(column.data_type())).map(Self)
    }

    /// The values at `positions`, which may repeat.
    pub fn rows(&self, positions: &UInt32Array) -> Result<ArrayRef, ArrowError> {
        take(&self.0, positions, None)
    }
}

/// Lets consecutive rows share equal values, even across batches.
#[derive(Default)]
pub struct Sharing {
    /// The last value of each column of views.
    latest: Vec<Option<ArrayRef>>,
}

impl Sharing {
    /// The columns with the types of `fields`; columns of views hold each value once while it repeats.
    pub fn share(&mut self, columns: &[ArrayRef], fields: &[FieldRef]) -> Result<Vec<ArrayRef>, ArrowError> {
        self.latest.resize(columns.len(), None);
        let columns = columns.iter().zip(fields).zip(&mut self.latest);
        columns
            .map(|((column, field), latest)| {
                let column = cast(column, field.data_type())?;
                match column.data_type() {
                    DataType::Utf8View | DataType::BinaryView => share(&column, latest),
                    _ => Ok(column),
                }
            })
            .collect()
    }
}

fn share(column: &ArrayRef, latest: &mut Option<ArrayRef>) -> Result<ArrayRef, ArrowError> {
    if column.is_empty() {
        return Ok(Arc::clone(column));
    }
    // The first row of each run of equal values, and the run of each row.
    let (mut firsts, mut runs) = (vec![0_u32], Vec::with_capacity(column.len()));
    for row in 0..column.len() {
        if row > 0 && value_at(column, row - 1) != value_at(column, row) {
            firsts.push(row as u32);
        }
        runs.push(firsts.len() as u32 - 1);
    }
    let goes_on = latest.as_ref().is_some_and(|latest| value_at(latest, 0) == value_at(column, 0));
    let distinct = match latest.take().filter(|_| goes_on) {
        Some(value) if firsts.len() == 1 => value,
        Some(value) => {
            let others = take_rows(column, &UInt32Array::from(firsts.split_off(1)))?;
            concat(&[&value, &others])?
        }
        None => take_rows(column, &UInt32Array::from(firsts))?,
    };
    // Separate, so that it does not keep the other values alive.
    let last = UInt32Array::from(vec![distinct.len() as u32 - 1]);
    *latest = Some(if distinct.len() == 1 { Arc::clone(&distinct) } else { take_rows(&distinct, &last)? });
    take(&distinct, &UInt32Array::from(runs), None)
}

fn value_at(column: &ArrayRef, row: usize) -> Option<&[u8]> {
    column.is_valid(row).then(|| match column.data_type() {
        DataType::Utf8View => column.as_byte_view::<StringViewType>().value(row).as_bytes(),
        _ => column.as_byte_view::<BinaryViewType>().value(row),
    })
}

#[cfg(test)]
mod tests {
    use arrow::array::StringArray;

    use super::*;

    fn column(texts: &[Option<&str>]) -> ArrayRef {
        Arc::new(StringArray::from(texts.to_vec()))
    }

    fn buffers(column: &ArrayRef) -> Vec<*const u8> {
        column.as_string_view().data_buffers().iter().map(|buffer| buffer.as_ptr()).collect()
    }

    #[test]
    fn rows_that_repeat_a_value_share_it_from_batch_to_batch() {
        let (long, other) = ("a".repeat(1000), "b".repeat(1000));
        let (long, other) = (Some(long.as_str()), Some(other.as_str()));
        let field = Arc::new(Field::new("kept", DataType::Utf8View, true));
        let mut sharing = Sharing::default();
        let mut pointers = Vec::new();
        for batch in [
            vec![long, long],
            vec![long],
            vec![long, None, None, other, other],
            vec![other],
            vec![None],
            vec![None, long, other, long],
        ] {
            let shared = sharing.share(&[column(&batch)], &[Arc::clone(&field)]).unwrap().remove(0);
            assert_eq!(shared.as_string_view().iter().collect::<Vec<_>>(), batch);
            let bytes: usize = shared.as_string_view().data_buffers().iter().map(|buffer| buffer.len()).sum();
            let distinct =
                batch.iter().zip(batch.iter().skip(1)).filter(|(one, next)| one != next).count() + 1;
            assert!(bytes <= 1000 * distinct, "{bytes} bytes for {distinct} values");
            pointers.push(buffers(&shared));
        }
        assert_eq!(pointers[0], pointers[1], "the next batch shares the same value");
        assert!(pointers[2].contains(&pointers[0][0]));
    }

    #[test]
    fn products_share_the_values_of_their_parent() {
        let long = "C".repeat(1000);
        let parents = column(&[Some("other"), Some(&long), None]);
        let parents = Parents::take(&parents, &UInt32Array::from(vec![1, 2])).unwrap();
        let rows = |positions: Vec<u32>| parents.rows(&UInt32Array::from(positions)).unwrap();
        let (one, other) = (rows(vec![0, 0, 0, 1]), rows(vec![0]));
        assert_eq!(one.as_string_view().value(2), long);
        assert!(one.is_null(3));
        assert_eq!(buffers(&one), buffers(&other));
        assert_eq!(one.as_string_view().data_buffers()[0].len(), 1000, "nothing else of the chunk");
    }
}
