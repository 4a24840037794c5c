//! The options that a gallery has in addition to those that it shares with a run.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::Serialize;

use super::declare::options;
use super::spec::{Command, Range};
use super::value::{Kind, OptionValue, text};
use crate::source::KeepColumns;

options! {
    /// What to show of a table, and where.
    pub struct GalleryInput for &[Command::Gallery];

    "Input" {
        /// Column that names the molecules: its name, or its number from 1.
        id_column: Option<String> = None => {
            help: "column that names the molecules, by name or number",
            value: "column",
            default_text: "`product_id`, else `id`, else the only one that ends in `_id`, else none",
        }
    }
    "Rows and columns" {
        /// Show only rows that meet this condition, in SQL, over all columns of the table; as `where` of {@link ApplyOptions}.
        filter as "where": Option<String> = None => {
            key: "where",
            help: "show only rows that meet this SQL condition over the columns of the table, such as `MW < 500`",
            value: "condition",
            default_text: "none",
        }
        /// Rows to show at most, the first ones. Each 500 have a page.
        limit: u64 = 500 => {
            help: "show at most this many rows, the first ones; each 500 have a page",
            value: "n",
            range: Range::AtLeast(1),
        }
        /// The columns to show with each molecule, by their exact names, in this order; or `"all"`.
        columns: Option<KeepColumns> = None => {
            help: "columns to show with each molecule, in this order: a comma list, or `all`; a name with a comma or outer blanks \
                   goes in quotes, as in CSV",
            value: "names",
            default_text: "properties and other short values, at most 16 columns",
        }
        /// SMARTS that are sought in the molecules. Matches are highlighted, and the page can show only the molecules that have
        /// one; no row is left out.
        query: Vec<String> = Vec::new() => {
            help: "highlight matches of this SMARTS, by which the page can filter; may be given several times",
            value: "smarts",
            default_text: "none",
        }
    }
    "Output" {
        /// Draw the first molecules as one picture of `"COLUMNSxROWS"` cells, such as `"5x4"`, instead of a page; an SVG, or a PNG if
        /// the name of the file ends in `.png`.
        grid: Option<GridSize> = None => {
            help: "draw the first molecules as one SVG, or PNG by the name of the file, of this many columns and rows, such as `5x4`",
            value: "size",
            default_text: "a page",
        }
        /// The file to write; it appears under its name when it is complete. With more than 500 molecules this is the index, and
        /// the pages are beside it: `name-001.html` and so on.
        output: Option<PathBuf> = None => {
            help: "the file to write; with more than 500 molecules the index, with pages `name-001.html` and so on beside it",
            value: "file",
            short: Some('o'),
            default_text: "`gallery.html` in the folder, `name.gallery.html` beside a file, `.svg` for a grid",
        }
    }
}

/// Columns or rows, at most.
const MOST: u32 = 50;

/// Columns and rows of a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GridSize {
    /// Pictures beside each other.
    pub columns: u32,
    /// Pictures below each other.
    pub rows: u32,
}

impl GridSize {
    /// Number of cells.
    pub fn cells(self) -> u64 {
        u64::from(self.columns) * u64::from(self.rows)
    }
}

impl FromStr for GridSize {
    type Err = String;

    /// # Errors
    /// What a size looks like.
    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| text.parse().ok().filter(|number| (1..=MOST).contains(number));
        let size = text
            .split_once(['x', 'X'])
            .and_then(|(columns, rows)| Some(Self { columns: number(columns)?, rows: number(rows)? }));
        size.ok_or_else(|| {
            format!("{text:?} is not a size: write columns x rows, such as `5x4`, each from 1 to {MOST}")
        })
    }
}

impl fmt::Display for GridSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.columns, self.rows)
    }
}

impl Serialize for GridSize {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl OptionValue for GridSize {
    const KIND: Kind = Kind::Text;

    fn read(given: serde_json::Value) -> Result<Self, String> {
        text(given)?.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_columns_and_rows() {
        assert_eq!("5x4".parse(), Ok(GridSize { columns: 5, rows: 4 }));
        assert_eq!("50X1".parse::<GridSize>().unwrap().cells(), 50);
        for text in ["", "5", "5x", "x4", "0x4", "5x0", "51x4", "5x4x3", "-1x4", "5 x 4"] {
            assert!(text.parse::<GridSize>().unwrap_err().contains("such as `5x4`"), "{text}");
        }
    }
}
