//! What follows for the library from the rows that were tried.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use super::SampleOptions;
use super::distinct::{Evenness, Sampled, Share, WIDEST};
use super::group::Group;
use super::memory::Needs;
use super::outcome::Outcome;
use super::seconds::Work;
use crate::dedup::DedupMode;
use crate::options::ApplyOptions;
use crate::summary::{Expected, SampleFacts};

/// What all estimates are based on.
pub struct Basis<'a> {
    /// The options of the run.
    pub options: &'a ApplyOptions,
    /// What is to be tried.
    pub sample: SampleOptions,
    /// When the dry run began.
    pub started: Instant,
    /// How long it took to prepare the run.
    pub prepared: Duration,
    /// Seconds to make the keys of known molecules.
    pub known_seconds: f64,
    /// Whether the library is read from its start to its end.
    pub reads_all: bool,
}

/// What follows from the rows that were tried.
pub struct Estimate<'a> {
    /// What all estimates are based on.
    pub basis: &'a Basis<'a>,
    /// Rows of the run.
    pub rows: f64,
    /// Whether they were counted.
    pub rows_are_counted: bool,
    /// Rows of a window of even rows.
    pub window_rows: f64,
    /// Number of these windows.
    pub windows: f64,
    /// Whether they are the whole library.
    pub is_read_whole: bool,
    /// Whether the even rows are all rows.
    pub is_whole: bool,
    /// Whether fewer rows were tried than were asked for.
    pub is_cut: bool,
    /// Memory of the processes when the engine is warm.
    pub warm_bytes: u64,
    /// Memory of the known molecules.
    pub known_bytes: u64,
    /// CPU seconds to read a row.
    pub reading_seconds: f64,
    /// The even rows.
    pub even: &'a Outcome,
    /// The runs; `None` as long as there are none.
    pub runs: Option<&'a Outcome>,
}

impl Estimate<'_> {
    /// What to expect, if any row was tried and the number of rows is known. That of a text file is not before its even rows
    /// were read.
    pub fn if_any(&self) -> Option<Expected> {
        let is_known = self.even.group.counts.rows > 0 && self.rows > 0.0;
        (is_known || self.is_whole).then(|| self.expected())
    }

    fn expected(&self) -> Expected {
        let Self { basis, rows, .. } = *self;
        let Basis { options, sample, started, prepared, known_seconds, reads_all } = *basis;
        let of_run = |value: fn(&Group) -> f64| rows * self.each_row(value);
        let judged = of_run(|group| group.counts.judged as f64);
        let value_bytes = of_run(|group| group.counts.value_bytes as f64);
        let bytes = self.runs.unwrap_or(self.even).size.of(judged, value_bytes);
        let Share { low, high } = self.share_left();
        let needs = Needs {
            warm_bytes: self.warm_bytes,
            products: judged,
            value_bytes,
            known_bytes: self.known_bytes,
        };
        let work = Work {
            prepared_seconds: prepared.as_secs_f64(),
            known_seconds,
            engine_seconds: of_run(|group| group.engine_seconds),
            other_seconds: of_run(|group| group.commit_seconds) + rows * self.reading_seconds,
            bytes,
        };
        let of_runs = self.runs.map_or(0, |runs| runs.group.counts.rows);
        Expected {
            rows: rows.round() as u64,
            rows_are_counted: self.rows_are_counted,
            rows_with_sites: of_run(|group| group.counts.with_sites as f64).round() as u64,
            rows_rejected: of_run(|group| group.counts.rejected as f64).round() as u64,
            products: of_run(|group| group.counts.products as f64).round() as u64,
            products_low: (judged * low).round() as u64,
            products_high: (judged * high).round() as u64,
            bytes: bytes.round() as u64,
            memory_bytes: needs.peak_bytes(options).round() as u64,
            seconds: work.seconds(options),
            sample: SampleFacts {
                rows: self.even.group.counts.rows + of_runs,
                seed: sample.seed,
                seconds: started.elapsed().as_secs_f64(),
                is_whole: self.is_whole,
                is_cut: self.is_cut,
                reads_all,
            },
        }
    }
    /// The mean of `value` for a row. Runs have no say in it: there are few of them, and they differ much.
    fn each_row(&self, value: fn(&Group) -> f64) -> f64 {
        value(&self.even.group) / (self.even.group.counts.rows as f64).max(1.0)
    }

    /// The share of the products that the deduplication leaves.
    fn share_left(&self) -> Share {
        let (even, runs) = (&self.even.group, self.runs.map(|runs| &runs.group));
        if self.basis.options.dedup == DedupMode::None || even.found.is_empty() {
            return Share { low: 1.0, high: 1.0 };
        }
        if self.is_whole {
            let distinct = even.found.iter().map(|found| found.key).collect::<HashSet<_>>().len();
            let share = distinct as f64 / even.found.len() as f64;
            return Share { low: share, high: share };
        }
        let Some(runs) = runs else { return Share { low: 1.0 / WIDEST, high: 1.0 } };
        let evenness = Evenness {
            rows: self.rows,
            tried: even.counts.rows as f64,
            place_rows: self.window_rows,
            places: self.windows,
            is_read_whole: self.is_read_whole,
        };
        let run_rows = runs.by_place.iter().map(|place| place.rows).max().unwrap_or(0) as f64;
        let relative_error = even.relative_error();
        let (even, runs) = (&even.found[..], &runs.found[..]);
        Sampled { even, evenness, runs, run_rows, relative_error }.share_left()
    }
}
