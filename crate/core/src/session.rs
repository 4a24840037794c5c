//! What a run and a merge have in common while they go: a caller who follows and stops them, a clock, a watch on memory.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::memory::{Bounds, Counters, Governor, Watch};
use crate::pipeline::flow::Held;
use crate::progress::{Control, Phase, Progress};

/// The moment at which a call begins, before it reads anything.
pub struct Start {
    at: Instant,
    watch: Watch,
}

impl Start {
    /// Now. The memory is that of this process, or of its supervisor where it has one.
    pub fn now(is_supervised: bool) -> Self {
        Self { at: Instant::now(), watch: Watch::start(is_supervised) }
    }
}

/// One call of `apply`, `gather` or `merge`.
pub struct Session<'a> {
    /// Where its files go.
    pub outdir: &'a Path,
    /// How its caller follows and stops it.
    pub control: &'a Control,
    /// When it began, in its first process.
    pub started: Instant,
    /// Its memory.
    pub watch: Watch,
    /// The bytes that it counts itself.
    pub counters: Counters,
    /// What lowers its budgets when memory is scarce.
    pub governor: Governor,
    /// Memory that there is.
    pub limit_bytes: u64,
    /// What to do after it was stopped, for the caller.
    pub when_stopped: &'static str,
}

/// How far it has come.
#[derive(Debug, Clone, Copy)]
pub struct Reached {
    /// What it is doing.
    pub phase: Phase,
    /// Rows that there are to do, where that is known.
    pub rows_total: Option<u64>,
    /// Rows that are done.
    pub rows: u64,
    /// Rows of these that were done before this process began.
    pub rows_resumed: u64,
    /// Products that were judged.
    pub products: u64,
    /// Products that were written.
    pub unique: u64,
    /// Reject records.
    pub rejects: u64,
    /// What is held on the way.
    pub held: Held,
}

impl<'a> Session<'a> {
    /// One that began at `start` and keeps to `memory`.
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
            limit_bytes: memory.limit_bytes,
            when_stopped,
        }
    }

    /// An error if the caller asked to stop.
    pub fn stop_if_asked(&self, rows: u64) -> Result<(), Error> {
        if self.control.is_cancelled() {
            let path = self.outdir.to_owned();
            return Err(Error::Cancelled { rows, path, advice: self.when_stopped });
        }
        Ok(())
    }

    /// Rows that were committed when the run began, in its first process; `found` are those that this process has found.
    pub fn rows_resumed(&self, found: u64) -> u64 {
        self.control.predecessors.rows_resumed.unwrap_or(found)
    }

    /// Tells the caller.
    pub fn report(&self, reached: Reached) {
        let Some(on_progress) = &self.control.on_progress else { return };
        let Reached { phase, rows_total, rows, rows_resumed, products, unique, rejects, held } = reached;
        let rows_resumed = self.rows_resumed(rows_resumed);
        let elapsed_seconds = self.started.elapsed().as_secs_f64();
        let rows_per_second = (rows - rows_resumed) as f64 / elapsed_seconds.max(f64::EPSILON);
        let eta_seconds = rows_total
            .filter(|_| rows > rows_resumed)
            .map(|total| total.saturating_sub(rows) as f64 / rows_per_second);
        on_progress(&Progress {
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
            memory_bytes: self.watch.latest_bytes(),
            batches_in_flight: held.batches,
            inflight_bytes: held.input_bytes + held.output_bytes,
        });
    }
}
