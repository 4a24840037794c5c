//! Which transforms of a file a run takes, and what the run sets itself.

use std::path::Path;

use super::suggest::closest;
use super::{Transform, TransformFile};
use crate::error::Error;

/// The name that stands for every transform of a file.
pub(super) const ALL: &str = "all";

/// The transforms called `names`, in file order, each once; `all` takes every one.
///
/// A `legacy_rule_id` that one transform alone has will do for its name. `path` is the file, for the message.
///
/// # Errors
/// [`Error::UnknownTransform`] with the closest name, or [`Error::InvalidOption`] where there are no names.
pub fn select(file: &TransformFile, path: &Path, names: &[String]) -> Result<Vec<Transform>, Error> {
    if names.is_empty() {
        return Err(Error::invalid_option("xf_name", format!("name at least one transform, or {ALL:?}")));
    }
    let mut chosen = vec![false; file.transforms.len()];
    for name in names {
        if name == ALL {
            chosen.fill(true);
        } else {
            chosen[find(&file.transforms, name).ok_or_else(|| unknown(file, path, name))?] = true;
        }
    }
    Ok(file
        .transforms
        .iter()
        .zip(chosen)
        .filter(|(_, is_chosen)| *is_chosen)
        .map(|(t, _)| t.clone())
        .collect())
}

fn find(transforms: &[Transform], name: &str) -> Option<usize> {
    transforms.iter().position(|transform| transform.name == name).or_else(|| {
        let mut of_that_id = (0..transforms.len()).filter(|&i| is_legacy_id(&transforms[i], name));
        let index = of_that_id.next()?;
        of_that_id.next().is_none().then_some(index)
    })
}

fn is_legacy_id(transform: &Transform, name: &str) -> bool {
    transform.legacy_rule_id.as_deref() == Some(name)
}

fn unknown(file: &TransformFile, path: &Path, name: &str) -> Error {
    let is_rule = |t: &&Transform| is_legacy_id(t, name) || t.code.as_deref() == Some(name);
    let of_that_rule = file.transforms.iter().find(is_rule).map(|t| t.name.as_str());
    let suggestion = of_that_rule.or_else(|| closest(name, file.transforms.iter().map(|t| t.name.as_str())));
    Error::UnknownTransform {
        name: name.to_owned(),
        path: path.to_owned(),
        suggestion: suggestion.map(str::to_owned),
    }
}

/// What a run sets over the file, for every transform it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overrides {
    /// Sites used per molecule, from 1; -1 for no limit.
    pub max_sites: Option<i64>,
    /// Whether sites in sugars are left out.
    pub exclude_sugar_like: Option<bool>,
}

impl Overrides {
    /// Sets what is given in each of `transforms`.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a limit that is neither -1 nor 1 or more.
    pub fn apply(&self, transforms: &mut [Transform]) -> Result<(), Error> {
        let limit = self.max_sites.map(|value| site_limit(value.into())).transpose();
        let limit = limit
            .map_err(|reason| Error::invalid_option("max_sites", format!("{reason}; {LIMIT_ADVICE}")))?;
        for transform in transforms {
            if let Some(limit) = limit {
                transform.max_sites_per_mol = limit;
            }
            if let Some(exclude) = self.exclude_sugar_like {
                transform.exclude_sugar_like = exclude;
            }
        }
        Ok(())
    }
}

pub(super) const LIMIT_ADVICE: &str = "use 1 or more, or -1 for no limit";

/// -1 as `None`, a number of sites as itself; an error for anything else.
pub(super) fn site_limit(value: i128) -> Result<Option<u32>, String> {
    match value {
        -1 => Ok(None),
        0 => Err("0 would leave no site".to_owned()),
        ..0 => Err(format!("{value} is not a limit")),
        _ => {
            u32::try_from(value).map(Some).map_err(|_| format!("{value} is too large, at most {}", u32::MAX))
        }
    }
}
