//! Rules tried on rows of a library.
//!
//! Each rule is tried alone, as in a run of it, and row by row, so that its time is known for each row. Threads share
//! the slices of the rows of each rule; what they report does not depend on their number, except for times.

mod tried;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, available_parallelism};

use crossbeam_channel::{Sender, bounded};
use serde::Serialize;

use self::tried::Tried;
pub use self::tried::{SampledFailure, SlowRow};
use crate::control::Control;
use crate::engine::{Engine, Worker};
use crate::error::Error;
use crate::library_rows::{LibraryRow, LibraryRows};
use crate::make_engine::{EngineSettings, MakeEngine};
use crate::options::{ApplyOptions, Files};
use crate::spawn::{guarded, spawn};
use crate::totals::Tally;
use crate::transform::Transform;

/// Rows that a thread tries before it reports.
const SLICE: usize = 200;

/// What rules did to rows of a library.
#[derive(Debug, Clone, Serialize)]
pub struct SampleReport {
    /// The library.
    pub library: Files,
    /// Its rows.
    pub library_rows: u64,
    /// The rows that were tried.
    pub rows: u64,
    /// Those of them that are not a molecule or are beyond a limit.
    pub rows_refused: u64,
    /// What each rule did, in the order of the rules.
    pub rules: Vec<SampledRule>,
}

/// What a rule did to the rows.
#[derive(Debug, Clone, Serialize)]
pub struct SampledRule {
    /// The transform.
    pub name: String,
    /// Rows with a site, excluded or not.
    pub rows_with_sites: u64,
    /// The counts of a run.
    #[serde(flatten)]
    pub counts: Tally,
    /// Distinct products per row that has one; 0 without products.
    pub products_per_row: f64,
    /// CPU seconds per row, reading the molecule included.
    pub cpu_seconds_per_row: f64,
    /// Sites that failed, and rows that the rule rejects, by stage and code; the most frequent first.
    pub failures: Vec<SampledFailure>,
    /// The rows that took longest.
    pub slowest: Vec<SlowRow>,
}

/// How far a sample is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SampleProgress {
    /// Rows that were tried, summed over the rules.
    pub rows: u64,
    /// Rows to try, summed over the rules.
    pub rows_total: u64,
}

/// Rules and rows to try.
pub struct Sample<'a> {
    /// The rules, which the toolkit accepts.
    pub rules: &'a [Transform],
    /// Makes an engine for each.
    pub make_engine: &'a MakeEngine<'a>,
    /// How its caller stops it.
    pub control: &'a Control,
    /// Receives progress on the calling thread.
    pub on_progress: &'a dyn Fn(SampleProgress),
}

impl Sample<'_> {
    /// Tries the rules on about `count` rows of the library that `given` names.
    pub fn of(&self, given: &Files, count: u64, options: &ApplyOptions) -> Result<SampleReport, Error> {
        let engine = (self.make_engine)(&[], &EngineSettings::default())?;
        let path = given.first().cloned().unwrap_or_default();
        let stopped = || Error::Cancelled { rows: 0, path: path.clone(), advice: "start it again" };
        let stop_check = || if self.control.is_cancelled() { Err(stopped()) } else { Ok(()) };
        let library = LibraryRows::open(given, options, &*engine, &stop_check)?;
        let (rows, library_rows) = library.evenly(count)?;
        let readable: Vec<LibraryRow> = rows.iter().filter(|row| row.fault.is_none()).cloned().collect();
        let tried = self.try_all(&readable, &stop_check)?;
        let unreadable = (rows.len() - readable.len()) as u64;
        let rows_refused = unreadable + tried.first().map_or(0, |tried| tried.rows_refused);
        let named = self.rules.iter().zip(tried);
        let rules = named.map(|(rule, tried)| tried.report(&rule.name, readable.len() as u64)).collect();
        Ok(SampleReport {
            library: given.clone(),
            library_rows,
            rows: rows.len() as u64,
            rows_refused,
            rules,
        })
    }

    /// What each rule did to `rows`.
    fn try_all(
        &self,
        rows: &[LibraryRow],
        stop_check: &(dyn Fn() -> Result<(), Error> + Sync),
    ) -> Result<Vec<Tried>, Error> {
        let threads = available_parallelism().map_or(1, NonZeroUsize::get);
        let (next, rows_total) = (AtomicUsize::new(0), (rows.len() * self.rules.len()) as u64);
        let (sender, tried) = bounded(threads);
        thread::scope(|scope| {
            for _ in 0..threads {
                let (sender, next) = (sender.clone(), &next);
                let make_engine = self.make_engine;
                let rules = self.rules;
                spawn(scope, "xform-sample", move || {
                    let work = || try_slices(rules, rows, next, make_engine, stop_check, &sender);
                    if let Err(error) = guarded("a sample", work) {
                        // Without a receiver, another thread has failed before.
                        let _ = sender.send(Err(error));
                    }
                })?;
            }
            drop(sender);
            let mut all: BTreeMap<usize, Tried> = BTreeMap::new();
            let mut progress = SampleProgress { rows: 0, rows_total };
            for found in tried {
                let (rule, tried): (usize, Tried) = found?;
                progress.rows += tried.rows;
                all.entry(rule).or_default().add(tried);
                (self.on_progress)(progress);
            }
            Ok((0..self.rules.len()).map(|rule| all.remove(&rule).unwrap_or_default()).collect())
        })
    }
}

/// Takes one slice after the other, and sends what its rule did to it.
fn try_slices(
    rules: &[Transform],
    rows: &[LibraryRow],
    next: &AtomicUsize,
    make_engine: &MakeEngine,
    stop_check: &dyn Fn() -> Result<(), Error>,
    sender: &Sender<Result<(usize, Tried), Error>>,
) -> Result<(), Error> {
    let slices: Vec<&[LibraryRow]> = rows.chunks(SLICE).collect();
    let mut current: Option<(usize, Box<dyn Worker>)> = None;
    loop {
        let unit = next.fetch_add(1, Ordering::Relaxed);
        if unit >= rules.len() * slices.len() {
            return Ok(());
        }
        let (rule, slice) = (unit / slices.len(), slices[unit % slices.len()]);
        let mut worker = match current.take() {
            Some((own, worker)) if own == rule => worker,
            _ => engine_of(&rules[rule], make_engine)?.worker(None)?,
        };
        let mut tried = Tried::default();
        for row in slice {
            stop_check()?;
            tried.try_row(row, &mut *worker)?;
        }
        current = Some((rule, worker));
        if sender.send(Ok((rule, tried))).is_err() {
            return Ok(());
        }
    }
}

fn engine_of(rule: &Transform, make_engine: &MakeEngine) -> Result<Box<dyn Engine>, Error> {
    make_engine(std::slice::from_ref(rule), &EngineSettings::default())
}
