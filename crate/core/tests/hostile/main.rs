//! Input files made to do harm: they end in rows or in a typed error, soon and in little memory. The tests have a
//! process of their own because they look at the peak of the whole process, and limit it; and run one after another.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is a failed test")]

mod craft;
mod measure;
mod parquet;
mod text;
