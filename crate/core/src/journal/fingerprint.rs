//! A quick look at the input, to tell at once that it is another file.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::content::Content;
use crate::error::Error;
use crate::source::unreadable;

const EDGE_BYTES: u64 = 1 << 20;

/// Size and edges of a file. Files that differ only in between look the same: the SHA-256 of the whole, which takes
/// its time, tells them apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the first and the last MiB, in hex.
    pub edges_sha256: String,
}

impl Fingerprint {
    /// Of the file at `path`.
    pub fn of(path: &Path) -> Result<Self, Error> {
        read(path).map_err(|error| unreadable(path, error))
    }
}

fn read(path: &Path) -> io::Result<Fingerprint> {
    let mut head = File::open(path)?;
    let bytes = head.metadata()?.len();
    let mut tail = File::open(path)?;
    tail.seek(SeekFrom::Start(bytes.saturating_sub(EDGE_BYTES)))?;
    let edges = Content::of(&mut (&mut head).take(EDGE_BYTES).chain(tail.take(EDGE_BYTES)))?;
    Ok(Fingerprint { bytes, edges_sha256: edges.sha256 })
}
