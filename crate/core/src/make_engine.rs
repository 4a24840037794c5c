//! How a caller provides chemistry.

use serde::{Deserialize, Serialize};

use crate::alerts::Alerts;
use crate::engine::{Engine, Limits};
use crate::error::Error;
use crate::properties::PropertyChoice;
use crate::standardization::Standardization;
use crate::transform::Transform;

/// Compiles transforms into an engine.
///
/// # Errors
/// Those of an invalid transform; [`Error::InvalidOption`] and [`Error::InvalidAlerts`] for settings that the engine cannot
/// follow.
pub type MakeEngine<'a> = dyn Fn(&[Transform], &EngineSettings) -> Result<Box<dyn Engine>, Error> + Sync + 'a;

/// What an engine is told once, apart from its transforms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EngineSettings {
    /// Limits for one molecule.
    pub limits: Limits,
    /// What to make of each molecule before the transforms. Unless nothing, the parent is a column of the engine.
    pub standardize: Standardization,
    /// Properties to compute for each product; each is a column of the engine.
    pub properties: PropertyChoice,
    /// Whether to compute them for the products' parents as well, as columns named `parent_MW` and so on.
    pub parent_properties: bool,
    /// Whether to write each product with map numbers as well, as columns `mapped_smiles` and `reaction_smiles`.
    pub mapped: bool,
    /// Whether to write each product with its stereo groups as well, as a column `cxsmiles`.
    pub cxsmiles: bool,
    /// Whether products keep the fragments of the parent that a site does not touch.
    pub keep_salts: bool,
    /// Alerts to seek in each product. If there are any, their names are the column [`alerts::COLUMN`](crate::alerts::COLUMN)
    /// of the engine, a list of text.
    pub alerts: Alerts,
    /// Whether the predecessor's columns are added to those of the engine ([`crate::legacy::around`]).
    pub legacy: bool,
}

impl From<Limits> for EngineSettings {
    fn from(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }
}
