//! What a run may ask of its input.

use serde::{Deserialize, Serialize};

/// Which columns of the input matter; the default finds `smiles` and an id, and keeps nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceOptions {
    /// The SMILES column; `None` takes `smiles` in any case.
    pub smiles_column: Option<String>,
    /// The id column; `None` takes `id` in any case, else the only column that ends in `_id`, else none.
    pub id_column: Option<String>,
    /// Columns that go along into the output.
    pub keep_columns: KeepColumns,
}

/// Input columns that go along into the output; in JSON `"none"`, `"all"` or a list of names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeepColumns {
    /// None of them.
    #[default]
    None,
    /// Every column but the SMILES and id ones, in file order.
    All,
    /// These, in the order given; a name given twice counts once.
    #[serde(untagged)]
    Named(Vec<String>),
}
