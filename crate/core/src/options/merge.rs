//! What a merge takes beside the options of a run that it shares.

use std::path::PathBuf;

use super::declare::options;
use super::spec::Command;

options! {
    /// The shards of a merge.
    pub(crate) struct MergeInput for &[Command::Merge];

    "Input" {
        /// The output folders of all shards, in any order.
        shards: Vec<PathBuf> = Vec::new() => {
            help: "output folders of all shards (`apply --shard i/n`), in any order",
            value: "shard",
            required: true,
        }
    }
}
