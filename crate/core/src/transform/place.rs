//! Where in the file something stands.

use serde_saphyr::{Location, Spanned};

/// A line and a column, both from 1; 0 where a fault has no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Place {
    pub(super) line: u64,
    pub(super) column: u64,
    /// Line of the alias or merge key that brought the value to where it is used, if one did.
    pub(super) used_at: Option<u64>,
}

impl Place {
    /// The place of `location` alone.
    pub(super) fn of(location: Location) -> Self {
        Self { line: location.line(), column: location.column(), used_at: None }
    }

    /// Where the value itself is written, which is where it can be put right.
    pub(super) fn of_spanned<T>(spanned: &Spanned<T>) -> Self {
        let used_at = (spanned.referenced != spanned.defined).then(|| spanned.referenced.line());
        Self { used_at, ..Self::of(spanned.defined) }
    }

    /// The place after `text`: columns count characters, and a line ends with LF, CRLF or CR, as in YAML.
    pub(super) fn after(text: &str) -> Self {
        let mut place = Self { line: 1, column: 1, used_at: None };
        let mut characters = text.strip_prefix('\u{feff}').unwrap_or(text).chars().peekable();
        while let Some(character) = characters.next() {
            let ends_line = character == '\n' || (character == '\r' && characters.peek() != Some(&'\n'));
            match character {
                _ if ends_line => place = Self { line: place.line + 1, column: 1, used_at: None },
                _ => place.column += 1,
            }
        }
        place
    }
}

/// The text at `location` in `text`, for example `1.10` and not 1.1; `None` except for scalars.
pub(super) fn spelling<'t>(location: &Location, text: &'t str) -> Option<&'t str> {
    let span = location.span();
    let start = usize::try_from(span.byte_offset()?).ok()?;
    text.get(start..start.checked_add(span.byte_len()?.try_into().ok()?)?)
}
