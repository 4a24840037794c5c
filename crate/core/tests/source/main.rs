//! The input of a run: files of every kind and writer, what is refused, and that the cuts between chunks do not
//! matter.
#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

mod arrow;
mod damage;
mod detect;
mod dialects;
mod documented;
mod foreign;
mod hostile;
mod jsonl;
mod kept;
mod layout;
mod library;
mod packing;
mod parquet;
mod refused;
mod same;
mod sdf;
mod skipped;
mod text;
mod unusual;
