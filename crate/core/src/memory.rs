//! Memory: what there is, what the process takes, and the budgets that follow.
//!
//! What is counted: input text read and not committed, output finished and not committed, the deduplication, the
//! writer's buffers. What is not: RDKit's working memory (one molecule and its products per worker), code, stacks
//! and what the allocators keep; that rest is shown as `workers`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};
use serde::{Deserialize, Serialize};

/// Upper bound of each budget: input text in flight, finished output, products waiting for the encoder.
pub const MAX_BUDGET_BYTES: u64 = 32 << 20;
const MIN_BUDGET_BYTES: u64 = 1 << 20;
/// What a run takes beside its budgets and its filter, roughly; a filter must leave that much of the target.
pub const FLOOR_BYTES: u64 = 64 << 20;

/// The byte budget of each buffer for a target, after `fixed_bytes` that do not shrink (a Bloom filter).
pub fn budget_bytes(target_bytes: u64, fixed_bytes: u64) -> u64 {
    let free = target_bytes.saturating_sub(fixed_bytes).saturating_sub(FLOOR_BYTES);
    (free / 8).clamp(MIN_BUDGET_BYTES, MAX_BUDGET_BYTES)
}

/// The lower of the machine's memory and the limit of the process's control group, version 1 or 2.
pub fn limit_bytes() -> u64 {
    let machine = read_kib_field(Path::new("/proc/meminfo"), "MemTotal:").unwrap_or(u64::MAX);
    control_group_limits(Path::new("/proc/self/cgroup"), Path::new("/sys/fs/cgroup")).fold(machine, u64::min)
}

/// Limits of the process's own groups and all above them.
fn control_group_limits<'a>(membership: &Path, root: &'a Path) -> impl Iterator<Item = u64> + use<'a> {
    let membership = fs::read_to_string(membership).unwrap_or_default();
    let groups: Vec<PathBuf> = membership
        .lines()
        .filter_map(|line| {
            let mut fields = line.splitn(3, ':').skip(1);
            let (controllers, path) = (fields.next()?, fields.next()?.trim_start_matches('/'));
            match controllers {
                "" => Some(root.join(path).join("memory.max")),
                _ if controllers.split(',').any(|name| name == "memory") => {
                    Some(root.join("memory").join(path).join("memory.limit_in_bytes"))
                }
                _ => None,
            }
        })
        .collect();
    groups.into_iter().flat_map(move |file| {
        let name = file.file_name().unwrap_or_default().to_owned();
        let folders: Vec<PathBuf> =
            file.ancestors().skip(1).take_while(|folder| folder.starts_with(root)).map(Into::into).collect();
        folders
            .into_iter()
            .filter_map(move |folder| fs::read_to_string(folder.join(&name)).ok()?.trim().parse().ok())
    })
}

/// Proportional set size of this process and its descendants: shared pages count once over all that share them.
/// `None` where the system does not tell (only Linux does).
pub fn process_tree_bytes() -> Option<u64> {
    tree_bytes(std::process::id())
}

fn tree_bytes(pid: u32) -> Option<u64> {
    let folder = PathBuf::from(format!("/proc/{pid}"));
    let own = read_kib_field(&folder.join("smaps_rollup"), "Pss:")?;
    let tasks = fs::read_dir(folder.join("task")).into_iter().flatten().flatten();
    let children = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    let below: u64 = children
        .flat_map(|list| list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<u32>>())
        .filter_map(tree_bytes)
        .sum();
    Some(own + below)
}

/// Resident pages of this process; cheap to read. A child of the process is seen when this one moves.
fn resident_bytes() -> u64 {
    let text = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = text.split_whitespace().nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
    pages * rustix::param::page_size() as u64
}

fn read_kib_field(file: &Path, name: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
}

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

/// Where the peak went, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breakdown {
    /// The process before the run: Node, its libraries, what it had allocated.
    pub node: u64,
    /// Input text and finished output.
    pub in_flight: u64,
    /// The deduplication.
    pub dedup: u64,
    /// The writer.
    pub writer: u64,
    /// The rest: RDKit in the workers, stacks, decoded input pages, what the allocators keep.
    pub workers: u64,
}

