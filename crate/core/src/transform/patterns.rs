//! Where the file spells its SMIRKS and SMARTS, so that what the engine refuses can be found.

use std::collections::HashMap;
use std::path::Path;

use serde_saphyr::Spanned;

use super::place::{Place, spelling};
use super::values::{Name, Pattern};
use crate::error::{Error, FilePlace};

/// The positions of the patterns of a file and of its names, by the name of their transform.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Patterns {
    /// By the pattern's key in the transform.
    places: HashMap<String, HashMap<String, PatternPlace>>,
    names: HashMap<String, Place>,
    examples: HashMap<String, Vec<Place>>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct PatternPlace {
    place: Place,
    /// Characters of the value before those of the pattern; `None` if the file spells the pattern in another way.
    quotes: Option<u64>,
}

impl Patterns {
    /// Notes where `name` and patterns of a transform, each with its key, stand in `text`.
    pub(super) fn note<'p>(
        &mut self,
        name: &Spanned<Name>,
        patterns: impl Iterator<Item = (String, &'p Spanned<Pattern>)>,
        text: &str,
    ) {
        let places = patterns.map(|(key, pattern)| (key, PatternPlace::of(pattern, text)));
        self.places.insert(name.value.0.clone(), places.collect());
        self.names.insert(name.value.0.clone(), Place::of_spanned(name));
    }

    /// Notes where the examples of a transform stand.
    pub(super) fn note_examples(&mut self, name: &str, places: Vec<Place>) {
        self.examples.insert(name.to_owned(), places);
    }

    /// The place of an example in the file at `path`, by its position in the transform; `None` if the file does not have
    /// it.
    pub(super) fn example_place(&self, name: &str, example: usize, path: &Path) -> Option<FilePlace> {
        let Place { line, column, .. } = *self.examples.get(name)?.get(example)?;
        Some(FilePlace { path: path.to_owned(), line, column })
    }

    /// The place of the character at `position`, from 1, of the pattern with this key; without a position that of the
    /// pattern. `None` if the file does not have it.
    pub(super) fn pattern_place(
        &self,
        name: &str,
        key: &str,
        position: Option<usize>,
        path: &Path,
    ) -> Option<FilePlace> {
        Some(self.places.get(name)?.get(key)?.at(position, path))
    }

    /// Sets where a noted transform has its name and, by their keys, its patterns; with each, whether the file spells it
    /// as it is.
    pub(super) fn replace(
        &mut self,
        name: &str,
        place: Place,
        patterns: impl Iterator<Item = (&'static str, Place, bool)>,
    ) {
        self.names.insert(name.to_owned(), place);
        let Some(places) = self.places.get_mut(name) else { return };
        for (key, place, is_as_spelt) in patterns {
            if let Some(old) = places.get_mut(key) {
                *old = PatternPlace { place, quotes: is_as_spelt.then_some(0) };
            }
        }
    }

    /// Adds the transforms of `other`.
    pub(super) fn extend(&mut self, other: Self) {
        self.places.extend(other.places);
        self.names.extend(other.names);
        self.examples.extend(other.examples);
    }

    /// Forgets the transform of that name.
    pub(super) fn forget(&mut self, name: &str) {
        self.places.remove(name);
        self.names.remove(name);
        self.examples.remove(name);
    }

    /// The place of the name in the file at `path`; `None` if the file does not have it.
    pub(super) fn name_place(&self, name: &str, path: &Path) -> Option<FilePlace> {
        let place = self.names.get(name)?;
        Some(FilePlace { path: path.to_owned(), line: place.line, column: place.column })
    }

    /// `error`, with the place in the file at `path` if a pattern of that file is at fault.
    pub fn locate(&self, mut error: Error, path: &Path) -> Error {
        let (place, name, position, key) = match &mut error {
            Error::InvalidSmirks { place, name, position, .. } => (place, name, position, "smirks"),
            Error::InvalidSmarts { place, name, position, key, .. } => (place, name, position, key.as_str()),
            _ => return error,
        };
        let pattern = self.places.get(name).and_then(|places| places.get(key));
        if let Some(pattern) = pattern {
            *place = Some(Box::new(pattern.at(*position, path)));
        }
        error
    }
}

impl PatternPlace {
    fn of(pattern: &Spanned<Pattern>, text: &str) -> Self {
        let value = pattern.value.0.as_str();
        let quotes = spelling(&pattern.defined, text).and_then(|spelling| {
            let inner = spelling.get(1..spelling.len().saturating_sub(1));
            match spelling {
                _ if spelling == value => Some(0),
                _ if inner == Some(value) => Some(1),
                _ => None,
            }
        });
        Self { place: Place::of_spanned(pattern), quotes }
    }

