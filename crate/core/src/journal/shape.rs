//! Whether two runs would give the same bytes, and if not, why.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::output::metadata::SKIP_ROWS_KEY;

/// The rows that a run of this shape skips.
fn skipped_rows(shape: &Value) -> BTreeSet<u64> {
    shape[SKIP_ROWS_KEY].as_array().into_iter().flatten().filter_map(Value::as_u64).collect()
}

/// The rows that `now` skips and `then` did not.
pub fn newly_skipped(then: &Value, now: &Value) -> BTreeSet<u64> {
    &skipped_rows(now) - &skipped_rows(then)
}

/// Like [`difference`], between an interrupted run and the one that is to continue it, which may skip more rows.
pub fn difference_on_resume(then: &Value, now: &Value) -> Option<String> {
    let mut then = then.clone();
    if skipped_rows(&then).is_subset(&skipped_rows(now)) {
        then[SKIP_ROWS_KEY] = now[SKIP_ROWS_KEY].clone();
    }
    difference(&then, now)
}

/// Describes the first difference between `now` and `then`; `None` if they are the same.
pub fn difference(then: &Value, now: &Value) -> Option<String> {
    find(then, now, "").map(|(place, then, now)| format!("{place} was {} and is {}", short(then), short(now)))
}

fn find<'a>(then: &'a Value, now: &'a Value, place: &str) -> Option<(String, &'a Value, &'a Value)> {
    match (then, now) {
        (Value::Object(old), Value::Object(new)) => {
            let keys = old.keys().chain(new.keys().filter(|key| !old.contains_key(*key)));
            keys.into_iter().find_map(|key| {
                let place = if place.is_empty() { key.clone() } else { format!("{place}.{key}") };
                find(old.get(key).unwrap_or(&Value::Null), new.get(key).unwrap_or(&Value::Null), &place)
            })
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => old
            .iter()
            .zip(new)
            .enumerate()
            .find_map(|(index, (old, new))| find(old, new, &format!("{place}[{index}]"))),
        _ => (then != now).then(|| (place.to_owned(), then, now)),
    }
}

fn short(value: &Value) -> String {
    const LENGTH: usize = 120;
    let text = value.to_string();
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_reason_names_the_place_and_both_values() {
        let then = json!({ "dedup": { "mode": "exact" }, "transforms": [{ "name": "a", "smirks": "x" }] });
        assert_eq!(difference(&then, &then), None);
        let now = json!({ "dedup": { "mode": "none" }, "transforms": [{ "name": "a", "smirks": "x" }] });
        assert_eq!(difference(&then, &now).unwrap(), "dedup.mode was \"exact\" and is \"none\"");
        let now = json!({ "dedup": { "mode": "exact" }, "transforms": [{ "name": "a", "smirks": "y" }] });
        assert_eq!(difference(&then, &now).unwrap(), "transforms[0].smirks was \"x\" and is \"y\"");
        let now = json!({ "dedup": { "mode": "exact" }, "transforms": [] });
        assert!(difference(&then, &now).unwrap().starts_with("transforms was [{"));
    }
}
