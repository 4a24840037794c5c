//! Files with a rule per line: a SMIRKS, blanks, and the name.

use super::cells::{Cell, Row};
use super::format::lines;
use super::place::Place;

/// The rows of the file with the content `text`.
pub(super) fn rows(text: &str) -> impl Iterator<Item = Row> {
    lines(text).map(|(line, text)| {
        let start = text.len() - text.trim_start().len();
        let end = text[start..].find(char::is_whitespace).map_or(text.len(), |length| start + length);
        let name = text[end..].trim();
        let mut cells = vec![Cell::of(text, line, "smirks", start, &text[start..end])];
        if !name.is_empty() {
            let start = text.len() - text[end..].trim_start().len();
            cells.push(Cell::of(text, line, "name", start, name));
        }
        Row { place: Place { line, column: 1, used_at: None }, cells }
    })
}
