//! The transforms of a run: the predecessor's YAML file, or a table or list of SMIRKS, checked and with its defaults
//! filled in.
//!
//! [`load`] reads a file, [`Rules`] joins the files of a run and selects the requested transforms ([`Choice`]), and
//! [`Overrides`] replaces the files' limits with those of the run. Every fault of a file is an [`Error::ConfigInvalid`](crate::Error::ConfigInvalid) with line,
//! column and key and, if possible, what was probably meant. Only the first fault is reported. Whether a SMIRKS is
//! valid is decided by the engine; [`Patterns`] finds its position in the file.
//!
//! serde reads the text (`yaml`) into the structs of `file`, whose values (`values`) are checked as they are read;
//! `refused` explains what serde and the YAML reader refuse. The rows of other formats (`table_file`, `line_file`) are
//! read into the same structs (`cells`).
//! Memory: at most 16 MiB of text and half a million nodes.

mod cells;
mod entries;
mod fault;
mod file;
mod format;
mod glob;
mod index;
mod left_out;
mod line_file;
mod load;
mod overrides;
mod patterns;
mod place;
mod refused;
mod rules;
mod select;
mod table_file;
#[cfg(test)]
mod tests;
mod values;
mod yaml;

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::findings::PatternKey;
use crate::product_id::encoded;
pub use load::{load, parse};
pub use overrides::Overrides;
pub use patterns::Patterns;
pub use rules::Rules;
pub use select::Choice;

/// One transform, with the file's defaults and the run's overrides filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Transform {
    /// Unique name.
    pub name: String,
    /// One reactant template, one or more product templates.
    pub smirks: String,
    /// Where the transform may act, tied to the reactant template by shared map numbers.
    pub query_smarts: Option<String>,
    /// Where it must not act, tied in the same way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_smarts: Vec<String>,
    /// Whether parents get their hydrogens as atoms.
    #[serde(default, skip_serializing_if = "Hydrogens::is_default")]
    pub hydrogens: Hydrogens,
    /// Identifier of the rule; several transforms may share one.
    pub code: Option<String>,
    /// Short text for people.
    pub label: Option<String>,
    /// Identifier in earlier versions.
    pub legacy_rule_id: Option<String>,
    /// Grouping.
    pub family: Option<String>,
    /// Natural-product classes the transform is meant for.
    pub scope_classes: Vec<String>,
    /// Map numbers whose atoms are highlighted.
    pub highlight_mapnums: Vec<u32>,
    /// Expected element of the highlighted product atom.
    pub product_highlight_symbol: Option<String>,
    /// Sites used per molecule; `None` for no limit.
    pub max_sites_per_mol: Option<u32>,
    /// Whether sites in sugars are left out.
    pub exclude_sugar_like: bool,
    /// Weight of the transform, from 0 to 1.
    pub prob: Option<f64>,
    /// What the transform must give for some molecules.
    pub examples: Vec<Example>,
    /// The part of a product's id that stands for the transform, encoded. [`Rules::select`] settles it, because it depends
    /// on the other transforms of the files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
}

impl Transform {
    /// A transform with this name and SMIRKS: every site, no sugar filter, no other settings.
    pub fn new(name: impl Into<String>, smirks: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            smirks: smirks.into(),
            query_smarts: None,
            not_smarts: Vec::new(),
            hydrogens: Hydrogens::default(),
            code: None,
            label: None,
            legacy_rule_id: None,
            family: None,
            scope_classes: Vec::new(),
            highlight_mapnums: Vec::new(),
            product_highlight_symbol: None,
            max_sites_per_mol: None,
            exclude_sugar_like: false,
            prob: None,
            examples: Vec::new(),
            id_token: None,
        }
    }

    /// The part of a product's id that stands for the transform; its name, unless something else was settled.
    pub fn id_token(&self) -> String {
        self.id_token.clone().unwrap_or_else(|| encoded(&self.name))
    }

    /// The pattern with that key; empty if there is none.
    pub fn pattern(&self, key: PatternKey) -> &str {
        match key {
            PatternKey::Smirks => &self.smirks,
            PatternKey::QuerySmarts => self.query_smarts.as_deref().unwrap_or_default(),
            PatternKey::NotSmarts(entry) => self.not_smarts.get(entry).map_or("", String::as_str),
        }
    }

    /// The key of a pattern, as faults and findings name it.
    pub fn key_of(&self, key: PatternKey) -> String {
        match key {
            PatternKey::Smirks => "smirks".to_owned(),
            PatternKey::QuerySmarts => "query_smarts".to_owned(),
            PatternKey::NotSmarts(entry) => not_smarts_key(entry, self.not_smarts.len()),
        }
    }
}

/// The hydrogens of the parents that a transform is applied to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hydrogens {
    /// Counts at their heavy atoms, as RDKit reads a SMILES.
    #[default]
    Implicit,
    /// Atoms, which RDKit's AddHs appends to the others.
    Explicit,
}

impl Hydrogens {
    /// The values and their spelling.
    const ALL: [(&str, Self); 2] = [("implicit", Self::Implicit), ("explicit", Self::Explicit)];

    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl FromStr for Hydrogens {
    type Err = String;

    /// # Errors
    /// The known values.
    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|(spelling, _)| *spelling == text);
        known.map(|(_, value)| value).ok_or_else(|| "must be \"implicit\" or \"explicit\"".to_owned())
    }
}

/// The key of entry `index` of a transform's `not_smarts`, with the index if there are several.
pub fn not_smarts_key(index: usize, entries: usize) -> String {
    match entries {
        1 => "not_smarts".to_owned(),
        _ => format!("not_smarts[{index}]"),
    }
}

/// What a transform must do with some molecules, each a SMILES in any spelling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Example {
    /// What it must make of a parent.
    Gives {
        /// The parent.
        #[serde(rename = "in")]
        input: String,
        /// Its products.
        #[serde(rename = "out")]
        output: Expected,
    },
    /// Where it must not act: no site is left after the filters.
    Nowhere {
        /// The molecules.
        none: Vec<String>,
    },
}

/// The products that an example requires.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Expected {
    /// At least this product.
    Among(String),
    /// These products and no others.
    Exactly(Vec<String>),
}

/// A transform file as it was read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TransformFile {
    /// Version of the format, 1.
    pub version: u32,
    /// All transforms in file order.
    pub transforms: Vec<Transform>,
    /// What the reader should know, for example that a column is not used.
    pub notices: Vec<String>,
    /// SHA-256 of the file's bytes, in hex.
    pub sha256: String,
    /// Where SMIRKS and queries stand in the file.
    #[serde(skip)]
    pub patterns: Patterns,
    /// Keys in the file that change nothing in a run.
    #[serde(skip)]
    pub idle_keys: Vec<&'static str>,
}
