//! A run in several processes, one after the other: what the supervisor tells a process about those that died before
//! it.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// How often the process of a run died and was restarted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restarts {
    /// All of them.
    pub total: u64,
    /// By the cause of death: the name of a signal, `exit_` and a status, `timed_out`, or `out_of_memory`.
    pub reasons: BTreeMap<String, u64>,
}

impl AddAssign<&Self> for Restarts {
    fn add_assign(&mut self, other: &Self) {
        self.total += other.total;
        for (reason, count) in &other.reasons {
            *self.reasons.entry(reason.clone()).or_default() += count;
        }
    }
}

/// The processes of a run before this one.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Predecessors {
    /// Seconds since the start of the run, in its first process.
    pub elapsed_seconds: f64,
    /// Rows that were committed when the run started; `None` if that is not known, or if this process is the first.
    pub rows_resumed: Option<u64>,
    /// Their deaths.
    pub restarts: Restarts,
}
