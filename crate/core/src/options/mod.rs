//! Options: each is declared once, and everything else follows from its declaration.
//!
//! [`ApplyOptions`] has the options of a run; [`MergeInput`], `rules` and `cluster` have the additional options of other
//! commands; `declare` is the macro. A declaration consists of name, type, default, range, help and documentation,
//! the commands that accept the option, and whether it affects the result. From it follow the fields here, their
//! conversion from JSON ([`Given`]) and to a summary, range checks, and the shape of a run; and, through
//! [`catalogue`], the flags, help, type checks and defaults of TypeScript, the types in `index.d.ts` and the tables
//! in `docs/apply.md` (`scripts/options.mjs`).
//!
//! An error names the option as it is declared, `max_atoms`; the command line shows `--max-atoms`, the API
//! `maxAtoms`. Other options in the reason of such an error are between backticks, and are respelled as well.

mod cluster;
mod declare;
mod export;
mod gallery;
mod given;
mod listing;
mod merge;
mod rules;
mod run;
mod sample;
mod spec;
mod summarize;
mod types;
mod value;

use serde_json::{Value, json};

pub use cluster::{ClusterOptions, ExecutorOptions, SchedulerOptions, ServerOptions};
pub use export::ExportInput;
pub use gallery::{GalleryInput, GridSize};
pub use given::Given;
pub use listing::ListingInput;
pub use merge::MergeInput;
pub use rules::{RulesInput, TryInput};
pub use run::ApplyOptions;
pub use sample::{Allocation, Pick, SampleBy, SampleInput};
pub use spec::{Command, OptionSpec, Range, Shapes, camel_case};
pub use summarize::SummarizeInput;
pub use types::{Files, Order, Salts, TargetMemory};
pub use value::{Kind, OptionValue};

/// All declarations as data, in the order of each command's help, with the names that JSON and the API use.
pub fn catalogue() -> Value {
    let declared = [
        MergeInput::declared(),
        ListingInput::declared(),
        RulesInput::declared(),
        TryInput::declared(),
        SampleInput::declared(),
        SummarizeInput::declared(),
        ExportInput::declared(),
        GalleryInput::declared(),
        ApplyOptions::declared(),
        ClusterOptions::declared(),
        ServerOptions::declared(),
        SchedulerOptions::declared(),
        ExecutorOptions::declared(),
    ]
    .concat();
    let of_a_surface = declared.iter().filter(|(option, _)| !option.commands.is_empty());
    let described = of_a_surface.map(|(option, default)| {
        let mut described = json!(option);
        described["name"] = json!(camel_case(option.name));
        described["doc"] = json!(with_names_of_the_api(&option.text(), &declared));
        if !option.varies {
            described["default"] = json!(default);
        }
        described
    });
    described.collect()
}

fn with_names_of_the_api(text: &str, declared: &[(OptionSpec, Option<Value>)]) -> String {
    let quoted = |name: &str| format!("`{name}`");
    declared.iter().fold(text.to_owned(), |text, (option, _)| {
        text.replace(&quoted(option.name), &quoted(&camel_case(option.name)))
    })
}
