//! The values of a column that is read as bytes, copied with the type that the column has in the file.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BinaryArray, BinaryViewArray, GenericStringBuilder, LargeBinaryArray, OffsetSizeTrait,
    StringViewBuilder,
};
use arrow::datatypes::DataType;

/// The values as `data_type`; for text, also the number of values in which bytes that are not UTF-8 were replaced.
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
    // One block of the right size; the default would start with 16 KiB per chunk.
    let block = u32::try_from(value_bytes(rows)).unwrap_or(u32::MAX).max(1);
    let mut builder = StringViewBuilder::with_capacity(rows.len()).with_fixed_block_size(block);
    texts.for_each(|text| builder.append_option(text));
    Arc::new(builder.finish())
}
