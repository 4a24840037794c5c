//! The judge: finds the rows that caused the death of a process of a run, and puts them in quarantine.
//!
//! The cause, which the supervisor knows, decides what to do:
//!
//! - A row took too long: it is to blame. RDKit cannot be interrupted (rdkit/rdkit#8594), so the process was killed.
//! - The process was killed from outside: no row is to blame.
//! - The process crashed, or memory ran out: each row in progress is tried alone. If the row crashes this process, or memory
//!   runs out twice, it is to blame.
//!
//! If a trial kills this process, the supervisor starts another judge. It finds the crash record of the trial and those of
//! the rows that are still to try.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use super::row_watch::{RowWatch, read_times, watched};
use crate::disk::Disk;
use crate::engine::{Batch, Engine, EngineOutput, InHand};
use crate::error::Error;
use crate::events::{Event, OnEvent};
use crate::job::{Job, MakeEngine};
use crate::journal::{Death, Quarantine, Quarantined};
use crate::options::ApplyOptions;
use crate::output::folder::{
    IN_HAND_FOLDER, MANIFEST_FILE, OutputFolder, QUARANTINE_FILE, ROW_TIMES_FILE, Visit, crash_record,
};
use crate::source::Source;
use crate::spawn::spawn;

/// The crash records of the first trial of a row and, if memory ran out, of the second.
const TRIALS: [&str; 2] = ["try", "try-again"];

/// Judges a death of the run with these `options`, which must resume it. `cause` is `None` if the process was killed
/// from outside. A trial may take `row_limit_seconds` of CPU time; 0 for no limit.
///
/// `on_event` receives the rows in progress, the start of each trial, and the verdict.
///
/// # Errors
/// Those with which [`crate::apply`] would refuse to start, and those of writing the quarantine.
pub fn judge(
    options: &ApplyOptions,
    make_engine: &MakeEngine,
    cause: Option<Death>,
    row_limit_seconds: f64,
    on_event: &OnEvent,
) -> Result<(), Error> {
    let mut job = Job::prepare(options, make_engine)?;
    let folder = OutputFolder::enter(&Disk::default(), &Visit::of(options))?;
    let (engine, work) = (&*job.engine, folder.work());
    let in_hand = work.join(IN_HAND_FOLDER);
    let court = Court { engine, disk: folder.disk(), work, in_hand, row_limit_seconds, on_event };
    let guilty = court.judge(cause, options.workers, &mut *job.source)?;
    let committed = fs::metadata(work.join(MANIFEST_FILE)).map_or(0, |found| found.len());
    on_event(&Event::Judged { guilty, committed });
    Ok(())
}

struct Court<'a> {
    engine: &'a dyn Engine,
    disk: &'a Disk,
    /// The work folder.
    work: &'a Path,
    /// The folder of the crash records.
    in_hand: PathBuf,
    row_limit_seconds: f64,
    on_event: &'a OnEvent,
}

/// A row that may be to blame.
struct Suspect {
    row: InHand,
    /// Its crash record.
    record: PathBuf,
    /// The next trial, as a position in [`TRIALS`].
    trial: usize,
}

