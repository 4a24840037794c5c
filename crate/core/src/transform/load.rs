//! From a path to checked transforms.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::fault::{Checked, Fault};
use super::place::Place;
use super::{TransformFile, file};
use crate::content::Content;
use crate::error::Error;

/// Largest file read; the predecessor's 32 transforms take 13 kB.
pub(super) const MAX_BYTES: usize = 16 << 20;

/// Reads and checks the transform file at `path`.
///
/// # Errors
/// [`Error::ConfigUnreadable`] where the file cannot be read, else as [`parse`].
pub fn load(path: &Path) -> Result<TransformFile, Error> {
    let unreadable = |source| Error::ConfigUnreadable { path: path.to_owned(), source };
    let limit = |source| {
        Error::system_limit(|| format!("read {}", path.display()), source).unwrap_or_else(unreadable)
    };
    let bytes = read(path).map_err(limit)?;
    parse(path, &bytes)
}

/// At most one byte more than will be parsed, whatever `path` leads to.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Checks `text`, the contents of the transform file at `path`.
///
/// # Errors
/// [`Error::ConfigInvalid`] with the place, the key and the reason of the first fault.
pub fn parse(path: &Path, text: &[u8]) -> Result<TransformFile, Error> {
    check(text).map_err(|fault| fault.into_error(path))
}

fn check(bytes: &[u8]) -> Checked<TransformFile> {
    if bytes.len() > MAX_BYTES {
        let reason = format!("the file has more than {} MiB", MAX_BYTES >> 20);
        return Err(Fault::new(Place::default(), "", reason, "is it a transform file? If so, split it"));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
    file::read(text, Content::of_bytes(bytes).sha256)
}

fn not_utf8(bytes: &[u8], valid: usize) -> Fault {
    let place = std::str::from_utf8(&bytes[..valid]).map(Place::after).unwrap_or_default();
    let is_utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let reason = if is_utf16 { "the file is UTF-16" } else { "not UTF-8" };
    Fault::new(place, "", reason, "save the file as UTF-8")
}
