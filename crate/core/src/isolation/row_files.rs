//! The files in which processes of a run pass on what they find out about rows.

use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::known::KnownSource;
use crate::output::folder::{QUARANTINE_FILE, ROW_TIMES_FILE};

/// The files about the rows of the library, or of a file of known molecules.
pub struct RowFiles {
    /// Rows that the process did not survive.
    pub quarantine: PathBuf,
    /// CPU time that rows have taken so far.
    pub times: PathBuf,
}

impl RowFiles {
    /// Those about the library of the run with this `work` folder.
    pub fn of_library(work: &Path) -> Self {
        Self { quarantine: work.join(QUARANTINE_FILE), times: work.join(ROW_TIMES_FILE) }
    }

    /// Those about a file of known molecules.
    ///
    /// # Errors
    /// An internal error.
    pub fn of_known(work: &Path, source: &KnownSource) -> Result<Self, Error> {
        let label = source.label()?;
        let path = |name: &str| work.join(format!("{label}.{name}"));
        Ok(Self { quarantine: path(QUARANTINE_FILE), times: path(ROW_TIMES_FILE) })
    }
}
