//! The keys of the JSON Schema. `__test__/schema.spec.ts` compares its verdicts with the reader's.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::transform::file::{Case, Defaults, Entry, File};
use crate::transform::yaml;

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../configs/transforms.schema.json");

#[test]
fn the_schema_has_the_keys_of_the_reader() {
    let schema: Value = serde_json::from_str(&fs::read_to_string(SCHEMA).unwrap()).unwrap();
    let mappings = [
        ("", yaml::keys::<File>()),
        ("/properties/defaults", yaml::keys::<Defaults>()),
        ("/definitions/transform", yaml::keys::<Entry>()),
        ("/definitions/example", yaml::keys::<Case>()),
    ];
    for (at, keys) in mappings {
        let mapping = schema.pointer(at).unwrap();
        let described = mapping["properties"].as_object().unwrap().keys().map(String::as_str);
        assert_eq!(described.collect::<BTreeSet<_>>(), BTreeSet::from_iter(keys), "{at}");
        assert_eq!(mapping["additionalProperties"], false, "{at}");
    }
}
