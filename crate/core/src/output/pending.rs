//! Files under temporary names until they are complete, for commands that write files of any name.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::disk::{Disk, DiskFile};
use crate::error::Error;
use crate::file_lock::lock;

/// How the names of temporary files end.
const TEMPORARY: &str = ".tmp";

/// Keeps other processes that write the same file away; its own file is removed when dropped.
pub struct OutputLock {
    path: PathBuf,
    _file: File,
}

impl OutputLock {
    /// Takes the lock of the file at `target`.
    ///
    /// # Errors
    /// [`Error::OutputLocked`] if another process has it; [`Error::OutputFailed`].
    pub fn take(target: &Path) -> Result<Self, Error> {
        let path = target.with_file_name(hidden(target.file_name().unwrap_or_default(), ".lock"));
        let mut taken = || Err(Error::OutputLocked { path: target.to_owned() });
        loop {
            if let Some(file) = lock(&path, &mut taken)? {
                return Ok(Self { path, _file: file });
            }
        }
    }
}

impl Drop for OutputLock {
    fn drop(&mut self) {
        // If it stays, the next process takes it over.
        let _ = fs::remove_file(&self.path);
    }
}

/// A file with a temporary name; it is removed when dropped without [`Pending::publish`].
pub struct Pending {
    temporary: PathBuf,
    target: PathBuf,
    is_published: bool,
}

impl Pending {
    /// Creates the temporary file of `target`; one that a killed process has left is replaced.
    ///
    /// # Errors
    /// [`Error::OutputFailed`].
    pub fn create(disk: &Disk, target: PathBuf) -> Result<(DiskFile, Self), Error> {
        let temporary = target.with_file_name(hidden(target.file_name().unwrap_or_default(), TEMPORARY));
        disk.remove(&temporary)?;
        let file = disk.create(&temporary)?;
        Ok((file, Self { temporary, target, is_published: false }))
    }

    /// The path that the file gets.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// [`Error::OutputFailed`].
    pub fn publish(mut self, disk: &Disk) -> Result<(), Error> {
        disk.rename(&self.temporary, &self.target)?;
        self.is_published = true;
        Ok(())
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.is_published {
            // The next process that writes the same file would remove it too.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// The name that a temporary file stands for.
pub fn unhidden(name: &OsStr) -> Option<OsString> {
    let name = name.as_bytes().strip_prefix(b".")?.strip_suffix(TEMPORARY.as_bytes())?;
    Some(OsStr::from_bytes(name).to_owned())
}

fn hidden(name: &OsStr, ending: &str) -> OsString {
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(ending);
    hidden
}
