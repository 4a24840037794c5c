//! What a run and a merge share while they work: a caller who follows and stops them, a clock, a watch on memory.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::control::Control;
use crate::error::Error;
use crate::events::Event;
use crate::memory::{Bounds, Counters, Governor, Watch};
use crate::pipeline::flow::InFlight;
use crate::profile::{Point, Recorder, Timeline};
use crate::progress::{Phase, Progress};

/// The start of a call, before it reads anything.
pub struct Start {
    at: Instant,
    watch: Watch,
}

impl Start {
    /// The current moment. The memory is that of this process, or of its supervisor if it has one.
    pub fn now(is_supervised: bool) -> Self {
        Self { at: Instant::now(), watch: Watch::start(is_supervised) }
    }
}

/// One call of `apply`, `gather` or `merge`.
pub struct Session<'a> {
    /// The folder for its files.
    pub outdir: &'a Path,
    /// How its caller follows and stops it.
    pub control: &'a Control,
    /// Its start, in its first process.
    pub started: Instant,
    /// Its memory.
    pub watch: Watch,
    /// The bytes that it counts itself.
    pub counters: Counters,
    /// Lowers its budgets when memory is scarce.
    pub governor: Governor,
    /// Its timeline.
    pub recorder: Recorder,
    /// The memory limit.
    pub limit_bytes: u64,
    /// Advice for the caller after a stop.
    pub when_stopped: &'static str,
}

/// The state that a call has reached.
#[derive(Debug, Clone, Copy)]
pub struct Reached {
    /// The current phase.
    pub phase: Phase,
    /// Total number of rows, if known.
    pub rows_total: Option<u64>,
    /// Rows done.
    pub rows: u64,
    /// Rows of these that were done before this process started.
    pub rows_resumed: u64,
    /// Products that were judged.
    pub products: u64,
    /// Products written.
    pub unique: u64,
    /// Reject records.
    pub rejects: u64,
    /// The amounts in flight in the pipeline.
    pub in_flight: InFlight,
}

impl Reached {
    /// Before the next row: `rows` are done.
    pub fn beginning(phase: Phase, rows: u64) -> Self {
        Self {
            phase,
            rows_total: None,
            rows,
            rows_resumed: rows,
            products: 0,
            unique: 0,
            rejects: 0,
            in_flight: InFlight::default(),
        }
    }
}

impl<'a> Session<'a> {
    /// A session that started at `start` with the memory bounds `memory`.
    pub fn new(
        start: Start,
        outdir: &'a Path,
        control: &'a Control,
        memory: Bounds,
        when_stopped: &'static str,
    ) -> Self {
        let earlier = Duration::try_from_secs_f64(control.predecessors.elapsed_seconds).unwrap_or_default();
        Self {
            outdir,
            control,
            started: start.at.checked_sub(earlier).unwrap_or(start.at),
            watch: start.watch,
            counters: Counters::default(),
            governor: Governor::new(memory.target_bytes, memory.budget_bytes),
            recorder: Recorder::default(),
            limit_bytes: memory.limit_bytes,
            when_stopped,
        }
    }

    /// An error if the caller has requested a stop.
    pub fn stop_if_asked(&self, rows: u64) -> Result<(), Error> {
        if self.control.is_cancelled() {
            let path = self.outdir.to_owned();
            return Err(Error::Cancelled { rows, path, advice: self.when_stopped });
        }
        Ok(())
    }

    /// Rows that were committed when the run started, in its first process; `found` are those that this process has
    /// found.
    pub fn rows_resumed(&self, found: u64) -> u64 {
        self.control.predecessors.rows_resumed.unwrap_or(found)
    }

    /// Continues the timeline of the rows that this process has found. The time since its last point counts only if it was
    /// spent by earlier processes of this run.
    pub fn continue_timeline(&self, timeline: Timeline) {
        let last_seconds = timeline.points().last().map_or(0.0, |last| last.seconds);
        let start_seconds = (last_seconds - self.control.predecessors.elapsed_seconds).max(0.0);
        self.recorder.continue_from(timeline, start_seconds);
    }

    /// The current moment, at which these rows are done and have these products.
    pub fn now(&self, rows: u64, products: u64) -> Point {
        let seconds = self.started.elapsed().as_secs_f64();
        Point { seconds, rows, products, memory_bytes: self.watch.latest_bytes() }
    }

    /// Reports to the caller.
    pub fn report(&self, reached: Reached) {
        let Reached { phase, rows_total, rows, rows_resumed, products, unique, rejects, in_flight } = reached;
        let rows_resumed = self.rows_resumed(rows_resumed);
        let now = self.now(rows, products);
        self.recorder.note(phase, now);
        let Point { seconds: elapsed_seconds, memory_bytes, .. } = now;
        let rows_per_second = (rows - rows_resumed) as f64 / elapsed_seconds.max(f64::EPSILON);
        let eta_seconds = rows_total
            .filter(|_| rows > rows_resumed)
            .map(|total| total.saturating_sub(rows) as f64 / rows_per_second);
        let progress = Progress {
            phase,
            rows_total,
            rows,
            rows_resumed,
            products,
            unique,
            rejects,
            elapsed_seconds,
            rows_per_second,
            eta_seconds,
            memory_bytes,
            batches_in_flight: in_flight.batches,
            inflight_bytes: in_flight.input_bytes + in_flight.output_bytes,
        };
        self.control.notify(&Event::Progress { progress: &progress });
    }
}
