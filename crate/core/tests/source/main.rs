//! The input of a run: files of every kind and writer, what is refused, and that the cuts between chunks do not
//! matter.
#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

mod damage;
mod hostile;
mod kept;
mod layout;
mod library;
mod parquet;
mod refused;
mod same;
mod sdf;
mod skipped;
mod text;
mod unusual;
