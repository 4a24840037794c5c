//! Rules that are written twice.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{Diagnosis, FindingCode, PatternKey};

/// The rules that are the same as an earlier one, by index, each with its finding.
///
/// `identities` are those of an engine's transforms, and `called` says what findings call them.
pub fn same_rules(called: &[String], identities: &[String]) -> Vec<(usize, Diagnosis)> {
    let mut first: HashMap<&str, &str> = HashMap::new();
    let mut found = Vec::new();
    for (index, (name, identity)) in called.iter().zip(identities).enumerate() {
        match first.entry(identity) {
            Entry::Vacant(entry) => {
                entry.insert(name);
            }
            Entry::Occupied(entry) => found.push((index, same_as(entry.get()))),
        }
    }
    found
}

fn same_as(earlier: &str) -> Diagnosis {
    Diagnosis {
        code: FindingCode::SameRule,
        key: PatternKey::Smirks,
        span: None,
        effect: format!(
            "it is the same rule as {earlier}: both find the same sites and make the same products"
        ),
        advice: "leave one of them out".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_repetition_names_the_first() {
        let identities = ["a", "b", "a", "a"].map(str::to_owned);
        let found = same_rules(&["one", "two", "three", "four"].map(str::to_owned), &identities);
        assert_eq!(found.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [2, 3]);
        assert!(found.iter().all(|(_, finding)| finding.effect.contains("as one:")), "{found:?}");
    }
}
