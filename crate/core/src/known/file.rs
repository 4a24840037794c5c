//! What the summary and the metadata say of a file of known molecules.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::source::{Delimiter, InputColumns};
use crate::strings::Notation;

/// A file of known molecules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownFile {
    /// Its path.
    #[serde(serialize_with = "crate::path_text::serialize")]
    pub file: PathBuf,
    /// Its content, and how it was read.
    #[serde(flatten)]
    pub source: KnownSource,
    /// Its counts.
    #[serde(flatten)]
    pub counts: KnownCounts,
}

/// Everything about a file of known molecules that affects the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownSource {
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    /// Name of the column with its molecules.
    pub smiles: String,
    /// How they are written.
    #[serde(default, skip_serializing_if = "Notation::is_smiles")]
    pub notation: Notation,
    /// What separates its columns, if it is text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<Delimiter>,
    /// Whether its first line names the columns, if it is text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
}

impl KnownSource {
    /// The file with this hash, read with these columns.
    pub(super) fn new(sha256: String, columns: &InputColumns) -> Self {
        let layout = columns.layout.as_ref();
        Self {
            sha256,
            smiles: columns.smiles.clone(),
            notation: columns.notation,
            delimiter: layout.map(|layout| layout.delimiter),
            header: layout.map(|layout| layout.header),
        }
    }
}

/// The counts of a file of known molecules.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownCounts {
    /// Its rows.
    pub molecules: u64,
    /// Rows that are not a molecule, or that the engine cannot write.
    pub unreadable: u64,
    /// Distinct molecules.
    pub distinct: u64,
}

impl KnownFile {
    /// A warning about rows that could not be read, if there are any.
    pub fn warning(&self) -> Option<String> {
        let KnownCounts { molecules, unreadable, .. } = self.counts;
        (unreadable > 0).then(|| {
            format!(
                "{unreadable} of {molecules} molecules in {} (--exclude, column {:?}) could not be read, so products equal \
                 to them are not left out",
                self.file.display(),
                self.source.smiles
            )
        })
    }
}
