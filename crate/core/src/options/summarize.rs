//! The options that a summary of a table has in addition to those that it shares with an export and with a run.

use std::path::PathBuf;

use super::declare::options;
use super::sample::named;
use super::spec::Command;
use crate::error::Error;
use crate::source::KeepColumns;

options! {
    /// What is counted, and where the figures go.
    pub struct SummarizeInput for &[Command::Summarize];

    "Figures" {
        /// Count the rows of each combination of the values of these columns, at most 10,000: columns of text, whole numbers or true
        /// and false.
        by: KeepColumns = KeepColumns::None => {
            help: "count the rows of each combination of values of these columns, a comma list; at most 10,000 combinations",
            value: "names",
            default_text: "all rows together",
        }
        /// The columns of numbers whose range is given, by their exact names; or `"all"`: all of them except those that number
        /// something, such as `source_row`, and `xf_prob`.
        columns: KeepColumns = KeepColumns::All => {
            help: "columns of numbers whose range is given: a comma list, or `all`; a name with a comma or outer blanks goes in \
                   quotes, as in CSV",
            value: "names",
        }
    }
    "Output" {
        /// Write a line for each combination to this file as well: csv, tsv, jsonl or arrow; `-` writes to standard output.
        output: Option<PathBuf> = None => {
            help: "write the figures to this file, compressed if it ends in `.gz`, `.bz2`, `.zst` or `.xz`; `-` for standard \
                   output; without it, they are shown",
            value: "file",
            short: Some('o'),
            default_text: "none",
        }
    }
}

impl SummarizeInput {
    /// The columns whose values make the groups.
    pub fn by_names(&self) -> &[String] {
        named(&self.by)
    }

    /// Refuses values that no summary can use.
    ///
    /// # Errors
    /// [`Error::InvalidOption`].
    pub fn validate(&self) -> Result<(), Error> {
        if self.by == KeepColumns::All {
            return Err(Self::by.refuse("must name columns"));
        }
        self.check_ranges()
    }
}
