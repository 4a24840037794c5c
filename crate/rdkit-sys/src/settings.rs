//! What a kernel is told once.

use crate::alerts::Alerts;

/// Limits for one molecule, by the names in `kernel/base/limits.h`; molecules beyond a limit are rejected. By default there
/// are no limits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits(pub(crate) Vec<(String, u32)>);

impl<N: Into<String>> FromIterator<(N, u32)> for Limits {
    fn from_iter<T: IntoIterator<Item = (N, u32)>>(limits: T) -> Self {
        Self(limits.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }
}

/// What a kernel is told once, apart from its transforms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Limits for one molecule.
    pub limits: Limits,
    /// What RDKit's MolStandardize makes of each molecule before the transforms: `cleanup`, `neutral` or `parent`
    /// (`kernel/standardize/standardizer.h`). `None`: molecules are as they are in the rows.
    pub standardize: Option<String>,
    /// Names of columns to compute for each product after [`computed_columns`](crate::computed_columns), each once, in this
    /// order: those of properties ([`declared_properties`](crate::declared_properties)), with [`OF_PARENT`] before them for the
    /// properties of the parent, and [`ALERTS`].
    pub columns: Vec<String>,
    /// What is sought for [`ALERTS`].
    pub alerts: Alerts,
    /// Whether to write [`MAPPED`] and `reaction_smiles` of each product.
    pub mapped: bool,
    /// Whether to write `cxsmiles` of each product.
    pub cxsmiles: bool,
    /// Whether products keep the fragments of the parent that a site does not touch.
    pub keep_salts: bool,
}

/// What the name of a column begins with if it is a property of the parent.
pub const OF_PARENT: &str = "parent_";
/// The name of the column with a product's SMILES with map numbers.
pub const MAPPED: &str = "mapped_smiles";
/// The name of the column with the names of a product's alerts.
pub const ALERTS: &str = "alerts";

impl From<Limits> for Settings {
    fn from(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }
}
