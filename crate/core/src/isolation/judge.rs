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

use super::row_files::RowFiles;
use super::row_watch::{RowWatch, making, read_times, watched};
use super::suspected::{KnownRows, LibraryRows, Suspected};
use crate::death::Death;
use crate::disk::Disk;
use crate::engine::{Engine, InHand};
use crate::error::Error;
use crate::events::{Event, OnEvent};
use crate::job::Job;
use crate::make_engine::MakeEngine;
use crate::options::ApplyOptions;
use crate::output::folder::{
    IN_HAND_FOLDER, KNOWN_IN_HAND_FILE, MANIFEST_FILE, OutputFolder, Visit, crash_record,
};
use crate::path_text;
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
    let job = Job::prepare(options, make_engine)?;
    let Job { engine, mut source, mut known, library, .. } = job;
    let folder = OutputFolder::enter(&Disk::default(), &Visit::of(options, library.paths()))?;
    let (engine, disk, work) = (&*engine, folder.disk(), folder.work());
    let in_hand = work.join(IN_HAND_FOLDER);
    let court = Court { engine, disk, in_hand, workers: options.workers, row_limit_seconds, on_event };
    let guilty = match court.known_in_hand()? {
        None => {
            let rows = LibraryRows::new(engine, disk, work, options.recheck_plan());
            court.judge(cause, None, &rows, &mut *source)?
        }
        Some(label) => {
            known.hash(&|| Ok(()))?;
            match known.find(&label)? {
                // It has been replaced meanwhile. The run compares the files.
                None => 0,
                Some((file, source)) => {
                    let files = RowFiles::of_known(work, source)?;
                    let rows = KnownRows { engine, disk, files, key: options.dedup_key };
                    court.judge(cause, Some(file.path()), &rows, &mut *file.source(engine)?)?
                }
            }
        }
    };
    let committed = fs::metadata(work.join(MANIFEST_FILE)).map_or(0, |found| found.len());
    on_event(&Event::Judged { guilty, committed });
    Ok(())
}

struct Court<'a> {
    engine: &'a dyn Engine,
    disk: &'a Disk,
    /// The folder of the crash records.
    in_hand: PathBuf,
    /// Workers of the run.
    workers: usize,
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
    /// The label of the file of known molecules whose rows are in the crash records, if they are not rows of the library.
    fn known_in_hand(&self) -> Result<Option<String>, Error> {
        let path = self.in_hand.join(KNOWN_IN_HAND_FILE);
        if path.symlink_metadata().is_err() {
            return Ok(None);
        }
        Ok(Some(String::from_utf8_lossy(&self.disk.read(&path)?).into_owned()))
    }

    /// Returns the number of rows that it added to the quarantine. The rows are those of `source`; `known` is its path if it is
    /// not the library.
    fn judge(
        &self,
        cause: Option<Death>,
        known: Option<&Path>,
        suspected: &dyn Suspected,
        source: &mut dyn Source,
    ) -> Result<usize, Error> {
        let of_workers = (0..self.workers).map(|worker| (crash_record(&self.in_hand, worker), 0));
        let mut suspects = self.suspects(of_workers)?;
        let rows = suspects.iter().map(|suspect| suspect.row.source_row).collect();
        (self.on_event)(&Event::InHand { known_file: known.map(path_text::shown), rows });
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
            (None, Some(Death::TimedOut)) => self.overdue(suspects.drain(..), &suspected.files().times)?,
            (None, None) => {
                suspects.clear();
                vec![]
            }
        };
        let news = suspected.blame(&guilty)?;
        self.try_each(suspects, suspected, source)?;
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
    fn overdue(
        &self,
        suspects: impl Iterator<Item = Suspect>,
        times: &Path,
    ) -> Result<Vec<(InHand, Death)>, Error> {
        let times = read_times(self.disk, times)?;
        let is_overdue =
            |row: &InHand| times.get(&making(row)).is_some_and(|&time| time > self.row_limit_seconds);
        let rows = suspects.map(|suspect| suspect.row).filter(is_overdue);
        Ok(rows.map(|row| (row, Death::TimedOut)).collect())
    }

    /// Tries rows, one at a time, as the run makes them. Returns if this process survives all of them.
    fn try_each(
        &self,
        mut suspects: Vec<Suspect>,
        suspected: &dyn Suspected,
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
            self.try_next(row.source_row, suspected, source, &record)?;
            self.disk.remove(&record)?;
        }
        Ok(())
    }

    fn try_next(
        &self,
        row: u64,
        suspected: &dyn Suspected,
        source: &mut dyn Source,
        record: &Path,
    ) -> Result<(), Error> {
        let chunk = source.next_chunk(1)?;
        let chunk = chunk.ok_or_else(|| Error::internal(format!("the input has no row {row}")))?;
        (self.on_event)(&Event::Begun);
        // The row has the full time once more, since it may be innocent.
        let watch =
            RowWatch::new(self.engine, vec![record.to_owned()], self.row_limit_seconds, self.on_event);
        watched(Some(watch), || {
            thread::scope(|scope| {
                let worker = spawn(scope, "xform-try", || suspected.try_row(row, &chunk, record))?;
                worker.join().unwrap_or_else(|_| Err(Error::internal("the worker panicked")))
            })
        })
    }
}
