//! What every Parquet file says of its making, as one JSON value under one key.
//!
//! Only what shapes the result goes in: the same input, transforms and options give the same bytes on any machine
//! with any number of workers.

use parquet::file::metadata::KeyValue;
use serde::Serialize;
use serde_json::json;

use crate::engine::EngineVersion;
use crate::options::{ApplyOptions, DedupMode};
use crate::source::InputColumns;
use crate::transform::Transform;

/// The key in the file metadata.
pub const METADATA_KEY: &str = "xform_native";
/// Version of what stands under the key, and of the files' layout.
pub const FORMAT: u32 = 1;

/// Name and version of this program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tool {
    /// `xform-native`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// This program.
pub const TOOL: Tool = Tool { name: "xform-native", version: env!("CARGO_PKG_VERSION") };

/// The metadata entry for one file of a run.
pub fn key_value(
    engine: &EngineVersion,
    options: &ApplyOptions,
    columns: &InputColumns,
    transforms: &[Transform],
    input_sha256: &str,
    input_rows: u64,
) -> KeyValue {
    let bloom = (options.dedup == DedupMode::Bloom)
        .then(|| json!({ "expected_items": options.bloom_expected_items, "fp_rate": options.bloom_fp_rate }));
    let kept: Vec<&str> = columns.kept.iter().map(|field| field.name().as_str()).collect();
    let value = json!({
        "format": FORMAT,
        "tool": TOOL,
        "engine": engine,
        "input": { "sha256": input_sha256, "rows": input_rows },
        "columns": {
            "smiles": columns.smiles,
            "id": columns.id.as_ref().map(|field| field.name()),
            "kept": kept,
        },
        "dedup": { "mode": options.dedup, "bloom": bloom },
        "transforms": transforms,
    });
    KeyValue::new(METADATA_KEY.to_owned(), value.to_string())
}
