//! Permits: how much may be read, and how much may be finished, ahead of the commit.
//!
//! Three bounds apply at any moment:
//! - batches read and not committed: at most `max_in_flight`;
//! - input bytes read and not committed: at most `input_bytes`, or one micro-batch;
//! - output bytes finished and not committed: at most `output_bytes`, not including the micro-batch at the head of
//!   the line, which never waits. A worker always receives the head before any later one, because the channel to the
//!   workers is first in, first out; so the commit can always continue.
//!
//! The two byte budgets can change at any time, down to 0: then one micro-batch at a time is admitted. Data held
//! above a lower budget stays; nothing more is admitted until the commit has made room. No budget can lock the flow,
//! because neither the head nor a single micro-batch needs budget.
//!
//! In a closed flow, nothing waits: every `acquire` returns false, and the threads end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use crate::memory::Budgets;

/// The current amounts, and their peaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InFlight {
    /// Batches read and not committed.
    pub batches: usize,
    /// Input bytes read and not committed.
    pub input_bytes: u64,
    /// Output bytes finished and not committed.
    pub output_bytes: u64,
    /// Highest `batches`.
    pub peak_batches: usize,
    /// Highest sum of input and output bytes.
    pub peak_bytes: u64,
}

#[derive(Debug, Default)]
struct State {
    budgets: Budgets,
    in_flight: InFlight,
    head: u64,
    closed: bool,
}

/// The permits of one run.
#[derive(Debug)]
pub struct Flow {
    max_in_flight: usize,
    state: Mutex<State>,
    changed: Condvar,
    closing: Arc<AtomicBool>,
}

impl Flow {
    /// An empty flow.
    pub fn new(max_in_flight: usize, budgets: Budgets) -> Self {
        let state = Mutex::new(State { budgets, ..State::default() });
        Self { max_in_flight, state, changed: Condvar::new(), closing: Arc::default() }
    }

    /// Sets the byte budgets from now on.
    pub fn set_budgets(&self, budgets: Budgets) {
        let mut state = self.lock();
        if state.budgets != budgets {
            state.budgets = budgets;
            drop(state);
            self.changed.notify_all();
        }
    }

    /// Waits until one more batch may be read.
    pub fn acquire_batch(&self) -> bool {
        self.acquire(|state| state.in_flight.batches < self.max_in_flight, |held| held.batches += 1)
    }

    /// Waits until `bytes` more input may be held.
    pub fn acquire_input(&self, bytes: u64) -> bool {
        self.acquire(
            |state| {
                state.in_flight.input_bytes == 0
                    || state.in_flight.input_bytes + bytes <= state.budgets.input_bytes
            },
            |held| held.input_bytes += bytes,
        )
    }

    /// Waits until the `bytes` of output from micro-batch `sequence` may wait for the commit.
    pub fn acquire_output(&self, sequence: u64, bytes: u64) -> bool {
        self.acquire(
            |state| {
                state.head == sequence || state.in_flight.output_bytes + bytes <= state.budgets.output_bytes
            },
            |held| held.output_bytes += bytes,
        )
    }

    /// Records that the micro-batch at the head of the line has been committed.
    pub fn commit(&self, input_bytes: u64, output_bytes: u64, ends_batch: bool) {
        let mut state = self.lock();
        state.head += 1;
        state.in_flight.input_bytes -= input_bytes;
        state.in_flight.output_bytes -= output_bytes;
        state.in_flight.batches -= usize::from(ends_batch);
        drop(state);
        self.changed.notify_all();
    }

    /// Ends all waiting, now and later.
    pub fn close(&self) {
        self.lock().closed = true;
        self.closing.store(true, Ordering::Relaxed);
        self.changed.notify_all();
    }

    /// Is set when the flow is closed, for a thread that waits for something else.
    pub fn closing(&self) -> &Arc<AtomicBool> {
        &self.closing
    }

    /// Whether the flow was closed.
    pub fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// The current amounts.
    pub fn in_flight(&self) -> InFlight {
        self.lock().in_flight
    }

