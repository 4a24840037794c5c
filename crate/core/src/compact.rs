//! Copies of rows that do not keep any of their batch alive.

use arrow::array::{
    Array, ArrayData, ArrayRef, BinaryViewArray, MutableArrayData, StringViewArray, UInt32Array, make_array,
};
use arrow::compute::take;
use arrow::datatypes::DataType;
use arrow::error::ArrowError;

/// The rows of `column` at `positions`. `take` alone would keep all text of a column of views alive.
pub fn take_rows(column: &ArrayRef, positions: &UInt32Array) -> Result<ArrayRef, ArrowError> {
    let rows = take(column, positions, None)?;
    if has_views(rows.data_type()) { compact_rows(&rows) } else { Ok(rows) }
}

/// A copy of `rows`. Nested strings are checked once more: if an Arrow schema declares bytes as text, arrow-rs does
/// not check them.
pub fn compact_rows(rows: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let data = rows.to_data();
    let mut copy = MutableArrayData::new(vec![&data], false, data.len());
    copy.try_extend(0, 0, data.len())?;
    let mut copy = copy.freeze();
    if has_views(copy.data_type()) {
        copy = compact_views(copy)?;
    } else if copy.data_type().is_nested() {
        copy.validate_full()?;
    }
    let mut array = make_array(copy);
    array.shrink_to_fit();
    Ok(array)
}

fn has_views(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8View | DataType::BinaryView => true,
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _)
        | DataType::Map(item, _) => has_views(item.data_type()),
        DataType::Struct(fields) => fields.iter().any(|field| has_views(field.data_type())),
        _ => false,
    }
}

/// The data with each view's text copied out of the buffers that it shares, and checked.
fn compact_views(data: ArrayData) -> Result<ArrayData, ArrowError> {
    match data.data_type() {
        DataType::Utf8View => Ok(StringViewArray::from(data).gc().into_data()),
        DataType::BinaryView => Ok(BinaryViewArray::from(data).gc().into_data()),
        _ => {
            let children: Result<Vec<ArrayData>, ArrowError> =
                data.child_data().iter().cloned().map(compact_views).collect();
            data.into_builder().child_data(children?).build()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{AsArray, ListArray, StringArray};
    use arrow::buffer::OffsetBuffer;
    use arrow::datatypes::Field;

    use super::*;

    #[test]
    fn a_row_of_views_does_not_hold_on_to_the_others() {
        let texts = (0..1000).map(|row| format!("{row} {}", "C".repeat(1000)));
        let views = StringViewArray::from_iter_values(texts);
        let item = Arc::new(Field::new_list_field(DataType::Utf8View, false));
        let lists =
            ListArray::new(item, OffsetBuffer::from_lengths(vec![1; 1000]), Arc::new(views.clone()), None);
        for column in [Arc::new(views) as ArrayRef, Arc::new(lists)] {
            let rows = take_rows(&column, &UInt32Array::from(vec![7])).unwrap();
            assert_eq!((rows.len(), rows.data_type()), (1, column.data_type()));
            assert!(rows.get_array_memory_size() < 4096, "{} bytes", rows.get_array_memory_size());
        }
        let plain: ArrayRef = Arc::new(StringArray::from(vec!["a", "b"]));
        assert_eq!(take_rows(&plain, &UInt32Array::from(vec![1])).unwrap().as_string::<i32>().value(0), "b");
    }
}
