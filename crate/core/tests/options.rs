//! The declarations of options, and the table that TypeScript has of them.
#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use xform_core::options::{camel_case, catalogue};

/// Set to write the file instead of comparing it; `node scripts/options.mjs` does so.
const UPDATE: &str = "UPDATE_GENERATED";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The table as a module of TypeScript.
fn module() -> String {
    let options = catalogue();
    let lines: Vec<String> =
        options.as_array().unwrap().iter().map(|option| format!("  {option},\n")).collect();
    format!(
        "// The options that crate/core/src/options declares. Made by `node scripts/options.mjs`.\n\
         export const declared = [\n{}] as const;\n",
        lines.concat()
    )
}

#[test]
fn typescript_has_the_declarations() {
    let path = root().join("src/generated/options.ts");
    if std::env::var_os(UPDATE).is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, module()).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == module(), "src/generated/options.ts is stale; run `node scripts/options.mjs`");
}

#[test]
fn an_option_is_declared_once_for_each_command() {
    let options = catalogue();
    let mut seen = BTreeSet::new();
    for option in options.as_array().unwrap() {
        let name = option["name"].as_str().unwrap();
        for command in option["commands"].as_array().unwrap() {
            assert!(seen.insert((command.to_string(), name.to_owned())), "{name} of {command}");
        }
        for key in ["help", "doc", "group"] {
            assert!(option[key] != "", "{name}: {key}");
        }
        let is_switch = option["kind"] == "flag";
        assert_eq!(option["value"] == "", is_switch, "{name}: the help names a value, unless it is a switch");
    }
}

#[test]
fn help_and_documentation_name_options_that_there_are() {
    let options = catalogue();
    let names: BTreeSet<&str> =
        options.as_array().unwrap().iter().map(|option| option["name"].as_str().unwrap()).collect();
    for option in options.as_array().unwrap() {
        let texts = option["help"].as_str().into_iter().chain(option["helpNo"].as_str());
        let flags =
            texts.flat_map(|text| text.split('`').skip(1).step_by(2)).filter(|code| code.starts_with("--"));
        for flag in flags {
            let name = camel_case(&flag[2..].replace('-', "_"));
            // The supervisor's own option is declared in TypeScript.
            assert!(names.contains(name.as_str()) || name == "molTimeout", "{}: {flag}", option["name"]);
        }
    }
}

/// Each name in an error is that of an option or, in the addon, of a function's argument.
#[test]
fn errors_name_declared_options() {
    let options = catalogue();
    let names: BTreeSet<&str> =
        options.as_array().unwrap().iter().map(|option| option["name"].as_str().unwrap()).collect();
    let mut found = 0;
    for folder in ["core", "rdkit", "node", "cluster"] {
        for file in sources(&root().join("crate").join(folder).join("src")) {
            let text = fs::read_to_string(&file).unwrap();
            for named in text.split("invalid_option(\"").skip(1) {
                let name = named.split('"').next().unwrap();
                let is_argument = name == "smiles" || name.starts_with("transform.");
                assert!(
                    is_argument || names.contains(camel_case(name).as_str()),
                    "{name} in {}",
                    file.display()
                );
                found += 1;
            }
        }
    }
    assert!(found > 0);
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let own = files.into_iter().filter(|file| file.extension().is_some_and(|ending| ending == "rs"));
    own.chain(folders.iter().flat_map(|folder| sources(folder))).collect()
}

/// Each option that affects the result has its own place in the metadata, or is covered by another entry.
#[test]
fn what_shapes_the_result_has_a_place() {
    const ENTRIES: [&str; 5] = ["input", "columns", "transforms", "alerts", "exclude"];
    let options = catalogue();
    let mut places = BTreeSet::new();
    for option in options.as_array().unwrap() {
        let shapes = &option["shapes"];
        if let Some(place) = shapes["at"].as_str().or_else(|| shapes["atIfGiven"].as_str()) {
            assert!(places.insert(place.to_owned()), "{place}");
        } else if let Some(entry) = shapes["through"].as_str() {
            assert!(ENTRIES.contains(&entry), "{entry}");
        } else {
            assert_eq!(*shapes, Value::from("not"));
        }
    }
}
