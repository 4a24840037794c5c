//! Messages of errors that need more than a format string.

use std::fmt;
use std::path::{Path, PathBuf};

use super::FilePlace;
use crate::path_text::is_pattern;
use crate::shard::Shard;

/// The first few of `count` shards.
pub(super) fn missing_shards(shards: &[Shard], count: u32) -> String {
    const SHOWN: usize = 10;
    let names: Vec<String> = shards.iter().take(SHOWN).map(Shard::to_string).collect();
    let more = match (count as usize).saturating_sub(names.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", names.join(", "))
}

pub(super) fn not_found_message(path: &Path) -> String {
    let (relation, path) = (if is_pattern(path) { "matches" } else { "at" }, path.display());
    format!("no input file {relation} {path}")
}

pub(super) fn input_in_output_message(path: &Path, found: &Path) -> String {
    let same = match path == found {
        true => String::new(),
        false => format!(" ({} is the same file)", found.display()),
    };
    format!(
        "the run reads {} and would remove or replace it{same}; move the file, or choose another folder for the output",
        path.display()
    )
}

/// `words` in quotes, as a choice between them.
pub(crate) fn either(words: &[impl AsRef<str>]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("{:?}", word.as_ref())).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

pub(super) fn unmet_message(unmet: &[String]) -> String {
    let examples = match unmet.len() {
        1 => "an example is".to_owned(),
        count => format!("{count} examples are"),
    };
    let all = unmet.join("; ");
    format!("{examples} not met: {all}; correct the rules or the examples, or run without --strict")
}

/// `paths` with commas between them.
pub(super) fn listed(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

pub(super) fn unknown_message(name: &str, paths: &[PathBuf], suggestions: &[String]) -> String {
    let files = if paths.is_empty() { String::new() } else { format!(" in {}", listed(paths)) };
    let advice = match suggestions {
        [] => "use --xf-name all for all transforms".to_owned(),
        _ => format!("did you mean {}?", either(suggestions)),
    };
    format!("no transform named {name:?}{files}; {advice}")
}

pub(super) fn ambiguous_message(name: &str, found: &[(String, Option<FilePlace>)]) -> String {
    const SHOWN: usize = 10;
    let shown = found.iter().take(SHOWN).map(|(own, place)| match place {
        Some(place) => format!("{own:?} ({place})"),
        None => format!("{own:?}"),
    });
    let more = match found.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let shown = shown.collect::<Vec<_>>().join(", ");
    format!("{name:?} stands for {} transforms: {shown}{more}; use their names, or a pattern", found.len())
}

impl fmt::Display for FilePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.path.display(), self.line, self.column)
    }
}

pub(super) fn place_prefix(place: Option<&FilePlace>) -> String {
    place.map_or_else(String::new, |place| format!("{place}: "))
}

/// A file with a line, unless that is 0.
pub(super) fn line_place(path: &Path, line: u64) -> String {
    match line {
        0 => path.display().to_string(),
        line => format!("{}:{line}", path.display()),
    }
}

pub(super) fn config_message(
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
