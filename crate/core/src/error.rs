//! What stops a run. A bad molecule never does: it is a reject record.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use rustix::io::Errno;
use serde::Serialize;
use serde_json::{Value, json};
use thiserror::Error as ThisError;

use crate::shard::Shard;

/// Everything that can stop a run or keep it from starting.
///
/// Each variant has a stable [`code`](Error::code) and a [`class`](Error::class); messages say what, where and
/// what to do, and may change.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// An option has a value that cannot be used.
    #[error("{option}: {reason}")]
    InvalidOption {
        /// The option as it is declared, for example `max_sites`. Surfaces spell it as theirs.
        option: String,
        /// What is wrong, and what is accepted. Other options stand between backticks.
        reason: String,
    },

    /// The transform file cannot be read.
    #[error("cannot read the transform file {}: {source}", path.display())]
    ConfigUnreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },

    /// The transform file is not what it should be.
    #[error("{}", config_message(path, *line, *column, key.as_deref(), reason, suggestion.as_deref()))]
    ConfigInvalid {
        /// The file.
        path: PathBuf,
        /// Line, from 1; 0 where the fault has no place.
        line: u64,
        /// Column, from 1; 0 where the fault has no place.
        column: u64,
        /// The key at fault.
        key: Option<String>,
        /// What is wrong.
        reason: String,
        /// What was probably meant.
        suggestion: Option<String>,
    },

    /// No transform of that name in the file.
    #[error(
        "no transform named {name:?} in {}{}",
        path.display(),
        suggestion.as_ref().map_or_else(|| "; --xf-name all takes all of them".to_owned(), |s| format!("; did you mean {s:?}?"))
    )]
    UnknownTransform {
        /// The name asked for.
        name: String,
        /// The transform file.
        path: PathBuf,
        /// The closest name.
        suggestion: Option<String>,
    },

    /// A SMIRKS that RDKit does not take, or that is not one reactant template and one or more product templates.
    #[error("{}transform {name:?}: smirks {smirks:?}: {reason}", place_prefix(place.as_deref()))]
    InvalidSmirks {
        /// Where the SMIRKS stands, or the character of it at fault; `None` if it is from no file.
        place: Option<Box<FilePlace>>,
        /// The transform.
        name: String,
        /// Its SMIRKS.
        smirks: String,
        /// What is wrong.
        reason: String,
        /// The character of the SMIRKS, from 1, that cannot stand where it does, if that is known.
        position: Option<usize>,
    },

    /// A `query_smarts` that RDKit does not take, or that shares no map number with the reactant template.
    #[error("{}transform {name:?}: query_smarts {smarts:?}: {reason}", place_prefix(place.as_deref()))]
    InvalidSmarts {
        /// Where the query stands, or the character of it at fault; `None` if it is from no file.
        place: Option<Box<FilePlace>>,
        /// The transform.
        name: String,
        /// Its `query_smarts`.
        smarts: String,
        /// What is wrong.
        reason: String,
        /// The character of the query, from 1, that cannot stand where it does, if that is known.
        position: Option<usize>,
    },

    /// There is no input file at that path.
    #[error("no input file at {}", path.display())]
    InputNotFound {
        /// The path.
        path: PathBuf,
    },

    /// The input cannot be opened as what it claims to be.
    #[error("cannot read {}: {reason}", path.display())]
    InputUnreadable {
        /// The file.
        path: PathBuf,
        /// Why, and what would help.
        reason: String,
    },

    /// A column that is missing, double, nested or of the wrong type.
    #[error("{}: {reason}", path.display())]
    InputColumn {
        /// The file.
        path: PathBuf,
        /// What is wrong; where a name is missing, the columns there are.
        reason: String,
    },

    /// The input broke off while it was read.
    #[error("{} cannot be read past row {row}: {reason}", path.display())]
    InputCorrupt {
        /// The file.
        path: PathBuf,
        /// Rows that were read before.
        row: u64,
        /// Why.
        reason: String,
    },

    /// The input is not the file any more that it was when it was opened. Nothing was published.
    #[error("{} changed while it was read: {reason}; make sure that nothing writes to it, then use --force to start over", path.display())]
    InputChanged {
        /// The file.
        path: PathBuf,
        /// How it showed.
        reason: String,
    },

    /// A file that the run reads is one that it would remove or replace. Nothing was touched.
    #[error("{}", input_in_output_message(path, found))]
    InputInOutput {
        /// The file, as the run was given it.
        path: PathBuf,
        /// Where it lies, or a link to it, in the output or scratch folder.
        found: PathBuf,
    },

    /// The output folder holds files of an earlier run.
    #[error("{} already holds {found}; --force replaces the earlier run, --resume goes on with one that was interrupted", path.display())]
    OutputExists {
        /// The output folder.
        path: PathBuf,
        /// The first file found there.
        found: String,
    },

    /// Another process writes to the output folder.
    #[error("another run is writing to {}; wait for its end, or choose another folder", path.display())]
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
        /// What was tried, for example `create`.
        action: &'static str,
        /// Why not.
        source: io::Error,
    },

    /// A file of the run that is read again and is not what was written.
    #[error("{} is damaged: {reason}; use --force to start over", path.display())]
    OutputDamaged {
        /// The file.
        path: PathBuf,
        /// How it shows.
        reason: String,
    },

    /// The disk is full.
    #[error("no space left to {action} {}; free some, then run the same command again (apply with --resume)", path.display())]
    OutputFull {
        /// The file.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
    },

    /// The system refuses what every program needs. The options, the input and the output are all right.
    #[error("cannot {action}: the system provides no more {resource} ({source}); {}", resource.advice())]
    SystemLimit {
        /// What was tried, for example `start a thread`.
        action: String,
        /// What has run out.
        resource: Resource,
        /// What the system said.
        source: io::Error,
    },

    /// A cluster did not do its part. Nothing was published.
    #[error("the cluster at {scheduler} failed: {reason}")]
    ClusterFailed {
        /// The scheduler, as the caller named it.
        scheduler: String,
        /// What went wrong, and what would help.
        reason: String,
    },

    /// The caller asked to stop.
    #[error("stopped on request after {rows} rows; nothing was published in {}; {advice}", path.display())]
    Cancelled {
        /// Rows that had been committed.
        rows: u64,
        /// The output folder.
        path: PathBuf,
        /// How to go on.
        advice: &'static str,
    },

    /// A folder that is to be merged holds no finished run.
    #[error("{} is no finished shard: {reason}; end its run with --resume, then merge again", path.display())]
    ShardUnfinished {
        /// The folder.
        path: PathBuf,
        /// What is missing.
        reason: String,
    },

    /// A shard that is not what its run wrote.
    #[error("{} is not what the run of that shard wrote: {reason}; run it again with --force, then merge again", path.display())]
    ShardDamaged {
        /// The folder or file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },

    /// A folder that is no shard of the same whole as the others.
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

    /// Shards that are needed for the whole and were not named.
    #[error(
        "not all shards were named: {} missing; run what has not been run, and name all of them",
        missing_shards(shards, *count)
    )]
    ShardMissing {
        /// The first thousand of them.
        shards: Vec<Shard>,
        /// How many there are.
        count: u32,
    },

    /// Calls that were stopped hold more threads than may be given up.
    #[error(
        "{count} stopped calls still hold a thread each, because RDKit cannot be interrupted; wait until one of them has \
         ended, pass isolate, or restart the process"
    )]
    Runaways {
        /// The calls.
        count: usize,
    },

    /// A defect of ours.
    #[error("internal error: {reason}; this is a defect of xform-native, please report it")]
    Internal {
        /// What does not hold.
        reason: String,
    },
}

