//! Messages of errors that need more than a format string.

use std::path::Path;

use super::FilePlace;
use crate::shard::Shard;

/// The first few of `count` shards.
pub(super) fn missing_shards(shards: &[Shard], count: u32) -> String {
    const SHOWN: usize = 10;
    let names: Vec<String> = shards.iter().take(SHOWN).map(Shard::to_string).collect();
    let more = match (count as usize).saturating_sub(names.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", names.join(", "))
}

pub(super) fn input_in_output_message(path: &Path, found: &Path) -> String {
    let same = match path == found {
        true => String::new(),
        false => format!(" ({} is the same file)", found.display()),
    };
    format!(
        "the run reads {} and would remove or replace it{same}; move the file, or choose another folder for the output",
        path.display()
    )
}

pub(super) fn place_prefix(place: Option<&FilePlace>) -> String {
    place.map_or_else(String::new, |FilePlace { path, line, column }| {
        format!("{}:{line}:{column}: ", path.display())
    })
}

pub(super) fn config_message(
    path: &Path,
    line: u64,
    column: u64,
    key: Option<&str>,
    reason: &str,
    suggestion: Option<&str>,
) -> String {
    let mut message = path.display().to_string();
    if line > 0 {
        message.push_str(&format!(":{line}:{column}"));
    }
    message.push_str(": ");
    if let Some(key) = key {
        message.push_str(&format!("{key}: "));
    }
    message.push_str(reason);
    if let Some(suggestion) = suggestion {
        message.push_str(&format!("; {suggestion}"));
    }
    message
}
