//! Paths as text, in JSON and on their way here: a path need not be UTF-8, but text must be.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use serde::Serializer;

/// The first character of a packed path; no path contains it.
const MARK: char = '\0';

/// The path that `text` is, or packs: after a NUL, each character stands for the byte with that number. JavaScript
/// passes paths that are not UTF-8 in this way (`src/paths.ts`).
pub fn unpack(text: String) -> PathBuf {
    match text.strip_prefix(MARK) {
        None => text.into(),
        // Packed text never contains characters beyond a byte.
        Some(packed) => {
            let bytes = packed.chars().map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?'));
            OsString::from_vec(bytes.collect()).into()
        }
    }
}

/// Whether the path, if it leads nowhere, may be meant as a pattern for the names of files.
pub fn is_pattern(path: &Path) -> bool {
    path.as_os_str().as_bytes().iter().any(|byte| b"*?[".contains(byte))
}

/// The path for people to read; bytes that are not UTF-8 are replaced by U+FFFD.
pub fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Writes the path as [`shown`].
pub fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&shown(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_path_is_its_bytes_and_any_other_is_itself() {
        assert_eq!(unpack("\0a/\u{e9}\u{ff}b".to_owned()).as_os_str().as_bytes(), b"a/\xe9\xffb");
        assert_eq!(unpack("a/é".to_owned()), Path::new("a/é"));
        assert_eq!(unpack(String::new()), Path::new(""));
    }
}