    /// The place of the character at `position`, or of the value if that is not known.
    fn at(self, position: Option<usize>, path: &Path) -> FilePlace {
        let offset = position.zip(self.quotes).map_or(0, |(position, quotes)| quotes + position as u64 - 1);
        let Place { line, column, .. } = self.place;
        FilePlace { path: path.to_owned(), line, column: column + offset }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transform::parse;

    const PATH: &str = "transforms.yaml";

    /// Line and column at which the third character of the SMIRKS of `A` is looked for.
    fn third_character(text: &str, position: Option<usize>) -> (u64, u64) {
        let file = parse(Path::new(PATH), text.as_bytes()).unwrap();
        let smirks = file.transforms[0].smirks.clone();
        let error = Error::InvalidSmirks {
            place: None,
            name: "A".into(),
            smirks,
            reason: "syntax error".into(),
            position,
        };
        let error = file.patterns.locate(error, Path::new(PATH));
        let Error::InvalidSmirks { place: Some(place), .. } = &error else { panic!("{error:?}") };
        let prefix = format!("{PATH}:{}:{}: transform \"A\": smirks", place.line, place.column);
        assert!(error.to_string().starts_with(&prefix), "{error}");
        assert_eq!(error.details()["column"], place.column);
        (place.line, place.column)
    }

    #[test]
    fn a_fault_in_a_pattern_has_the_place_of_its_character() {
        let list = "transforms:\n  - name: A\n    smirks: ";
        assert_eq!(third_character(&format!("{list}'CC>>CO'\n"), Some(3)), (3, 16));
        assert_eq!(third_character(&format!("{list}\"CC>>CO\"\n"), Some(3)), (3, 16));
        assert_eq!(third_character(&format!("{list}CC>>CO\n"), Some(3)), (3, 15));
        assert_eq!(third_character("transforms: [{name: A, smirks: CC>>CO}]", Some(3)), (1, 34));
    }

    #[test]
    fn a_fault_without_a_known_character_has_the_place_of_the_pattern() {
        let list = "transforms:\n  - name: A\n    smirks: ";
        assert_eq!(third_character(&format!("{list}'CC>>CO'\n"), None), (3, 13));
        // Escapes make the pattern another text than the file's.
        assert_eq!(third_character(&format!("{list}\"C\\u0043>>CO\"\n"), Some(3)), (3, 13));
        let anchored = "transforms:\n  - name: B\n    smirks: &x CC>>CO\n  - name: A\n    smirks: *x\n";
        let file = parse(Path::new(PATH), anchored.as_bytes()).unwrap();
        assert_eq!(file.patterns.places["A"]["smirks"].place.line, 3);
    }

    #[test]
    fn a_fault_in_a_query_or_an_entry_of_a_list_has_its_place() {
        let text = "transforms:\n  - name: A\n    smirks: CC>>CO\n    query_smarts: 'CCC'\n    not_smarts:\n      - CO\n      - \"CCN\"\n";
        let place = |text: &str, key: &str| {
            let file = parse(Path::new(PATH), text.as_bytes()).unwrap();
            let error = Error::InvalidSmarts {
                place: None,
                name: "A".into(),
                key: key.into(),
                smarts: "CCN".into(),
                reason: "syntax error".into(),
                position: Some(3),
            };
            let error = file.patterns.locate(error, Path::new(PATH));
            assert_eq!(error.details()["key"], key);
            assert!(error.to_string().contains(&format!("transform \"A\": {key} \"CCN\"")), "{error}");
            let Error::InvalidSmarts { place, .. } = error else { panic!("{error:?}") };
            place.map(|place| (place.line, place.column))
        };
        assert_eq!(place(text, "query_smarts"), Some((4, 22)));
        assert_eq!(place(text, "not_smarts[1]"), Some((7, 12)));
        assert_eq!(place(text, "not_smarts"), None);
        let one = "transforms: [{name: A, smirks: CC>>CO, not_smarts: 'CCN'}]";
        assert_eq!(place(one, "not_smarts"), Some((1, 55)));
        assert_eq!(place(&one.replace("'CCN'", "['CCN']"), "not_smarts"), Some((1, 56)));
    }

    #[test]
    fn an_error_that_is_not_of_a_pattern_stays_as_it_is() {
        let file = parse(Path::new(PATH), b"transforms: [{name: A, smirks: CC>>CO}]").unwrap();
        let error = file.patterns.locate(Error::internal("lost"), Path::new(PATH));
        assert_eq!(error.to_string(), Error::internal("lost").to_string());
    }
}