    fn acquire(&self, may: impl Fn(&State) -> bool, take: impl FnOnce(&mut InFlight)) -> bool {
        let mut state = self.lock();
        while !state.closed && !may(&state) {
            state = self.changed.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
        if state.closed {
            return false;
        }
        let held = &mut state.in_flight;
        take(held);
        held.peak_batches = held.peak_batches.max(held.batches);
        held.peak_bytes = held.peak_bytes.max(held.input_bytes + held.output_bytes);
        true
    }

    // A thread that panics while holding the lock leaves nothing half changed: each change is a few additions.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use super::*;

    fn flow() -> Flow {
        Flow::new(2, Budgets { input_bytes: 100, output_bytes: 50 })
    }

    /// Runs `wait` in parallel with `release`; true if it returned only after it.
    fn waits_for(flow: &Flow, wait: impl FnOnce(&Flow) -> bool + Send, release: impl FnOnce(&Flow)) -> bool {
        thread::scope(|scope| {
            let (done, finished) = mpsc::channel();
            scope.spawn(move || done.send(wait(flow)));
            let early = finished.recv_timeout(Duration::from_millis(50)).is_ok();
            release(flow);
            let late = finished.recv_timeout(Duration::from_secs(10));
            if late.is_err() {
                flow.close(); // so that the test fails rather than hangs
            }
            !early && late.unwrap()
        })
    }

    #[test]
    fn the_third_batch_waits_for_the_commit_of_the_first() {
        let flow = flow();
        assert!(flow.acquire_batch() && flow.acquire_batch());
        assert!(waits_for(&flow, Flow::acquire_batch, |flow| flow.commit(0, 0, true)));
        assert_eq!(flow.in_flight().peak_batches, 2);
    }

    #[test]
    fn input_over_the_budget_waits_unless_it_is_alone() {
        let flow = flow();
        assert!(flow.acquire_input(500), "a single micro-batch always fits");
        assert!(waits_for(&flow, |flow| flow.acquire_input(1), |flow| flow.commit(500, 0, false)));
    }

    #[test]
    fn the_head_of_the_line_never_waits() {
        let flow = flow();
        assert!(flow.acquire_output(1, 50), "a later one may fill the budget");
        assert!(flow.acquire_output(0, 1_000), "the head goes over it");
        assert!(waits_for(
            &flow,
            |flow| flow.acquire_output(2, 10),
            |flow| {
                flow.commit(0, 1_000, false);
                flow.commit(0, 50, false);
            }
        ));
        assert_eq!(flow.in_flight().peak_bytes, 1_050);
    }

    #[test]
    fn without_a_budget_one_micro_batch_at_a_time_goes_through() {
        let flow = flow();
        flow.set_budgets(Budgets::each(0));
        assert!(flow.acquire_input(10));
        assert!(waits_for(
            &flow,
            |flow| flow.acquire_input(10),
            |flow| {
                assert!(flow.acquire_output(0, 1_000));
                flow.commit(10, 1_000, false);
            }
        ));
        assert_eq!(flow.in_flight().peak_bytes, 1_010);
    }

    #[test]
    fn a_raised_budget_wakes_those_who_wait() {
        let flow = flow();
        let full = Budgets::each(100);
        flow.set_budgets(Budgets::each(0));
        assert!(flow.acquire_input(10));
        assert!(waits_for(&flow, |flow| flow.acquire_input(90), |flow| flow.set_budgets(full)));
        flow.set_budgets(Budgets::each(0));
        assert!(waits_for(&flow, |flow| flow.acquire_output(1, 100), |flow| flow.set_budgets(full)));
    }

    #[test]
    fn a_closed_flow_lets_nobody_wait() {
        let flow = flow();
        assert!(flow.acquire_output(1, 50));
        thread::scope(|scope| {
            let waiting = scope.spawn(|| flow.acquire_output(2, 10));
            flow.close();
            assert!(!waiting.join().unwrap());
        });
        assert!(!flow.acquire_batch() && flow.is_closed());
    }
}
