//! Runs in a process that a supervisor restarts when it dies.
//!
//! The supervisor (`src/isolation`) does not load the engine, which could crash it, and knows only how a process died. The
//! process itself therefore measures how long rows take ([`watched`]), and a later process finds the rows that caused a
//! death ([`judge()`]). Both read crash records: files in the work folder in which each worker records its current row. The
//! engine writes and reads them, and they outlive the process. The rows are those of the library, or before the first of them
//! those of a file of known molecules.

mod judge;
mod row_files;
mod row_watch;
mod suspected;

use serde::Deserialize;

use crate::restarts::Predecessors;

pub use judge::judge;
pub use row_files::RowFiles;
pub use row_watch::{RowWatch, watched};

/// What a supervisor passes to a process.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supervision {
    /// Whether the process reports [`Started`](crate::events::Event::Started).
    pub reports: bool,
    /// CPU time in seconds that a row may take in all processes of the run; 0 for no limit.
    pub row_limit_seconds: f64,
    /// The earlier processes of the run.
    pub predecessors: Predecessors,
}
