//! The column `product_id`: id of the parent, transform, and number of the product.

use std::io::Write;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, StringArray};
use arrow::buffer::OffsetBuffer;
use arrow::compute::cast;
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};

use super::encode;
use crate::strings::Strings;

/// The ids of some parents, as product ids begin with them.
pub struct ParentIds(Strings);

impl ParentIds {
    /// The parents at `rows` of `ids`, which are rows `source_rows` of the library. A parent without an id, or with one that
    /// has no text (a time beyond the calendar), is called `row:` and its row.
    pub fn of(ids: Option<&ArrayRef>, rows: &[u32], source_rows: &[i64]) -> Result<Self, ArrowError> {
        let ids = ids.map(in_utc).transpose()?;
        let nulls = ids.as_ref().and_then(|ids| ids.logical_nulls());
        let format = FormatOptions::new().with_display_error(false);
        let ids = ids.as_ref().map(|ids| ArrayFormatter::try_new(ids, &format)).transpose()?;
        let (mut all, mut text, mut id) = (Strings::default(), String::new(), String::new());
        for (&row, source_row) in rows.iter().zip(source_rows) {
            let row = row as usize;
            let is_valid = nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
            text.clear();
            id.clear();
            match &ids {
                Some(ids) if is_valid && ids.value(row).write(&mut text).is_ok() => encode(&text, &mut id),
                _ => id = format!("row:{source_row}"),
            }
            all.push(id.as_bytes());
        }
        Ok(Self(all))
    }

    /// The id of the parent at `position` among them.
    pub fn get(&self, position: u32) -> &[u8] {
        self.0.get(position as usize)
    }
}

/// The only id in `id` as text; `None` if it is null or has no text.
///
/// # Errors
/// Those of Arrow.
pub fn text_of(id: &ArrayRef) -> Result<Option<String>, ArrowError> {
    let id = in_utc(id)?;
    if id.logical_nulls().is_some_and(|nulls| nulls.is_null(0)) {
        return Ok(None);
    }
    let format = FormatOptions::new().with_display_error(false);
    let (formatter, mut text) = (ArrayFormatter::try_new(&id, &format)?, String::new());
    Ok(formatter.value(0).write(&mut text).is_ok().then_some(text))
}

/// `ids`, times with a zone as in UTC: the text must not depend on a data base of time zones.
fn in_utc(ids: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    match ids.data_type() {
        DataType::Timestamp(unit, Some(_)) => cast(ids, &DataType::Timestamp(*unit, Some("+00:00".into()))),
        _ => Ok(Arc::clone(ids)),
    }
}

/// Makes the ids of products.
pub struct ProductIds {
    /// What follows the parent, up to the number, for each transform.
    middles: Vec<String>,
}

/// A product: the id of its parent, its transform, and its number.
pub type Numbered<'a> = (&'a [u8], u16, u32);

impl ProductIds {
    /// For the products of the transforms with these tokens, in their order.
    pub fn new(tokens: impl IntoIterator<Item = String>) -> Self {
        Self { middles: tokens.into_iter().map(|token| format!(":{token}:")).collect() }
    }

    /// Bytes of a product's id.
    pub fn len(&self, (parent, transform, number): Numbered<'_>) -> usize {
        let digits = number.checked_ilog10().map_or(1, |digits| digits as usize + 1);
        parent.len() + self.middles[usize::from(transform)].len() + digits
    }