/// What the system may run out of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// Threads and processes.
    Threads,
    /// Open files, of this process or of the machine.
    OpenFiles,
    /// Memory.
    Memory,
}

impl Resource {
    /// What has run out if the system answers with `error`, whatever it was asked for.
    fn of(error: &io::Error) -> Option<Self> {
        match Errno::from_io_error(error)? {
            Errno::MFILE | Errno::NFILE => Some(Self::OpenFiles),
            Errno::NOMEM => Some(Self::Memory),
            _ => None,
        }
    }

    fn advice(self) -> &'static str {
        match self {
            Self::Threads => {
                "end other programs, raise the limit of the user (ulimit -u) or of the control group (pids.max), or lower \
                 --workers where the command has it"
            }
            Self::OpenFiles => {
                "close other programs, or raise the limit of the process (ulimit -n) or of the machine (fs.file-max)"
            }
            Self::Memory => {
                "end other programs, or raise the limit of the process (ulimit -v) or of the control group (memory.max)"
            }
        }
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Threads => "threads",
            Self::OpenFiles => "open files",
            Self::Memory => "memory",
        })
    }
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
    /// Make room, or choose another output folder.
    Output,
    /// Raise a limit of the system, or end other programs.
    System,
    /// Look after the cluster.
    Cluster,
    /// The caller stopped the run.
    Cancelled,
    /// Wait, or let RDKit have a process that can be ended.
    Runaway,
    /// Report a defect.
    Internal,
}

