//! Transforms by what they are called.

use std::collections::HashMap;
use std::slice;

use super::Transform;

/// The positions of transforms, by name, and by code and old identifier.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    by_name: HashMap<String, usize>,
    by_other_name: HashMap<String, Vec<usize>>,
    by_code: HashMap<String, Vec<usize>>,
}

impl Index {
    /// Enters the transform at `position`, which comes after those before it.
    pub(super) fn enter(&mut self, position: usize, transform: &Transform) {
        self.by_name.entry(transform.name.clone()).or_insert(position);
        if let Some(code) = &transform.code {
            self.by_code.entry(code.clone()).or_default().push(position);
        }
        for other in other_names(transform) {
            let positions = self.by_other_name.entry(other.to_owned()).or_default();
            if positions.last() != Some(&position) {
                positions.push(position);
            }
        }
    }

    /// Whether no other transform than that at `position` has this code or name.
    pub(super) fn is_only(&self, code: &str, position: usize) -> bool {
        let names = self.by_name.get(code).is_none_or(|&named| named == position);
        names && self.by_code.get(code).is_some_and(|coded| coded == &[position])
    }

    /// The transform with that name, or else those with that code or old identifier.
    pub(super) fn called(&self, name: &str) -> &[usize] {
        let others = || self.by_other_name.get(name).map_or(&[][..], Vec::as_slice);
        self.by_name.get(name).map_or_else(others, slice::from_ref)
    }
}

/// What a transform is called, the name first.
pub(super) fn names(transform: &Transform) -> impl Iterator<Item = &str> {
    [transform.name.as_str()].into_iter().chain(other_names(transform))
}

fn other_names(transform: &Transform) -> impl Iterator<Item = &str> {
    [&transform.code, &transform.legacy_rule_id].into_iter().filter_map(|other| other.as_deref())
}
