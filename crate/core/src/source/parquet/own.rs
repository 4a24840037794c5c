//! Copies of rows that hold on to nothing of the batch they come from.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayData, ArrayRef, BinaryArray, BinaryViewArray, GenericStringBuilder, LargeBinaryArray,
    MutableArrayData, OffsetSizeTrait, StringViewArray, StringViewBuilder, make_array,
};
use arrow::datatypes::DataType;
use arrow::error::ArrowError;

/// The values as `data_type`; where that is text, also in how many of them what is not UTF-8 was replaced.
pub(super) fn own_bytes(rows: &BinaryViewArray, data_type: &DataType) -> (ArrayRef, u64) {
    let mut replaced = 0;
    let texts = rows.iter().map(|value| {
        let text = value.map(String::from_utf8_lossy);
        replaced += u64::from(matches!(text, Some(Cow::Owned(_))));
        text
    });
    let mut array: ArrayRef = match data_type {
        DataType::Binary => Arc::new(rows.iter().collect::<BinaryArray>()),
        DataType::LargeBinary => Arc::new(rows.iter().collect::<LargeBinaryArray>()),
        DataType::LargeUtf8 => strings::<i64>(rows, texts),
        DataType::Utf8View => string_views(rows, texts),
        _ => strings::<i32>(rows, texts),
    };
    array.shrink_to_fit();
    (array, replaced)
}

fn value_bytes(rows: &BinaryViewArray) -> usize {
    rows.iter().flatten().map(<[u8]>::len).sum()
}

fn strings<'a, O: OffsetSizeTrait>(
    rows: &BinaryViewArray,
    texts: impl Iterator<Item = Option<Cow<'a, str>>>,
) -> ArrayRef {
    let mut builder = GenericStringBuilder::<O>::with_capacity(rows.len(), value_bytes(rows));
    texts.for_each(|text| builder.append_option(text));
    Arc::new(builder.finish())
}

fn string_views<'a>(rows: &BinaryViewArray, texts: impl Iterator<Item = Option<Cow<'a, str>>>) -> ArrayRef {
    // One block of the right size, where the default begins with 16 KiB a chunk.
    let block = u32::try_from(value_bytes(rows)).unwrap_or(u32::MAX).max(1);
    let mut builder = StringViewBuilder::with_capacity(rows.len()).with_fixed_block_size(block);
    texts.for_each(|text| builder.append_option(text));
    Arc::new(builder.finish())
}

/// A copy of `rows`. Nested strings are checked once more: where an Arrow schema calls bytes text, arrow-rs
/// does not.
pub(super) fn own_rows(rows: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let data = rows.to_data();
    let mut copy = MutableArrayData::new(vec![&data], false, data.len());
    copy.try_extend(0, 0, data.len())?;
    let mut copy = copy.freeze();
    if has_views(copy.data_type()) {
        copy = own_views(copy)?;
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
fn own_views(data: ArrayData) -> Result<ArrayData, ArrowError> {
    match data.data_type() {
        DataType::Utf8View => Ok(StringViewArray::from(data).gc().into_data()),
        DataType::BinaryView => Ok(BinaryViewArray::from(data).gc().into_data()),
        _ => {
            let children: Result<Vec<ArrayData>, ArrowError> =
                data.child_data().iter().cloned().map(own_views).collect();
            data.into_builder().child_data(children?).build()
        }
    }
}
