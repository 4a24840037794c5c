//! What the program says, a line of JSON each on standard output, to whoever has started it.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;
use xform_core::{CheckReport, Error, Progress, Summary};

/// A line.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event<'a> {
    /// A scheduler or an executor takes calls there.
    Listening {
        /// `host:port`.
        address: String,
    },
    /// A run is about to start.
    Started {
        /// What it will do.
        report: &'a CheckReport,
    },
    /// A run goes on.
    Progress {
        /// How far it has come.
        progress: &'a Progress,
    },
    /// A run has ended well.
    Done {
        /// What stands in `SUMMARY.json`.
        summary: &'a Summary,
    },
    /// Something has failed; nothing comes after this.
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

/// Says `event`. Nobody may be listening any more; the work goes on.
pub fn say(event: &Event<'_>) {
    if let Ok(line) = serde_json::to_string(event) {
        let mut out = io::stdout().lock();
        let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    }
}
