//! YAML as a tree of nodes that know where they stand.
//!
//! serde-saphyr resolves aliases and merge keys and marks each value with where it is written and where it is
//! used; the tree keeps duplicate and unknown keys, so that `table` can report them with their own place.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{DuplicateKeyPolicy, NonFiniteFloatPolicy, Options, Spanned};

use super::fault::{Checked, quoted};
use super::place::Place;
use super::syntax;

/// Nodes in a file, and half as many from its aliases: some 15,000 transforms with every key given.
pub(super) const MAX_NODES: usize = 500_000;
/// A transform file nests five deep; the bound keeps the recursion off the end of the stack.
pub(super) const MAX_DEPTH: usize = 32;

#[derive(Debug)]
pub(super) struct Node {
    pub(super) place: Place,
    /// First byte and length in the file, of scalars.
    span: Option<(usize, usize)>,
    pub(super) value: Value,
}

#[derive(Debug)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

/// The root of `text`.
pub(super) fn read(text: &str) -> Checked<Node> {
    serde_saphyr::from_str_with_options(text, options()).map_err(|error| syntax::fault(&error, text))
}

fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: 2 * MAX_NODES,
            max_nodes: MAX_NODES,
            max_depth: MAX_DEPTH,
            // One base merged into every transform of a large library is no bomb; what is replayed is counted.
            enforce_alias_anchor_ratio: false,
            max_merge_keys: 50_000,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: MAX_NODES / 2,
            max_replay_stack_depth: MAX_DEPTH,
        },
        // Comments are not wanted, and while they are emitted more than 32 lines of them in a row are refused.
        emit_comments: false,
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        reject_unsupported_tags: true,
        // YAML 1.2: `product_highlight_symbol: N` and `name: no` are strings.
        strict_booleans: true,
        with_snippet: false,
    }
}

impl Node {
    /// The scalar as the file spells it, `1.10` and not 1.1.
    pub(super) fn spelling<'t>(&self, text: &'t str) -> Option<&'t str> {
        let (start, len) = self.span?;
        text.get(start..start.checked_add(len)?)
    }

    /// What the node is, for `expected a string, found ...`.
    pub(super) fn describe(&self) -> String {
        match &self.value {
            Value::Null => "nothing".to_owned(),
            Value::Bool(value) => format!("the boolean {value}"),
            Value::Int(value) => format!("the number {value}"),
            Value::Float(value) => format!("the number {value}"),
            Value::Text(value) => format!("the string {}", quoted(value)),
            Value::List(_) => "a list".to_owned(),
            Value::Map(_) => "a mapping".to_owned(),
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Value>::deserialize(deserializer)?;
        let span = spanned.defined.span();
        let bytes = span.byte_offset().zip(span.byte_len());
        Ok(Self {
            place: Place::of_spanned(&spanned),
            span: bytes.and_then(|(start, len)| Some((start.try_into().ok()?, len.try_into().ok()?))),
            value: spanned.value,
        })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Int(value.into()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(i128::try_from(value).map_or(Value::Float(value as f64), Value::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = access.next_element()? {
            nodes.push(node);
        }
        Ok(Value::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(Value::Map(entries))
    }
}
