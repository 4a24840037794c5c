//! Types of values that only options use.

use std::fmt;
use std::ops::Deref;
use std::path::PathBuf;
use std::str::FromStr;

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use super::value::{Kind, OptionValue, text};
use crate::alerts::AlertChoice;
use crate::dedup::{DedupKey, DedupMode};
use crate::properties::PropertyChoice;
use crate::shard::Shard;
use crate::source::{ColumnTypes, Delimiter, InputFormat, KeepColumns, KeptPrefix};
use crate::standardization::Standardization;

impl OptionValue for DedupMode {
    const KIND: Kind = Kind::Choice;
    const CHOICES: &'static [(&'static str, &'static str)] = &Self::BRIEFS;

    fn read(given: Value) -> Result<Self, String> {
        choice(&given)
    }
}

impl OptionValue for DedupKey {
    const KIND: Kind = Kind::Choice;
    const CHOICES: &'static [(&'static str, &'static str)] = &Self::BRIEFS;

    fn read(given: Value) -> Result<Self, String> {
        choice(&given)
    }
}

impl OptionValue for InputFormat {
    const KIND: Kind = Kind::Choice;
    const CHOICES: &'static [(&'static str, &'static str)] = &Self::NAMED;

    fn read(given: Value) -> Result<Self, String> {
        choice(&given)
    }
}

impl OptionValue for Standardization {
    const KIND: Kind = Kind::Choice;
    const CHOICES: &'static [(&'static str, &'static str)] = &Self::NAMED;

    fn read(given: Value) -> Result<Self, String> {
        choice(&given)
    }
}

/// One of the words that a type has for its values.
pub(super) fn choice<T: OptionValue + DeserializeOwned>(given: &Value) -> Result<T, String> {
    let names: Vec<&str> = T::CHOICES.iter().map(|(name, _)| *name).collect();
    T::deserialize(given).map_err(|_| format!("{given} is not one of {}", names.join(", ")))
}

/// The order of the products.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// That of their parents in the input.
    #[default]
    Input,
    /// That of their keys, in which a cluster gives them.
    Key,
}

impl OptionValue for Order {
    const KIND: Kind = Kind::Choice;

    fn read(given: Value) -> Result<Self, String> {
        Self::deserialize(given).map_err(|error| error.to_string())
    }

    fn show(&self) -> Option<Value> {
        (*self != Self::Input).then(|| json!(self))
    }
}

impl OptionValue for PropertyChoice {
    const KIND: Kind = Kind::Names;

    fn read(given: Value) -> Result<Self, String> {
        Vec::<String>::read(given).map(|names| Self::new(&names))
    }

    fn as_given(&self) -> Option<Value> {
        (!self.is_empty()).then(|| json!(self))
    }
}

/// What happens to fragments of the parent that a site does not touch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Salts {
    /// Products lack them.
    #[default]
    Drop,
    /// Products have them.
    Keep,
}

impl OptionValue for Salts {
    const KIND: Kind = Kind::Choice;
    const CHOICES: &'static [(&'static str, &'static str)] =
        &[("drop", "products lack them, as RDKit makes them"), ("keep", "each product has them")];

    fn read(given: Value) -> Result<Self, String> {
        choice(&given)
    }
}

impl OptionValue for AlertChoice {
    const KIND: Kind = Kind::Names;

    fn read(given: Value) -> Result<Self, String> {
        Vec::<String>::read(given).map(|names| Self::new(&names))
    }

    fn as_given(&self) -> Option<Value> {
        (!self.is_empty()).then(|| json!(self))
    }
}

/// Files, in the order in which they are given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(Vec<PathBuf>);

impl Deref for Files {
    type Target = [PathBuf];

    fn deref(&self) -> &[PathBuf] {
        &self.0
    }
}

impl From<PathBuf> for Files {
    fn from(path: PathBuf) -> Self {
        Self(vec![path])
    }
}

impl From<Vec<PathBuf>> for Files {
    fn from(paths: Vec<PathBuf>) -> Self {
        Self(paths)
    }
}

impl Serialize for Files {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.show().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Files {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl OptionValue for Files {
    const KIND: Kind = Kind::Files;

    fn read(given: Value) -> Result<Self, String> {
        match given {
            Value::Array(_) => Vec::read(given).map(Self),
            one => PathBuf::read(one).map(Self::from),
        }
    }

    /// A single file as text, several as a list, as they are given.
    fn show(&self) -> Option<Value> {
        match &self.0[..] {
            [] => None,
            [one] => one.show(),
            _ => self.0.show(),
        }
    }
}

/// Memory that the process should stay below.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetMemory {
    /// Per cent of the lower of the machine's memory and the control group's limit.
    Percent(f64),
    /// Bytes.
    Bytes(u64),
}

impl Default for TargetMemory {
    fn default() -> Self {
        Self::Percent(70.0)
    }
}

impl TargetMemory {
    /// The target in bytes, given the memory that there is.
    pub fn bytes(self, limit_bytes: u64) -> u64 {
        match self {
            Self::Percent(percent) => (limit_bytes as f64 * percent / 100.0) as u64,
            Self::Bytes(bytes) => bytes,
        }
    }
}

impl OptionValue for TargetMemory {
    const KIND: Kind = Kind::Size;

