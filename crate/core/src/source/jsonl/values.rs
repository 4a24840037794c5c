//! The types of columns of JSON lines, and their values.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanBuilder, Float64Builder, Int64Builder, StringBuilder};
use arrow::datatypes::DataType;
use serde_json::value::RawValue;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `true` and `false`.
    Bool,
    /// Whole numbers of 64 bits.
    Int,
    /// Numbers.
    Float,
    /// Text; a value that is not a string is the text that stands in the file.
    Text,
}

impl Kind {
    /// The type of `value`, which is not null.
    pub(super) fn of(value: &RawValue) -> Self {
        let text = value.get();
        match text.as_bytes().first() {
            Some(b't' | b'f') => Self::Bool,
            Some(b'-' | b'0'..=b'9') if text.parse::<i64>().is_ok() => Self::Int,
            Some(b'-' | b'0'..=b'9') if float(text).is_some() => Self::Float,
            _ => Self::Text,
        }
    }

    /// The type of a column with values of both; `value` is one of this type.
    pub(super) fn with(self, other: Self) -> Self {
        match (self, other) {
            _ if self == other => self,
            (Self::Int, Self::Float) | (Self::Float, Self::Int) => Self::Float,
            _ => Self::Text,
        }
    }

    /// The type in memory and in files.
    pub(super) fn data_type(self) -> DataType {
        match self {
            Self::Bool => DataType::Boolean,
            Self::Int => DataType::Int64,
            Self::Float => DataType::Float64,
            Self::Text => DataType::Utf8,
        }
    }
}

/// The number, if it can be kept: neither too large nor a whole number that would change.
fn float(text: &str) -> Option<f64> {
    let number: f64 = text.parse().ok()?;
    let is_whole = text.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit());
    let is_exact = || text.parse::<i128>().is_ok_and(|whole| whole == number as i128);
    (number.is_finite() && (!is_whole || is_exact())).then_some(number)
}

/// A value of a column.
pub(super) enum Value<'a> {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Cow<'a, str>),
}

impl<'a> Value<'a> {
    /// The value of a column of this type.
    ///
    /// # Errors
    /// Why it is not of this type, in words that follow the value.
    pub(super) fn read(value: &'a RawValue, kind: Kind) -> Result<Self, &'static str> {
        let text = value.get();
        match kind {
            Kind::Bool => text.parse().map(Self::Bool).map_err(|_| "is neither true nor false"),
            Kind::Int => text.parse().map(Self::Int).map_err(|_| "is not a whole number of 64 bits"),
            Kind::Float => float(text).map(Self::Float).ok_or("is not a number that float64 can keep"),
            Kind::Text => string(value).map(Self::Text),
        }
    }
}

/// The text of a string, or that of another value as it is written.
pub(super) fn string(value: &RawValue) -> Result<Cow<'_, str>, &'static str> {
    let text = value.get();
    match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        None => Ok(Cow::Borrowed(text)),
        Some(plain) if !plain.contains('\\') => Ok(Cow::Borrowed(plain)),
        Some(_) => {
            let text = serde_json::from_str(text).map(Cow::Owned);
            text.map_err(|_| "has an escape that does not stand for a character")
        }
    }
}

/// The values of a column that is carried over.
pub(super) enum Column {
    Bool(BooleanBuilder),
    Int(Int64Builder),
    Float(Float64Builder),
    Text(StringBuilder),
}

impl Column {
    /// An empty column.
    pub(super) fn new(kind: Kind) -> Self {
        match kind {
            Kind::Bool => Self::Bool(BooleanBuilder::with_capacity(0)),
            Kind::Int => Self::Int(Int64Builder::with_capacity(0)),
            Kind::Float => Self::Float(Float64Builder::with_capacity(0)),
            Kind::Text => Self::Text(StringBuilder::with_capacity(0, 0)),
        }
    }

    /// Adds a value of the column's type, or a null. Returns its bytes.
    pub(super) fn push(&mut self, value: Option<&Value<'_>>) -> usize {
        match (self, value) {
            (Self::Bool(column), Some(Value::Bool(value))) => column.append_value(*value),
            (Self::Bool(column), _) => column.append_null(),
            (Self::Int(column), Some(Value::Int(value))) => column.append_value(*value),
            (Self::Int(column), _) => column.append_null(),
            (Self::Float(column), Some(Value::Float(value))) => column.append_value(*value),
            (Self::Float(column), _) => column.append_null(),
            (Self::Text(column), Some(Value::Text(value))) => {
                column.append_value(value);
                return value.len();
            }
            (Self::Text(column), _) => column.append_null(),
        }
        size_of::<f64>()
    }

    /// The array, no larger than its content.
    pub(super) fn finish(self) -> ArrayRef {
        let mut array: ArrayRef = match self {
            Self::Bool(mut column) => Arc::new(column.finish()),
            Self::Int(mut column) => Arc::new(column.finish()),
            Self::Float(mut column) => Arc::new(column.finish()),
            Self::Text(mut column) => Arc::new(column.finish()),
        };
        array.shrink_to_fit();
        array
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Kind {
        Kind::of(serde_json::from_str(text).unwrap())
    }

    #[test]
    fn a_type_keeps_every_value_of_its_kind() {
        for (text, expected) in [
            ("true", Kind::Bool),
            ("-7", Kind::Int),
            ("9223372036854775807", Kind::Int),
            ("9223372036854775808", Kind::Float),
            ("9223372036854775809", Kind::Text),
            ("1.0", Kind::Float),
            ("1e3", Kind::Float),
            ("1e999", Kind::Text),
            ("\"1\"", Kind::Text),
            ("[1]", Kind::Text),
            ("{}", Kind::Text),
        ] {
            assert_eq!(kind(text), expected, "{text}");
        }
        assert_eq!(Kind::Int.with(Kind::Float), Kind::Float);
        assert_eq!(Kind::Int.with(Kind::Bool), Kind::Text);
        assert_eq!(Kind::Text.with(Kind::Text), Kind::Text);
    }

    #[test]
    fn text_is_what_a_string_means_or_what_is_written() {
        for (text, expected) in [
            (r#""a\u00e9\n""#, "a\u{e9}\n"),
            (r#""plain""#, "plain"),
            ("[1, 2]", "[1, 2]"),
            ("1.50", "1.50"),
            ("\"\"", ""),
        ] {
            let value: &RawValue = serde_json::from_str(text).unwrap();
            assert_eq!(string(value).unwrap(), expected);
        }
    }

    #[test]
    fn a_whole_number_that_float64_would_change_is_refused() {
        let read = |text: &str| {
            let value: &RawValue = serde_json::from_str(text).unwrap();
            Value::read(value, Kind::Float).is_ok()
        };
        assert!(read("9007199254740992") && read("1.5") && read("-0") && read("1e300"));
        assert!(!read("9007199254740993") && !read("1e400") && !read("\"1\""));
    }
}
