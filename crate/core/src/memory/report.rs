//! The memory part of the summary.

use serde::{Deserialize, Serialize};

use super::governor::{Governor, ThrottleReport};
use super::watch::{Breakdown, Watch};

/// The memory part of the summary, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct MemoryReport {
    /// Highest proportional set size of the run's processes that was sampled; 0 if the system does not report it.
    pub peak_bytes: u64,
    /// Proportional set size before the run.
    pub baseline_bytes: u64,
    /// The lower of the machine's memory and the control group's limit.
    pub limit_bytes: u64,
    /// The run's target.
    pub target_bytes: u64,
    /// Each budget.
    pub budget_bytes: u64,
    /// The governor's part.
    #[serde(flatten)]
    pub throttle: ThrottleReport,
    /// The parts of the peak.
    pub breakdown: Breakdown,
}

impl MemoryReport {
    /// The report of a run from its `watch` and `governor`.
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
