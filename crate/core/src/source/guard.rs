//! Steps of a decoder that is not ours, on content that may be damaged.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::spawn::panic_text;

/// Runs a step of the decoder. Damaged content can make it panic as well as fail; both become an error with the reason.
pub(super) fn guard<T, E: std::fmt::Display>(step: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(step)) {
        Ok(result) => result.map_err(|error| reason(&error.to_string())),
        Err(panic) => Err(format!("its content is damaged ({})", panic_text(&*panic))),
    }
}

/// The decoder's message without its accumulated prefixes.
pub(super) fn reason(mut text: &str) -> String {
    const PREFIXES: [&str; 7] = [
        "Parquet argument error: ",
        "Parquet error: ",
        "External: ",
        "Arrow: ",
        "Invalid argument error: ",
        "Ipc error: ",
        "Parser error: ",
    ];
    while let Some(rest) = PREFIXES.iter().find_map(|prefix| text.strip_prefix(prefix)) {
        text = rest;
    }
    text.to_owned()
}
