//! The second argument of `xform`: what an executor must know about a run, as JSON.

use std::fmt;

use arrow::datatypes::Schema;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;
use datafusion::error::{DataFusionError, Result};
use serde::{Deserialize, Serialize};
use xform_core::engine::{Engine, EngineVersion};
use xform_core::output::metadata::{TOOL, Tool};
use xform_core::source::InputColumns;
use xform_core::transform::Transform;
use xform_core::{DedupKey, EngineSettings, Error, Recheck};
use xform_rdkit::RdkitEngine;

/// What an executor must know, as it is sent in the plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    /// The transforms, in file order.
    pub transforms: Vec<Transform>,
    /// Limits for one molecule, and the properties and alerts to compute.
    #[serde(default)]
    pub engine: EngineSettings,
    /// Whether the kernel is fast, and what it rechecks.
    #[serde(default)]
    pub recheck: Recheck,
    /// What makes two products the same.
    #[serde(default)]
    pub dedup_key: DedupKey,
    /// The condition that products must meet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<FilterSpec>,
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
        let transforms = transforms.iter().map(bare).collect();
        let dedup_key = DedupKey::default();
        Self { transforms, engine, recheck, dedup_key, filter: None, versions: None }
    }

    /// The same with a filter, which may name what is known of the `transforms`.
    pub fn with_filter(self, filter: FilterSpec, transforms: &[Transform]) -> Self {
        let named = |bare: Transform, full: &Transform| Transform {
            code: full.code.clone(),
            label: full.label.clone(),
            prob: full.prob,
            ..bare
        };
        let transforms = self.transforms.into_iter().zip(transforms).map(|(bare, full)| named(bare, full));
        Self { transforms: transforms.collect(), filter: Some(filter), ..self }
    }

    /// The JSON of it.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| DataFusionError::External(Box::new(error)))
    }
}

/// A filter, and the columns of the library that it may name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterSpec {
    /// The condition.
    pub text: String,
    /// Whether the first of the columns is the id.
    has_id: bool,
    /// Id and kept columns: an Arrow stream without a batch.
    schema: Vec<u8>,
}

impl FilterSpec {
    /// The condition `text` for a library with these columns.
    ///
    /// # Errors
    /// An internal error.
    pub fn new(text: &str, columns: &InputColumns) -> std::result::Result<Self, Error> {
        let schema = Schema::new(columns.fields());
        let stream = StreamWriter::try_new(Vec::new(), &schema).and_then(StreamWriter::into_inner);
        let schema = stream.map_err(|error| Error::internal(format!("the columns of a filter: {error}")))?;
        Ok(Self { text: text.to_owned(), has_id: columns.id.is_some(), schema })
    }

    /// The columns of the library.
    ///
    /// # Errors
    /// An internal error.
    pub fn columns(&self) -> std::result::Result<InputColumns, Error> {
        let stream = StreamReader::try_new(self.schema.as_slice(), None);
        let schema =
            stream.map_err(|error| Error::internal(format!("the columns of a filter: {error}")))?.schema();
        let mut kept = schema.fields().iter().cloned();
        let id = if self.has_id { kept.next() } else { None };
        Ok(InputColumns { id, kept: kept.collect(), ..InputColumns::default() })
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
