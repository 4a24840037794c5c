//! How the lines of a text file are read: what separates the columns, and whether the first line names them.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What separates the columns of a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delimiter {
    /// Spaces and tabs after the first word, which is the SMILES; the rest of the line is the id.
    Blank,
    /// `,`
    Comma,
    /// A tab.
    Tab,
    /// `;`
    Semicolon,
    /// `|`
    Pipe,
    /// A single space.
    Space,
}

impl Delimiter {
    /// The number of separators.
    pub(super) const COUNT: usize = 6;
    /// Each separator with its name, and its byte if it is a single one.
    const ALL: [(Self, &'static str, Option<u8>); Self::COUNT] = [
        (Self::Blank, "blank", None),
        (Self::Comma, "comma", Some(b',')),
        (Self::Tab, "tab", Some(b'\t')),
        (Self::Semicolon, "semicolon", Some(b';')),
        (Self::Pipe, "pipe", Some(b'|')),
        (Self::Space, "space", Some(b' ')),
    ];

    fn entry(self) -> (&'static str, Option<u8>) {
        let found = Self::ALL.into_iter().find(|(each, ..)| *each == self);
        found.map_or(("", None), |(_, name, byte)| (name, byte))
    }

    /// The byte between two columns; `None` for [`Delimiter::Blank`].
    pub fn byte(self) -> Option<u8> {
        self.entry().1
    }

    /// Its name, which `--delimiter` accepts.
    pub fn name(self) -> &'static str {
        self.entry().0
    }
}

impl FromStr for Delimiter {
    /// Why the text does not separate columns.
    type Err = String;

    /// A name or the character itself; `\t`, which shells do not convert, is a tab.
    fn from_str(text: &str) -> Result<Self, String> {
        let is =
            |name: &str, byte: Option<u8>| text == name || byte.is_some_and(|byte| text.as_bytes() == [byte]);
        let found = Self::ALL.into_iter().find(|(_, name, byte)| is(name, *byte));
        match found {
            Some((delimiter, ..)) => Ok(delimiter),
            None if text == r"\t" => Ok(Self::Tab),
            None => {
                let names = Self::ALL.map(|(_, name, _)| name).join(", ");
                Err(format!("{text:?} does not separate columns; use one of {names}"))
            }
        }
    }
}

/// How a text file is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// What separates the columns.
    pub delimiter: Delimiter,
    /// Whether the first line names the columns.
    pub header: bool,
    /// The reason why the file is read in this way.
    pub because: String,
    /// Whether the file's name promises this layout, as far as it promises one.
    pub as_named: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delimiter_is_a_name_or_the_character() {
        for (text, delimiter) in [
            (",", Delimiter::Comma),
            ("comma", Delimiter::Comma),
            ("\t", Delimiter::Tab),
            (r"\t", Delimiter::Tab),
            ("tab", Delimiter::Tab),
            (";", Delimiter::Semicolon),
            ("|", Delimiter::Pipe),
            (" ", Delimiter::Space),
            ("blank", Delimiter::Blank),
        ] {
            assert_eq!(text.parse::<Delimiter>().unwrap(), delimiter, "{text:?}");
        }
        for bad in ["", "::", ":", "TAB", "C", "\n", "\""] {
            let reason = bad.parse::<Delimiter>().unwrap_err();
            assert!(reason.ends_with("use one of blank, comma, tab, semicolon, pipe, space"), "{reason}");
        }
    }
}
