//! The watch: samples the processes of a run, in a separate thread.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};
use serde::{Deserialize, Serialize};

use crate::platform::{process_bytes, process_tree_bytes, resident_bytes};

/// Bytes that the engine holds, by its own count. They are only shown and decide nothing, so relaxed order is enough.
#[derive(Debug, Default)]
pub struct Counters {
    /// Input text and finished output, read and not committed.
    pub in_flight: AtomicU64,
    /// The deduplication.
    pub dedup: AtomicU64,
    /// Products waiting for the encoder, and the encoder's own buffers.
    pub writer: AtomicU64,
}

/// The parts of the peak, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breakdown {
    /// The process before the run: Node, its libraries, and what it had allocated.
    pub node: u64,
    /// Input text and finished output.
    pub in_flight: u64,
    /// The deduplication.
    pub dedup: u64,
    /// The writer.
    pub writer: u64,
    /// The rest: RDKit in the workers, stacks, decoded input pages, memory that the allocators keep.
    pub workers: u64,
}

/// Samples the processes of a run and keeps the peak.
#[derive(Debug)]
pub struct Watch {
    supervisor: Option<u32>,
    baseline_bytes: u64,
    latest_bytes: AtomicU64,
    seen: Mutex<Seen>,
}

/// The results of the samples. A sample walks all page tables, and ten samples per second cost 1.5 % of a run with
/// two workers. The resident size of this process is cheap to read, and shows when a sample is due.
#[derive(Debug, Default)]
struct Seen {
    /// The last sample, and the resident size at that time.
    bytes: u64,
    resident_bytes: u64,
    /// The largest resident size at any sample.
    most_resident_bytes: u64,
    peak_bytes: u64,
    breakdown: Breakdown,
}

impl Seen {
    /// The largest possible error of the peak: 1/32 of it.
    const PEAK_STEP: u64 = 32;
    /// How far the size may move below its peak without a sample: 1/8.
    const STEP: u64 = 8;
    /// Smaller steps are not worth a sample.
    const MIN_STEP_BYTES: u64 = 1 << 20;

    fn may_be_peak(&self, resident_bytes: u64) -> bool {
        let most = self.most_resident_bytes;
        resident_bytes >= most + Self::MIN_STEP_BYTES.max(most / Self::PEAK_STEP)
    }

    fn has_moved(&self, resident_bytes: u64) -> bool {
        let latest = self.resident_bytes;
        resident_bytes.abs_diff(latest) >= Self::MIN_STEP_BYTES.max(latest / Self::STEP)
    }

    /// Estimate of the current memory of the processes, which follows that of this process.
    fn bytes_now(&self, resident_bytes: u64) -> u64 {
        match self.bytes {
            0 => resident_bytes, // the system does not report the proportional set size
            bytes => (bytes + resident_bytes).saturating_sub(self.resident_bytes),
        }
    }
}

impl Watch {
    /// How often the resident size is read.
    const INTERVAL: Duration = Duration::from_millis(100);

    /// Takes the baseline of this process with its descendants and of its supervisor, if it has one. Other children
    /// of the supervisor do not belong to this run.
    pub fn start(is_supervised: bool) -> Self {
        let supervisor = is_supervised.then(rustix::process::getppid).flatten();
        let supervisor = supervisor.map(|pid| pid.as_raw_nonzero().get() as u32);
        let baseline_bytes = processes_bytes(supervisor).unwrap_or(0);
        let breakdown = Breakdown { node: baseline_bytes, ..Breakdown::default() };
        Self {
            supervisor,
            baseline_bytes,
            latest_bytes: AtomicU64::new(baseline_bytes),
            seen: Mutex::new(Seen { peak_bytes: baseline_bytes, breakdown, ..Seen::default() }),
        }
    }

    /// Samples until `stop` is closed; passes the memory of the processes, in bytes, to `on_look` each time.
    pub fn run(&self, counters: &Counters, stop: &Receiver<()>, on_look: impl Fn(u64)) {
        while stop.recv_timeout(Self::INTERVAL) == Err(RecvTimeoutError::Timeout) {
            let resident_bytes = resident_bytes();
            let mut seen = self.seen();
            if seen.may_be_peak(resident_bytes) || seen.has_moved(resident_bytes) {
                self.sample(&mut seen, resident_bytes, counters);
            }
            let bytes = seen.bytes_now(resident_bytes);
            self.latest_bytes.store(bytes, Ordering::Relaxed);
            on_look(bytes);
        }
    }

