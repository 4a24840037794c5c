//! The governor: near the target, the reader waits and the budgets shrink; when there is room again, they grow back.
//!
//! The memory of the run's processes is compared with the target, and the usage of its control groups with their
//! limits. Each time the watch checks, the figure nearest to its limit decides:
//!
//! | share of the limit | reader | budgets |
//! |---|---|---|
//! | 90 % or more | waits for everything in flight, then reads one micro-batch | halved, at least one micro-batch |
//! | between | reads within the budgets | unchanged |
//! | 80 % or less | reads within the budgets | doubled, up to the full size |
//!
//! If the run's other memory (Node, the deduplication, RDKit on a large molecule) is above the target, the run
//! continues one micro-batch at a time: slower, but it never stops. Usage follows the budgets late and not
//! completely, because mimalloc returns freed pages some time later, and only if a whole page is free. Budgets
//! therefore shrink step by step. Memory that is kept for reuse can hold them down even though the next batches could
//! use it.

use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::budget::Budgets;
use super::limit::binding_groups;
use crate::platform::ControlGroup;
use crate::source::CHUNK_TEXT_BYTES;

/// Share of a limit from which the run is slowed down.
const HIGH: f64 = 0.9;
/// Share of a limit up to which the run regains its budgets.
const LOW: f64 = 0.8;
/// A budget below this admits one micro-batch at a time anyway.
const ONE_MICRO_BATCH_BYTES: u64 = CHUNK_TEXT_BYTES as u64;
/// Slowed down for more than this share of its time, a run gets a warning.
const WORTH_A_WARNING: f64 = 0.01;

/// The figure that was near its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The memory of the run's processes, near the target.
    Process,
    /// The usage of a control group, near its own limit, whichever process causes it.
    ControlGroup,
}

/// The governor's part of the summary.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct ThrottleReport {
    /// Seconds during which the budgets were below their full size.
    pub throttled_seconds: f64,
    /// The reason for most of these seconds; `None` if there were none.
    pub throttled_reason: Option<Cause>,
    /// The lowest size of each budget, in bytes.
    pub lowest_budget_bytes: u64,
}

/// Decides the budgets of a run.
#[derive(Debug)]
pub struct Governor {
    target_bytes: u64,
    full_bytes: u64,
    groups: Vec<ControlGroup>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    budget_bytes: u64,
    lowest_bytes: u64,
    /// Why the budgets are below their full size.
    cause: Option<Cause>,
    looked: Option<Instant>,
    by_process: Duration,
    by_control_group: Duration,
}

/// A usage and the limit that it is compared with.
#[derive(Debug, Clone, Copy)]
struct Reading {
    cause: Cause,
    used_bytes: u64,
    limit_bytes: u64,
}

impl Reading {
    fn share(&self) -> f64 {
        self.used_bytes as f64 / self.limit_bytes.max(1) as f64
    }
}

impl Governor {
    /// A governor of budgets of `full_bytes` each, for processes that should stay below `target_bytes`.
    pub fn new(target_bytes: u64, full_bytes: u64) -> Self {
        let state = State {
            budget_bytes: full_bytes,
            lowest_bytes: full_bytes,
            cause: None,
            looked: None,
            by_process: Duration::ZERO,
            by_control_group: Duration::ZERO,
        };
        Self { target_bytes, full_bytes, groups: binding_groups(), state: Mutex::new(state) }
    }

    /// The budgets from now on, if the processes use `used_bytes`.
    pub fn observe(&self, used_bytes: u64) -> Budgets {
        let process = Reading { cause: Cause::Process, used_bytes, limit_bytes: self.target_bytes };
        let groups = self.groups.iter().filter_map(|group| {
            let used_bytes = group.usage_bytes()?;
            Some(Reading { cause: Cause::ControlGroup, used_bytes, limit_bytes: group.limit_bytes })
        });
        let nearest = groups.fold(process, |a, b| if b.share() > a.share() { b } else { a });
        self.decide(nearest, Instant::now())
    }

    fn decide(&self, nearest: Reading, now: Instant) -> Budgets {
        let mut state = self.lock();
        state.count_until(now);
        let share = nearest.share();
        if share >= HIGH {
            state.cause = Some(nearest.cause);
            state.budget_bytes = (state.budget_bytes / 2).max(ONE_MICRO_BATCH_BYTES);
            state.lowest_bytes = state.lowest_bytes.min(state.budget_bytes);
            // No input beyond what is in flight: the reader waits.
            return Budgets { input_bytes: 0, output_bytes: state.budget_bytes };
        }
        if share <= LOW {
            state.budget_bytes = (state.budget_bytes * 2).min(self.full_bytes);
            state.cause = state.cause.filter(|_| state.budget_bytes < self.full_bytes);
        }
        Budgets::each(state.budget_bytes)
    }

    /// The run's target in bytes.
    pub fn target_bytes(&self) -> u64 {
        self.target_bytes
    }

    /// Each full budget in bytes.
    pub fn full_bytes(&self) -> u64 {
        self.full_bytes
    }

    /// What the governor has done so far.
    pub fn report(&self) -> ThrottleReport {
        let state = self.lock();
        let throttled = state.by_process + state.by_control_group;
        let reason =
            if state.by_control_group > state.by_process { Cause::ControlGroup } else { Cause::Process };
        ThrottleReport {
            throttled_seconds: throttled.as_secs_f64(),
            throttled_reason: (!throttled.is_zero()).then_some(reason),
            lowest_budget_bytes: state.lowest_bytes,
        }
    }

    /// A warning for the user, if a run of `elapsed_seconds` was slowed down noticeably.
    pub fn warning(&self, elapsed_seconds: f64) -> Option<String> {
        let ThrottleReport { throttled_seconds, throttled_reason, .. } = self.report();
        let (cause, remedy) = match throttled_reason? {
            Cause::Process => (
                format!("the process was near its memory target of {} MiB", self.target_bytes >> 20),
                "raise --target-memory, or use fewer --workers",
            ),
            Cause::ControlGroup => (
                "its control group was near its memory limit".to_owned(),
                "raise that limit, run less at the same time, or use fewer --workers",
            ),
        };
        (throttled_seconds > WORTH_A_WARNING * elapsed_seconds).then(|| {
            format!(
                "the run was slowed down for {throttled_seconds:.1} of {elapsed_seconds:.1} s because {cause}; {remedy}"
            )
        })
    }

    // No code panics while it holds the lock.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl State {
    /// Adds the time since the last check to the state that applied during it.
    fn count_until(&mut self, now: Instant) {
        let passed = self.looked.map_or(Duration::ZERO, |looked| now.saturating_duration_since(looked));
        self.looked = Some(now);
        match self.cause {
            Some(Cause::Process) => self.by_process += passed,
            Some(Cause::ControlGroup) => self.by_control_group += passed,
            None => {}
        }
    }
}

#[cfg(test)]
mod tests;
