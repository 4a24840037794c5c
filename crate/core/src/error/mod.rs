//! Errors that stop a run. A bad molecule never does: it is a reject record.

mod details;
mod difference;
mod system;
mod words;

use std::io;
use std::path::PathBuf;

use serde::Serialize;
use thiserror::Error as ThisError;

pub use self::difference::Difference;
pub use self::system::Resource;
pub(crate) use self::words::either;
use self::words::{
    ambiguous_message, config_message, input_in_output_message, line_place, missing_shards,
    not_found_message, place_prefix, unknown_message, unmet_message,
};
use crate::shard::Shard;

/// Everything that can stop a run or keep it from starting.
///
/// Each variant has a stable [`code`](Error::code) and a [`class`](Error::class). Messages state what failed, where
/// and what to do, and may change.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// An option has a value that cannot be used.
    #[error("{option}: {reason}")]
    InvalidOption {
        /// The option as it is declared, for example `max_sites`. Each surface respells it.
        option: String,
        /// What is wrong, and what is accepted. Other options are between backticks.
        reason: String,
    },

    /// A filter that cannot be read, or that names or compares what it cannot.
    #[error("where: at position {position} of {text:?}: {reason}")]
    InvalidWhere {
        /// The filter.
        text: String,
        /// The position of the fault in characters, from 1.
        position: usize,
        /// What is wrong.
        reason: String,
    },

    /// A file of alerts that cannot be read, or an alert in it that RDKit cannot use.
    #[error("{}: {reason}", line_place(path, *line))]
    InvalidAlerts {
        /// The file.
        path: PathBuf,
        /// Line, from 1; 0 if the fault has no position.
        line: u64,
        /// What is wrong, and what to do.
        reason: String,
    },

    /// The transform file cannot be read.
    #[error("cannot read the transform file {}: {source}", path.display())]
    ConfigUnreadable {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },

    /// The transform file is invalid.
    #[error("{}", config_message(path, *line, *column, key.as_deref(), reason, suggestion.as_deref()))]
    ConfigInvalid {
        /// The file.
        path: PathBuf,
        /// Line, from 1; 0 if the fault has no position.
        line: u64,
        /// Column, from 1; 0 if the fault has no position.
        column: u64,
        /// The invalid key.
        key: Option<String>,
        /// What is wrong.
        reason: String,
        /// A suggestion.
        suggestion: Option<String>,
    },

    /// The files have no transform of that name.
    #[error("{}", unknown_message(name, paths, suggestions))]
    UnknownTransform {
        /// The requested name.
        name: String,
        /// The transform files.
        paths: Vec<PathBuf>,
        /// Names like it, the most like it first.
        suggestions: Vec<String>,
    },

    /// A code or an old identifier that several transforms have.
    #[error("{}", ambiguous_message(name, found))]
    AmbiguousTransform {
        /// The requested name.
        name: String,
        /// The names of the transforms, with their places if they come from files.
        found: Vec<(String, Option<FilePlace>)>,
    },

    /// A SMIRKS that RDKit does not accept, or that is not one reactant template and one or more product templates.
    #[error("{}transform {name:?}: smirks {smirks:?}: {reason}", place_prefix(place.as_deref()))]
    InvalidSmirks {
        /// The position of the SMIRKS, or of its invalid character; `None` if it does not come from a file.
        place: Option<Box<FilePlace>>,
        /// The transform.
        name: String,
        /// Its SMIRKS.
        smirks: String,
        /// What is wrong.
        reason: String,
        /// The position of the invalid character in the SMIRKS, from 1, if it is known.
        position: Option<usize>,
    },

    /// A `query_smarts` or `not_smarts` that RDKit does not accept, or that shares no map number with the reactant
    /// template.
    #[error("{}transform {name:?}: {key} {smarts:?}: {reason}", place_prefix(place.as_deref()))]
    InvalidSmarts {
        /// The position of the SMARTS, or of its invalid character; `None` if it does not come from a file.
        place: Option<Box<FilePlace>>,
        /// The transform.
        name: String,
        /// The key of the SMARTS in the transform, with the index in a list: `not_smarts[1]`.
        key: String,
        /// The SMARTS.
        smarts: String,
        /// What is wrong.
        reason: String,
        /// The position of the invalid character in the SMARTS, from 1, if it is known.
        position: Option<usize>,
    },

    /// Examples that the chosen transforms do not meet, which is an error with `strict`.
    #[error("{}", unmet_message(unmet))]
    ExamplesUnmet {
        /// A sentence for each example.
        unmet: Vec<String>,
    },

    /// There is no input file at that path, and none that matches it as a pattern.
    #[error("{}", not_found_message(path))]
    InputNotFound {
        /// The path.
        path: PathBuf,
    },

    /// The input cannot be opened as what it claims to be.
    #[error("cannot read {}: {reason}", path.display())]
    InputUnreadable {
        /// The file.
        path: PathBuf,
        /// The reason, and what would help.
        reason: String,
    },

    /// A column that is missing, duplicate, nested or of the wrong type.
    #[error("{}: {reason}", path.display())]
    InputColumn {
        /// The file.
        path: PathBuf,
        /// What is wrong; if a name is missing, also the existing columns.
        reason: String,
    },

    /// The input is truncated or damaged.
    #[error("{} cannot be read past row {row}: {reason}", path.display())]
    InputCorrupt {
        /// The file.
        path: PathBuf,
        /// Rows that had been read.
        row: u64,
        /// The reason.
        reason: String,
    },

    /// The input is no longer the file that it was when it was opened. Nothing was published.
    #[error("{} changed while it was read: {reason}; make sure that nothing writes to it, then use --force to start over", path.display())]
    InputChanged {
        /// The file.
        path: PathBuf,
        /// How this was noticed.
        reason: String,
    },

    /// A file that the run reads is one that it would remove or replace. Nothing was changed.
    #[error("{}", input_in_output_message(path, found))]
    InputInOutput {
        /// The file, as passed to the run.
        path: PathBuf,
        /// The file, or a link to it, in the output or scratch folder.
        found: PathBuf,
    },

    /// The output folder holds files of an earlier run.
    #[error("{} already holds {found}; use --force to replace the earlier run, or --resume to continue it if it was interrupted", path.display())]
    OutputExists {
        /// The output folder.
        path: PathBuf,
        /// The first file found there.
        found: String,
    },

    /// A file that an export would write is there already.
    #[error("{} already exists; use --force to replace it, or name another file", path.display())]
    FileExists {
        /// The file.
        path: PathBuf,
    },

    /// Another process writes to the output folder.
    #[error("another run is writing to {}; wait for it to finish or choose another folder", path.display())]
    OutputLocked {
        /// The output folder.
        path: PathBuf,
    },

    /// The run in the output folder cannot be resumed.
    #[error("cannot resume the run in {}: {reason}; use --force to start over", path.display())]
    ResumeRefused {
        /// The output folder.
        path: PathBuf,
        /// What differs, or what is damaged.
        reason: String,
    },

    /// The output cannot be written.
    #[error("cannot {action} {}: {source}", path.display())]
    OutputFailed {
        /// The file or folder.
        path: PathBuf,
        /// The failed action, for example `create`.
        action: &'static str,
        /// The reason.
        source: io::Error,
    },

    /// A file of the run that is read again and differs from what was written.
    #[error("{} is damaged: {reason}; use --force to start over", path.display())]
    OutputDamaged {
        /// The file.
        path: PathBuf,
        /// How this was noticed.
        reason: String,
    },

    /// The disk is full.
    #[error("cannot {action} {}: no space left; free some space and rerun the command (for apply, add --resume)", path.display())]
    OutputFull {
        /// The file.
        path: PathBuf,
        /// The failed action.
        action: &'static str,
    },

    /// The system refuses something that every program needs. Options, input and output are all valid.
    #[error("cannot {action}: the system provides no more {resource} ({source}); {}", resource.advice())]
    SystemLimit {
        /// The failed action, for example `start a thread`.
        action: String,
        /// What has run out.
        resource: Resource,
        /// The system's error.
        source: io::Error,
    },

    /// Something around the program would change its results: a variable of the environment, or a different version on a
    /// machine of a cluster.
    #[error("{what} {reason}")]
    Environment {
        /// What it is, for example the variable.
        what: String,
        /// What it does, and what to do about it.
        reason: String,
    },

    /// A cluster failed. Nothing was published.
    #[error("the cluster at {scheduler} failed: {reason}")]
    ClusterFailed {
        /// The scheduler, as named by the caller.
        scheduler: String,
        /// What went wrong, and what would help.
        reason: String,
    },

    /// The caller requested a stop.
    #[error("stopped on request after {rows} rows; nothing was published in {}; {advice}", path.display())]
    Cancelled {
        /// Rows that had been committed.
        rows: u64,
        /// The output folder.
        path: PathBuf,
        /// How to continue.
        advice: &'static str,
    },

    /// A folder to merge that does not hold a finished run.
    #[error("{} is not a finished shard: {reason}; finish it with --resume, then merge again", path.display())]
    ShardUnfinished {
        /// The folder.
        path: PathBuf,
        /// What is missing.
        reason: String,
    },

    /// A shard that differs from what its run wrote.
    #[error("{} has changed or is damaged: {reason}; rerun that shard with --force, then merge again", path.display())]
    ShardDamaged {
        /// The folder or file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },

    /// A folder that is not a shard of the same whole as the others.
    #[error("{} cannot be merged: {reason}", path.display())]
    ShardMismatch {
        /// The folder.
        path: PathBuf,
        /// What differs, and from what.
        reason: String,
    },

    /// Two folders are the same shard.
    #[error("shard {shard} was named twice: {} and {}; name each shard once", path.display(), other.display())]
    ShardRepeated {
        /// The shard.
        shard: Shard,
        /// Its folder.
        path: PathBuf,
        /// The other one.
        other: PathBuf,
    },

    /// Shards that are needed for the whole but were not named.
    #[error(
        "missing shards: {}; run any that have not been run, then pass all shards to merge",
        missing_shards(shards, *count)
    )]
    ShardMissing {
        /// The first thousand of them.
        shards: Vec<Shard>,
        /// Their number.
        count: u32,
    },

    /// Calls that were stopped hold more threads than may be given up.
    #[error(
        "{count} stopped calls still hold a thread each, because RDKit cannot be interrupted; wait until one of them has \
         ended, use isolate, or restart the process"
    )]
    Runaways {
        /// The calls.
        count: usize,
    },

    /// A recheck found a row that the fast path gets wrong. Nothing was published.
    #[error(
        "{0}; this is a bug of xform-native, please report it; to get the right result, run with --no-fast (after an \
         interrupted apply with --resume --no-fast, which starts over)"
    )]
    RecheckDiffers(Box<Difference>),

    /// A bug of this program.
    #[error("internal error: {reason}; this is a bug of xform-native, please report it")]
    Internal {
        /// What does not hold.
        reason: String,
    },
}

