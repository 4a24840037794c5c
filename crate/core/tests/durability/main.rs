//! Runs that are killed, run out of disk or lose power at any call to the disk give the same bytes once they are
//! resumed.

#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

mod after_summary;
mod changed;
mod chosen;
mod elsewhere;
mod faults;
mod figures;
mod finished;
mod flipped;
mod gate;
mod inputs;
mod job;
mod judge;
mod kill;
mod known;
mod power_cut;
mod profile;
mod quarantine;
mod read_once;
mod recheck;
mod refused;
mod restarts;
mod scratch;
mod skipped;
mod spared;
mod stopped;
mod verified;
