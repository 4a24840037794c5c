//! `legacy`: the predecessor's table, for programs that read it.
//!
//! [`COLUMNS`] declares the predecessor's columns and where each comes from. Those of the library are kept columns under
//! their own names ([`library_names`]), null if the library lacks them ([`crate::source::Completed`]). Those that are made
//! of a product are columns of an engine that is put [`around`] the engine of the run, so that everything after it treats
//! them like any other computed column. The predecessor's summary is
//! [`crate::summary::LegacySummary`].

mod columns;
mod engine;
mod halogens;
mod map_numbers;

pub use columns::{COLUMNS, LegacyColumn, LegacyValues, computed, library_fields, library_names};
pub use engine::around;
