//! Which transforms a run takes.

use super::glob::{ALL, Glob, parts};
use super::index::names;
use super::{Rules, Transform};
use crate::error::{Error, either};
use crate::product_id::encoded;
use crate::suggest::nearest;

/// How many names an error suggests at most.
const SUGGESTED: usize = 3;

/// How a run chooses its transforms. An empty list does not restrict the choice.
#[derive(Debug, Clone, Copy, Default)]
pub struct Choice<'a> {
    /// Names, codes or old identifiers, comma lists of them, patterns, or `all`.
    pub names: &'a [String],
    /// Families, one of which each transform must be in.
    pub families: &'a [String],
    /// Classes, one of which each transform must be meant for.
    pub scopes: &'a [String],
}

impl Choice<'_> {
    /// Whether families or classes leave out transforms that the names select.
    pub fn filters(&self) -> bool {
        !self.families.is_empty() || !self.scopes.is_empty()
    }

    fn has_room_for(&self, transform: &Transform) -> bool {
        let is_one = |wanted: &[String], own: &[String]| {
            wanted.is_empty() || own.iter().any(|own| wanted.contains(own))
        };
        is_one(self.families, transform.family.as_slice()) && is_one(self.scopes, &transform.scope_classes)
    }
}

impl Rules {
    /// The chosen transforms, in the order of the rules, each once.
    ///
    /// # Errors
    /// [`Error::UnknownTransform`] for a name that selects nothing, [`Error::AmbiguousTransform`] for a code or an old
    /// identifier that several transforms have, [`Error::InvalidOption`] for a family or class that no transform has,
    /// and if nothing is left.
    pub fn select(&self, choice: &Choice<'_>) -> Result<Vec<Transform>, Error> {
        for name in choice.names {
            for word in self.words(name)? {
                self.matching(word)?;
            }
        }
        self.check_known("family", choice.families, |transform| transform.family.as_slice())?;
        self.check_known("scope", choice.scopes, |transform| &transform.scope_classes)?;
        let chosen = self.admitted(choice);
        if chosen.is_empty() {
            let option = if choice.scopes.is_empty() { "family" } else { "scope" };
            return Err(Error::invalid_option(option, "no transform is left that the other options select"));
        }
        Ok(chosen)
    }

    /// The transform with that name, code or old identifier.
    ///
    /// # Errors
    /// [`Error::UnknownTransform`] and [`Error::AmbiguousTransform`].
    pub fn find(&self, name: &str) -> Result<Transform, Error> {
        let found = self.called(name)?.ok_or_else(|| self.unknown(name))?;
        Ok(self.transforms[found].clone())
    }

    /// The names that are like `word`, as an addition to a message; empty if there are none.
    pub fn meant(&self, word: &str) -> String {
        did_you_mean(word, self.transforms.iter().flat_map(names))
    }

    /// Like [`Self::select`], for rules from which some may be missing: what selects nothing is ignored.
    pub fn admitted(&self, choice: &Choice<'_>) -> Vec<Transform> {
        let mut chosen = vec![choice.names.is_empty(); self.transforms.len()];
        let words = choice.names.iter().flat_map(|name| self.words(name).unwrap_or_default());
        for index in words.flat_map(|word| self.matching(word).unwrap_or_default()) {
            chosen[index] = true;
        }
        let all = self.transforms.iter().zip(chosen);
        let kept = all
            .enumerate()
            .filter(|(_, (transform, is_chosen))| *is_chosen && choice.has_room_for(transform));
        kept.map(|(position, (transform, _))| self.with_token(position, transform)).collect()
    }

    /// The transform at `position`, with the token of its product ids: its code if that says which of all rules it is,
    /// else its name.
    fn with_token(&self, position: usize, transform: &Transform) -> Transform {
        let code =
            transform.code.as_ref().filter(|code| !code.is_empty() && self.index.is_only(code, position));
        let token = transform.id_token.clone().unwrap_or_else(|| encoded(code.unwrap_or(&transform.name)));
        Transform { id_token: Some(token), ..transform.clone() }
    }

    /// The words of `text`: itself if a transform is called so, or else those of a comma list, at least one.
    fn words<'t>(&self, text: &'t str) -> Result<Vec<&'t str>, Error> {
        if self.called(text)?.is_some() {
            return Ok(vec![text]);
        }
        let words = parts(text);
        if words.is_empty() { Err(self.unknown(text)) } else { Ok(words) }
    }

    /// The positions of what `word` stands for, a name or a pattern.
    fn matching(&self, word: &str) -> Result<Vec<usize>, Error> {
        if word == ALL {
            return Ok((0..self.transforms.len()).collect());
        }
        if let Some(index) = self.called(word)? {
            return Ok(vec![index]);
        }
        let pattern = Glob::new(word);
        let found: Vec<usize> = match pattern.literal() {
            Some(name) => self.called(&name)?.into_iter().collect(),
            None => self.positions(|transform| names(transform).any(|name| pattern.matches(name))).collect(),
        };
        if found.is_empty() { Err(self.unknown(word)) } else { Ok(found) }
    }

    /// The position of the transform with that name or else with that code or old identifier.
    fn called(&self, name: &str) -> Result<Option<usize>, Error> {
        match self.index.called(name) {
            [] => Ok(None),
            &[index] => Ok(Some(index)),
            found => Err(self.ambiguous(name, found)),
        }
    }

    fn positions(&self, fits: impl Fn(&Transform) -> bool) -> impl Iterator<Item = usize> {
        let all = self.transforms.iter().enumerate();
        all.filter(move |(_, transform)| fits(transform)).map(|(index, _)| index)
    }

    fn unknown(&self, name: &str) -> Error {
        let known = self.transforms.iter().flat_map(names);
        let suggestions = nearest(name, known, SUGGESTED).into_iter().map(str::to_owned).collect();
        Error::UnknownTransform { name: name.to_owned(), paths: self.paths(), suggestions }
    }

    fn ambiguous(&self, name: &str, found: &[usize]) -> Error {
        let found = found.iter().map(|&index| {
            let own = &self.transforms[index].name;
            (own.clone(), self.place(own))
        });
        Error::AmbiguousTransform { name: name.to_owned(), found: found.collect() }
    }

    /// Refuses a word for `option` that no transform has.
    fn check_known(
        &self,
        option: &str,
        wanted: &[String],
        own: impl Fn(&Transform) -> &[String],
    ) -> Result<(), Error> {
        let known = || self.transforms.iter().flat_map(&own).map(String::as_str);
        let Some(word) = wanted.iter().find(|word| known().all(|known| known != word.as_str())) else {
            return Ok(());
        };
        let meant = did_you_mean(word, known());
        Err(Error::invalid_option(option, format!("no transform has {word:?}{meant}")))
    }
}

fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match nearest(word, known, SUGGESTED)[..] {
        [] => String::new(),
        ref words => format!("; did you mean {}?", either(words)),
    }
}