/// The memory part of the summary, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryReport {
    /// Highest proportional set size of the process tree that was seen; 0 where the system does not tell.
    pub peak_bytes: u64,
    /// The same before the run.
    pub baseline_bytes: u64,
    /// The lower of the machine's memory and the control group's limit.
    pub limit_bytes: u64,
    /// The run's target.
    pub target_bytes: u64,
    /// Each budget.
    pub budget_bytes: u64,
    /// Where the peak went.
    pub breakdown: Breakdown,
}

/// Samples the process tree and keeps the peak.
#[derive(Debug)]
pub struct Watch {
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

    /// Takes the baseline.
    pub fn start() -> Self {
        let baseline_bytes = process_tree_bytes().unwrap_or(0);
        let breakdown = Breakdown { node: baseline_bytes, ..Breakdown::default() };
        Self {
            baseline_bytes,
            latest_bytes: AtomicU64::new(baseline_bytes),
            latest_resident_bytes: AtomicU64::new(0),
            peak: Mutex::new((baseline_bytes, breakdown)),
        }
    }

    /// Samples until `stop` is closed.
    pub fn run(&self, counters: &Counters, stop: &Receiver<()>) {
        while stop.recv_timeout(Self::INTERVAL) == Err(RecvTimeoutError::Timeout) {
            self.sample_if_moved(counters);
        }
    }

    /// Takes one sample, unless memory stands where it stood at the latest.
    fn sample_if_moved(&self, counters: &Counters) {
        let resident_bytes = resident_bytes();
        let moved = self.latest_resident_bytes.load(Ordering::Relaxed).abs_diff(resident_bytes);
        if moved >= Self::STEP_BYTES {
            self.latest_resident_bytes.store(resident_bytes, Ordering::Relaxed);
            self.sample(counters);
        }
    }

    /// Takes one sample.
    pub fn sample(&self, counters: &Counters) {
        let Some(total) = process_tree_bytes() else { return };
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

    /// The report, for what the run was told.
    pub fn report(&self, limit_bytes: u64, target_bytes: u64, budget_bytes: u64) -> MemoryReport {
        let (peak_bytes, breakdown) = *self.peak.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let baseline_bytes = self.baseline_bytes;
        MemoryReport { peak_bytes, baseline_bytes, limit_bytes, target_bytes, budget_bytes, breakdown }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_shrink_with_the_target_and_never_vanish() {
        assert_eq!(budget_bytes(16 << 30, 0), MAX_BUDGET_BYTES);
        assert_eq!(budget_bytes(256 << 20, 0), 24 << 20);
        assert_eq!(budget_bytes(256 << 20, 180 << 20), 3 << 19);
        assert_eq!(budget_bytes(1, 1 << 30), MIN_BUDGET_BYTES);
    }

    #[test]
    fn the_lowest_control_group_limit_counts() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("cgroup");
        let write = |name: &str, text: &str| {
            let file = root.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        };
        write("a/memory.max", "1000\n");
        write("a/b/memory.max", "max\n");
        write("memory/job/memory.limit_in_bytes", "700\n");
        let membership = folder.path().join("self");
        let limits = |text: &str| {
            fs::write(&membership, text).unwrap();
            control_group_limits(&membership, &root).min()
        };
        assert_eq!(limits("0::/a/b\n"), Some(1000));
        assert_eq!(limits("5:cpu,memory:/job\n4:pids:/a\n"), Some(700));
        assert_eq!(limits("0::/\n"), None);
    }

    #[test]
    fn memory_that_is_touched_is_seen() {
        let counters = Counters::default();
        let watch = Watch::start();
        let touched = std::hint::black_box(vec![1_u8; 64 << 20]);
        counters.dedup.store(touched.len() as u64, Ordering::Relaxed);
        watch.sample(&counters);
        let report = watch.report(0, 0, 0);
        assert!(report.peak_bytes >= report.baseline_bytes + (60 << 20), "{report:?}");
        assert_eq!(report.breakdown.dedup, touched.len() as u64);
    }
}
