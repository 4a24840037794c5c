//! The checksum that identifies the input of a run.

use crate::error::Error;
use crate::stable_file::{StableFile, unreadable};

/// SHA-256 of the bytes of `file` in lower-case hex; `None` if `cancelled` returned true between two blocks.
pub fn hash_file(file: &StableFile, mut cancelled: impl FnMut() -> bool) -> Result<Option<String>, Error> {
    let content = file.content(&mut cancelled);
    let content = content.map_err(|error| file.or_changed(unreadable(file.path(), error)))?;
    Ok(content.map(|content| content.sha256))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::BLOCK_BYTES;
    use crate::source::open_file;

    #[test]
    fn stops_between_blocks() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large");
        std::fs::write(&path, vec![7; 3 * BLOCK_BYTES]).unwrap();
        let (file, mut asked) = (open_file(&path).unwrap(), 0);
        let stopped = hash_file(&file, || {
            asked += 1;
            asked == 3
        });
        assert!(matches!(stopped, Ok(None)));
        assert_eq!(asked, 3);
    }
}