/// A place in a text file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePlace {
    /// The file.
    pub path: PathBuf,
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1.
    pub column: u64,
}

/// Each variant with its code and class, told once.
macro_rules! codes {
    ($($variant:ident => $code:literal, $class:ident;)+) => {
        impl Error {
            /// All codes with their classes, in the order of the variants; TypeScript's list is tested against it.
            pub const CODES: &'static [(&'static str, ErrorClass)] = &[$(($code, ErrorClass::$class)),+];

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
    InvalidOption => "XFORM_INVALID_OPTION", Option;
    ConfigUnreadable => "XFORM_CONFIG_UNREADABLE", Config;
    ConfigInvalid => "XFORM_CONFIG_INVALID", Config;
    UnknownTransform => "XFORM_UNKNOWN_TRANSFORM", Config;
    InvalidSmirks => "XFORM_INVALID_SMIRKS", Config;
    InvalidSmarts => "XFORM_INVALID_SMARTS", Config;
    InputNotFound => "XFORM_INPUT_NOT_FOUND", Input;
    InputUnreadable => "XFORM_INPUT_UNREADABLE", Input;
    InputColumn => "XFORM_INPUT_COLUMN", Input;
    InputCorrupt => "XFORM_INPUT_CORRUPT", Input;
    InputChanged => "XFORM_INPUT_CHANGED", Input;
    InputInOutput => "XFORM_INPUT_IN_OUTPUT", Output;
    OutputExists => "XFORM_OUTPUT_EXISTS", Output;
    OutputLocked => "XFORM_OUTPUT_LOCKED", Output;
    ResumeRefused => "XFORM_RESUME_REFUSED", Output;
    OutputFailed => "XFORM_OUTPUT_FAILED", Output;
    OutputDamaged => "XFORM_OUTPUT_DAMAGED", Output;
    OutputFull => "XFORM_OUTPUT_FULL", Output;
    SystemLimit => "XFORM_SYSTEM_LIMIT", System;
    ClusterFailed => "XFORM_CLUSTER_FAILED", Cluster;
    Cancelled => "XFORM_CANCELLED", Cancelled;
    ShardUnfinished => "XFORM_SHARD_UNFINISHED", Input;
    ShardDamaged => "XFORM_SHARD_DAMAGED", Input;
    ShardMismatch => "XFORM_SHARD_MISMATCH", Input;
    ShardRepeated => "XFORM_SHARD_REPEATED", Input;
    ShardMissing => "XFORM_SHARD_MISSING", Input;
    Runaways => "XFORM_RUNAWAYS", Runaway;
    Internal => "XFORM_INTERNAL", Internal;
}

impl Error {
    /// An option of that name, as it is declared, cannot be used.
    pub fn invalid_option(option: &str, reason: impl Into<String>) -> Self {
        Self::InvalidOption { option: option.to_owned(), reason: reason.into() }
    }

