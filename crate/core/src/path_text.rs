//! Paths as text, in JSON and on their way here: a path need not be UTF-8, and text has to be.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use serde::Serializer;

/// What begins a packed path. No path has it.
const MARK: char = '\0';

/// The path that `text` is, or packs: after a NUL, each character stands for the byte of that number. JavaScript hands over
/// paths that are not UTF-8 in this way (`src/paths.ts`).
pub fn unpack(text: String) -> PathBuf {
    match text.strip_prefix(MARK) {
        None => text.into(),
        // Characters beyond a byte are not packed by anybody.
        Some(packed) => {
            let bytes = packed.chars().map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?'));
            OsString::from_vec(bytes.collect()).into()
        }
    }
}

/// Writes the path for people to read; what is not UTF-8 in it is replaced by U+FFFD.
pub fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

/// The same for a path that there need not be.
pub fn serialize_option<S: Serializer>(path: &Option<PathBuf>, serializer: S) -> Result<S::Ok, S::Error> {
    match path {
        Some(path) => serialize(path, serializer),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn a_packed_path_is_its_bytes_and_any_other_is_itself() {
        assert_eq!(unpack("\0a/\u{e9}\u{ff}b".to_owned()).as_os_str().as_bytes(), b"a/\xe9\xffb");
        assert_eq!(unpack("a/é".to_owned()), Path::new("a/é"));
        assert_eq!(unpack(String::new()), Path::new(""));
    }
}
