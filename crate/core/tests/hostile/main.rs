//! Input files made to do harm: they give rows or a typed error, quickly and in little memory. The tests have a
//! separate process, because they measure and limit the memory of the whole process, and they run one after another.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

mod craft;
mod measure;
mod parquet;
mod text;
