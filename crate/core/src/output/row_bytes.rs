//! The size of a value, by our own count.
//!
//! It decides where parts are cut, so it must depend only on the value, and not on how arrays are sliced, padded or
//! shared, as arrow's own measures do.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::DataType;

/// Bytes of the value at `row`: its text or its fixed width; for lists and structs, the sum of their members.
pub fn value_bytes(array: &ArrayRef, row: usize) -> usize {
    if array.is_null(row) {
        return 1;
    }
    let members = |list: ArrayRef| 4 + (0..list.len()).map(|index| value_bytes(&list, index)).sum::<usize>();
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(row).len(),
        DataType::LargeUtf8 => array.as_string::<i64>().value(row).len(),
        DataType::Utf8View => array.as_string_view().value(row).len(),
        DataType::Binary => array.as_binary::<i32>().value(row).len(),
        DataType::LargeBinary => array.as_binary::<i64>().value(row).len(),
        DataType::BinaryView => array.as_binary_view().value(row).len(),
        DataType::FixedSizeBinary(width) => *width as usize,
        DataType::List(_) => members(array.as_list::<i32>().value(row)),
        DataType::LargeList(_) => members(array.as_list::<i64>().value(row)),
        DataType::FixedSizeList(..) => members(array.as_fixed_size_list().value(row)),
        DataType::Map(..) => members(Arc::new(array.as_map().value(row))),
        DataType::Struct(_) => array.as_struct().columns().iter().map(|child| value_bytes(child, row)).sum(),
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            value_bytes(dictionary.values(), dictionary.normalized_keys()[row])
        }
        other => other.primitive_width().unwrap_or(1),
    }
}

/// Bytes of the value at `row` of an engine's column, beyond a fixed width: its text, or the values in its list.
pub fn variable_bytes(array: &ArrayRef, row: usize) -> usize {
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value_length(row) as usize,
        DataType::List(item) if item.data_type() == &DataType::Utf8 => {
            let texts = array.as_list::<i32>().value(row);
            texts.as_string::<i32>().iter().flatten().map(str::len).sum()
        }
        DataType::List(item) => {
            array.as_list::<i32>().value_length(row) as usize
                * item.data_type().primitive_width().unwrap_or(0)
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{
        DictionaryArray, Int64Array, ListArray, ListBuilder, StringArray, StringBuilder, StringViewArray,
    };
    use arrow::datatypes::{Int8Type, Int32Type};

    use super::*;

    #[test]
    fn a_value_counts_the_same_in_any_slice() {
        let arrays: Vec<(ArrayRef, [usize; 3])> = vec![
            (Arc::new(StringArray::from(vec![Some("CCO"), None, Some("")])), [3, 1, 0]),
            (Arc::new(StringViewArray::from(vec!["a long string of 26 letters", "b", "cc"])), [27, 1, 2]),
            (Arc::new(Int64Array::from(vec![1, 2, 3])), [8, 8, 8]),
            (
                Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(vec![
                    Some(vec![Some(1), Some(2)]),
                    None,
                    Some(vec![]),
                ])),
                [12, 1, 4],
            ),
            (Arc::new(vec!["xy", "z", "xy"].into_iter().collect::<DictionaryArray<Int8Type>>()), [2, 1, 2]),
        ];
        for (array, sizes) in arrays {
            for (row, size) in sizes.into_iter().enumerate() {
                assert_eq!(value_bytes(&array, row), size, "{:?} {row}", array.data_type());
                assert_eq!(value_bytes(&array.slice(row, 1), 0), size, "{:?} slice {row}", array.data_type());
            }
        }
    }

    #[test]
    fn a_computed_value_counts_its_content_in_any_slice() {
        let mut texts = ListBuilder::new(StringBuilder::new());
        [vec![], vec![Some("ab"), Some("")], vec![Some("c"), Some("def")]].into_iter().for_each(|list| {
            texts.append_value(list);
        });
        let lists = [vec![Some(1)], vec![], vec![Some(1), Some(2)]].map(Some);
        let arrays: Vec<(ArrayRef, [usize; 3])> = vec![
            (Arc::new(texts.finish()), [0, 2, 4]),
            (Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(lists)), [4, 0, 8]),
            (Arc::new(StringArray::from(vec!["ab", "", "c"])), [2, 0, 1]),
            (Arc::new(Int64Array::from(vec![1, 2, 3])), [0, 0, 0]),
        ];
        for (array, sizes) in arrays {
            for (row, size) in sizes.into_iter().enumerate() {
                assert_eq!(variable_bytes(&array, row), size, "{:?} {row}", array.data_type());
                assert_eq!(
                    variable_bytes(&array.slice(row, 1), 0),
                    size,
                    "{:?} slice {row}",
                    array.data_type()
                );
            }
        }
    }
}
