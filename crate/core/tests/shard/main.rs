//! Shards and their merge: the same bytes and counts as a single run, whatever the library, the shards and the
//! filter; and the inputs that a merge refuses.

#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

mod alerts;
mod engine;
mod expected;
mod filtered;
mod indexed;
mod inputs;
mod job;
mod keys;
mod killed;
mod known;
mod legacy;
mod parents;
mod product_ids;
mod refused;
mod run;
mod same;
mod standardized;
mod types;
mod warned;
mod written;
