//! Exports of tables, with a depictor that knows no chemistry.
#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

mod divided;
mod formats;
mod interrupted;
mod job;
mod refused;
mod refusing;
mod types;
