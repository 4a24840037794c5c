//! What a run sets itself, for every transform that it takes.

use super::Transform;
use crate::error::Error;

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
