//! The second argument of `xform`: what an executor must know about a run, as JSON.

use std::fmt;

use datafusion::error::{DataFusionError, Result};
use serde::{Deserialize, Serialize};
use xform_core::engine::{Engine, EngineVersion};
use xform_core::output::metadata::{TOOL, Tool};
use xform_core::transform::Transform;
use xform_core::{EngineSettings, Error, Recheck};
use xform_rdkit::RdkitEngine;

/// What an executor must know, as it is sent in the plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    /// The transforms, in file order.
    pub transforms: Vec<Transform>,
    /// Limits for one molecule, and the properties to compute.
    #[serde(default)]
    pub engine: EngineSettings,
    /// Whether the kernel is fast, and what it rechecks.
    #[serde(default)]
    pub recheck: Recheck,
    /// Versions that may apply them; any version if `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub versions: Option<Versions>,
}

impl Spec {
    /// Everything that shapes the products of `transforms`. Labels, examples and the like are not sent, because the
    /// text is part of each task.
    pub fn new(transforms: &[Transform], engine: EngineSettings, recheck: Recheck) -> Self {
        let bare = |full: &Transform| Transform {
            query_smarts: full.query_smarts.clone(),
            not_smarts: full.not_smarts.clone(),
            hydrogens: full.hydrogens,
            max_sites_per_mol: full.max_sites_per_mol,
            exclude_sugar_like: full.exclude_sugar_like,
            ..Transform::new(&full.name, &full.smirks)
        };
        Self { transforms: transforms.iter().map(bare).collect(), engine, recheck, versions: None }
    }

    /// The JSON of it.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| DataFusionError::External(Box::new(error)))
    }
}

/// Versions that must be the same on all machines for a row to give the same products on each of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// xform-native.
    pub tool: Tool,
    /// The chemistry toolkit.
    pub engine: EngineVersion,
}

impl Versions {
    /// The versions of this program.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn of_this() -> Result<Self, Error> {
        Ok(Self { tool: TOOL, engine: RdkitEngine::new(&[], &EngineSettings::default())?.version() })
    }
}

impl fmt::Display for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tool, engine } = self;
        write!(f, "{} {} with {} {}", tool.name, tool.version, engine.name, engine.version)
    }
}
