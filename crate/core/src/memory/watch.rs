//! The watch: samples the process tree beside the run.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};

use super::report::Breakdown;
use super::usage::{process_tree_bytes, resident_bytes};

/// Bytes that the engine holds, by its own count. Only shown, never decided upon: relaxed order is enough.
#[derive(Debug, Default)]
pub struct Counters {
    /// Input text and finished output, read and not committed.
    pub in_flight: AtomicU64,
    /// The deduplication.
    pub dedup: AtomicU64,
    /// Products waiting for the encoder, and the encoder's own buffers.
    pub writer: AtomicU64,
}

/// Samples the process tree and keeps the peak.
#[derive(Debug)]
pub struct Watch {
    root: u32,
    baseline_bytes: u64,
    latest_bytes: AtomicU64,
    latest_resident_bytes: AtomicU64,
    peak: Mutex<(u64, Breakdown)>,
}

impl Watch {
    /// How often the resident size is read.
    const INTERVAL: Duration = Duration::from_millis(100);
    /// How far it must have moved for a sample. A sample walks all page tables, at 5 % of a core if taken each time;
    /// below this step the peak is that much too low at most.
    const STEP_BYTES: u64 = 1 << 20;

    /// Takes the baseline of the tree that this process is the root of, or its supervisor, where it has one.
    pub fn start(is_supervised: bool) -> Self {
        let parent = is_supervised.then(rustix::process::getppid).flatten();
        let root = parent.map_or(std::process::id(), |parent| parent.as_raw_nonzero().get() as u32);
        let baseline_bytes = process_tree_bytes(root).unwrap_or(0);
        let breakdown = Breakdown { node: baseline_bytes, ..Breakdown::default() };
        Self {
            root,
            baseline_bytes,
            latest_bytes: AtomicU64::new(baseline_bytes),
            latest_resident_bytes: AtomicU64::new(0),
            peak: Mutex::new((baseline_bytes, breakdown)),
        }
    }

    /// Samples until `stop` is closed; tells `on_look` each time what the process tree takes, in bytes.
    pub fn run(&self, counters: &Counters, stop: &Receiver<()>, on_look: impl Fn(u64)) {
        while stop.recv_timeout(Self::INTERVAL) == Err(RecvTimeoutError::Timeout) {
            let resident_bytes = resident_bytes();
            self.sample_if_moved(resident_bytes, counters);
            on_look(match self.latest_bytes() {
                0 => resident_bytes, // the system does not tell the proportional set size
                tree_bytes => tree_bytes,
            });
        }
    }

    /// Takes one sample, unless memory stands where it stood at the latest.
    fn sample_if_moved(&self, resident_bytes: u64, counters: &Counters) {
        let moved = self.latest_resident_bytes.load(Ordering::Relaxed).abs_diff(resident_bytes);
        if moved >= Self::STEP_BYTES {
            self.latest_resident_bytes.store(resident_bytes, Ordering::Relaxed);
            self.sample(counters);
        }
    }

    /// Takes a last sample, unless memory is not above the latest one, so that the peak cannot be now.
    pub fn finish(&self, counters: &Counters) {
        if resident_bytes() >= self.latest_resident_bytes.load(Ordering::Relaxed) + Self::STEP_BYTES {
            self.sample(counters);
        }
    }

    /// Takes one sample.
    fn sample(&self, counters: &Counters) {
        let Some(total) = process_tree_bytes(self.root) else { return };
        self.latest_bytes.store(total, Ordering::Relaxed);
        let mut peak = self.peak.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if total <= peak.0 {
            return;
        }
        let (in_flight, dedup, writer) = (
            counters.in_flight.load(Ordering::Relaxed),
            counters.dedup.load(Ordering::Relaxed),
            counters.writer.load(Ordering::Relaxed),
        );
        let counted = self.baseline_bytes + in_flight + dedup + writer;
        let workers = total.saturating_sub(counted);
        *peak = (total, Breakdown { node: self.baseline_bytes, in_flight, dedup, writer, workers });
    }

    /// The latest sample in bytes.
    pub fn latest_bytes(&self) -> u64 {
        self.latest_bytes.load(Ordering::Relaxed)
    }

    /// The process tree before the run, in bytes.
    pub fn baseline_bytes(&self) -> u64 {
        self.baseline_bytes
    }

    /// The highest sample in bytes, and where it went.
    pub fn peak(&self) -> (u64, Breakdown) {
        *self.peak.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}
