//! The options that lists of rules have in addition to those that they share with a run.

use std::path::PathBuf;

use super::declare::options;
use super::spec::Command;

options! {
    /// Which rules to list.
    pub struct ListingInput for &[Command::ListRules];

    "Rules" {
        /// The transform files. Without any, those of the package.
        files: Vec<PathBuf> = Vec::new() => {
            help: "the transform files",
            value: "file",
            default_text: "`configs/transforms.yaml` and `configs/medchem.yaml` of the package",
        }
        /// List only rules with this text in their name, `code`, `legacy_rule_id`, `label`, `family` or SMIRKS, in any case.
        search: Option<String> = None => {
            help: "list only rules with this text in their name, `code`, `legacy_rule_id`, `label`, `family` or SMIRKS, in any \
                   case",
            value: "word",
            default_text: "none",
        }
    }
}
