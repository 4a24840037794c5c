//! How an engine goes about a transform, in words: what `--explain` shows.

use serde::Serialize;

/// How an engine makes the products of a transform, and which rows it need not look at closely. All ways give the same
/// products; they differ in speed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The way from a site to its product.
    pub path: ProductPath,
    /// Why that one.
    pub reason: String,
    /// What a row must show in its text before a molecule is made of it.
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

/// The same with the transform's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedExplanation {
    /// The transform.
    pub name: String,
    /// How the engine goes about it.
    #[serde(flatten)]
    pub explanation: Explanation,
}
