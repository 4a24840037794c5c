//! Mappings and their values, read with the way to them at hand.

use super::fault::{Checked, Fault, quoted};
use super::node::{Node, Value};
use super::suggest::closest;

/// A mapping that holds known keys only, each once.
pub(super) struct Table<'a> {
    node: &'a Node,
    path: String,
    entries: Vec<(&'a str, &'a Node)>,
}

impl<'a> Table<'a> {
    /// Takes the mapping in `field`, which may have `keys`. `elsewhere` names where a key that stands here by
    /// mistake belongs.
    pub(super) fn open(
        field: Field<'a>,
        keys: &[&str],
        elsewhere: impl Fn(&str) -> Option<&'static str>,
    ) -> Checked<Self> {
        let Value::Map(pairs) = &field.node.value else {
            return Err(field.mistyped("a mapping"));
        };
        let mut table = Self { node: field.node, path: field.path, entries: Vec::with_capacity(pairs.len()) };
        for (key_node, value) in pairs {
            let key = table.key_text(key_node)?;
            let fault = |reason: String| Fault::at(key_node.place, reason).key(join(&table.path, key));
            if !keys.contains(&key) {
                let meant = match elsewhere(key) {
                    Some(place) => format!("{key:?} belongs {place}"),
                    None => match closest(key, keys.iter().copied()) {
                        Some(known) => format!("did you mean {known:?}?"),
                        None => format!("known here: {}", keys.join(", ")),
                    },
                };
                return Err(fault(format!("unknown key {}", quoted(key))).suggest(meant));
            }
            if let Some((_, first)) = table.entries.iter().find(|(known, _)| *known == key) {
                let reason = format!("the key is there twice, first at line {}", first.place.line);
                return Err(fault(reason).suggest("keep one of the two"));
            }
            table.entries.push((key, value));
        }
        Ok(table)
    }

    fn key_text(&self, key: &'a Node) -> Checked<&'a str> {
        match &key.value {
            Value::Text(text) => Ok(text),
            _ => Err(Fault::at(key.place, format!("expected a key, found {}", key.describe()))
                .key(self.path.clone())
                .suggest("write KEY: VALUE")),
        }
    }

    /// The value of `key`, if it is there.
    pub(super) fn get(&self, key: &str) -> Option<Field<'a>> {
        let (_, node) = self.entries.iter().find(|(known, _)| *known == key)?;
        Some(Field { node, path: join(&self.path, key) })
    }

    /// The value of `key`, unless it is absent or empty.
    pub(super) fn get_some(&self, key: &str) -> Option<Field<'a>> {
        self.get(key).filter(|field| !matches!(field.node.value, Value::Null))
    }

    /// The value of `key`, which must be there.
    pub(super) fn require(&self, key: &str) -> Checked<Field<'a>> {
        self.get(key).ok_or_else(|| {
            let place = self.node.place;
            Fault::at(place, "the key is missing").key(join(&self.path, key)).suggest(format!("add {key}:"))
        })
    }
}

/// A value and the way to it.
pub(super) struct Field<'a> {
    pub(super) node: &'a Node,
    pub(super) path: String,
}

impl<'a> Field<'a> {
    /// The whole file.
    pub(super) fn root(node: &'a Node) -> Self {
        Self { node, path: String::new() }
    }

    pub(super) fn fault(&self, reason: impl Into<String>) -> Fault {
        Fault::at(self.node.place, reason).key(self.path.clone())
    }

    fn mistyped(&self, expected: &str) -> Fault {
        let fault = self.fault(format!("expected {expected}, found {}", self.node.describe()));
        match &self.node.value {
            Value::Null => fault.suggest("give a value, or leave the key out"),
            _ => fault,
        }
    }

    pub(super) fn text(&self) -> Checked<&'a str> {
        match &self.node.value {
            Value::Text(text) => Ok(text),
            Value::Bool(_) | Value::Int(_) | Value::Float(_) => {
                Err(self.mistyped("a string").suggest("put quotes around it"))
            }
            _ => Err(self.mistyped("a string")),
        }
    }

    /// A string on one line that is not empty: what goes to the chemistry toolkit.
    pub(super) fn pattern(&self) -> Checked<&'a str> {
        let text = self.text()?;
        if text.trim().is_empty() {
            return Err(self.fault("empty").suggest("give a value, or leave the key out"));
        }
        if let Some(control) = text.chars().find(|c| c.is_control()) {
            let reason = format!("holds the control character {control:?}");
            return Err(self.fault(reason).suggest("write it on one line, in quotes"));
        }
        Ok(text)
    }

    pub(super) fn flag(&self) -> Checked<bool> {
        match &self.node.value {
            Value::Bool(value) => Ok(*value),
            Value::Text(text) => {
                let fault = self.mistyped("true or false");
                Err(match text.to_ascii_lowercase().as_str() {
                    "yes" | "on" | "y" | "true" => fault.suggest("write true"),
                    "no" | "off" | "n" | "false" => fault.suggest("write false"),
                    _ => fault,
                })
            }
            _ => Err(self.mistyped("true or false")),
        }
    }

    pub(super) fn whole_number(&self) -> Checked<i128> {
        match &self.node.value {
            Value::Int(value) => Ok(*value),
            Value::Float(value) if value.fract() == 0.0 => {
                Err(self.mistyped("a whole number").suggest(format!("write {value:.0}")))
            }
            Value::Text(text) if text.parse::<i128>().is_ok() => {
                Err(self.mistyped("a whole number").suggest(format!("write {text} without quotes")))
            }
            _ => Err(self.mistyped("a whole number")),
        }
    }

    pub(super) fn number(&self) -> Checked<f64> {
        match &self.node.value {
            Value::Int(value) => Ok(*value as f64),
            Value::Float(value) => Ok(*value),
            Value::Text(text) if text.parse::<f64>().is_ok() => {
                Err(self.mistyped("a number").suggest(format!("write {text} without quotes")))
            }
            _ => Err(self.mistyped("a number")),
        }
    }

    /// The values of a list.
    pub(super) fn items(&self) -> Checked<impl Iterator<Item = Field<'a>>> {
        let Value::List(nodes) = &self.node.value else {
            let fault = self.mistyped("a list");
            return Err(match &self.node.value {
                Value::Null => fault,
                Value::Map(_) => fault.suggest("begin each entry with - and a blank"),
                _ => fault.suggest("put it in [ ]"),
            });
        };
        let path = self.path.clone();
        Ok(nodes.iter().enumerate().map(move |(i, node)| Field { node, path: format!("{path}[{i}]") }))
    }
}

fn join(path: &str, key: &str) -> String {
    const SHOWN: usize = 60;
    let key: String = key.escape_debug().take(SHOWN).collect();
    if path.is_empty() { key } else { format!("{path}.{key}") }
}
