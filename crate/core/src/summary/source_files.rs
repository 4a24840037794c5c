//! The files of a library in a summary.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::library::{Library, LibraryFile, sha256_of_list};

/// Files that are listed at most.
const LISTED_FILES: usize = 1_000;

/// The files of a library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFiles {
    /// Their number.
    pub total: u64,
    /// The first of them, in their order: all, unless there are more than 1,000.
    pub files: Vec<SourceFile>,
}

/// A file of a library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Its path, as in the column `source_file`.
    #[serde(serialize_with = "crate::path_text::serialize")]
    pub file: PathBuf,
    /// Its rows; `None` if the run, because of its `limit`, did not read it to the end.
    pub rows: Option<u64>,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its content, in hex.
    pub sha256: String,
}

impl SourceFiles {
    /// The files of `library`, if there may be several; they must be hashed.
    pub fn of(library: &Library) -> Option<Self> {
        let file = |file: &LibraryFile| SourceFile {
            file: file.path().to_owned(),
            rows: file.rows(),
            bytes: file.bytes(),
            sha256: file.sha256().unwrap_or_default().to_owned(),
        };
        let files = library.files();
        library.is_several().then(|| Self {
            total: files.len() as u64,
            files: files.iter().take(LISTED_FILES).map(file).collect(),
        })
    }

    /// The SHA-256 that identifies them together, if all are listed.
    pub fn sha256(&self) -> Option<String> {
        let named = self.files.iter().map(|file| (file.sha256.as_str(), Path::new(&file.file)));
        (self.files.len() as u64 == self.total).then(|| sha256_of_list(named))
    }

    /// Their rows, if all are listed and all rows are known.
    pub fn rows(&self) -> Option<u64> {
        let rows: Option<u64> = self.files.iter().map(|file| file.rows).sum();
        rows.filter(|_| self.files.len() as u64 == self.total)
    }
}
