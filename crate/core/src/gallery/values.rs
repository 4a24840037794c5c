//! The values of a table as a page has them: JSON, in which no number changes.

use arrow::datatypes::{DataType, Field};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::error::Error;

/// The largest whole number up to which JavaScript has them all.
const MAX_SAFE_INTEGER: i128 = (1 << 53) - 1;

/// Characters of a text that a page shows; a longer one is cut.
const MAX_CHARACTERS: usize = 500;

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueKind {
    /// Numbers. What JSON or JavaScript cannot hold is text: NaN, infinities, whole numbers beyond 2^53.
    Number,
    /// Text; also dates and nested values.
    Text,
    /// True or false.
    Boolean,
    /// Lists of numbers or of text.
    List,
}

impl ValueKind {
    /// That of values of this type.
    pub fn of(data_type: &DataType) -> Self {
        match data_type {
            DataType::Boolean => Self::Boolean,
            DataType::Decimal32(..)
            | DataType::Decimal64(..)
            | DataType::Decimal128(..)
            | DataType::Decimal256(..) => Self::Number,
            number if number.is_numeric() => Self::Number,
            DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _)
                if matches!(Self::of(item.data_type()), Self::Number | Self::Text)
                    && !item.data_type().is_nested() =>
            {
                Self::List
            }
            _ => Self::Text,
        }
    }
}

/// A column whose values are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShownColumn {
    /// Its name.
    pub name: String,
    /// What its values are.
    #[serde(rename = "type")]
    pub kind: ValueKind,
}

impl ShownColumn {
    /// The column of this field.
    pub fn of(field: &Field) -> Self {
        Self { name: field.name().clone(), kind: ValueKind::of(field.data_type()) }
    }
}

/// The value that is `text` in a column of that kind, as JSON; `None` stands for a null. `cut` counts the texts that are cut.
///
/// # Errors
/// An internal error.
pub fn as_json(kind: ValueKind, text: Option<&str>, cut: &mut u64) -> Result<Box<RawValue>, Error> {
    let Some(text) = text else { return raw("null".to_owned()) };
    match kind {
        ValueKind::Boolean => raw(text.to_owned()),
        ValueKind::Number if is_exact(text) => raw(text.to_owned()),
        ValueKind::List if text.len() <= MAX_CHARACTERS => raw(text.to_owned()),
        _ => {
            let shown = shortened(text, cut);
            raw(serde_json::to_string(&shown).map_err(broken)?)
        }
    }
}

/// `text`, cut if it is long.
pub fn shortened(text: &str, cut: &mut u64) -> String {
    match text.char_indices().nth(MAX_CHARACTERS) {
        None => text.to_owned(),
        Some((end, _)) => {
            *cut += 1;
            format!("{}\u{2026}", &text[..end])
        }
    }
}

/// Whether JavaScript reads the number as it is.
fn is_exact(text: &str) -> bool {
    match text.parse::<i128>() {
        Ok(whole) => whole.abs() <= MAX_SAFE_INTEGER,
        Err(_) => {
            text.parse::<f64>().is_ok_and(f64::is_finite) && serde_json::from_str::<&RawValue>(text).is_ok()
        }
    }
}

fn raw(json: String) -> Result<Box<RawValue>, Error> {
    RawValue::from_string(json).map_err(broken)
}

fn broken(error: serde_json::Error) -> Error {
    Error::internal(format!("a value of the table as JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn json(kind: ValueKind, text: &str) -> String {
        as_json(kind, Some(text), &mut 0).unwrap().get().to_owned()
    }

    #[test]
    fn a_number_that_javascript_would_change_is_text() {
        for exact in ["0", "-1", "9007199254740991", "0.1", "1e300", "-0.0", "12.50"] {
            assert_eq!(json(ValueKind::Number, exact), exact);
        }
        for text in ["9007199254740993", "-18446744073709551616", "NaN", "inf", "-inf"] {
            assert_eq!(json(ValueKind::Number, text), format!("{text:?}"));
        }
        assert_eq!(as_json(ValueKind::Number, None, &mut 0).unwrap().get(), "null");
    }

    #[test]
    fn a_long_text_is_cut_and_counted() {
        let mut cut = 0;
        let (short, long) = ("\u{e9}".repeat(MAX_CHARACTERS), "\u{e9}".repeat(MAX_CHARACTERS + 1));
        assert_eq!(as_json(ValueKind::Text, Some(&short), &mut cut).unwrap().get(), format!("{short:?}"));
        assert_eq!(cut, 0);
        let shown = as_json(ValueKind::Text, Some(&long), &mut cut).unwrap();
        assert_eq!((shown.get(), cut), (format!("\"{short}\u{2026}\"").as_str(), 1));
        let list = format!("[{}1]", "1,".repeat(MAX_CHARACTERS));
        assert!(as_json(ValueKind::List, Some(&list), &mut cut).unwrap().get().starts_with("\"[1,1,"));
        assert_eq!(cut, 2);
    }

    #[test]
    fn a_column_is_what_its_values_are() {
        let list = |item| DataType::List(Arc::new(Field::new("item", item, true)));
        for (data_type, kind) in [
            (DataType::UInt64, ValueKind::Number),
            (DataType::Float16, ValueKind::Number),
            (DataType::Decimal128(10, 2), ValueKind::Number),
            (DataType::Boolean, ValueKind::Boolean),
            (DataType::Utf8View, ValueKind::Text),
            (DataType::Date32, ValueKind::Text),
            (list(DataType::Int32), ValueKind::List),
            (list(DataType::Utf8), ValueKind::List),
            (list(DataType::Boolean), ValueKind::Text),
            (list(list(DataType::Int32)), ValueKind::Text),
        ] {
            assert_eq!(ValueKind::of(&data_type), kind, "{data_type}");
        }
    }
}
