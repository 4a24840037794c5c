//! The report of an export.

use std::path::PathBuf;

use serde::Serialize;

use super::files::ExportedFile;
use crate::writers::Format;

/// What an export did. `rows_read` = `rows_filtered` + `rows_left_out` + `rows_written`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExportSummary {
    /// The table.
    #[serde(serialize_with = "crate::path_text::serialize")]
    pub input: PathBuf,
    /// The format.
    pub format: Format,
    /// The columns that were written.
    pub columns: Vec<String>,
    /// Rows of the table, up to the last one that `limit` lets through.
    pub rows_read: u64,
    /// Rows that do not meet `where`.
    pub rows_filtered: u64,
    /// Rows that the format has no place for: in SDF those whose molecule RDKit cannot read or draw, in SMILES text those
    /// without a SMILES.
    pub rows_left_out: u64,
    /// Rows written.
    pub rows_written: u64,
    /// Values that are not exactly those of the table: line breaks that became blanks, bytes that were not UTF-8.
    pub values_changed: u64,
    /// The files, by name.
    pub files: Vec<ExportedFile>,
    /// Whether the reader of standard output went away before the end; then the counts are those until then.
    pub was_cut_short: bool,
    /// Seconds.
    pub elapsed_seconds: f64,
    /// What the user should know.
    pub warnings: Vec<String>,
}

/// The state of an export.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ExportProgress {
    /// Rows of the table.
    pub rows_total: u64,
    /// Rows read.
    pub rows: u64,
    /// Rows written.
    pub rows_written: u64,
    /// Seconds since the start.
    pub elapsed_seconds: f64,
}
