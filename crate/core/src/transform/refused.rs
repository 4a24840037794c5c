//! Explains what the reader refuses, in terms of a transform file.

use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{Error, Location, MessageFormatter, UserMessageFormatter};

use super::fault::{Fault, GIVE_VALUE, QUOTE, quoted};
use super::place::Place;
use crate::suggest::closest;

/// A transform file nests five levels deep; the bound keeps the recursion from overflowing the stack.
pub(super) const MAX_DEPTH: usize = 32;

/// Returns the mapping to which a misplaced key belongs, if any.
pub(super) type Home = fn(&str) -> Option<&'static str>;

/// The fault in `text` that `error` reports, at the value to which `way` leads.
pub(super) fn fault(error: &Error, way: String, text: &str, home: Home) -> Fault {
    let place = place(error);
    let error = innermost(error);
    let (reason, suggestion) = match error {
        Error::Message { msg, .. } if msg.contains('\n') => {
            let (reason, suggestion) = msg.split_once('\n').unwrap_or_default();
            (reason.to_owned(), suggestion.to_owned())
        }
        Error::SerdeUnknownField { field, expected, .. } => {
            (format!("unknown key {}", quoted(field)), meant(field, expected, home))
        }
        Error::SerdeInvalidType { unexpected, expected, .. } => {
            (format!("expected {expected}, found {unexpected}"), QUOTE.to_owned())
        }
        Error::DuplicateMappingKey { key: Some(key), location } => {
            let first = first_line(text, key, location).map(|line| format!(", first used on line {line}"));
            (format!("duplicate key{}", first.unwrap_or_default()), "keep one of the two".to_owned())
        }
        _ => {
            let (reason, suggestion) = of_yaml(error).unwrap_or_else(|| of_syntax(error, text, place));
            (reason, suggestion.to_owned())
        }
    };
    let key = match error {
        Error::DuplicateMappingKey { key: Some(key), .. } if way.is_empty() => key.clone(),
        Error::DuplicateMappingKey { key: Some(key), .. } => format!("{way}.{key}"),
        _ => way,
    };
    Fault::new(place, key, reason, suggestion)
}

/// The position of the alias if aliases make the file too large, otherwise of the invalid value.
fn place(error: &Error) -> Place {
    let Some(locations) = error.locations() else { return Place::default() };
    let used = locations.reference_location;
    if is_too_large(innermost(error)) {
        return Place::of(used);
    }
    let written = innermost(error).location().unwrap_or(locations.defined_location);
    Place { used_at: (written != used).then(|| used.line()), ..Place::of(written) }
}

fn innermost(error: &Error) -> &Error {
    match error {
        Error::AliasError { error, .. } => innermost(error),
        error => error,
    }
}

/// A suggestion for `key`, given the `known` keys.
fn meant(key: &str, known: &[&'static str], home: Home) -> String {
    match (home(key), closest(key, known.iter().copied())) {
        (Some(home), _) => format!("{key:?} belongs {home}"),
        (None, Some(known)) => format!("did you mean {known:?}?"),
        (None, None) => format!("known here: {}", known.join(", ")),
    }
}

/// The line of the last `key` before the one at `second`.
fn first_line(text: &str, key: &str, second: &Location) -> Option<u64> {
    let before = text.get(..second.span().byte_offset()?.try_into().ok()?)?;
    let is_key = |at: usize| {
        let begins = before[..at].ends_with([' ', '\n', '{', ',', '"', '\'', '\u{feff}']) || at == 0;
        begins && before[at + key.len()..].trim_start_matches(['"', '\'', ' ']).starts_with(':')
    };
    let (at, _) = before.rmatch_indices(key).find(|(at, _)| is_key(*at))?;
    Some(Place::after(&before[..at]).line)
}

/// Reason and suggestion for the kinds of errors that serde-saphyr distinguishes; `None` for plain syntax errors.
fn of_yaml(error: &Error) -> Option<(String, &'static str)> {
    let (reason, suggestion) = match error {
        Error::QuotingRequired { value, .. } => {
            return Some((format!("expected a string, found {value}"), QUOTE));
        }
        Error::UnsupportedTag { tag, .. } => {
            let reason = format!("unknown tag {}", quoted(tag));
            return Some((reason, "put quotes around a value that begins with !"));
        }
        _ if is_too_deep(error) => {
            let reason = format!("nested more than {MAX_DEPTH} levels deep");
            return Some((reason, "check the brackets and the indentation"));
        }
        _ if is_too_large(error) => {
            ("too large, with its aliases resolved", "split the file, or write the values out")
        }
        Error::Unexpected { expected: "mapping start", .. } => ("expected a mapping", "write KEY: VALUE"),
        Error::Unexpected { expected: "sequence start", .. } => {
            ("expected a list", "put the entries in [ ], or begin each one with - and a blank")
        }
        Error::Unexpected { .. } => ("expected a string, found a list or mapping", QUOTE),
        Error::NullIntoString { .. } => ("expected a string, found nothing", GIVE_VALUE),
        Error::RecursiveReferencesRequireWeakTypes { .. } => {
            ("an alias inside the value that it stands for", "write the value out")
        }
        Error::UnknownAnchor { .. } => {
            ("an alias to a value that is not defined above", "put quotes around a value that begins with *")
        }
        Error::MultipleDocuments { .. } => {
            ("a second YAML document begins here", "keep all transforms in one document")
        }
        Error::MergeValueNotMapOrSeqOfMaps { .. } => {
            ("a merge key (<<) takes a mapping or a list of them", "write <<: *anchor")
        }
        Error::InvalidScalar { .. } => ("the value does not match its tag", "remove the tag"),
        _ => return None,
    };
    Some((reason.to_owned(), suggestion))
}

/// Exceeded either our own bound or, if the reader looks far ahead for a key, the reader's bound for `[` and `{`.
fn is_too_deep(error: &Error) -> bool {
    matches!(error, Error::Budget { breach: BudgetBreach::Depth { .. }, .. })
        || UserMessageFormatter.format_message(error).contains("recursion limit exceeded")
}

fn is_too_large(error: &Error) -> bool {
    matches!(
        error,
        Error::Budget { .. }
            | Error::AliasReplayLimitExceeded { .. }
            | Error::AliasReplayStackDepthExceeded { .. }
            | Error::AliasExpansionLimitExceeded { .. }
            | Error::AliasReplayCounterOverflow { .. }
    )
}

/// The reader's message, and the most frequent cause of such a fault at `place` in `text`.
fn of_syntax(error: &Error, text: &str, place: Place) -> (String, &'static str) {
    let message = UserMessageFormatter.format_message(error);
    // Messages may quote the file.
    let printable = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    let reason = format!("not YAML: {}", message.chars().map(printable).collect::<String>());
    let line = place.line.checked_sub(1).and_then(|before| text.lines().nth(before as usize));
    let before: String = line.unwrap_or_default().chars().take(place.column as usize).collect();
    let suggestion = if reason.contains("escape") {
        "use single quotes, in which a backslash stands for itself"
    } else if reason.contains("unclosed quote") {
        "close the quotes on the line where they open"
    } else if reason.contains("tab") {
        "indent with blanks"
    } else if ["smirks:", "query_smarts:", "not_smarts:"].iter().any(|key| before.contains(key)) {
        "put quotes around SMIRKS and SMARTS"
    } else if reason.contains("unexpected character") {
        "put quotes around the value"
    } else {
        "check the indentation, quotes and brackets here and in the line above"
    };
    (reason, suggestion)
}
