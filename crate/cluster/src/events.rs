//! The messages of the program to the process that started it: one line of JSON each, on standard output.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;
use xform_core::{CheckReport, Error, Progress, Summary};

/// A message.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event<'a> {
    /// A scheduler or an executor listens at an address.
    Listening {
        /// `host:port`.
        address: String,
    },
    /// A run is about to start.
    Started {
        /// The plan of the run.
        report: &'a CheckReport,
    },
    /// A run is in progress.
    Progress {
        /// How far it has come.
        progress: &'a Progress,
    },
    /// A run has succeeded.
    Done {
        /// The content of `SUMMARY.json`.
        summary: &'a Summary,
    },
    /// Something has failed; this is the last message.
    Failed {
        /// The reason.
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

/// Writes `event`. If the reader is gone, the work continues.
pub fn say(event: &Event<'_>) {
    if let Ok(line) = serde_json::to_string(event) {
        let mut out = io::stdout().lock();
        let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    }
}
