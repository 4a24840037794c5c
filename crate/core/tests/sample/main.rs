//! Samples of tables, with fingerprints that know no chemistry.
#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

mod diverse;
mod job;
mod random;
mod refused;
mod stratified;
