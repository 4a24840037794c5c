//! The transforms that a run chooses from: those of its files, or those that its options spell out.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use super::index::Index;
use super::load::load_usable;
use super::{Patterns, Transform, TransformFile, load};
use crate::error::{Error, FilePlace};

/// Transforms in the order of their files, then in file order. No two have the same name.
#[derive(Debug, Default)]
pub struct Rules {
    pub(super) transforms: Vec<Transform>,
    pub(super) index: Index,
    files: Vec<(PathBuf, Patterns)>,
    notices: Vec<String>,
    idle_keys: BTreeSet<&'static str>,
    /// The rules that were left out.
    left_out: Vec<Error>,
}

/// What becomes of the second of two transforms with one name.
type Repeated = fn(&mut Rules, Error) -> Result<(), Error>;

fn leave_out(rules: &mut Rules, error: Error) -> Result<(), Error> {
    rules.left_out.push(error);
    Ok(())
}

impl Rules {
    /// The transforms of the files at `paths`. A file with the content of an earlier one adds nothing.
    ///
    /// # Errors
    /// Those of [`load`], and [`Error::ConfigInvalid`] if two files use the same name.
    pub fn load(paths: &[PathBuf]) -> Result<Self, Error> {
        let (mut rules, mut seen) = (Self::default(), HashSet::new());
        for path in paths {
            rules.add_new(path, (load(path)?, Vec::new()), &mut seen, |_, error| Err(error))?;
        }
        Ok(rules)
    }

    /// Like [`Self::load`], without the rules that cannot be used and the later one of two with the same name.
    ///
    /// # Errors
    /// Those of [`load`] that concern a whole file, and that of the first rule if no other is left.
    pub fn load_usable(paths: &[PathBuf]) -> Result<Self, Error> {
        let (mut rules, mut seen) = (Self::default(), HashSet::new());
        for path in paths {
            rules.add_new(path, load_usable(path)?, &mut seen, leave_out)?;
        }
        if rules.transforms.is_empty() && !rules.left_out.is_empty() {
            return Err(rules.left_out.remove(0));
        }
        Ok(rules)
    }

    /// Like [`Self::load_usable`], with the errors of the rules and files that are left out.
    ///
    /// # Errors
    /// [`Error::ConfigUnreadable`] where a file cannot be read.
    pub fn load_valid(paths: &[PathBuf]) -> Result<(Self, Vec<Error>), Error> {
        let (mut rules, mut seen, mut refused) = (Self::default(), HashSet::new(), Vec::new());
        for path in paths {
            match load_usable(path) {
                Ok(read) => rules.add_new(path, read, &mut seen, leave_out)?,
                Err(error @ Error::ConfigInvalid { .. }) => refused.push(error),
                Err(error) => return Err(error),
            }
        }
        refused.append(&mut rules.left_out);
        Ok((rules, refused))
    }

    /// Adds a file and the errors of its rules that are left out, unless a file with the same content is in `seen`.
    fn add_new(
        &mut self,
        path: &Path,
        (file, left_out): (TransformFile, Vec<Error>),
        seen: &mut HashSet<String>,
        repeated: Repeated,
    ) -> Result<(), Error> {
        if seen.insert(file.sha256.clone()) {
            self.left_out.extend(left_out);
            self.add(path, file, repeated)?;
        }
        Ok(())
    }

    /// Transforms for these SMIRKS, called `smirks`, `smirks_2`, `smirks_3` and so on.
    pub fn of_smirks(smirks: &[String]) -> Self {
        let name = |index| if index == 0 { "smirks".to_owned() } else { format!("smirks_{}", index + 1) };
        let transforms = smirks.iter().enumerate().map(|(index, smirks)| Transform::new(name(index), smirks));
        Self::from(transforms.collect::<Vec<_>>())
    }

    fn add(&mut self, path: &Path, mut file: TransformFile, repeated: Repeated) -> Result<(), Error> {
        let mut new = Vec::new();
        for (index, transform) in file.transforms.into_iter().enumerate() {
            let Some(first) = self.place(&transform.name) else {
                new.push(transform);
                continue;
            };
            let place = file.patterns.name_place(&transform.name, path);
            let error = Error::ConfigInvalid {
                path: path.to_owned(),
                line: place.as_ref().map_or(0, |place| place.line),
                column: place.map_or(0, |place| place.column),
                key: Some(format!("transforms[{index}].name")),
                reason: format!("the name {:?} is already used at {first}", transform.name),
                suggestion: Some("give each transform of the files a unique name".to_owned()),
            };
            repeated(self, error)?;
            file.patterns.forget(&transform.name);
        }
        let notices = file.notices.into_iter().filter(|notice| !self.notices.contains(notice));
        self.notices.extend(notices.collect::<Vec<_>>());
        self.idle_keys.extend(file.idle_keys);
        self.extend(new);
        self.files.push((path.to_owned(), file.patterns));
        Ok(())
    }

    fn extend(&mut self, transforms: Vec<Transform>) {
        for transform in transforms {
            self.index.enter(self.transforms.len(), &transform);
            self.transforms.push(transform);
        }
    }

    /// The files that were read.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        self.files.iter().map(|(path, _)| path.clone()).collect()
    }

    /// Where a file has the transform of that name; `None` if it does not come from a file.
    pub(crate) fn place(&self, name: &str) -> Option<FilePlace> {
        self.files.iter().find_map(|(path, patterns)| patterns.name_place(name, path))
    }

    /// Where a file has the character at `position`, from 1, of a pattern; without a position that of the pattern.
    pub fn pattern_place(&self, name: &str, key: &str, position: Option<usize>) -> Option<FilePlace> {
        self.files.iter().find_map(|(path, patterns)| patterns.pattern_place(name, key, position, path))
    }

    /// Where a file has an example, by its position in the transform.
    pub fn example_place(&self, name: &str, example: usize) -> Option<FilePlace> {
        self.files.iter().find_map(|(path, patterns)| patterns.example_place(name, example, path))
    }

    /// `error`, with the place in its file if a pattern of a file is at fault.
    pub fn locate(&self, error: Error) -> Error {
        self.files.iter().fold(error, |error, (path, patterns)| patterns.locate(error, path))
    }

    /// What the reader of the files should know.
    pub fn notices(&self) -> Vec<String> {
        let idle: Vec<&str> = self.idle_keys.iter().copied().collect();
        let idle = (!idle.is_empty())
            .then(|| format!("keys without effect in the transform files: {}", idle.join(", ")));
        self.notices.iter().cloned().chain(idle).collect()
    }

    /// Takes the errors of the rules that were left out.
    pub fn take_left_out(&mut self) -> Vec<Error> {
        std::mem::take(&mut self.left_out)
    }
}

impl From<Vec<Transform>> for Rules {
    /// Transforms that do not come from a file.
    fn from(transforms: Vec<Transform>) -> Self {
        let mut rules = Self::default();
        rules.extend(transforms);
        rules
    }
}
