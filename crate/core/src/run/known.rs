//! The known molecules of a run, before its first row.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use super::Run;
use crate::engine::Engine;
use crate::error::Error;
use crate::isolation::{self, RowFiles, RowWatch};
use crate::job::Job;
use crate::journal::Quarantine;
use crate::known::{Known, KnownCounts, KnownFile, KnownPlan, KnownSource, Make, QuarantinedRow, Safeguard};
use crate::output::folder::{KNOWN_IN_HAND_FILE, OutputFolder, crash_record};
use crate::progress::{Phase, Throttle};
use crate::session::Reached;

impl Run<'_> {
    /// The keys of known molecules, which are kept in `spill_folder` unless there is a folder for them; `rows_resumed` rows
    /// are done.
    pub fn known(
        &self,
        job: &Job,
        folder: &OutputFolder,
        spill_folder: &Path,
        rows_resumed: u64,
    ) -> Result<(Known, Vec<KnownFile>), Error> {
        let throttle = RefCell::new(Throttle::new());
        let stop_check = || {
            if throttle.borrow_mut().is_due() {
                self.session.report(Reached::beginning(Phase::Known, rows_resumed));
            }
            self.session.stop_if_asked(rows_resumed)
        };
        let plan = KnownPlan {
            disk: folder.disk(),
            engine: &*job.engine,
            key: self.options.dedup_key,
            standardize: self.options.standardize,
            workers: self.options.workers,
            folder: self.options.exclude_cache.as_deref().unwrap_or(spill_folder),
            spill_folder,
            safeguard: &Isolated { run: self, folder, engine: &*job.engine },
            stop_check: &stop_check,
        };
        plan.open(&job.known)
    }
}

/// A molecule that ends the process is left to the supervisor, if there is one, as a row is.
struct Isolated<'a> {
    run: &'a Run<'a>,
    folder: &'a OutputFolder,
    engine: &'a dyn Engine,
}

impl Isolated<'_> {
    /// Empties the folder of the crash records, which are those of this file from now on.
    fn crash_records(&self, source: &KnownSource) -> Result<Vec<PathBuf>, Error> {
        let Some(in_hand) = self.run.crash_records(self.folder)? else { return Ok(Vec::new()) };
        let mut note = self.folder.disk().create(&in_hand.join(KNOWN_IN_HAND_FILE))?;
        note.append(source.label()?.as_bytes())?;
        Ok((0..self.run.options.workers).map(|worker| crash_record(&in_hand, worker)).collect())
    }
}

impl Safeguard for Isolated<'_> {
    fn quarantined(&self, source: &KnownSource) -> Result<Vec<QuarantinedRow>, Error> {
        let files = RowFiles::of_known(self.folder.work(), source)?;
        let quarantine = Quarantine::read(self.folder.disk(), &files.quarantine)?;
        let rows = quarantine.rows().iter();
        Ok(rows.map(|row| QuarantinedRow { row: row.source_row, code: row.code }).collect())
    }

    fn watch(&self, source: &KnownSource, make: &mut Make<'_>) -> Result<KnownCounts, Error> {
        let records = self.crash_records(source)?;
        let files = RowFiles::of_known(self.folder.work(), source)?;
        let (control, options) = (self.run.session.control, self.run.options);
        let watch = RowWatch::of_run(control, self.folder, files, options, self.engine)?;
        isolation::watched(watch, || make(&records))
    }
}
