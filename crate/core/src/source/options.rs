//! The options of a run for its input.

use serde::{Deserialize, Serialize};

use super::column_types::ColumnTypes;
use super::format::InputFormat;
use super::layout::Delimiter;
use crate::error::Error;
use crate::strings::Notation;

/// How the input is read and which of its columns are used; by default this is detected, and only SMILES and id are
/// kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceOptions {
    /// The format of the input; `None` detects it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<InputFormat>,
    /// What separates the columns of a text file; `None` detects it.
    pub delimiter: Option<Delimiter>,
    /// Whether the first line of a text file names the columns; `None` detects it.
    pub header: Option<bool>,
    /// The SMILES column, by name or by number from 1; `None` takes the first of `smiles`, `canonical_smiles` and
    /// `structure`, in any case, or in text without such a name the only column that reads as SMILES.
    pub smiles_column: Option<String>,
    /// The column with mol blocks, by name or by number from 1, if the molecules are not SMILES.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub molblock_column: Option<String>,
    /// The id column, by name or by number from 1; `None` takes `id` in any case, else `product_id`, else the only column
    /// that ends in `_id`, else none; in text without a header the first column with distinct values.
    pub id_column: Option<String>,
    /// Columns that are carried over into the output.
    pub keep_columns: KeepColumns,
    /// What their names in the output begin with.
    #[serde(default)]
    pub kept_prefix: KeptPrefix,
    /// Types of columns of text.
    #[serde(default, skip_serializing_if = "ColumnTypes::is_empty")]
    pub column_types: ColumnTypes,
    /// Whether a kept column that the file does not have is left out: another file of the library may have it.
    #[serde(skip)]
    pub may_lack_columns: bool,
    /// Names of the columns that the engine computes, which a kept column cannot have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub computed_columns: Vec<String>,
    /// Columns that are carried over under their own names, if the library has them. Other kept columns cannot have their
    /// names, and `keep_columns` does not carry them over a second time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bare_columns: Vec<String>,
}

impl SourceOptions {
    /// How the molecules of a table are written.
    pub(super) fn notation(&self) -> Notation {
        if self.molblock_column.is_some() { Notation::MolBlock } else { Notation::Smiles }
    }

    /// The column with the molecules that an option names.
    pub(super) fn molecule_column(&self) -> Option<&str> {
        self.molblock_column.as_deref().or(self.smiles_column.as_deref())
    }

    /// Refuses options that have no meaning for the format, or together.
    pub(super) fn refuse_for(&self, format: InputFormat) -> Result<(), Error> {
        if self.smiles_column.is_some() && self.molblock_column.is_some() {
            return Err(Error::invalid_option("molblock_column", "cannot be combined with `smiles_column`"));
        }
        let (is_table, is_sdf) = (format.is_table(), format == InputFormat::Sdf);
        let given = [
            ("delimiter", self.delimiter.is_some(), is_table),
            ("header", self.header.is_some(), is_table),
            ("smiles_column", self.smiles_column.is_some(), !is_sdf),
            ("molblock_column", self.molblock_column.is_some(), !is_sdf),
            ("column_type", !self.column_types.is_empty(), is_table || is_sdf),
        ];
        let refused = given.into_iter().find(|(_, is_given, has_meaning)| *is_given && !has_meaning);
        match refused {
            Some((option, ..)) => {
                let reason =
                    format!("has no meaning for {}, which the input is; leave it out", format.facts().title);
                Err(Error::invalid_option(option, reason))
            }
            _ => Ok(()),
        }
    }
}

/// Input columns that are carried over into the output; in JSON `"none"`, `"all"` or a list of names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeepColumns {
    /// None of them.
    #[default]
    None,
    /// Every column except the SMILES and id columns, in file order.
    All,
    /// These, in the order given; a name given twice counts once.
    #[serde(untagged)]
    Named(Vec<String>),
}

/// What the names of kept columns begin with in the output, so that nobody takes a parent's value for its product's. Empty
/// for the names that they have in the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeptPrefix(String);

impl KeptPrefix {
    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for KeptPrefix {
    fn default() -> Self {
        Self("source_".to_owned())
    }
}

impl From<&str> for KeptPrefix {
    fn from(prefix: &str) -> Self {
        Self(prefix.to_owned())
    }
}
