//! The events that a child process reports to its parent: one line of JSON per event, on standard output.
//!
//! The process that runs RDKit for a supervisor and the cluster's program report the same events. `src/events.ts` declares
//! them for the parent.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use crate::error::Error;
use crate::progress::Progress;
use crate::summary::{CheckReport, Expected, Summary};

/// Receives events.
pub type OnEvent = dyn Fn(&Event<'_>) + Send + Sync;

/// An event of a run, or of a server.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event<'a> {
    /// A scheduler or an executor accepts calls.
    Listening {
        /// `host:port`.
        address: String,
    },
    /// A run is about to start.
    Started {
        /// What it will do.
        report: &'a CheckReport,
    },
    /// The progress of a run.
    Progress {
        /// How far it has come.
        progress: &'a Progress,
    },
    /// What a run is likely to give, from the part of a sample that was tried so far.
    Expected {
        /// That.
        expected: &'a Expected,
    },
    /// A check has finished. The last event.
    Checked {
        /// Its report.
        report: &'a CheckReport,
    },
    /// The engine starts work, and the output folder belongs to this run. If the process dies from now on, a row may be to
    /// blame.
    Begun,
    /// What the dead process of a run was working on.
    InHand {
        /// The file of known molecules that the rows are in; `None` for the library.
        #[serde(skip_serializing_if = "Option::is_none")]
        known_file: Option<String>,
        /// One row per busy worker.
        rows: Vec<u64>,
    },
    /// A judge has its verdict. The last event.
    Judged {
        /// The number of rows that were added to the quarantine.
        guilty: usize,
        /// Grows with each commit of the run.
        committed: u64,
    },
    /// A row has exceeded its CPU time. The parent has to kill this process, since the engine cannot be interrupted. The last
    /// event.
    Overdue,
    /// A run has finished. The last event.
    Done {
        /// The content of `SUMMARY.json`.
        summary: &'a Summary,
    },
    /// The process has failed. The last event.
    Failed {
        /// Why.
        error: Failure,
    },
}

/// An error as data.
#[derive(Debug, Serialize)]
pub struct Failure {
    code: &'static str,
    message: String,
    details: Value,
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Self { code: error.code(), message: error.to_string(), details: error.details() }
    }
}

/// Writes `event` to standard output before it returns, so that the event survives a crash. If the parent has died, the work
/// continues. If the parent does not read for so long that the pipe is full, the work waits.
pub fn emit(event: &Event<'_>) {
    if let Ok(line) = serde_json::to_string(event) {
        let mut out = io::stdout().lock();
        let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_an_object_with_its_kind_as_src_events_ts_declares_it() {
        let json = |event: Event<'_>| serde_json::to_string(&event).unwrap();
        assert_eq!(json(Event::Begun), r#"{"kind":"begun"}"#);
        assert_eq!(json(Event::Overdue), r#"{"kind":"overdue"}"#);
        assert_eq!(
            json(Event::InHand { known_file: None, rows: vec![7] }),
            r#"{"kind":"in_hand","rows":[7]}"#
        );
        let known = json(Event::InHand { known_file: Some("a.smi".to_owned()), rows: vec![7] });
        assert_eq!(known, r#"{"kind":"in_hand","known_file":"a.smi","rows":[7]}"#);
        let judged = json(Event::Judged { guilty: 1, committed: 40 });
        assert_eq!(judged, r#"{"kind":"judged","guilty":1,"committed":40}"#);
        let error = Failure::from(&Error::internal("why"));
        let failed = serde_json::to_value(Event::Failed { error }).unwrap();
        assert_eq!(failed["error"]["code"], "XFORM_INTERNAL");
        assert_eq!(failed["error"]["details"]["reason"], "why");
    }
}
