//! Ballista's log, on standard error: warnings, or what `XFORM_LOG` names (`error`, `warn`, `info`, `debug`).

use std::io::{self, Write};

use log::{LevelFilter, Log, Metadata, Record};

/// Where Ballista's client logs that a job has failed, before it returns that as an error, which is told by us.
const TOLD_TWICE: &str = "ballista_core::execution_plans::distributed_query";

struct Lines {
    was_asked_for: bool,
}

impl Log for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= log::max_level() && (self.was_asked_for || metadata.target() != TOLD_TWICE)
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            // A log that nobody reads is no reason to stop.
            let _ = writeln!(
                io::stderr(),
                "{}: {}: {}",
                record.level().as_str().to_lowercase(),
                record.target(),
                record.args()
            );
        }
    }

    fn flush(&self) {}
}

/// Begins to log.
pub fn start() {
    let asked = std::env::var("XFORM_LOG").ok().and_then(|level| level.parse().ok());
    let lines: &'static Lines = match asked {
        Some(_) => &Lines { was_asked_for: true },
        None => &Lines { was_asked_for: false },
    };
    if log::set_logger(lines).is_ok() {
        log::set_max_level(asked.unwrap_or(LevelFilter::Warn));
    }
}
