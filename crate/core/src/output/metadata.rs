//! The metadata of every Parquet file about its origin, as one JSON value under one key.
//!
//! It contains only what shapes the result: the same input, transforms and options give the same bytes on any
//! machine, with any number of workers.

use std::borrow::Cow;

use parquet::file::metadata::KeyValue;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::engine::EngineVersion;
use crate::known::KnownSource;
use crate::options::ApplyOptions;
use crate::shard::Shard;
use crate::source::ColumnNames;
use crate::transform::Transform;

/// The key in the file metadata.
pub const METADATA_KEY: &str = "xform_native";
/// Version of the value under the key, and of the files' layout.
pub const FORMAT: u32 = 1;

/// Name and version of this program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// `xform-native`.
    pub name: Cow<'static, str>,
    /// Its version.
    pub version: Cow<'static, str>,
}

/// This program.
pub const TOOL: Tool =
    Tool { name: Cow::Borrowed("xform-native"), version: Cow::Borrowed(env!("CARGO_PKG_VERSION")) };

/// The part of the library that a file comes from, if it is not the whole library.
pub const SHARD_KEY: &str = "shard";
/// The rows that were skipped, if there are any.
pub const SKIP_ROWS_KEY: &str = "skip_rows";
/// The files of known molecules, if there are any.
const EXCLUDE_KEY: &str = "exclude";
const INPUT_KEY: &str = "input";
const ALERTS_KEY: &str = "alerts";

/// Everything that shapes the result, except the input: two runs with the same shape and the same input give the same
/// bytes. `alert_tables` are the SHA-256s of the files of alerts, which `options` names.
pub fn shape(
    engine: &EngineVersion,
    options: &ApplyOptions,
    columns: &ColumnNames,
    transforms: &[Transform],
    alert_tables: &[String],
    known: &[KnownSource],
) -> Value {
    let mut shape = json!({
        "format": FORMAT,
        "tool": TOOL,
        "engine": engine,
        "columns": columns,
        "transforms": transforms,
    });
    options.enter_shape(&mut shape);
    if !options.alerts.is_empty() {
        let catalogs: Vec<&str> = options.alerts.catalogs().collect();
        shape[ALERTS_KEY] = json!({ "catalogs": catalogs, "tables": alert_tables });
    }
    if !known.is_empty() {
        shape[EXCLUDE_KEY] = json!(known);
    }
    if let Some(layout) = columns.layout.as_ref().filter(|layout| !layout.as_named) {
        shape["layout"] = json!({ "delimiter": layout.delimiter, "header": layout.header });
    }
    shape
}

/// The library named in `metadata`: its SHA-256 and its number of rows.
pub fn input_of(metadata: &Value) -> Option<(&str, u64)> {
    let input = &metadata[INPUT_KEY];
    Some((input["sha256"].as_str()?, input["rows"].as_u64()?))
}

/// The SHA-256s of the files of alerts named in `metadata`.
pub fn alert_tables_of(metadata: &Value) -> Vec<String> {
    Vec::deserialize(&metadata[ALERTS_KEY]["tables"]).unwrap_or_default()
}

/// The shard named in `metadata`; `None` for the whole library and for an invalid shard.
pub fn shard_of(metadata: &Value) -> Option<Shard> {
    Shard::deserialize(&metadata[SHARD_KEY]).ok().filter(|shard| shard.validate().is_ok())
}

/// The `metadata` of a file without the input.
pub fn without_input(metadata: &Value) -> Value {
    without(metadata, &[INPUT_KEY])
}

/// The shape of the run over the whole library to which `metadata` belongs: without input and shard.
pub fn whole_shape(metadata: &Value) -> Value {
    without(metadata, &[INPUT_KEY, SHARD_KEY])
}

fn without(metadata: &Value, keys: &[&str]) -> Value {
    let entries = metadata.as_object().into_iter().flatten();
    let kept = entries.filter(|(key, _)| !keys.contains(&key.as_str()));
    Value::Object(kept.map(|(key, value)| (key.clone(), value.clone())).collect())
}

/// The number of files of the library named in `metadata`; `None` if it is a file that was named alone.
pub fn input_files_of(metadata: &Value) -> Option<u64> {
    metadata[INPUT_KEY]["files"].as_u64()
}

/// The metadata entry for one file of a run over a library of `files`, if there may be several.
pub fn key_value(shape: &Value, input_sha256: &str, input_rows: u64, files: Option<u64>) -> KeyValue {
    let mut value = shape.clone();
    value[INPUT_KEY] = json!({ "sha256": input_sha256, "rows": input_rows });
    if let Some(files) = files {
        value[INPUT_KEY]["files"] = json!(files);
    }
    KeyValue::new(METADATA_KEY.to_owned(), value.to_string())
}
