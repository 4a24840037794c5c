//! Galleries of tables, with an illustrator that knows no chemistry.
#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

mod interrupted;
mod job;
mod pages;
mod refused;
#[path = "../export/refusing.rs"]
mod refusing;
mod shown;
