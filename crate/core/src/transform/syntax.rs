//! What the YAML reader refuses, said in terms of a transform file.

use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{Error as YamlError, MessageFormatter, UserMessageFormatter};

use super::fault::{Fault, quoted};
use super::node::MAX_DEPTH;
use super::place::Place;

/// The fault that `error` is in `text`.
pub(super) fn fault(error: &YamlError, text: &str) -> Fault {
    let place = place(error);
    let error = innermost(error);
    let line = line(text, place.line);
    let key = key_before(line, place.column);
    let (reason, suggestion) = explain(error).unwrap_or_else(|| {
        let reason = printable(&UserMessageFormatter.format_message(error));
        let suggestion = advise(&reason, key, line);
        (format!("not YAML: {reason}"), suggestion)
    });
    let fault = Fault::at(place, reason).suggest(suggestion);
    match key {
        Some(key) => fault.key(key),
        None => fault,
    }
}

/// The alias where aliases make the file too large, else where the value at fault is written.
fn place(error: &YamlError) -> Place {
    let used = error.location();
    match (innermost(error).location(), used) {
        (_, Some(used)) if is_too_large(innermost(error)) => Place::of(used),
        (Some(written), Some(used)) if written != used => {
            Place { used_at: Some(used.line()), ..Place::of(written) }
        }
        (written, _) => written.map(Place::of).unwrap_or_default(),
    }
}

fn innermost(error: &YamlError) -> &YamlError {
    match error {
        YamlError::WithSnippet { error, .. } | YamlError::AliasError { error, .. } => innermost(error),
        error => error,
    }
}

/// Reason and suggestion for the kinds that serde-saphyr tells apart; `None` for plain syntax.
fn explain(error: &YamlError) -> Option<(String, &'static str)> {
    let (reason, suggestion) = match error {
        _ if is_too_deep(error) => {
            (format!("nested more than {MAX_DEPTH} levels deep"), "check the brackets and the indentation")
        }
        _ if is_too_large(error) => {
            ("too large, with its aliases resolved".to_owned(), "split the file, or write the values out")
        }
        YamlError::RecursiveReferencesRequireWeakTypes { .. } => {
            ("an alias inside the value that it stands for".to_owned(), "write the value out")
        }
        YamlError::UnknownAnchor { .. } => (
            "an alias to a value that is not defined above".to_owned(),
            "put quotes around a value that begins with *",
        ),
        YamlError::UnsupportedTag { tag, .. } => {
            (format!("unknown tag {}", quoted(tag)), "put quotes around a value that begins with !")
        }
        YamlError::MultipleDocuments { .. } => {
            ("a second YAML document begins here".to_owned(), "keep all transforms in one document")
        }
        YamlError::MergeValueNotMapOrSeqOfMaps { .. } => {
            ("a merge key (<<) takes a mapping or a list of them".to_owned(), "write <<: *anchor")
        }
        YamlError::InvalidScalar { .. } => {
            ("the value is not what its tag says".to_owned(), "leave the tag out")
        }
        _ => return None,
    };
    Some((reason, suggestion))
}

/// By our own bound or, where the reader looks far ahead for a key, by the one that it has for `[` and `{`.
fn is_too_deep(error: &YamlError) -> bool {
    matches!(error, YamlError::Budget { breach: BudgetBreach::Depth { .. }, .. })
        || UserMessageFormatter.format_message(error).contains("recursion limit exceeded")
}

fn is_too_large(error: &YamlError) -> bool {
    matches!(
        error,
        YamlError::Budget { .. }
            | YamlError::AliasReplayLimitExceeded { .. }
            | YamlError::AliasReplayStackDepthExceeded { .. }
            | YamlError::AliasExpansionLimitExceeded { .. }
            | YamlError::AliasReplayCounterOverflow { .. }
    )
}

/// What most often leads to a syntax fault with `reason` in the value of `key`.
fn advise(reason: &str, key: Option<&str>, line: &str) -> &'static str {
    let holds_pattern = line.contains(">>") || matches!(key, Some("smirks" | "query_smarts"));
    if reason.contains("escape") {
        "use single quotes, in which a backslash stands for itself"
    } else if reason.contains("unclosed quote") {
        "close the quotes on the line where they open"
    } else if reason.contains("tab") {
        "indent with blanks"
    } else if holds_pattern {
        "put quotes around SMIRKS and SMARTS"
    } else if reason.contains("unexpected character") {
        "put quotes around the value"
    } else {
        "check the indentation, quotes and brackets here and in the line above"
    }
}

/// The line numbered from 1, or nothing.
fn line(text: &str, number: u64) -> &str {
    let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    index.and_then(|index| text.lines().nth(index)).unwrap_or_default()
}

/// `smirks` in `- {name: a, smirks: ...`: the last word that can be a key up to `column`.
fn key_before(line: &str, column: u64) -> Option<&str> {
    const LONGEST: usize = 40;
    let column = usize::try_from(column).ok()?;
    let end = line.char_indices().nth(column).map_or(line.len(), |(end, _)| end);
    let mut colons = line[..end]
        .rmatch_indices(':')
        .filter(|(at, _)| line[at + 1..].chars().next().is_none_or(char::is_whitespace));
    colons.find_map(|(at, _)| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let before = line[..at].trim_end_matches(is_part);
        let key = &line[before.len()..at];
        let begins =
            before.chars().next_back().is_none_or(|c| matches!(c, ' ' | '\t' | ',' | '{' | '\u{feff}'));
        let is_word = key.len() <= LONGEST && key.starts_with(|c: char| c.is_ascii_alphabetic());
        (begins && is_word).then_some(key)
    })
}

/// Messages of the YAML reader may quote the file.
fn printable(message: &str) -> String {
    message
        .chars()
        .flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] })
        .collect()
}
