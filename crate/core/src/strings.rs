//! Byte strings in one buffer: the molecules on their way to an engine, and the SMILES of its products.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

/// Byte strings one after the other, with the `len + 1` offsets at which they begin and end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strings {
    bytes: Vec<u8>,
    offsets: Vec<u32>,
}

/// How molecules are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notation {
    /// SMILES.
    #[default]
    Smiles,
    /// Mol blocks, V2000 or V3000, of which an engine makes SMILES before all else.
    MolBlock,
}

impl Notation {
    /// Whether it is SMILES.
    pub fn is_smiles(&self) -> bool {
        *self == Self::Smiles
    }

    /// What molecules in it are called in messages.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Smiles => "SMILES",
            Self::MolBlock => "mol blocks",
        }
    }
}

/// The molecules of a micro-batch, one per row, UTF-8 without NUL bytes: SMILES, or what an engine makes SMILES of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SmilesBatch {
    texts: Strings,
    notation: Notation,
    lines: Vec<u64>,
}

impl SmilesBatch {
    /// No rows yet, of this notation.
    pub fn of(notation: Notation) -> Self {
        Self { notation, ..Self::default() }
    }

    /// How the rows are written.
    pub fn notation(&self) -> Notation {
        self.notation
    }

    /// The line of the file at which each row begins, from 1; empty if no row has been pushed with its line.
    pub fn lines(&self) -> &[u64] {
        &self.lines
    }

    /// Adds a row at the end.
    pub fn push(&mut self, text: &[u8]) {
        self.texts.push(text);
    }

    /// Adds a row that begins at this line of the file, as all others do at theirs.
    pub fn push_at(&mut self, text: &[u8], line: u64) {
        self.texts.push(text);
        self.lines.push(line);
    }

    /// Heap bytes of the rows.
    pub fn memory_bytes(&self) -> usize {
        self.texts.memory_bytes() + size_of_val(self.lines.as_slice())
    }
}

impl Deref for SmilesBatch {
    type Target = Strings;

    fn deref(&self) -> &Strings {
        &self.texts
    }
}

impl From<Strings> for SmilesBatch {
    /// Rows of SMILES.
    fn from(texts: Strings) -> Self {
        Self { texts, ..Self::default() }
    }
}

impl Default for Strings {
    fn default() -> Self {
        Self { bytes: Vec::new(), offsets: vec![0] }
    }
}

impl Strings {
    /// Takes `bytes` and the `len + 1` ascending `offsets` into it.
    ///
    /// # Panics
    /// If the offsets do not begin with 0, descend, or do not end with the length of `bytes`.
    pub fn from_parts(bytes: Vec<u8>, offsets: Vec<u32>) -> Self {
        assert_eq!(offsets.first(), Some(&0), "offsets begin with 0");
        assert_eq!(offsets.last().copied(), Some(bytes.len() as u32), "offsets end with the length");
        assert!(offsets.is_sorted(), "offsets ascend");
        Self { bytes, offsets }
    }

    /// Number of strings.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The string at `index`.
    pub fn get(&self, index: usize) -> &[u8] {
        &self.bytes[self.offsets[index] as usize..self.offsets[index + 1] as usize]
    }

    /// Adds a string at the end.
    pub fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.offsets.push(self.bytes.len() as u32);
    }

    /// Heap bytes of the strings and their offsets.
    pub fn memory_bytes(&self) -> usize {
        self.bytes.len() + size_of_val(self.offsets.as_slice())
    }

    /// All bytes, without separators.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The `len + 1` offsets into [`Strings::bytes`].
    pub fn offsets(&self) -> &[u32] {
        &self.offsets
    }
}
