//! Locks that end with their process.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

use crate::error::Error;

/// Locks the file at `path`, which is created if missing; `None` if it was removed or renamed in the meantime. As long as
/// another process holds the lock, `wait` is called, whose error ends the attempt.
///
/// # Errors
/// That of `wait`; [`Error::OutputFailed`] if the file cannot be locked.
pub fn lock(path: &Path, wait: &mut dyn FnMut() -> Result<(), Error>) -> Result<Option<File>, Error> {
    let failed = |error: io::Error| Error::output("lock", path, error);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).custom_flags(OFlags::NOFOLLOW.bits() as i32);
    let file = options.open(path).map_err(failed)?;
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) => wait()?,
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
    }
    let held = file.metadata().map_err(failed)?.ino();
    let is_there = fs::symlink_metadata(path).is_ok_and(|found| found.ino() == held);
    Ok(is_there.then_some(file))
}
