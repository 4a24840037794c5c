//! The types that a user gives to columns of text (`--column-type`).

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Float64Builder, Int64Builder, StringBuilder};
use arrow::datatypes::{DataType, Fields};
use serde::{Deserialize, Serialize};

/// A type of the values of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ColumnType {
    /// 64-bit integers.
    Int,
    /// 64-bit floats.
    Float,
}

impl ColumnType {
    const ALL: [(Self, &'static str); 2] = [(Self::Int, "int"), (Self::Float, "float")];

    fn data_type(self) -> DataType {
        match self {
            Self::Int => DataType::Int64,
            Self::Float => DataType::Float64,
        }
    }
}

/// The types of some columns, by their names in the input; all others are text. In JSON a list of texts `NAME=TYPE`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct ColumnTypes(BTreeMap<String, ColumnType>);

impl ColumnTypes {
    /// The types in texts `NAME=TYPE`; a name may contain `=`.
    ///
    /// # Errors
    /// What is wrong with one of them.
    pub fn parse(texts: &[impl AsRef<str>]) -> Result<Self, String> {
        let mut types = BTreeMap::new();
        for text in texts {
            let (name, of_name) = parse(text.as_ref())?;
            if types.insert(name.clone(), of_name).is_some_and(|other| other != of_name) {
                return Err(format!("gives column {name:?} two types"));
            }
        }
        Ok(Self(types))
    }

    /// The texts of which [`parse`](Self::parse) makes it.
    pub fn texts(&self) -> Vec<String> {
        let name = |given: ColumnType| ColumnType::ALL[given as usize].1;
        self.0.iter().map(|(column, &given)| format!("{column}={}", name(given))).collect()
    }

    /// Whether it gives no column a type.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The type of this column.
    pub(super) fn data_type(&self, column: &str) -> DataType {
        self.0.get(column).map_or(DataType::Utf8, |given| given.data_type())
    }

    /// The first name that is not among these `columns`.
    pub(super) fn missing_in(&self, columns: &[&str]) -> Option<&str> {
        self.0.keys().map(String::as_str).find(|name| !columns.contains(name))
    }
}

impl TryFrom<Vec<String>> for ColumnTypes {
    type Error = String;

    fn try_from(texts: Vec<String>) -> Result<Self, String> {
        Self::parse(&texts)
    }
}

impl From<ColumnTypes> for Vec<String> {
    fn from(types: ColumnTypes) -> Self {
        types.texts()
    }
}

fn parse(text: &str) -> Result<(String, ColumnType), String> {
    let refuse = || {
        let types = ColumnType::ALL.map(|(_, name)| name).join(" or ");
        format!("{text:?} does not give a column a type; use NAME=TYPE with the type {types}")
    };
    let (name, given) = text.rsplit_once('=').filter(|(name, _)| !name.is_empty()).ok_or_else(refuse)?;
    let found = ColumnType::ALL.into_iter().find(|(_, known)| *known == given);
    found.map(|(given, _)| (name.to_owned(), given)).ok_or_else(refuse)
}

/// Values of text, as a column of its type.
pub(super) enum TypedColumn {
    Text(StringBuilder),
    Int(Int64Builder),
    Float(Float64Builder),
}

impl TypedColumn {
    /// Empty columns of these types, which are those of [`ColumnTypes::data_type`].
    pub(super) fn all(fields: &Fields) -> Vec<Self> {
        let column = |data_type: &DataType| match data_type {
            DataType::Int64 => Self::Int(Int64Builder::with_capacity(0)),
            DataType::Float64 => Self::Float(Float64Builder::with_capacity(0)),
            _ => Self::Text(StringBuilder::with_capacity(0, 0)),
        };
        fields.iter().map(|field| column(field.data_type())).collect()
    }

    /// Adds a value, or a null.
    ///
    /// # Errors
    /// What the value is not; then it adds a null.
    pub(super) fn push(&mut self, value: Option<&str>) -> Result<(), &'static str> {
        match self {
            Self::Text(column) => column.append_option(value),
            Self::Int(column) => {
                let number = number::<i64>(value);
                column.append_option(number.unwrap_or_default());
                number.map_err(|()| "a whole number of 64 bits")?;
            }
            Self::Float(column) => {
                let number = number::<f64>(value);
                column.append_option(number.unwrap_or_default());
                number.map_err(|()| "a number")?;
            }
        }
        Ok(())
    }

    /// The values, in no more memory than they need.
    pub(super) fn finish(self) -> ArrayRef {
        fn shrunk(mut array: impl Array + 'static) -> ArrayRef {
            array.shrink_to_fit();
            Arc::new(array)
        }
        match self {
            Self::Text(mut column) => shrunk(column.finish()),
            Self::Int(mut column) => shrunk(column.finish()),
            Self::Float(mut column) => shrunk(column.finish()),
        }
    }
}

/// A number, with blanks around it; blanks alone are a null.
fn number<T: FromStr>(value: Option<&str>) -> Result<Option<T>, ()> {
    let text = value.map(str::trim).filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(drop)).transpose()
}
