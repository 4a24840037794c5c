//! A fault on its way to becoming an error.

use std::path::Path;

use super::place::Place;
use crate::error::Error;

pub(super) const GIVE_VALUE: &str = "give a value, or leave the key out";
pub(super) const QUOTE: &str = "put quotes around it";

/// A fault of the file, and its position; the file's name comes last.
#[derive(Debug)]
pub(super) struct Fault {
    place: Place,
    key: String,
    reason: String,
    suggestion: String,
}

pub(super) type Checked<T> = Result<T, Fault>;

impl Fault {
    /// A fault of the value to which `key` leads, for example `transforms[3].prob`, or of the file if `key` is empty.
    /// `suggestion` names what was probably meant, if it is not empty.
    pub(super) fn new(
        place: Place,
        key: impl Into<String>,
        reason: impl Into<String>,
        suggestion: impl Into<String>,
    ) -> Self {
        Self { place, key: key.into(), reason: reason.into(), suggestion: suggestion.into() }
    }

    /// The position of the transform that has the fault, if one has.
    pub(super) fn entry(&self) -> Option<usize> {
        self.key.strip_prefix("transforms[")?.split_once(']')?.0.parse().ok()
    }

    pub(super) fn into_error(self, path: &Path) -> Error {
        let used = self.place.used_at.map(|line| format!(" (used at line {line})"));
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        Error::ConfigInvalid {
            path: path.to_owned(),
            line: self.place.line,
            column: self.place.column,
            key: some(self.key),
            reason: self.reason + &used.unwrap_or_default(),
            suggestion: some(self.suggestion),
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
