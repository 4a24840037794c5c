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

use super::row_watch::{RowWatch, making, read_times, watched};
use crate::disk::Disk;
use crate::engine::{Engine, InHand, Step};
use crate::error::Error;
use crate::events::{Event, OnEvent};
use crate::job::Job;
use crate::journal::{Death, Quarantine, Quarantined};
use crate::make_engine::MakeEngine;
use crate::options::ApplyOptions;
use crate::output::folder::{
    GIVEN_UP_FILE, IN_HAND_FOLDER, MANIFEST_FILE, OutputFolder, QUARANTINE_FILE, ROW_TIMES_FILE, Visit,
    crash_record,
};
use crate::recheck::Recheck;
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
    let folder = OutputFolder::enter(&Disk::default(), &Visit::of(options, job.library.paths()))?;
    let (engine, work) = (&*job.engine, folder.work());
    let in_hand = work.join(IN_HAND_FOLDER);
    let recheck = options.recheck_plan();
    let court = Court { engine, disk: folder.disk(), work, in_hand, recheck, row_limit_seconds, on_event };
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
    /// What the run rechecks.
    recheck: Recheck,
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
            (Some(tried), cause) => cause.map(|code| (tried.row, code)).into_iter().collect(),
            // The run died.
            (None, Some(Death::Crashed | Death::OutOfMemory)) => vec![],
            (None, Some(Death::TimedOut)) => self.overdue(suspects.drain(..))?,
            (None, None) => {
                suspects.clear();
                vec![]
            }
        };
        let news = self.blame(&guilty)?;
        self.try_each(suspects, source)?;
        Ok(news)
    }

    /// Records the rows to blame: a row whose recheck is to blame keeps its results, and is only not rechecked again.
    fn blame(&self, guilty: &[(InHand, Death)]) -> Result<usize, Error> {
        let [rechecks, makings]: [Vec<Quarantined>; 2] = [true, false].map(|of_rechecks| {
            let guilty = guilty.iter().filter(|(row, _)| (row.step == Step::Recheck) == of_rechecks);
            guilty.map(|&(row, code)| quarantined(&row, code)).collect()
        });
        let add = |name: &str, rows: &[Quarantined]| Quarantine::add(self.disk, &self.work.join(name), rows);
        Ok(add(QUARANTINE_FILE, &makings)? + add(GIVEN_UP_FILE, &rechecks)?)
    }

    fn read_quarantine(&self, name: &str) -> Result<Quarantine, Error> {
        Quarantine::read(self.disk, &self.work.join(name))
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
    fn overdue(&self, suspects: impl Iterator<Item = Suspect>) -> Result<Vec<(InHand, Death)>, Error> {
        let times = read_times(self.disk, &self.work.join(ROW_TIMES_FILE))?;
        let is_overdue =
            |row: &InHand| times.get(&making(row)).is_some_and(|&time| time > self.row_limit_seconds);
        let rows = suspects.map(|suspect| suspect.row).filter(is_overdue);
        Ok(rows.map(|row| (row, Death::TimedOut)).collect())
    }

    /// Tries rows, one at a time, as the run makes them. Returns if this process survives all of them.
    fn try_each(&self, mut suspects: Vec<Suspect>, source: &mut dyn Source) -> Result<(), Error> {
        let quarantine = self.read_quarantine(QUARANTINE_FILE)?;
        let given_up = self.read_quarantine(GIVEN_UP_FILE)?.source_rows();
        let recheck = self.recheck.clone().without(given_up);
        suspects.sort_by_key(|suspect| suspect.row.source_row);
        let mut rows_read = 0;
        for Suspect { row, record, trial } in suspects {
            source.skip(row.source_row - rows_read, &|| Ok(()))?;
            rows_read = row.source_row + 1;
            // The next judge does not start with this row again.
            self.disk.remove(&record)?;
            let record = self.in_hand.join(TRIALS[trial]);
            self.try_next(row.source_row, &quarantine, &recheck, source, &record)?;
            self.disk.remove(&record)?;
        }
        Ok(())
    }

    fn try_next(
        &self,
        first_row: u64,
        quarantine: &Quarantine,
        recheck: &Recheck,
        source: &mut dyn Source,
        record: &Path,
    ) -> Result<(), Error> {
        let chunk = source.next_chunk(1)?;
        let chunk = chunk.ok_or_else(|| Error::internal(format!("the input has no row {first_row}")))?;
        let skips = quarantine.skips(first_row, 1);
        (self.on_event)(&Event::Begun);
        // The row has the full time once more, since it may be innocent.
        let watch =
            RowWatch::new(self.engine, vec![record.to_owned()], self.row_limit_seconds, self.on_event);
        watched(Some(watch), || {
            thread::scope(|scope| {
                let run = || {
                    let mut worker = self.engine.worker(Some(record))?;
                    recheck.run(&mut *worker, first_row, &chunk.smiles, &skips).map(drop)
                };
                let worker = spawn(scope, "xform-try", run)?;
                worker.join().unwrap_or_else(|_| Err(Error::internal("the worker panicked")))
            })
        })
    }
}

/// The entry for a row to blame, or for the row and one transform. A crash is the same on every machine. Time and memory are
/// not, so the result must not depend on how far this machine got with the row.
fn quarantined(row: &InHand, code: Death) -> Quarantined {
    let transform = match row.step {
        Step::Transform(transform) if code == Death::Crashed => Some(transform),
        _ => None,
    };
    Quarantined { source_row: row.source_row, transform, code }
}
