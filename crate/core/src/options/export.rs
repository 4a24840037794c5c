//! The options that an export has in addition to those that it shares with a run.

use std::path::PathBuf;

use super::declare::options;
use super::spec::{Command, Range};
use super::value::{Kind, OptionValue};
use crate::source::KeepColumns;
use crate::writers::Format;

/// Every command that writes rows of a table.
const ROWS: &[Command] = &[Command::ExportTable, Command::SampleTable];
/// Every command that reads a table and may write a file.
const TABLE: &[Command] = &[Command::ExportTable, Command::SampleTable, Command::Summarize];

options! {
    /// What to write of a table, and where. A sample and a summary share some of it.
    pub struct ExportInput for &[Command::ExportTable];

    "Input" {
        /// Column that names a record of SMILES text or SDF: its name, or its number from 1.
        id_column: Option<String> = None => {
            help: "column that names a record of SMILES text or SDF, by name or number",
            value: "column",
            default_text: "`product_id`, else `id`, else the only one that ends in `_id`, else none",
            commands: ROWS,
        }
    }
    "Rows and columns" {
        /// The columns to write, by their exact names, in this order; or `"all"`.
        columns: KeepColumns = KeepColumns::All => {
            help: "columns to write, in this order: a comma list, or `all`; a name with a comma or outer blanks goes in quotes, \
                   as in CSV",
            value: "names",
            commands: ROWS,
        }
        /// Use only rows that meet this condition, in SQL, over all columns of the table; as `where` of {@link ApplyOptions}.
        filter as "where": Option<String> = None => {
            key: "where",
            help: "write only rows that meet this SQL condition over the columns of the table, such as `MW < 500`",
            value: "condition",
            default_text: "none",
            commands: TABLE,
            help_on: &[
                (
                    Command::SampleTable,
                    "sample only rows that meet this SQL condition over the columns of the table, such as `MW < 500`",
                ),
                (
                    Command::Summarize,
                    "count only rows that meet this SQL condition over the columns of the table, such as `MW < 500`",
                ),
            ],
        }
        /// Rows to write at most.
        limit: Option<u64> = None => {
            help: "write at most this many rows",
            value: "n",
            default_text: "all rows",
            range: Range::AtLeast(1),
        }
    }
    "Format" {
        /// The format.
        format: Option<Format> = None => {
            help: "the format",
            value: "format",
            default_text: "by the name of the file",
            commands: TABLE,
            refused_on: &[(Command::Summarize, "smi"), (Command::Summarize, "sdf")],
        }
        /// Put an apostrophe before text that a spreadsheet would take for a formula: text that begins with `=`, `+`, `-`, `@`,
        /// a tab or a carriage return. Only for `format` csv and tsv.
        spreadsheet: bool = false => {
            help: "put an apostrophe before text that a spreadsheet would take for a formula; for csv and tsv",
            commands: TABLE,
        }
    }
    "Output" {
        /// The file to write; `-` writes to standard output. An ending `.gz`, `.bz2`, `.zst` or `.xz` after that of the format
        /// compresses it.
        /// The file appears under its name when it is complete.
        output: PathBuf = PathBuf::new() => {
            help: "the file to write, compressed if it ends in `.gz`, `.bz2`, `.zst` or `.xz`; `-` for standard output",
            value: "file",
            short: Some('o'),
            required: true,
        }
        /// Write several files with at most this many rows each, `name-00001.csv` and so on.
        max_rows_per_file: Option<u64> = None => {
            help: "write files of at most this many rows, `name-00001.csv` and so on",
            value: "rows",
            default_text: "one file",
            range: Range::AtLeast(1),
        }
        /// Write a file for each value of this column, such as `name.xf_name=VALUE.csv`; at most 256.
        partition_by: Option<String> = None => {
            help: "write a file for each value of this column, such as `name.xf_name=VALUE.csv`; at most 256",
            value: "column",
            default_text: "one file",
        }
    }
}

impl OptionValue for Format {
    const KIND: Kind = Kind::Choice;
    const CHOICES: &'static [(&'static str, &'static str)] = &Self::BRIEFS;

    fn read(given: serde_json::Value) -> Result<Self, String> {
        super::types::choice(&given)
    }
}
