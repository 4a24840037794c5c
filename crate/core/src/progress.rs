//! The progress of a run, and how often the run reports it and commits.

use std::time::{Duration, Instant};

use serde::Serialize;

use crate::dedup::FILTER_BITS;
use crate::output::part::PART_BYTES;

/// The state of a run at one moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Progress {
    /// What the run is doing.
    pub phase: Phase,
    /// Rows of the library, if the file states their number.
    pub rows_total: Option<u64>,
    /// Rows committed.
    pub rows: u64,
    /// How many of these rows an earlier, interrupted run had committed.
    pub rows_resumed: u64,
    /// Products before deduplication.
    pub products: u64,
    /// Products written.
    pub unique: u64,
    /// Records in `rejects.parquet`.
    pub rejects: u64,
    /// Seconds since the start of the run.
    pub elapsed_seconds: f64,
    /// Rows committed per second, since the start of the run.
    pub rows_per_second: f64,
    /// Estimated seconds left at that rate.
    pub eta_seconds: Option<f64>,
    /// Proportional set size of the process tree, in bytes, at most 100 ms old.
    pub memory_bytes: u64,
    /// Batches read and not committed.
    pub batches_in_flight: usize,
    /// Input and output bytes read or finished and not committed.
    pub inflight_bytes: u64,
}

/// The phases of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The keys of known molecules are made.
    Known,
    /// Rows go through the pipeline.
    Reading,
    /// Shards are compared with their checksums.
    Checking,
    /// Rows of shards go through the deduplication.
    Merging,
    /// The files are made durable, read back and renamed.
    Publishing,
}

/// How often a run makes its state durable.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Value bytes of a part, by our own count. A constant of the format: a different value gives different bytes.
    pub part_bytes: u64,
    /// Bits of the filter of exact deduplication. A constant of the format as well.
    pub filter_bits: u64,
    /// The longest time that work stays uncommitted.
    pub commit_interval: Duration,
}

impl Pace {
    /// The longest time that work stays uncommitted once a run has taken `elapsed`: a twentieth of that, so that a
    /// kill costs a short run no larger share of its time than a long one, but at least a tenth of the full interval.
    pub fn interval(&self, elapsed: Duration) -> Duration {
        (elapsed / 20).clamp(self.commit_interval / 10, self.commit_interval)
    }
}

impl Default for Pace {
    /// The promise is 20 s; half of it leaves room for a slow disk.
    fn default() -> Self {
        Self { part_bytes: PART_BYTES, filter_bits: FILTER_BITS, commit_interval: Duration::from_secs(10) }
    }
}

/// Lets through one report per interval.
#[derive(Debug)]
pub struct Throttle {
    next: Instant,
}

impl Throttle {
    const INTERVAL: Duration = Duration::from_millis(200);

    /// The first report is due after one interval.
    pub fn new() -> Self {
        Self { next: Instant::now() + Self::INTERVAL }
    }

    /// Whether a report is due now.
    pub fn is_due(&mut self) -> bool {
        let now = Instant::now();
        let due = now >= self.next;
        if due {
            self.next = now + Self::INTERVAL;
        }
        due
    }
}

impl Default for Throttle {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kill_costs_a_twentieth_of_the_run_at_most() {
        let interval = |seconds| Pace::default().interval(Duration::from_secs(seconds)).as_secs();
        assert_eq!([0, 10, 60, 200, 36_000].map(interval), [1, 1, 3, 10, 10]);
    }
}
