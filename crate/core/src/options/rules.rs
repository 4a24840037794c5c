//! The options that commands about rules have in addition to those that they share with a run.

use std::path::PathBuf;

use super::Files;
use super::declare::options;
use super::spec::{Command, Range};

options! {
    /// The rules of a check, and the library on which they are tried.
    pub struct RulesInput for &[Command::CheckRules];

    "Rules" {
        /// The transform files.
        files: Vec<PathBuf> = Vec::new() => {
            help: "the transform files",
            value: "file",
            required: true,
        }
    }
    "Sample" {
        /// A library to try each rule on; see `input` of {@link ApplyOptions}. Not a stream.
        library: Files = Files::default() => {
            help: "try each rule on rows of this library: files, folders or patterns, as `--input` of `apply` accepts them; may be \
                   given several times",
            value: "file",
            default_text: "none",
        }
        /// Rows of `library` to try the rules on, spread evenly over it.
        sample: u64 = 10_000 => {
            help: "rows of the library to try the rules on, spread evenly over it",
            value: "rows",
            range: Range::AtLeast(1),
        }
    }
}

options! {
    /// The molecules to try transforms on.
    pub struct TryInput for &[Command::TryTransform];

    "Input" {
        /// A library to take molecules from, in addition to those that are passed; see `input` of {@link ApplyOptions}.
        input: Files = Files::default() => {
            help: "a library to take molecules from: files, folders, patterns or `-`, as `--input` of `apply` accepts them; may be \
                   given several times",
            value: "file",
            short: Some('i'),
            default_text: "none",
        }
        /// Rows of `input` to try, from the first.
        limit: u64 = 20 => {
            help: "try the first n rows of `--input`",
            value: "n",
            range: Range::AtLeast(1),
        }
    }
}
