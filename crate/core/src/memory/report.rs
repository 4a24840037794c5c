//! The memory part of the summary.

use serde::{Deserialize, Serialize};

use super::governor::{Governor, ThrottleReport};
use super::watch::Watch;

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
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct MemoryReport {
    /// Highest proportional set size of the run's processes that was seen; 0 where the system does not tell.
    pub peak_bytes: u64,
    /// The same before the run.
    pub baseline_bytes: u64,
    /// The lower of the machine's memory and the control group's limit.
    pub limit_bytes: u64,
    /// The run's target.
    pub target_bytes: u64,
    /// Each budget.
    pub budget_bytes: u64,
    /// What the governor did.
    #[serde(flatten)]
    pub throttle: ThrottleReport,
    /// Where the peak went.
    pub breakdown: Breakdown,
}

impl MemoryReport {
    /// The report of a run that `watch` has watched and `governor` has governed.
    pub fn new(watch: &Watch, governor: &Governor, limit_bytes: u64) -> Self {
        let (peak_bytes, breakdown) = watch.peak();
        Self {
            peak_bytes,
            baseline_bytes: watch.baseline_bytes(),
            limit_bytes,
            target_bytes: governor.target_bytes(),
            budget_bytes: governor.full_bytes(),
            throttle: governor.report(),
            breakdown,
        }
    }
}
