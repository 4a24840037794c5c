//! Text with a checksum at its end: the first 16 hex digits of the text's SHA-256.

use crate::content::Content;

/// `text`, followed by its checksum.
pub fn with_checksum(text: &str) -> String {
    format!("{text} {:.16}", Content::of_bytes(text.as_bytes()).sha256)
}

/// The text in `line`; `None` if the checksum does not match.
pub fn without_checksum(line: &str) -> Option<&str> {
    let (text, _) = line.rsplit_once(' ')?;
    (with_checksum(text) == line).then_some(text)
}
