//! The options that a merge has in addition to those that it shares with a run.

use std::path::PathBuf;

use super::declare::options;
use super::spec::Command;

options! {
    /// The shards of a merge.
    pub struct MergeInput for &[Command::Merge];

    "Input" {
        /// The output folders of all shards, in any order.
        shards: Vec<PathBuf> = Vec::new() => {
            help: "output folders of all shards (`apply --shard i/n`), in any order",
            value: "shard",
            required: true,
        }
    }
}
