//! Checks in constant memory that no key appears twice, to verify a written file.

use std::path::{Path, PathBuf};

use super::Key;
use super::key_log::{KeyLog, Kind};
use super::settle::settle;
use crate::disk::Disk;
use crate::error::Error;

/// Counts repeated keys.
pub struct Uniqueness {
    disk: Disk,
    folder: PathBuf,
    keys: KeyLog,
    count: u64,
}

impl Uniqueness {
    /// Without keys, spilling to `folder`.
    pub fn create(disk: &Disk, folder: &Path) -> Result<Self, Error> {
        let keys = KeyLog::create(disk, &super::key_log_path(folder))?;
        Ok(Self { disk: disk.clone(), folder: folder.to_owned(), keys, count: 0 })
    }

    /// Adds the next key.
    pub fn push(&mut self, key: Key) -> Result<(), Error> {
        self.keys.push(Kind::Numbered, key, self.count)?;
        self.count += 1;
        Ok(())
    }

    /// Number of keys that had appeared before.
    pub fn repeated(mut self) -> Result<u64, Error> {
        let survivors = settle(&mut self.keys, &self.disk, &self.folder.join("survivors.bin"), &|| Ok(()))?;
        Ok(self.count - survivors.total())
    }
}
