//! Ballista's log, on standard error: warnings, or what `XFORM_LOG` names (`error`, `warn`, `info`, `debug`).

use std::io::{self, Write};

use log::{LevelFilter, Log, Metadata, Record};

struct Lines;

impl Log for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= log::max_level()
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
    if log::set_logger(&Lines).is_ok() {
        log::set_max_level(asked.unwrap_or(LevelFilter::Warn));
    }
}