    /// Takes a last sample, unless it cannot be the peak.
    pub fn finish(&self, counters: &Counters) {
        let resident_bytes = resident_bytes();
        let mut seen = self.seen();
        if seen.may_be_peak(resident_bytes) {
            self.sample(&mut seen, resident_bytes, counters);
        }
    }

    fn sample(&self, seen: &mut Seen, resident_bytes: u64, counters: &Counters) {
        let Some(bytes) = processes_bytes(self.supervisor) else { return };
        (seen.bytes, seen.resident_bytes) = (bytes, resident_bytes);
        seen.most_resident_bytes = seen.most_resident_bytes.max(resident_bytes);
        if bytes <= seen.peak_bytes {
            return;
        }
        let (in_flight, dedup, writer) = (
            counters.in_flight.load(Ordering::Relaxed),
            counters.dedup.load(Ordering::Relaxed),
            counters.writer.load(Ordering::Relaxed),
        );
        let counted = self.baseline_bytes + in_flight + dedup + writer;
        let workers = bytes.saturating_sub(counted);
        seen.peak_bytes = bytes;
        seen.breakdown = Breakdown { node: self.baseline_bytes, in_flight, dedup, writer, workers };
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A warning for the user if the system does not report the memory of the processes.
    pub fn warning(&self) -> Option<String> {
        let (peak_bytes, _) = self.peak();
        (peak_bytes == 0).then(|| {
            "the system does not tell how much memory the run takes, so that it was not slowed down near its memory target; \
             mount /proc"
                .to_owned()
        })
    }

    /// Memory of the processes at the last check, in bytes.
    pub fn latest_bytes(&self) -> u64 {
        self.latest_bytes.load(Ordering::Relaxed)
    }

    /// Memory of the processes before the run, in bytes.
    pub fn baseline_bytes(&self) -> u64 {
        self.baseline_bytes
    }

    /// The highest sample in bytes, and its parts.
    pub fn peak(&self) -> (u64, Breakdown) {
        let seen = self.seen();
        (seen.peak_bytes, seen.breakdown)
    }
}

/// Memory of this process, its descendants and its supervisor.
fn processes_bytes(supervisor: Option<u32>) -> Option<u64> {
    let own = process_tree_bytes(std::process::id())?;
    Some(own + supervisor.and_then(process_bytes).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_whose_memory_nobody_tells_warns() {
        let seen = |peak_bytes| Mutex::new(Seen { peak_bytes, ..Seen::default() });
        let watch = |peak_bytes| Watch {
            supervisor: None,
            baseline_bytes: 0,
            latest_bytes: AtomicU64::new(0),
            seen: seen(peak_bytes),
        };
        assert!(watch(0).warning().unwrap().contains("mount /proc"));
        assert_eq!(watch(1).warning(), None);
    }

    #[test]
    fn a_sample_is_due_near_the_peak_sooner_than_below_it() {
        const MIB: u64 = 1 << 20;
        let seen = Seen {
            bytes: 90 * MIB,
            resident_bytes: 64 * MIB,
            most_resident_bytes: 96 * MIB,
            ..Seen::default()
        };
        assert!(seen.may_be_peak(99 * MIB) && !seen.may_be_peak(98 * MIB));
        assert!(seen.has_moved(72 * MIB) && seen.has_moved(56 * MIB) && !seen.has_moved(71 * MIB));
        assert_eq!((seen.bytes_now(70 * MIB), seen.bytes_now(60 * MIB)), (96 * MIB, 86 * MIB));
        let small = Seen { resident_bytes: MIB, most_resident_bytes: MIB, ..Seen::default() };
        assert!(small.may_be_peak(2 * MIB) && !small.may_be_peak(2 * MIB - 1));
        assert_eq!(small.bytes_now(3 * MIB), 3 * MIB, "where the system does not tell");
    }
}
