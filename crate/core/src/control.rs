//! How a caller follows and stops a run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::disk::Disk;
use crate::events::{Event, OnEvent};
use crate::progress::Pace;
use crate::restarts::Predecessors;

/// How a caller follows and stops a run.
#[derive(Default)]
pub struct Control {
    /// Set to stop the run: it ends with [`crate::Error::Cancelled`] and publishes nothing. That takes at most a
    /// second, plus the time that the disk needs to make the written data durable.
    pub cancel: Arc<AtomicBool>,
    /// Receives events: on the thread that runs [`crate::apply`], progress at most every 200 ms and once at the end; on another
    /// thread, a row that exceeds its time in a process that has a supervisor.
    pub on_event: Option<Box<OnEvent>>,
    /// Whether the first event is the check report ([`Event::Started`]), before anything is written.
    pub announces: bool,
    /// The disk to write to; tests put a gate before it.
    pub disk: Disk,
    /// How often the run makes its state durable; tests do it more often.
    pub pace: Pace,
    /// The processes of the run that died before this one, as its supervisor knows them.
    pub predecessors: Predecessors,
    /// CPU time in seconds that a row may take in all processes of a run that has a supervisor; 0 for no limit.
    pub row_limit_seconds: f64,
}

impl Control {
    /// Whether the caller has requested a stop.
    pub fn is_cancelled(&self) -> bool {
        // The flag transfers no other data.
        self.cancel.load(Ordering::Relaxed)
    }

    /// Passes an event to the caller.
    pub fn notify(&self, event: &Event<'_>) {
        if let Some(on_event) = &self.on_event {
            on_event(event);
        }
    }
}