impl Court<'_> {
    /// Returns the number of rows that it added to the quarantine.
    fn judge(&self, cause: Option<Death>, workers: usize, source: &mut dyn Source) -> Result<usize, Error> {
        let of_workers = (0..workers).map(|worker| (crash_record(&self.in_hand, worker), 0));
        let mut suspects = self.suspects(of_workers)?;
        let rows = suspects.iter().map(|suspect| suspect.row.source_row).collect();
        (self.on_event)(&Event::InHand { rows });
        let of_judges = TRIALS.iter().map(|name| self.in_hand.join(name)).zip(1..);
        let guilty = match (self.suspects(of_judges)?.pop(), cause) {
            // A judge died in a trial.
            (Some(tried), Some(Death::OutOfMemory)) if tried.trial < TRIALS.len() => {
                suspects.push(tried);
                vec![]
            }
            (Some(tried), cause) => cause.map(|code| blamed(&tried.row, code)).into_iter().collect(),
            // The run died.
            (None, Some(Death::Crashed | Death::OutOfMemory)) => vec![],
            (None, Some(Death::TimedOut)) => self.overdue(suspects.drain(..))?,
            (None, None) => {
                suspects.clear();
                vec![]
            }
        };
        let quarantine = self.work.join(QUARANTINE_FILE);
        let news = Quarantine::add(self.disk, &quarantine, &guilty)?;
        self.try_each(suspects, &Quarantine::read(self.disk, &quarantine)?, source)?;
        Ok(news)
    }

    /// The rows in these crash records, each with its next trial.
    fn suspects(&self, records: impl Iterator<Item = (PathBuf, usize)>) -> Result<Vec<Suspect>, Error> {
        let mut suspects = Vec::new();
        for (record, trial) in records {
            let row = self.engine.in_hand(&record)?;
            suspects.extend(row.map(|row| Suspect { row, record, trial }));
        }
        Ok(suspects)
    }

    /// The rows over the time limit. A row that was finished after all is not in its crash record any more.
    fn overdue(&self, suspects: impl Iterator<Item = Suspect>) -> Result<Vec<Quarantined>, Error> {
        let times = read_times(self.disk, &self.work.join(ROW_TIMES_FILE))?;
        let seconds = |suspect: &Suspect| times.get(&suspect.row.source_row).copied().unwrap_or_default();
        let overdue = suspects.filter(|suspect| seconds(suspect) > self.row_limit_seconds);
        Ok(overdue.map(|suspect| blamed(&suspect.row, Death::TimedOut)).collect())
    }

    /// Tries rows, one at a time. Returns if this process survives all of them.
    fn try_each(
        &self,
        mut suspects: Vec<Suspect>,
        quarantine: &Quarantine,
        source: &mut dyn Source,
    ) -> Result<(), Error> {
        suspects.sort_by_key(|suspect| suspect.row.source_row);
        let mut rows_read = 0;
        for Suspect { row, record, trial } in suspects {
            source.skip(row.source_row - rows_read, &|| Ok(()))?;
            rows_read = row.source_row + 1;
            // The next judge does not start with this row again.
            self.disk.remove(&record)?;
            let record = self.in_hand.join(TRIALS[trial]);
            self.try_next(row.source_row, quarantine, source, &record)?;
            self.disk.remove(&record)?;
        }
        Ok(())
    }

    fn try_next(
        &self,
        first_row: u64,
        quarantine: &Quarantine,
        source: &mut dyn Source,
        record: &Path,
    ) -> Result<(), Error> {
        let chunk = source.next_chunk(1)?;
        let chunk = chunk.ok_or_else(|| Error::internal(format!("the input has no row {first_row}")))?;
        let batch = Batch { first_row, smiles: &chunk.smiles, skips: &quarantine.skips(first_row, 1) };
        (self.on_event)(&Event::Begun);
        // The row has the full time once more, since it may be innocent.
        let watch =
            RowWatch::new(self.engine, vec![record.to_owned()], self.row_limit_seconds, self.on_event);
        watched(Some(watch), || {
            thread::scope(|scope| {
                let run = || self.engine.worker(Some(record))?.run(batch, &mut EngineOutput::default());
                let worker = spawn(scope, "xform-try", run)?;
                worker.join().unwrap_or_else(|_| Err(Error::internal("the worker panicked")))
            })
        })
    }
}

/// The row, or the row for one transform, to put in quarantine. A crash is the same on every machine. Time and memory are
/// not, so the result must not depend on how far this machine got with the row.
fn blamed(row: &InHand, code: Death) -> Quarantined {
    let transform = row.transform.filter(|_| code == Death::Crashed);
    Quarantined { source_row: row.source_row, transform, code }
}
