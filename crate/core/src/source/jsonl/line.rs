//! One line of JSON lines: an object, whose values are kept as they are written.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The keys of objects, each with its position.
#[derive(Default)]
pub(super) struct Keys(HashMap<String, usize>);

impl Keys {
    /// Adds a key that is not there, after the others.
    pub(super) fn add(&mut self, name: &str) {
        self.0.insert(name.to_owned(), self.0.len());
    }
}

/// The values of an object.
pub(super) struct Line<'a> {
    /// By the position of their keys; `None` for a null and for a key that the line does not have.
    pub values: Vec<Option<&'a RawValue>>,
    /// Keys that have no position, with their values.
    pub others: Vec<(Cow<'a, str>, Option<&'a RawValue>)>,
}

impl<'a> Line<'a> {
    /// Reads the object in `text`.
    ///
    /// # Errors
    /// Why the text is not an object, or which key is there twice.
    pub(super) fn read(text: &'a [u8], keys: &Keys) -> Result<Self, String> {
        let text = std::str::from_utf8(text).map_err(|_| "it is not UTF-8".to_owned())?;
        let mut json = serde_json::Deserializer::from_str(text);
        let line = Object(keys).deserialize(&mut json).and_then(|line| json.end().map(|()| line));
        line.map_err(|error| {
            let text = error.to_string();
            // There is only one line.
            let place = text.rfind(" at line 1 ").unwrap_or(text.len());
            text[..place].to_owned()
        })
    }
}

/// A key, borrowed from the text if it has no escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// Reads an object.
struct Object<'k>(&'k Keys);

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = Line<'de>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Line<'de>, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = Line<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Line<'de>, A::Error> {
        let Self(keys) = self;
        let mut line = Line { values: vec![None; keys.0.len()], others: Vec::new() };
        let mut is_there = vec![false; keys.0.len()];
        while let Some(Key(key)) = map.next_key()? {
            let value: &'de RawValue = map.next_value()?;
            let value = Some(value).filter(|value| value.get() != "null");
            let is_twice = match keys.0.get(key.as_ref()) {
                Some(&position) => {
                    line.values[position] = value;
                    std::mem::replace(&mut is_there[position], true)
                }
                None => {
                    let is_twice = line.others.iter().any(|(other, _)| *other == key);
                    line.others.push((key.clone(), value));
                    is_twice
                }
            };
            if is_twice {
                return Err(A::Error::custom(format!("the key {key:?} is there twice")));
            }
        }
        Ok(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(Vec<Option<String>>, Vec<String>), String> {
        let mut keys = Keys::default();
        ["a", "b"].iter().for_each(|name| keys.add(name));
        let line = Line::read(text.as_bytes(), &keys)?;
        let values = line.values.iter().map(|value| value.map(|value| value.get().to_owned()));
        Ok((values.collect(), line.others.iter().map(|(key, _)| key.clone().into_owned()).collect()))
    }

    #[test]
    fn values_are_as_they_are_written() {
        let (values, others) = read(r#"{"b": 1.50, "\u0061": "x", "c": [1, 2], "d": null}"#).unwrap();
        assert_eq!(values, [Some("\"x\"".to_owned()), Some("1.50".to_owned())]);
        assert_eq!(others, ["c", "d"]);
        assert_eq!(read("{}").unwrap().0, [None, None]);
        assert_eq!(read(r#"{"a": null}"#).unwrap().0, [None, None]);
        assert_eq!(
            read(r#"{"a": 1e999}"#).unwrap().0[0].as_deref(),
            Some("1e999"),
            "no number is out of range here"
        );
    }

    #[test]
    fn what_is_no_object_says_why() {
        for (text, words) in [
            ("[1]", "expected an object"),
            ("1", "expected an object"),
            ("{", "EOF while parsing an object"),
            (r#"{"a": 1} x"#, "trailing characters"),
            (r#"{"a": 1, "a": 2}"#, "the key \"a\" is there twice"),
            (r#"{"x": 1, "x": 2}"#, "the key \"x\" is there twice"),
            (r#"{"a": "\ud800"}"#, ""),
        ] {
            let reason = read(text).err().unwrap_or_default();
            assert!(reason.contains(words) && !reason.contains("line 1"), "{text}: {reason}");
        }
        assert_eq!(Line::read(b"{\"a\": \"\xff\"}", &Keys::default()).err().unwrap(), "it is not UTF-8");
    }
}
