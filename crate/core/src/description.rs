//! What a transform does: in words, and as something to draw.

use serde::{Deserialize, Serialize};

/// What a transform does, from its templates alone, as the toolkit understood them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Description {
    /// The templates in one line, such as `c-OH -> c-O-CH3`.
    pub picture: String,
    /// What changes, in a few words.
    pub change: String,
    /// All facts, by topic.
    pub statements: Vec<Statement>,
}

/// A fact about a transform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// What it is about.
    pub topic: Topic,
    /// The fact, without a full stop.
    pub text: String,
}

/// What a statement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Atoms that stay as they are.
    Kept,
    /// Atoms that stay with another element, isotope or bonds.
    Changed,
    /// Atoms that go.
    Removed,
    /// New atoms.
    Added,
    /// Bonds made, broken or of another order.
    Bonds,
    /// Charges.
    Charges,
    /// Hydrogens of the atoms that stay.
    Hydrogens,
    /// Rings opened or closed.
    Rings,
    /// Configurations.
    Stereo,
    /// Several product templates, or parts of one.
    Products,
}

/// A molecule to draw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Depiction {
    /// Its SMILES.
    pub smiles: String,
    /// Atoms to highlight, by their position in the SMILES. Positions beyond its last atom are those of hydrogens, in the
    /// order in which the toolkit adds them; then all hydrogens are drawn.
    pub atoms: Vec<u32>,
    /// Text below the molecule.
    pub caption: String,
}
