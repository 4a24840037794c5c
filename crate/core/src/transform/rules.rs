//! The transforms that a run chooses from: those of its files, or those that its options spell out.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::index::Index;
use super::{Patterns, Transform, TransformFile, load};
use crate::error::{Error, FilePlace};

/// Transforms in the order of their files, then in file order. No two have the same name.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    pub(super) transforms: Vec<Transform>,
    pub(super) index: Index,
    files: Vec<(PathBuf, Patterns)>,
    notices: Vec<String>,
}

impl Rules {
    /// The transforms of the files at `paths`. A file with the content of an earlier one adds nothing.
    ///
    /// # Errors
    /// Those of [`load`], and [`Error::ConfigInvalid`] if two files use the same name.
    pub fn load(paths: &[PathBuf]) -> Result<Self, Error> {
        let (mut rules, mut read) = (Self::default(), HashSet::new());
        for path in paths {
            let file = load(path)?;
            if read.insert(file.sha256.clone()) {
                rules.add(path, file)?;
            }
        }
        Ok(rules)
    }

    /// Like [`Self::load`], with the errors of what is invalid in the files, and without that.
    ///
    /// # Errors
    /// [`Error::ConfigUnreadable`] where a file cannot be read.
    pub fn load_valid(paths: &[PathBuf]) -> Result<(Self, Vec<Error>), Error> {
        let (mut rules, mut read, mut refused) = (Self::default(), HashSet::new(), Vec::new());
        for path in paths {
            let added = match load(path) {
                Ok(file) if read.insert(file.sha256.clone()) => rules.add(path, file),
                Ok(_) => Ok(()),
                Err(error) => Err(error),
            };
            match added {
                Err(error @ Error::ConfigInvalid { .. }) => refused.push(error),
                other => other?,
            }
        }
        Ok((rules, refused))
    }

    /// Transforms for these SMIRKS, called `smirks`, `smirks_2`, `smirks_3` and so on.
    pub fn of_smirks(smirks: &[String]) -> Self {
        let name = |index| if index == 0 { "smirks".to_owned() } else { format!("smirks_{}", index + 1) };
        let transforms = smirks.iter().enumerate().map(|(index, smirks)| Transform::new(name(index), smirks));
        Self::from(transforms.collect::<Vec<_>>())
    }

    fn add(&mut self, path: &Path, file: TransformFile) -> Result<(), Error> {
        for (index, transform) in file.transforms.iter().enumerate() {
            if let Some(first) = self.place(&transform.name) {
                let place = file.patterns.name_place(&transform.name, path);
                return Err(Error::ConfigInvalid {
                    path: path.to_owned(),
                    line: place.as_ref().map_or(0, |place| place.line),
                    column: place.map_or(0, |place| place.column),
                    key: Some(format!("transforms[{index}].name")),
                    reason: format!("the name {:?} is already used at {first}", transform.name),
                    suggestion: Some("give each transform of the files a unique name".to_owned()),
                });
            }
        }
        let new = file.notices.into_iter().filter(|notice| !self.notices.contains(notice));
        self.notices.extend(new.collect::<Vec<_>>());
        self.extend(file.transforms);
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
    pub fn notices(&self) -> &[String] {
        &self.notices
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
