//! Lists in a summary that stay readable.

use serde::ser::Error;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// Serializes each item as one line, also where the text around it is indented.
pub fn one_a_line<T: Serialize, S: Serializer>(items: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    let line = |item| serde_json::to_string(item).and_then(RawValue::from_string);
    let lines = items.iter().map(line).collect::<Result<Vec<_>, _>>();
    lines.map_err(S::Error::custom)?.serialize(serializer)
}
