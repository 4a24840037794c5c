//! The owner of the quarantine in a work folder, as long as no manifest records it: a run must not skip rows that a
//! different run did not survive.

use std::path::Path;

use super::{Header, difference_on_resume};
use crate::disk::Disk;
use crate::error::Error;

/// Records at `path`, in `work`, that the supervisor's files there will belong to the run of `header`.
pub fn claim(disk: &Disk, work: &Path, path: &Path, header: &Header) -> Result<(), Error> {
    let json = serde_json::to_vec(header).map_err(|error| Error::internal(format!("the claim: {error}")))?;
    let mut file = disk.create(path)?;
    file.append(&json)?;
    file.sync()?;
    disk.sync_folder(work)
}

/// Whether the owner is the run of `header`, or one that it continues. A claim that cannot be read belongs to no run:
/// the supervisor then identifies the rows again.
pub fn is_claimed(disk: &Disk, path: &Path, header: &Header) -> bool {
    let claimed = disk.read(path).ok().and_then(|json| serde_json::from_slice::<Header>(&json).ok());
    claimed.is_some_and(|claimed| {
        claimed.input == header.input && difference_on_resume(&claimed.shape, &header.shape).is_none()
    })
}
