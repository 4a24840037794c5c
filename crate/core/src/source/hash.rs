//! The checksum by which a run names its input.

use std::fmt::Write;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::format::unreadable;
use crate::error::Error;

/// Bytes read between two looks at the cancel flag: a few milliseconds.
const BLOCK_BYTES: usize = 1 << 20;

/// SHA-256 of the file's bytes in lower-case hex; `None` where `cancelled` said so between two blocks of 1 MiB.
pub fn hash_file(path: &Path, mut cancelled: impl FnMut() -> bool) -> Result<Option<String>, Error> {
    let mut file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut block = vec![0; BLOCK_BYTES];
    let mut hasher = Sha256::new();
    loop {
        if cancelled() {
            return Ok(None);
        }
        match file.read(&mut block).map_err(|error| unreadable(path, &error))? {
            0 => break,
            read => hasher.update(&block[..read]),
        }
    }
    let mut hex = String::with_capacity(64);
    for byte in hasher.finalize() {
        // Writing into a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    Ok(Some(hex))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_the_published_vectors() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc");
        std::fs::write(&path, "abc").unwrap();
        assert_eq!(
            hash_file(&path, || false).unwrap().as_deref(),
            Some("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        );
        std::fs::write(&path, "").unwrap();
        assert_eq!(
            hash_file(&path, || false).unwrap().as_deref(),
            Some("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        );
    }

    #[test]
    fn stops_between_blocks() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large");
        std::fs::write(&path, vec![7; 3 * BLOCK_BYTES]).unwrap();
        let mut asked = 0;
        let stopped = hash_file(&path, || {
            asked += 1;
            asked == 3
        });
        assert!(matches!(stopped, Ok(None)));
        assert_eq!(asked, 3);
        assert!(matches!(hash_file(&folder.path().join("none"), || false), Err(Error::InputNotFound { .. })));
    }
}