/// What a caller can do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorClass {
    /// Change an option.
    Option,
    /// Change the transform file.
    Config,
    /// Change the input.
    Input,
    /// Free space, or choose a different output folder.
    Output,
    /// Raise a limit of the system, end other programs, or change the environment of this one.
    System,
    /// Check the cluster.
    Cluster,
    /// The caller stopped the run.
    Cancelled,
    /// Wait, or run RDKit in a process that can be killed.
    Runaway,
    /// Report a bug.
    Internal,
}

/// A position in a text file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePlace {
    /// The file.
    pub path: PathBuf,
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1.
    pub column: u64,
}

/// Each variant with its code, its class and the command's exit status.
macro_rules! codes {
    ($($variant:ident => $code:literal, $class:ident, $status:literal;)+) => {
        impl Error {
            /// All codes with class and exit status, in the order of the variants. A test compares TypeScript's table.
            pub const CODES: &'static [(&'static str, ErrorClass, u8)] =
                &[$(($code, ErrorClass::$class, $status)),+];

            /// The stable code, for example `XFORM_INVALID_SMIRKS`.
            pub fn code(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $code,)+
                }
            }

            /// The class of the code.
            pub fn class(&self) -> ErrorClass {
                match self {
                    $(Self::$variant { .. } => ErrorClass::$class,)+
                }
            }
        }
    };
}

