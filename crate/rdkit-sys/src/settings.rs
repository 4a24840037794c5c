//! What a kernel is told once.

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
    /// Names of properties ([`declared_properties`](crate::declared_properties)) to compute for each product, in any order.
    pub properties: Vec<String>,
    /// Whether to compute them for the products' parents as well.
    pub parent_properties: bool,
    /// Whether to write `mapped_smiles` and `reaction_smiles` of each product.
    pub mapped: bool,
    /// Whether to write `cxsmiles` of each product.
    pub cxsmiles: bool,
    /// Whether products keep the fragments of the parent that a site does not touch.
    pub keep_salts: bool,
}

impl From<Limits> for Settings {
    fn from(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }
}
