//! The report of a summary.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::range::ColumnRange;
use crate::export::ExportedFile;
use crate::writers::Format;

/// The figures of a table. `rows_read` = `rows_filtered` + the rows of all groups.
#[derive(Debug, Serialize)]
pub struct TableReport {
    /// The table.
    #[serde(serialize_with = "crate::path_text::serialize")]
    pub input: PathBuf,
    /// The columns whose values make the groups.
    pub by: Vec<String>,
    /// The columns of numbers whose ranges are given.
    pub columns: Vec<String>,
    /// Rows of the table.
    pub rows_read: u64,
    /// Rows that do not meet `where`.
    pub rows_filtered: u64,
    /// The groups, in the order of their values; one without `by`.
    pub groups: Vec<GroupReport>,
    /// All groups together.
    pub total: GroupReport,
    /// The format of the file, if there is one.
    pub format: Option<Format>,
    /// The file, if there is one.
    pub files: Vec<ExportedFile>,
    /// Whether the reader of standard output went away before the end.
    pub was_cut_short: bool,
    /// Seconds.
    pub elapsed_seconds: f64,
    /// What the user should know.
    pub warnings: Vec<String>,
}

/// The figures of a group.
#[derive(Debug, Serialize)]
pub struct GroupReport {
    /// The values that make the group, by column.
    pub values: Box<RawValue>,
    /// Its rows.
    pub rows: u64,
    /// The range of each column of numbers.
    pub ranges: Ranges,
}

/// Ranges under the names of their columns.
#[derive(Debug)]
pub struct Ranges {
    /// The names.
    pub names: Arc<[String]>,
    /// A range for each of them.
    pub ranges: Vec<ColumnRange>,
}

impl Serialize for Ranges {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.names.iter().zip(&self.ranges))
    }
}

/// The state of a summary.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SummarizeProgress {
    /// Rows of the table.
    pub rows_total: u64,
    /// Rows read.
    pub rows: u64,
    /// Seconds since the start.
    pub elapsed_seconds: f64,
}