codes! {
    InvalidOption => "XFORM_INVALID_OPTION", Option, 2;
    InvalidWhere => "XFORM_INVALID_WHERE", Option, 2;
    InvalidAlerts => "XFORM_INVALID_ALERTS", Option, 2;
    ConfigUnreadable => "XFORM_CONFIG_UNREADABLE", Config, 2;
    ConfigInvalid => "XFORM_CONFIG_INVALID", Config, 2;
    UnknownTransform => "XFORM_UNKNOWN_TRANSFORM", Config, 2;
    AmbiguousTransform => "XFORM_AMBIGUOUS_TRANSFORM", Config, 2;
    InvalidSmirks => "XFORM_INVALID_SMIRKS", Config, 2;
    InvalidSmarts => "XFORM_INVALID_SMARTS", Config, 2;
    ExamplesUnmet => "XFORM_EXAMPLES_UNMET", Config, 2;
    InputNotFound => "XFORM_INPUT_NOT_FOUND", Input, 2;
    InputUnreadable => "XFORM_INPUT_UNREADABLE", Input, 2;
    InputColumn => "XFORM_INPUT_COLUMN", Input, 2;
    InputCorrupt => "XFORM_INPUT_CORRUPT", Input, 1;
    InputChanged => "XFORM_INPUT_CHANGED", Input, 1;
    InputInOutput => "XFORM_INPUT_IN_OUTPUT", Output, 2;
    OutputExists => "XFORM_OUTPUT_EXISTS", Output, 2;
    FileExists => "XFORM_FILE_EXISTS", Output, 2;
    OutputLocked => "XFORM_OUTPUT_LOCKED", Output, 2;
    ResumeRefused => "XFORM_RESUME_REFUSED", Output, 2;
    OutputFailed => "XFORM_OUTPUT_FAILED", Output, 1;
    OutputDamaged => "XFORM_OUTPUT_DAMAGED", Output, 1;
    OutputFull => "XFORM_OUTPUT_FULL", Output, 1;
    SystemLimit => "XFORM_SYSTEM_LIMIT", System, 1;
    Environment => "XFORM_ENVIRONMENT", System, 2;
    ClusterFailed => "XFORM_CLUSTER_FAILED", Cluster, 1;
    Cancelled => "XFORM_CANCELLED", Cancelled, 130;
    ShardUnfinished => "XFORM_SHARD_UNFINISHED", Input, 2;
    ShardDamaged => "XFORM_SHARD_DAMAGED", Input, 2;
    ShardMismatch => "XFORM_SHARD_MISMATCH", Input, 2;
    ShardRepeated => "XFORM_SHARD_REPEATED", Input, 2;
    ShardMissing => "XFORM_SHARD_MISSING", Input, 2;
    Runaways => "XFORM_RUNAWAYS", Runaway, 1;
    RecheckDiffers => "XFORM_RECHECK_DIFFERS", Internal, 1;
    Internal => "XFORM_INTERNAL", Internal, 1;
}

impl Error {
    /// An option of that name, as it is declared, cannot be used.
    pub fn invalid_option(option: &str, reason: impl Into<String>) -> Self {
        Self::InvalidOption { option: option.to_owned(), reason: reason.into() }
    }

    /// An internal error with `reason`.
    pub fn internal(reason: impl Into<String>) -> Self {
        Self::Internal { reason: reason.into() }
    }
}
