//! The names of the columns that a run took from its input, as the summary and the metadata state them.

use serde::{Deserialize, Serialize};

use super::{InputColumns, InputFormat, Layout};
use crate::strings::Notation;

/// The columns used from the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnNames {
    /// The column with the molecules.
    pub smiles: String,
    /// How they are written.
    #[serde(default, skip_serializing_if = "Notation::is_smiles")]
    pub notation: Notation,
    /// The id column.
    pub id: Option<String>,
    /// The columns carried over, under their output names.
    pub kept: Vec<String>,
    /// The format in which the input was read.
    #[serde(default)]
    pub format: InputFormat,
    /// How a table was read; `None` for other formats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<Layout>,
}

impl From<&InputColumns> for ColumnNames {
    fn from(columns: &InputColumns) -> Self {
        Self {
            smiles: columns.smiles.clone(),
            notation: columns.notation,
            id: columns.id.as_ref().map(|field| field.name().clone()),
            kept: columns.kept.iter().map(|field| field.name().clone()).collect(),
            format: columns.format,
            layout: columns.layout.clone(),
        }
    }
}