    /// The variant's fields, as data.
    pub fn details(&self) -> Value {
        // serde refuses a path that is not UTF-8, and json! would panic.
        let text = |path: &Path| path.display().to_string();
        match self {
            Self::InvalidOption { option, reason } => json!({ "option": option, "reason": reason }),
            Self::ConfigUnreadable { path, source } => {
                json!({ "path": text(path), "reason": source.to_string() })
            }
            Self::ConfigInvalid { path, line, column, key, reason, suggestion } => json!({
                "path": text(path), "line": line, "column": column, "key": key, "reason": reason, "suggestion": suggestion,
            }),
            Self::UnknownTransform { name, path, suggestion } => {
                json!({ "name": name, "path": text(path), "suggestion": suggestion })
            }
            Self::InvalidSmirks { place, name, smirks, reason, position } => {
                let pattern =
                    json!({ "name": name, "smirks": smirks, "reason": reason, "position": position });
                with_place(pattern, place.as_deref())
            }
            Self::InvalidSmarts { place, name, smarts, reason, position } => {
                let pattern =
                    json!({ "name": name, "smarts": smarts, "reason": reason, "position": position });
                with_place(pattern, place.as_deref())
            }
            Self::InputNotFound { path } => json!({ "path": text(path) }),
            Self::InputUnreadable { path, reason }
            | Self::InputColumn { path, reason }
            | Self::InputChanged { path, reason } => json!({ "path": text(path), "reason": reason }),
            Self::InputCorrupt { path, row, reason } => {
                json!({ "path": text(path), "row": row, "reason": reason })
            }
            Self::InputInOutput { path, found } => json!({ "path": text(path), "found": text(found) }),
            Self::OutputExists { path, found } => {
                json!({ "path": text(path), "found": found })
            }
            Self::OutputLocked { path } => json!({ "path": text(path) }),
            Self::ResumeRefused { path, reason }
            | Self::OutputDamaged { path, reason }
            | Self::ShardUnfinished { path, reason }
            | Self::ShardDamaged { path, reason }
            | Self::ShardMismatch { path, reason } => json!({ "path": text(path), "reason": reason }),
            Self::ShardRepeated { shard, path, other } => {
                json!({ "shard": shard.to_string(), "path": text(path), "other": text(other) })
            }
            Self::ShardMissing { shards, count } => {
                json!({ "shards": shards.iter().map(Shard::to_string).collect::<Vec<_>>(), "count": count })
            }
            Self::OutputFailed { path, action, source } => {
                json!({ "path": text(path), "action": action, "reason": source.to_string() })
            }
            Self::OutputFull { path, action } => {
                json!({ "path": text(path), "action": action })
            }
            Self::SystemLimit { action, resource, source } => {
                json!({ "action": action, "resource": resource.to_string(), "reason": source.to_string() })
            }
            Self::ClusterFailed { scheduler, reason } => {
                json!({ "scheduler": scheduler, "reason": reason })
            }
            Self::Cancelled { rows, path, .. } => json!({ "rows": rows, "path": text(path) }),
            Self::Runaways { count } => json!({ "count": count }),
            Self::Internal { reason } => json!({ "reason": reason }),
        }
    }

    /// An internal error with `reason`.
    pub fn internal(reason: impl Into<String>) -> Self {
        Self::Internal { reason: reason.into() }
    }

    /// A failed write, sorted by whether the disk is full or the system has reached a limit.
    pub fn output(action: &'static str, path: &Path, source: io::Error) -> Self {
        let source = match Self::system_limit(|| format!("{action} {}", path.display()), source) {
            Ok(limit) => return limit,
            Err(source) => source,
        };
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::OutputFull { path, action },
            _ => Self::OutputFailed { path, action, source },
        }
    }

    /// A failure to read a file of the run again: damage, if it holds something else than was written or less.
    pub fn reading(path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::InvalidData => {
                Self::OutputDamaged { path: path.to_owned(), reason: source.to_string() }
            }
            io::ErrorKind::UnexpectedEof => {
                Self::OutputDamaged { path: path.to_owned(), reason: "it has been cut off".to_owned() }
            }
            _ => Self::output("read", path, source),
        }
    }
}

