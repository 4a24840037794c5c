//! What a check of rules finds: errors, warnings and notes, each with its place.

mod codes;
mod same;

use std::ops::Range;

pub use codes::{FindingCode, Severity};
pub use same::same_rules;

/// The pattern of a transform that a finding is about, by its place in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatternKey {
    /// `smirks`
    Smirks,
    /// `query_smarts`
    QuerySmarts,
    /// The entry of `not_smarts` at this position.
    NotSmarts(usize),
}

/// What an engine finds odd about a transform, judged by its templates alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The code.
    pub code: FindingCode,
    /// The pattern.
    pub key: PatternKey,
    /// The odd part of the pattern, in bytes; `None` for all of it.
    pub span: Option<Range<usize>>,
    /// What the toolkit will do, as a sentence without its full stop.
    pub effect: String,
    /// What to write instead; empty if nothing has to change.
    pub advice: String,
}
