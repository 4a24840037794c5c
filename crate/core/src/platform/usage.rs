//! The memory of processes and the time of threads, as the system reports them.

use std::fs;
use std::path::{Path, PathBuf};

use rustix::time::{ClockId, Timespec, clock_gettime};

/// Proportional set size of a process: shared pages count once, divided among the processes that share them. `None`
/// if the system does not report it (only Linux does).
pub fn process_bytes(pid: u32) -> Option<u64> {
    read_kib_field(&folder(pid).join("smaps_rollup"), "Pss:")
}

/// Proportional set size of a process and its descendants.
pub fn process_tree_bytes(pid: u32) -> Option<u64> {
    let own = process_bytes(pid)?;
    let tasks = fs::read_dir(folder(pid).join("task")).into_iter().flatten().flatten();
    let children = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    let below: u64 = children
        .flat_map(|list| list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<u32>>())
        .filter_map(process_tree_bytes)
        .sum();
    Some(own + below)
}

fn folder(pid: u32) -> PathBuf {
    PathBuf::from(format!("/proc/{pid}"))
}

/// Resident pages of this process; cheap to read. A child's memory is noticed when this figure changes.
pub fn resident_bytes() -> u64 {
    let text = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = text.split_whitespace().nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
    pages * rustix::param::page_size() as u64
}

/// CPU time of a thread of this process; 0 if the thread has ended, or if the system does not report it.
pub fn thread_seconds(thread: u32) -> f64 {
    let text = fs::read_to_string(format!("/proc/self/task/{thread}/schedstat")).unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|first| first.parse::<u64>().ok());
    nanoseconds.unwrap_or_default() as f64 / 1e9
}

/// CPU time of the calling thread.
pub fn own_thread_seconds() -> f64 {
    let Timespec { tv_sec, tv_nsec } = clock_gettime(ClockId::ThreadCPUTime);
    tv_sec as f64 + tv_nsec as f64 / 1e9
}

/// A field of a file in `/proc` that is given in KiB, in bytes.
pub fn read_kib_field(file: &Path, name: &str) -> Option<u64> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
}