    fn read(given: Value) -> Result<Self, String> {
        match given {
            Value::String(text) => text.parse(),
            Value::Number(_) => given.to_string().parse(),
            _ => Self::deserialize(given).map_err(|error| error.to_string()),
        }
    }

    fn as_given(&self) -> Option<Value> {
        Some(match self {
            Self::Percent(percent) => json!(percent),
            Self::Bytes(_) => json!(self.to_string()),
        })
    }

    fn check(&self) -> Result<(), String> {
        let fits = match *self {
            Self::Percent(percent) => percent > 0.0 && percent <= 100.0,
            Self::Bytes(bytes) => bytes > 0,
        };
        if fits { Ok(()) } else { Err(format!("{self} {TARGET_MEMORY_HINT}")) }
    }
}

const TARGET_MEMORY_HINT: &str = "is neither per cent (above 0, at most 100) nor a size such as 2GiB";

impl fmt::Display for TargetMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percent(percent) => write!(f, "{percent}"),
            Self::Bytes(bytes) => write!(f, "{bytes}B"),
        }
    }
}

impl FromStr for TargetMemory {
    /// Why the text is not a target.
    type Err = String;

    /// A bare number, or one with `%`, is per cent; `B`, `kB`, `MB`, `GB`, `KiB`, `MiB`, `GiB` (any case) make it bytes.
    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = || format!("{text:?} {TARGET_MEMORY_HINT}");
        let text_trimmed = text.trim();
        let split =
            text_trimmed.find(|c: char| c == '%' || c.is_ascii_alphabetic()).unwrap_or(text_trimmed.len());
        let (number, unit) = text_trimmed.split_at(split);
        let number: f64 = number.trim().parse().map_err(|_| refuse())?;
        let factor = match unit.to_ascii_lowercase().as_str() {
            "" | "%" => None,
            "b" => Some(1_u64),
            "k" | "kib" => Some(1 << 10),
            "m" | "mib" => Some(1 << 20),
            "g" | "gib" => Some(1 << 30),
            "t" | "tib" => Some(1 << 40),
            "kb" => Some(1_000),
            "mb" => Some(1_000_000),
            "gb" => Some(1_000_000_000),
            "tb" => Some(1_000_000_000_000),
            _ => return Err(refuse()),
        };
        let target = match factor {
            None => Self::Percent(number),
            Some(factor) => Self::Bytes((number * factor as f64) as u64),
        };
        target.check().map_err(|_| refuse())?;
        Ok(target)
    }
}

/// Types that a surface passes as text and a summary shows as data.
macro_rules! parsed {
    ($($type:ty: $kind:expr $(, $check:expr)?;)+) => {
        $(impl OptionValue for $type {
            const KIND: Kind = $kind;

            fn read(given: Value) -> Result<Self, String> {
                match given {
                    Value::Object(_) => Self::deserialize(given).map_err(|error| error.to_string()),
                    _ => text(given)?.parse(),
                }
            }
        $(
            fn check(&self) -> Result<(), String> {
                $check(*self)
            }
        )?})+
    };
}

parsed! {
    Shard: Kind::Shard, Shard::validate;
    Delimiter: Kind::Text;
}

impl OptionValue for KeepColumns {
    const KIND: Kind = Kind::Columns;

    fn read(given: Value) -> Result<Self, String> {
        let columns = Self::deserialize(given);
        let columns = columns.map_err(|_| "must be \"all\" or a list of strings".to_owned())?;
        Ok(if columns == Self::Named(Vec::new()) { Self::None } else { columns })
    }

    fn as_given(&self) -> Option<Value> {
        Some(if *self == Self::None { json!([]) } else { json!(self) })
    }
}

impl OptionValue for ColumnTypes {
    const KIND: Kind = Kind::Names;

    fn read(given: Value) -> Result<Self, String> {
        Self::parse(&Vec::<String>::read(given)?)
    }

    fn as_given(&self) -> Option<Value> {
        (!self.is_empty()).then(|| json!(self))
    }
}

impl OptionValue for KeptPrefix {
    const KIND: Kind = Kind::AnyText;

    fn read(given: Value) -> Result<Self, String> {
        Self::deserialize(given).map_err(|_| "must be a string".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn target_memory_is_per_cent_without_a_unit() {
        assert_eq!("70.0".parse::<TargetMemory>().unwrap(), TargetMemory::Percent(70.0));
        assert_eq!("70 %".parse::<TargetMemory>().unwrap(), TargetMemory::Percent(70.0));
        assert_eq!("2GiB".parse::<TargetMemory>().unwrap(), TargetMemory::Bytes(2 << 30));
        assert_eq!("1.5 gb".parse::<TargetMemory>().unwrap(), TargetMemory::Bytes(1_500_000_000));
        for bad in ["", "0", "101", "-3", "two", "3 parsec", "nan", "0GiB"] {
            let reason = bad.parse::<TargetMemory>().unwrap_err();
            assert!(reason.starts_with(&format!("{bad:?} is neither")), "{reason}");
        }
        assert_eq!(TargetMemory::Percent(50.0).bytes(1000), 500);
        assert_eq!(TargetMemory::read(json!(12.5)).unwrap(), TargetMemory::Percent(12.5));
        assert_eq!(TargetMemory::read(json!({ "bytes": 7 })).unwrap(), TargetMemory::Bytes(7));
    }
}
