//! The types of option values: how to read them from JSON, and how a summary shows them.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::Serialize;
use serde_json::{Value, json};

use crate::path_text;

/// What a surface needs to know about a type to parse, check and document its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// A file or folder.
    Path,
    /// Several files or folders.
    Paths,
    /// One or more files.
    Files,
    /// A text that is not empty.
    Text,
    /// A text, which may be empty.
    AnyText,
    /// One or more texts.
    Names,
    /// One of a few words.
    Choice,
    /// Columns: names, or all.
    Columns,
    /// `i/n`.
    Shard,
    /// Memory: per cent, or a size with its unit.
    Size,
    /// A switch.
    Flag,
    /// A whole number from 0.
    Count,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Numbers of rows, from 0.
    Rows,
}

/// A type of an option's value.
pub trait OptionValue: Sized + Serialize {
    /// How surfaces treat the type.
    const KIND: Kind;
    /// The possible values of a [`Kind::Choice`], each with its meaning.
    const CHOICES: &'static [(&'static str, &'static str)] = &[];
    /// Whether a summary shows `null` for "none".
    const IS_OPTIONAL: bool = false;

    /// Reads a value that comes from a surface or from [`show`](Self::show).
    ///
    /// # Errors
    /// What is wrong with it, worded to follow the name of the option.
    fn read(given: Value) -> Result<Self, String>;

    /// The value as a summary shows it; `None` if the summary leaves it out.
    fn show(&self) -> Option<Value> {
        Some(json!(self))
    }

    /// The value in the form in which a surface passes it.
    fn as_given(&self) -> Option<Value> {
        self.show()
    }

    /// Refuses a value that [`read`](Self::read) would not have returned.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    fn check(&self) -> Result<(), String> {
        Ok(())
    }

    /// The number that a range applies to.
    fn number(&self) -> Option<f64> {
        None
    }
}

impl<T: OptionValue> OptionValue for Option<T> {
    const KIND: Kind = T::KIND;
    const CHOICES: &'static [(&'static str, &'static str)] = T::CHOICES;
    const IS_OPTIONAL: bool = true;

    fn read(given: Value) -> Result<Self, String> {
        if given.is_null() { Ok(None) } else { T::read(given).map(Some) }
    }

    fn show(&self) -> Option<Value> {
        self.as_ref().map_or(Some(Value::Null), T::show)
    }

    fn as_given(&self) -> Option<Value> {
        self.as_ref().and_then(T::as_given)
    }

    fn check(&self) -> Result<(), String> {
        self.as_ref().map_or(Ok(()), T::check)
    }

    fn number(&self) -> Option<f64> {
        self.as_ref().and_then(T::number)
    }
}

impl OptionValue for bool {
    const KIND: Kind = Kind::Flag;

    fn read(given: Value) -> Result<Self, String> {
        given.as_bool().ok_or_else(|| "must be true or false".to_owned())
    }
}

impl OptionValue for String {
    const KIND: Kind = Kind::Text;

    fn read(given: Value) -> Result<Self, String> {
        text(given)
    }
}

impl OptionValue for Vec<String> {
    const KIND: Kind = Kind::Names;

    fn read(given: Value) -> Result<Self, String> {
        match given {
            Value::Array(texts) => texts.into_iter().map(text).collect(),
            one => text(one).map(|one| vec![one]),
        }
    }

    fn as_given(&self) -> Option<Value> {
        (!self.is_empty()).then(|| json!(self))
    }
}

impl OptionValue for PathBuf {
    const KIND: Kind = Kind::Path;

    fn read(given: Value) -> Result<Self, String> {
        text(given).map(path_text::unpack)
    }

    fn show(&self) -> Option<Value> {
        Some(json!(self.to_string_lossy()))
    }
}

impl OptionValue for Vec<PathBuf> {
    const KIND: Kind = Kind::Paths;

    fn read(given: Value) -> Result<Self, String> {
        let Value::Array(paths) = given else { return Err("must be a list of paths".to_owned()) };
        paths.into_iter().map(PathBuf::read).collect()
    }

    fn show(&self) -> Option<Value> {
        Some(self.iter().filter_map(PathBuf::show).collect())
    }
}

impl OptionValue for BTreeSet<u64> {
    const KIND: Kind = Kind::Rows;

    fn read(given: Value) -> Result<Self, String> {
        let refuse = || "must be a list of row numbers; the first row is 0".to_owned();
        let rows = given.as_array().ok_or_else(refuse)?;
        rows.iter().map(|row| row.as_u64().ok_or_else(refuse)).collect()
    }

    fn show(&self) -> Option<Value> {
        (!self.is_empty()).then(|| json!(self))
    }

    fn as_given(&self) -> Option<Value> {
        Some(json!(self))
    }
}

impl OptionValue for f64 {
    const KIND: Kind = Kind::Number;

    fn read(given: Value) -> Result<Self, String> {
        given.as_f64().ok_or_else(|| "must be a number".to_owned())
    }

    fn number(&self) -> Option<f64> {
        Some(*self)
    }
}

/// The whole-number types: their kind, and how they are read from JSON.
macro_rules! whole_numbers {
    ($($type:ty: $kind:expr;)+) => {
        $(impl OptionValue for $type {
            const KIND: Kind = $kind;

            fn read(given: Value) -> Result<Self, String> {
                let number = given.as_i64().map(i128::from).or_else(|| given.as_u64().map(i128::from));
                let number = number.ok_or_else(|| format!("{given} is not a whole number"))?;
                number.try_into().map_err(|_| format!("{number} is out of range"))
            }

            fn number(&self) -> Option<f64> {
                Some(*self as f64)
            }
        })+
    };
}

whole_numbers! {
    u16: Kind::Count;
    u32: Kind::Count;
    u64: Kind::Count;
    usize: Kind::Count;
    i64: Kind::Integer;
}

/// A text that is not empty.
pub(crate) fn text(given: Value) -> Result<String, String> {
    match given {
        Value::String(text) if !text.is_empty() => Ok(text),
        _ => Err("must be a non-empty string".to_owned()),
    }
}
