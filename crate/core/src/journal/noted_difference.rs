//! The difference that a recheck found, in the work folder: a run that made a wrong result must not be continued.

use std::path::Path;

use super::{with_checksum, without_checksum};
use crate::disk::Disk;
use crate::error::{Difference, Error};

/// Records the difference at `path`, in `work`.
///
/// # Errors
/// Those of writing.
pub fn note_difference(disk: &Disk, work: &Path, path: &Path, difference: &Difference) -> Result<(), Error> {
    let json = serde_json::to_string(difference).map_err(|error| Error::internal(error.to_string()))?;
    let mut file = disk.create(path)?;
    file.append(with_checksum(&json).as_bytes())?;
    file.sync()?;
    disk.sync_folder(work)
}

/// The difference at `path`. A file that a power cut has damaged is none: the row is not committed, so the run finds
/// the difference again.
///
/// # Errors
/// Those of reading.
pub fn noted_difference(disk: &Disk, path: &Path) -> Result<Option<Difference>, Error> {
    if path.symlink_metadata().is_err() {
        return Ok(None);
    }
    let bytes = disk.read(path)?;
    let json = str::from_utf8(&bytes).ok().and_then(without_checksum);
    Ok(json.and_then(|json| serde_json::from_str(json).ok()))
}