impl Error {
    /// The error of an `action` at which the system has reached a limit; gives `source` back if it is about something else.
    pub fn system_limit(action: impl FnOnce() -> String, source: io::Error) -> Result<Self, io::Error> {
        match Resource::of(&source) {
            Some(resource) => Ok(Self::SystemLimit { action: action(), resource, source }),
            None => Err(source),
        }
    }

    /// The error of a thread that was not started.
    pub fn no_thread(source: io::Error) -> Self {
        let resource = Resource::of(&source).unwrap_or(Resource::Threads);
        Self::SystemLimit { action: "start a thread".to_owned(), resource, source }
    }
}

/// The first few of `count` shards.
fn missing_shards(shards: &[Shard], count: u32) -> String {
    const SHOWN: usize = 10;
    let names: Vec<String> = shards.iter().take(SHOWN).map(Shard::to_string).collect();
    let more = match (count as usize).saturating_sub(names.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more} {}", names.join(", "), if count == 1 { "is" } else { "are" })
}

fn input_in_output_message(path: &Path, found: &Path) -> String {
    let same = match path == found {
        true => String::new(),
        false => format!(" ({} is the same file)", found.display()),
    };
    format!(
        "the run reads {} and would remove or replace it{same}; move the file, or choose another folder for the output",
        path.display()
    )
}

fn place_prefix(place: Option<&FilePlace>) -> String {
    place.map_or_else(String::new, |FilePlace { path, line, column }| {
        format!("{}:{line}:{column}: ", path.display())
    })
}

fn with_place(mut details: Value, place: Option<&FilePlace>) -> Value {
    if let Some(FilePlace { path, line, column }) = place {
        details["path"] = json!(path.display().to_string());
        details["line"] = json!(line);
        details["column"] = json!(column);
    }
    details
}

fn config_message(
    path: &Path,
    line: u64,
    column: u64,
    key: Option<&str>,
    reason: &str,
    suggestion: Option<&str>,
) -> String {
    let mut message = path.display().to_string();
    if line > 0 {
        message.push_str(&format!(":{line}:{column}"));
    }
    message.push_str(": ");
    if let Some(key) = key {
        message.push_str(&format!("{key}: "));
    }
    message.push_str(reason);
    if let Some(suggestion) = suggestion {
        message.push_str(&format!("; {suggestion}"));
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_system(errno: Errno) -> io::Error {
        io::Error::from_raw_os_error(errno.raw_os_error())
    }

    #[test]
    fn a_limit_of_the_system_is_neither_a_bad_option_nor_a_bad_file() {
        let path = Path::new("out/products.parquet");
        for (error, words) in [
            (
                Error::no_thread(of_system(Errno::AGAIN)),
                "cannot start a thread: the system provides no more threads (",
            ),
            (
                Error::no_thread(of_system(Errno::NOMEM)),
                "cannot start a thread: the system provides no more memory (",
            ),
            (
                Error::output("create", path, of_system(Errno::MFILE)),
                "cannot create out/products.parquet: the system provides no more open files (",
            ),
            (
                Error::output("open", path, of_system(Errno::NFILE)),
                "cannot open out/products.parquet: the system provides no more open files (",
            ),
        ] {
            assert_eq!((error.code(), error.class()), ("XFORM_SYSTEM_LIMIT", ErrorClass::System));
            let (found, details) = (error.to_string(), error.details());
            assert!(found.starts_with(words) && found.contains("raise the limit"), "{found}");
            assert!(words.contains(details["resource"].as_str().unwrap()), "{details}");
        }
        let full = Error::output("write", path, of_system(Errno::NOSPC));
        assert_eq!(full.code(), "XFORM_OUTPUT_FULL");
        assert_eq!(Error::output("write", path, of_system(Errno::IO)).code(), "XFORM_OUTPUT_FAILED");
    }
}