    /// The ids of `products`, in a column that takes no more memory than they do.
    pub fn column<'a>(
        &self,
        products: impl Iterator<Item = Numbered<'a>> + Clone,
    ) -> Result<ArrayRef, ArrowError> {
        let offsets = OffsetBuffer::from_lengths(products.clone().map(|product| self.len(product)));
        let mut text = Vec::with_capacity(offsets.last().map_or(0, |&length| length as usize));
        for (parent, transform, number) in products {
            text.extend_from_slice(parent);
            text.extend_from_slice(self.middles[usize::from(transform)].as_bytes());
            write!(text, "{number}")?;
        }
        Ok(Arc::new(StringArray::try_new(offsets, text.into(), None)?))
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{
        AsArray, BooleanArray, Date32Array, DictionaryArray, FixedSizeBinaryArray, Float64Array, Int64Array,
        NullArray, StringViewArray, TimestampSecondArray,
    };
    use arrow::datatypes::Int8Type;

    use super::*;

    fn ids(ids: Option<ArrayRef>) -> Vec<String> {
        let rows: Vec<u32> = (0..ids.as_ref().map_or(2, |ids| ids.len() as u32)).collect();
        let source_rows: Vec<i64> = rows.iter().map(|&row| 100 + i64::from(row)).collect();
        let found = ParentIds::of(ids.as_ref(), &rows, &source_rows).unwrap();
        rows.iter().map(|&row| String::from_utf8(found.get(row).to_vec()).unwrap()).collect()
    }

    #[test]
    fn an_id_of_any_type_has_a_text() {
        let times = vec![Some(0), None, Some(i64::MAX)];
        let uuid = FixedSizeBinaryArray::try_from_iter([[0xab; 16]].into_iter()).unwrap();
        let columns: Vec<(ArrayRef, &[&str])> = vec![
            (
                Arc::new(Int64Array::from(vec![Some(-7), None, Some(i64::MAX)])),
                &["-7", "row:101", "9223372036854775807"],
            ),
            (
                Arc::new(StringArray::from(vec![Some("a:b c%"), None, Some("")])),
                &["a%3Ab%20c%25", "row:101", ""],
            ),
            (Arc::new(StringViewArray::from(vec!["row:101"])), &["row%3A101"]),
            (
                Arc::new(Float64Array::from(vec![1.0, -0.5, 1e300, f64::NAN])),
                &["1.0", "-0.5", "1e300", "NaN"],
            ),
            (
                Arc::new(vec!["x", "y", "x"].into_iter().collect::<DictionaryArray<Int8Type>>()),
                &["x", "y", "x"],
            ),
            (Arc::new(BooleanArray::from(vec![true, false])), &["true", "false"]),
            (Arc::new(Date32Array::from(vec![0])), &["1970-01-01"]),
            (Arc::new(uuid), &["abababababababababababababababab"]),
            (
                Arc::new(TimestampSecondArray::from(times.clone())),
                &["1970-01-01T00%3A00%3A00", "row:101", "row:102"],
            ),
            (
                Arc::new(TimestampSecondArray::from(times).with_timezone("Asia/Tokyo")),
                &["1970-01-01T00%3A00%3A00Z", "row:101", "row:102"],
            ),
            (Arc::new(NullArray::new(1)), &["row:100"]),
        ];
        for (column, expected) in columns {
            let data_type = column.data_type().clone();
            assert_eq!(ids(Some(column)), expected, "{data_type}");
        }
        assert_eq!(ids(None), ["row:100", "row:101"]);
    }

    #[test]
    fn parents_are_taken_from_anywhere_in_their_column() {
        let column: ArrayRef = Arc::new(Int64Array::from(vec![10, 11, 12]));
        let found = ParentIds::of(Some(&column), &[2, 0], &[7, 5]).unwrap();
        assert_eq!([found.get(0), found.get(1)], [b"12", b"10"]);
    }

    #[test]
    fn an_id_has_the_length_that_was_promised() {
        let ids = ProductIds::new(["OMe", "my%20rule"].map(str::to_owned));
        let products = [(b"7".as_slice(), 0, 1), (b"7", 0, 10), (b"row:3", 1, 999), (b"", 1, u32::MAX)];
        let column = ids.column(products.into_iter()).unwrap();
        let texts: Vec<&str> = column.as_string::<i32>().iter().flatten().collect();
        assert_eq!(texts, ["7:OMe:1", "7:OMe:10", "row:3:my%20rule:999", ":my%20rule:4294967295"]);
        for (text, product) in texts.iter().zip(products) {
            assert_eq!(text.len(), ids.len(product), "{text}");
        }
    }
}
