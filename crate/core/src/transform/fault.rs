//! A fault on its way to becoming an error.

use std::path::Path;

use super::place::Place;
use crate::error::Error;

/// What is wrong with the file, where, and what was probably meant; the file's name comes at the end.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) place: Place,
    /// The way to the value at fault, for example `transforms[3].max_sites_per_mol`.
    pub(super) key: Option<String>,
    pub(super) reason: String,
    pub(super) suggestion: Option<String>,
}

pub(super) type Checked<T> = Result<T, Fault>;

impl Fault {
    pub(super) fn at(place: Place, reason: impl Into<String>) -> Self {
        Self { place, key: None, reason: reason.into(), suggestion: None }
    }

    pub(super) fn key(self, key: impl Into<String>) -> Self {
        Self { key: Some(key.into()), ..self }
    }

    pub(super) fn suggest(self, suggestion: impl Into<String>) -> Self {
        Self { suggestion: Some(suggestion.into()), ..self }
    }

    pub(super) fn into_error(self, path: &Path) -> Error {
        let mut reason = self.reason;
        if let Some(line) = self.place.used_at {
            reason.push_str(&format!(" (used at line {line})"));
        }
        Error::ConfigInvalid {
            path: path.to_owned(),
            line: self.place.line,
            column: self.place.column,
            key: self.key.filter(|key| !key.is_empty()),
            reason,
            suggestion: self.suggestion,
        }
    }
}

/// `text` in quotes, with what a terminal must not see escaped, cut where a message would drown in it.
pub(super) fn quoted(text: &str) -> String {
    const SHOWN: usize = 60;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{:?}...", &text[..end]),
        None => format!("{text:?}"),
    }
}
