//! Byte strings in one buffer: the SMILES on their way to an engine, and those of its products.

/// Byte strings one after the other, with the `len + 1` offsets at which they begin and end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strings {
    bytes: Vec<u8>,
    offsets: Vec<u32>,
}

/// The SMILES of a micro-batch, one per row, UTF-8 without NUL bytes.
pub type SmilesBatch = Strings;

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
