//! A transform as JavaScript passes it.

use napi_derive::napi;
use xform_core::Error;
use xform_core::transform::{Hydrogens, Transform};

/// What the engine needs of a transform.
#[napi(object)]
pub struct NativeTransform {
    pub name: String,
    pub smirks: String,
    pub query_smarts: Option<String>,
    pub not_smarts: Vec<String>,
    pub hydrogens: Option<String>,
    pub max_sites_per_mol: Option<i64>,
    pub exclude_sugar_like: bool,
}

impl TryFrom<NativeTransform> for Transform {
    type Error = Error;

    fn try_from(native: NativeTransform) -> Result<Self, Error> {
        let refuse = |reason| Error::invalid_option("transform.max_sites_per_mol", reason);
        let max_sites_per_mol = match native.max_sites_per_mol {
            None | Some(-1) => None,
            Some(n) if n > 0 => Some(n.try_into().map_err(|_| refuse(format!("{n} is out of range")))?),
            Some(n) => return Err(refuse(format!("{n} is neither -1 (no limit) nor at least 1"))),
        };
        let hydrogens = native.hydrogens.as_deref().map_or_else(|| Ok(Hydrogens::default()), str::parse);
        Ok(Self {
            query_smarts: native.query_smarts,
            not_smarts: native.not_smarts,
            hydrogens: hydrogens.map_err(|reason| Error::invalid_option("transform.hydrogens", reason))?,
            max_sites_per_mol,
            exclude_sugar_like: native.exclude_sugar_like,
            ..Self::new(native.name, native.smirks)
        })
    }
}
