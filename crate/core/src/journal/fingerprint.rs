//! A quick check of the input, which often shows at once that it is a different file.

use std::io::{self, Read, Seek, SeekFrom};

use serde::{Deserialize, Serialize};

use crate::content::Content;
use crate::error::Error;
use crate::stable_file::{StableFile, unreadable};

const EDGE_BYTES: u64 = 1 << 20;

/// Size and edges of a file. Files that differ only in between look the same; the SHA-256 of the whole file, which
/// takes longer, distinguishes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the first and the last MiB, in hex.
    pub edges_sha256: String,
}

impl Fingerprint {
    /// The fingerprint of `file`.
    pub fn of(file: &StableFile) -> Result<Self, Error> {
        read(file).map_err(|error| file.or_changed(unreadable(file.path(), error)))
    }
}

fn read(file: &StableFile) -> io::Result<Fingerprint> {
    let (bytes, mut tail) = (file.bytes(), file.reader());
    tail.seek(SeekFrom::Start(bytes.saturating_sub(EDGE_BYTES)))?;
    let edges = Content::of(&mut file.reader().take(EDGE_BYTES).chain(tail.take(EDGE_BYTES)))?;
    Ok(Fingerprint { bytes, edges_sha256: edges.sha256 })
}
