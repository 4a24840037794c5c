//! How an engine carries out a transform, in words; shown by `--explain`.

use serde::Serialize;

/// How an engine makes the products of a transform, and which rows it can skip early. All ways give the same
/// products; they differ in speed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The way from a site to its product.
    pub path: ProductPath,
    /// Why this path is taken.
    pub reason: String,
    /// What the text of a row must show before a molecule is made from it.
    pub prefilter: String,
}

/// The way from a site to its product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProductPath {
    /// The product is an edit of the parent.
    Edit,
    /// The toolkit's own reaction runner makes the product, which is then sanitized.
    Plain,
}

/// An explanation with the transform's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedExplanation {
    /// The transform.
    pub name: String,
    /// How the engine carries it out.
    #[serde(flatten)]
    pub explanation: Explanation,
}
