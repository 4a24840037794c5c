//! What a judge does with a row: tries it as the run does, and puts it in quarantine. Rows of the library go through all
//! transforms; of known molecules, the run makes the keys.

use std::path::{Path, PathBuf};

use super::row_files::RowFiles;
use crate::death::Death;
use crate::dedup::DedupKey;
use crate::disk::Disk;
use crate::engine::{Engine, InHand, Step};
use crate::error::Error;
use crate::journal::{Quarantine, Quarantined};
use crate::output::folder::GIVEN_UP_FILE;
use crate::recheck::Recheck;
use crate::source::Chunk;

/// The library or the file whose rows are suspected.
pub trait Suspected: Sync {
    /// The files about its rows.
    fn files(&self) -> &RowFiles;

    /// Does with the only row of `chunk` what the run does with it, on the calling thread, which keeps the crash record.
    ///
    /// # Errors
    /// Those of the engine and of the quarantine.
    fn try_row(&self, row: u64, chunk: &Chunk, record: &Path) -> Result<(), Error>;

    /// Records the rows to blame. Returns how many of them are new.
    ///
    /// # Errors
    /// Those of the quarantine.
    fn blame(&self, guilty: &[(InHand, Death)]) -> Result<usize, Error>;
}

/// The rows of the library.
pub struct LibraryRows<'a> {
    /// Tries them.
    pub engine: &'a dyn Engine,
    /// The disk.
    pub disk: &'a Disk,
    /// The files about them.
    pub files: RowFiles,
    /// Rows whose recheck the process has not survived.
    pub given_up: PathBuf,
    /// What the run rechecks.
    pub recheck: Recheck,
}

impl<'a> LibraryRows<'a> {
    /// Those of a run with this `work` folder.
    pub fn new(engine: &'a dyn Engine, disk: &'a Disk, work: &Path, recheck: Recheck) -> Self {
        let (files, given_up) = (RowFiles::of_library(work), work.join(GIVEN_UP_FILE));
        Self { engine, disk, files, given_up, recheck }
    }
}

impl Suspected for LibraryRows<'_> {
    fn files(&self) -> &RowFiles {
        &self.files
    }

    fn try_row(&self, row: u64, chunk: &Chunk, record: &Path) -> Result<(), Error> {
        let skips = Quarantine::read(self.disk, &self.files.quarantine)?.skips(row, 1);
        let given_up = Quarantine::read(self.disk, &self.given_up)?.source_rows();
        let recheck = self.recheck.clone().without(given_up);
        let mut worker = self.engine.worker(Some(record))?;
        recheck.run(&mut *worker, row, &chunk.smiles, &skips).map(drop)
    }

    /// A row whose recheck is to blame keeps its results, and is only not rechecked again.
    fn blame(&self, guilty: &[(InHand, Death)]) -> Result<usize, Error> {
        let [rechecks, makings]: [Vec<Quarantined>; 2] = [true, false].map(|of_rechecks| {
            let guilty = guilty.iter().filter(|(row, _)| (row.step == Step::Recheck) == of_rechecks);
            guilty.map(|&(row, code)| quarantined(&row, code)).collect()
        });
        let quarantined = Quarantine::add(self.disk, &self.files.quarantine, &makings)?;
        Ok(quarantined + Quarantine::add(self.disk, &self.given_up, &rechecks)?)
    }
}

/// The entry for a row to blame, or for the row and one transform. A crash is the same on every machine. Otherwise the result
/// must not depend on how far this machine got with the row.
fn quarantined(row: &InHand, code: Death) -> Quarantined {
    let transform = match row.step {
        Step::Transform(transform) if code.is_the_same_everywhere() => Some(transform),
        _ => None,
    };
    Quarantined { source_row: row.source_row, transform, code }
}

/// The rows of a file of known molecules.
pub struct KnownRows<'a> {
    /// Tries them.
    pub engine: &'a dyn Engine,
    /// The disk.
    pub disk: &'a Disk,
    /// The files about them.
    pub files: RowFiles,
    /// What molecules are recognised by.
    pub key: DedupKey,
}

impl Suspected for KnownRows<'_> {
    fn files(&self) -> &RowFiles {
        &self.files
    }

    fn try_row(&self, row: u64, chunk: &Chunk, record: &Path) -> Result<(), Error> {
        self.engine.identifier(self.key, Some(record))?.identify(row, &chunk.smiles, &mut |_| {})
    }

    fn blame(&self, guilty: &[(InHand, Death)]) -> Result<usize, Error> {
        let whole = |&(row, code): &(InHand, Death)| Quarantined {
            source_row: row.source_row,
            transform: None,
            code,
        };
        let rows: Vec<_> = guilty.iter().map(whole).collect();
        Quarantine::add(self.disk, &self.files.quarantine, &rows)
    }
}
