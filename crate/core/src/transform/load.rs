//! From a path to checked transforms.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::fault::{Checked, Fault};
use super::format::Format;
use super::left_out::LeftOut;
use super::place::Place;
use super::table_file::Table;
use super::values::VERSION;
use super::{TransformFile, cells, file, line_file};
use crate::content::Content;
use crate::error::Error;

/// Largest file read; the predecessor's 32 transforms take 13 kB.
pub(super) const MAX_BYTES: usize = 16 << 20;

/// Reads and checks the transform file at `path`.
///
/// # Errors
/// [`Error::ConfigUnreadable`] where the file cannot be read, else as [`parse`].
pub fn load(path: &Path) -> Result<TransformFile, Error> {
    parse(path, &content(path)?)
}

/// Like [`load`], without the rules that cannot be used, which it returns as errors.
///
/// # Errors
/// Those of [`load`] that concern the whole file.
pub(super) fn load_usable(path: &Path) -> Result<(TransformFile, Vec<Error>), Error> {
    let mut left_out = LeftOut::allowed();
    let file = check(path, &content(path)?, &mut left_out).map_err(|fault| fault.into_error(path))?;
    let errors = left_out.into_faults().into_iter().map(|fault| fault.into_error(path));
    Ok((file, errors.collect()))
}

/// At most one byte more than will be parsed, whatever `path` leads to.
fn content(path: &Path) -> Result<Vec<u8>, Error> {
    let unreadable = |source| Error::ConfigUnreadable { path: path.to_owned(), source };
    let limit = |source| {
        Error::system_limit(|| format!("read {}", path.display()), source).unwrap_or_else(unreadable)
    };
    read(path).map_err(limit)
}

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
    check(path, text, &mut LeftOut::default()).map_err(|fault| fault.into_error(path))
}

fn check(path: &Path, bytes: &[u8], left_out: &mut LeftOut) -> Checked<TransformFile> {
    if bytes.len() > MAX_BYTES {
        let reason = format!("the file has more than {} MiB", MAX_BYTES >> 20);
        return Err(Fault::new(Place::default(), "", reason, "is it a transform file? If so, split it"));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
    let sha256 = Content::of_bytes(bytes).sha256;
    let (notice, idle_keys, (transforms, patterns)) = match Format::of(path, text) {
        Format::Yaml => return file::read(text, sha256, left_out),
        Format::Table(delimiter) => {
            let table = Table::new(text, delimiter)?;
            (table.notice(), table.idle_keys(), cells::transforms(table.rows(), path, left_out)?)
        }
        Format::Lines => {
            let rows = line_file::rows(text).map(Ok);
            (None, Vec::new(), cells::transforms(rows, path, left_out)?)
        }
    };
    let notices = notice.map(|notice| format!("{}: {notice}", path.display())).into_iter().collect();
    Ok(TransformFile { version: VERSION, transforms, notices, sha256, patterns, idle_keys })
}

fn not_utf8(bytes: &[u8], valid: usize) -> Fault {
    let place = std::str::from_utf8(&bytes[..valid]).map(Place::after).unwrap_or_default();
    let is_utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let reason = if is_utf16 { "the file is UTF-16" } else { "not UTF-8" };
    Fault::new(place, "", reason, "save the file as UTF-8")
}
