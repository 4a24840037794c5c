//! Shards and their merge: the same bytes and sums as a single run, whatever the library, the shards and the filter; and
//! what a merge refuses.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is a failed test")]

mod engine;
mod job;
mod killed;
mod refused;
mod run;
mod same;
mod types;
mod warned;
