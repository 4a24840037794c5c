//! Reads YAML into a type that serde can read.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_path_to_error::{Deserializer, Segment, Track};
use serde_saphyr::{Error, NonFiniteFloatPolicy, Options};

use super::fault::Checked;
use super::refused::{self, Home, MAX_DEPTH};

/// Nodes in a file, and half as many from its aliases: about 15,000 transforms with every key given.
const MAX_NODES: usize = 500_000;

/// The value that `text` describes.
pub(super) fn read<'de, T: Deserialize<'de>>(text: &'de str, home: Home) -> Checked<T> {
    let mut track = Track::new();
    serde_saphyr::with_deserializer_from_str_with_options(text, options(), |deserializer| {
        T::deserialize(Deserializer::new(deserializer, &mut track))
    })
    .map_err(|error| refused::fault(&error, way(track), text, home))
}

/// The path to the invalid value, such as `transforms[3].prob`. A spanned value counts as a mapping with the key
/// `value`.
fn way(track: Track) -> String {
    const SHOWN: usize = 60;
    let mut way = String::new();
    for segment in &track.path() {
        match segment {
            Segment::Seq { index } => way.push_str(&format!("[{index}]")),
            Segment::Map { key } if key != "value" => {
                way.extend((!way.is_empty()).then_some('.'));
                way.extend(key.escape_debug().take(SHOWN));
            }
            _ => (),
        }
    }
    way
}

/// The keys that a mapping read as `T` may have.
pub(super) fn keys<T: DeserializeOwned>() -> Vec<&'static str> {
    match serde_saphyr::from_str_with_options::<T>("'': 0", options()) {
        Err(Error::SerdeUnknownField { expected, .. }) => expected,
        _ => Vec::new(),
    }
}

fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: 2 * MAX_NODES,
            max_nodes: MAX_NODES,
            max_depth: MAX_DEPTH,
            // A base that is merged into every transform of a large library is not an attack; the replayed nodes are
            // counted.
            enforce_alias_anchor_ratio: false,
            max_merge_keys: 50_000,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: MAX_NODES / 2,
            max_replay_stack_depth: MAX_DEPTH,
        },
        // Comments are not needed, and while they are emitted, more than 32 lines of them in a row are refused.
        emit_comments: false,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        // A number is not a string.
        no_schema: true,
        reject_unsupported_tags: true,
        // YAML 1.2: `product_highlight_symbol: N` and `name: no` are strings.
        strict_booleans: true,
        with_snippet: false,
    }
}
