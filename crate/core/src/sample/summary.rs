//! The report of a sample.

use std::path::PathBuf;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::export::ExportedFile;
use crate::options::{Pick, SampleBy};
use crate::writers::Format;

/// What a sample did. `rows` = `rows_filtered` + `rows_eligible`.
#[derive(Debug, Serialize)]
pub struct SampleSummary {
    /// The table.
    #[serde(serialize_with = "crate::path_text::serialize")]
    pub input: PathBuf,
    /// How rows were picked.
    pub by: SampleBy,
    /// The rows that were asked for.
    pub n: u64,
    /// The seed.
    pub seed: u64,
    /// Rows of the table.
    pub rows: u64,
    /// Rows that do not meet `where`.
    pub rows_filtered: u64,
    /// Rows that could be picked.
    pub rows_eligible: u64,
    /// Rows that were picked.
    pub rows_picked: u64,
    /// The strata, in the order of their values, if there are any.
    pub strata: Option<Vec<Stratum>>,
    /// How diverse rows were picked, if they were.
    pub diverse: Option<DiverseReport>,
    /// The column with the molecules.
    pub smiles_column: String,
    /// The column that names the rows, if there is one.
    pub id_column: Option<String>,
    /// The columns of the sample.
    pub columns: Vec<String>,
    /// The rows as objects, in the order of the table, if no file was asked for.
    pub sample: Option<Vec<Box<RawValue>>>,
    /// The format of the file, if there is one.
    pub format: Option<Format>,
    /// The file, if there is one.
    pub files: Vec<ExportedFile>,
    /// Picked rows that the format has no place for.
    pub rows_left_out: u64,
    /// Values that are not exactly those of the table.
    pub values_changed: u64,
    /// Whether the reader of standard output went away before the end.
    pub was_cut_short: bool,
    /// Seconds.
    pub elapsed_seconds: f64,
    /// What the user should know.
    pub warnings: Vec<String>,
}

/// Rows with the same values of some columns.
#[derive(Debug, Serialize)]
pub struct Stratum {
    /// The values, by column.
    pub values: Box<RawValue>,
    /// Eligible rows.
    pub rows: u64,
    /// Rows that were picked.
    pub picked: u64,
}

/// How diverse rows were picked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DiverseReport {
    /// The algorithm.
    pub pick: Pick,
    /// The distance within which a leader stands for others; `None` for another algorithm.
    pub threshold: Option<f64>,
    /// Rows among which they were picked.
    pub pool_rows: u64,
    /// Rows that would have been among these, but whose molecule RDKit cannot read.
    pub rows_unreadable: u64,
    /// Rows of the pool that are farther than the threshold from all that were picked, because `n` were picked before;
    /// `None` for another algorithm.
    pub rows_uncovered: Option<u64>,
}

/// The state of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SamplingProgress {
    /// What it does.
    pub phase: SamplePhase,
    /// Rows of the phase.
    pub rows_total: u64,
    /// Those that have passed.
    pub rows: u64,
    /// Seconds since the start.
    pub elapsed_seconds: f64,
}

/// The phases of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SamplePhase {
    /// The strata are counted.
    Counting,
    /// Random rows are chosen.
    Choosing,
    /// Fingerprints of their molecules are made.
    Fingerprints,
    /// Diverse rows are picked.
    Picking,
    /// The picked rows are read and written.
    Writing,
}
