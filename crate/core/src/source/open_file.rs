//! Opens the file of a library.

use std::fs::File;
use std::path::Path;

use crate::error::Error;
use crate::stable_file::{StableFile, unreadable};

/// Opens the input file at `path`.
///
/// # Errors
/// [`Error::InputNotFound`], and [`Error::InputUnreadable`] for what is not a file.
pub fn open_file(path: &Path) -> Result<StableFile, Error> {
    let refuse =
        |reason: &str| Err(Error::InputUnreadable { path: path.to_owned(), reason: reason.to_owned() });
    // Checked before opening, because opening a pipe would wait for its writer.
    let metadata = std::fs::metadata(path).map_err(|error| unreadable(path, error))?;
    if metadata.is_dir() {
        return refuse("it is a directory; name a file");
    }
    if !metadata.is_file() {
        return refuse("it is not a regular file");
    }
    File::open(path).and_then(|file| StableFile::new(path, file)).map_err(|error| unreadable(path, error))
}
