//! The checksum by which a run names its input.

use std::fs::File;
use std::path::Path;

use super::format::unreadable;
use crate::content::Content;
use crate::error::Error;

/// SHA-256 of the file's bytes in lower-case hex; `None` where `cancelled` said so between two blocks.
pub fn hash_file(path: &Path, mut cancelled: impl FnMut() -> bool) -> Result<Option<String>, Error> {
    let mut file = File::open(path).map_err(|error| unreadable(path, error))?;
    let mut stopped = false;
    let content = Content::of_unless(&mut file, &mut || {
        stopped = cancelled();
        stopped
    });
    if stopped {
        return Ok(None);
    }
    content.map(|content| Some(content.sha256)).map_err(|error| unreadable(path, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::BLOCK_BYTES;

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
