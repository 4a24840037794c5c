//! What the summary and the metadata say of a file of known molecules.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::death::Death;
use crate::error::Error;
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

    /// A name for files about it, which no other source shares.
    pub fn label(&self) -> Result<String, Error> {
        Ok(format!("{}.{}", self.sha256, digest(self)?))
    }
}

/// Tells apart what differs in anything, in the name of a file.
pub(super) fn digest(of: &impl Serialize) -> Result<String, Error> {
    let all = serde_json::to_vec(of).map_err(|error| Error::internal(format!("a digest: {error}")))?;
    Ok(format!("{:016x}", xxh3_64(&all)))
}

/// The counts of a file of known molecules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownCounts {
    /// Its rows.
    pub molecules: u64,
    /// Rows that are not a molecule, that the engine cannot write, or that are in quarantine.
    pub unreadable: u64,
    /// Distinct molecules.
    pub distinct: u64,
    /// Rows in quarantine, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quarantined_rows: Vec<QuarantinedRow>,
}

/// A known molecule that the process did not survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantinedRow {
    /// The row of its file, from 0.
    pub row: u64,
    /// The reason.
    pub code: Death,
}

impl KnownFile {
    /// A warning about rows that could not be read, if there are any.
    pub fn warning(&self) -> Option<String> {
        let KnownCounts { molecules, unreadable, .. } = self.counts;
        (unreadable > 0).then(|| {
            format!(
                "{unreadable} of {molecules} molecules in {} (--exclude, column {:?}) could not be read, so products equal \
                 to them are not left out{}",
                self.file.display(),
                self.source.smiles,
                self.counts.of_quarantine().unwrap_or_default()
            )
        })
    }
}

impl KnownCounts {
    /// The end of the warning, if there are rows in quarantine.
    fn of_quarantine(&self) -> Option<String> {
        let rows = &self.quarantined_rows;
        let first = rows.first()?.row;
        let kinds = [
            (Death::Crashed, "crashed the process"),
            (Death::TimedOut, "took more time than --mol-timeout"),
            (Death::OutOfMemory, "ran out of memory even when tried alone"),
        ];
        let count = |death| rows.iter().filter(|row| row.code == death).count();
        let counts = kinds.map(|(death, words)| (count(death), words));
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let listed: Vec<_> = counts.map(|(count, words)| format!("{count} {words}")).collect();
        let differ = rows.iter().any(|row| !row.code.is_the_same_everywhere());
        let differ = if differ { "; another machine may read them, so its output may differ" } else { "" };
        let listed = listed.join(", ");
        Some(format!(
            "; of these, {listed}; the first is row {first}, counted from 0 (known_files lists all){differ}"
        ))
    }
}
