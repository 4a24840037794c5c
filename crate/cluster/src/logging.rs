//! Ballista's log, on standard error: warnings, or what `XFORM_LOG` names (`error`, `warn`, `info`, `debug`).

use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use log::{LevelFilter, Log, Metadata, Record};

/// Messages that are left out unless a log level was requested, by Ballista's module and part of the text: that a job
/// has failed, which the client reports itself; and that executors which pull their tasks cannot be told to cancel
/// one.
const LEFT_OUT: [(&str, &str); 2] = [
    ("ballista_core::execution_plans::distributed_query", ""),
    ("ballista_scheduler::state::executor_manager", "cancel tasks"),
];

struct Lines {
    was_asked_for: bool,
    /// An executor that finds no scheduler logs the same message twenty times per second.
    last: Mutex<String>,
}

impl Log for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= log::max_level()
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let text = record.args().to_string();
        let is_left_out = |(target, part): &(&str, &str)| record.target() == *target && text.contains(part);
        if !self.was_asked_for && LEFT_OUT.iter().any(is_left_out) {
            return;
        }
        let line = format!("{}: {}: {text}", record.level().as_str().to_lowercase(), record.target());
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if *last != line {
            // A failed write to the log is no reason to stop.
            let _ = writeln!(io::stderr(), "{line}");
            *last = line;
        }
    }

    fn flush(&self) {}
}

/// Starts logging.
pub fn start() {
    let asked = std::env::var("XFORM_LOG").ok().and_then(|level| level.parse().ok());
    let lines = Box::new(Lines { was_asked_for: asked.is_some(), last: Mutex::default() });
    if log::set_boxed_logger(lines).is_ok() {
        log::set_max_level(asked.unwrap_or(LevelFilter::Warn));
    }
}
