//! Where key files are kept: the spill folder of a run, or a folder that runs share.
//!
//! A file gets its name when it is complete, and is checked whenever it is opened. Several runs may need the same file at
//! once: one makes it, and the others wait for the lock on its temporary name. A dead process does not hold a lock.

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::file::{KnownCounts, KnownSource, digest};
use super::sorted_keys::{Note, SortedKeys, SortedKeysWriter};
use crate::content::changed_at;
use crate::dedup::DedupKey;
use crate::disk::Disk;
use crate::engine::EngineVersion;
use crate::error::Error;
use crate::file_lock::lock;
use crate::standardization::Standardization;

/// Version of the files' layout.
const FORMAT: u32 = 1;
const EXTENSION: &str = ".keys";
/// How long to wait before trying again to get the lock.
const PAUSE: Duration = Duration::from_millis(50);

/// Whether a file of that name may be a key file.
pub fn is_key_file(name: &str) -> bool {
    name.ends_with(EXTENSION)
}

/// Everything that the keys of a file of known molecules depend on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    format: u32,
    key: DedupKey,
    standardize: Standardization,
    engine: EngineVersion,
    #[serde(flatten)]
    source: KnownSource,
}

impl Recipe {
    /// The keys of this kind that this engine makes of a file, whose molecules it standardizes.
    pub fn new(
        key: DedupKey,
        standardize: Standardization,
        engine: EngineVersion,
        source: KnownSource,
    ) -> Self {
        Self { format: FORMAT, key, standardize, engine, source }
    }

    /// The name of their file: a user sees what it is, and no two recipes share one.
    fn file_name(&self) -> Result<String, Error> {
        let Self { key, engine, source, .. } = self;
        let (sha256, key, digest) = (&source.sha256, key.name(), digest(self)?);
        Ok(format!("{sha256}.{key}.{}-{}.{digest}{EXTENSION}", engine.name, engine.version))
    }
}

/// A folder of key files.
pub struct Store<'a> {
    /// The disk.
    pub disk: &'a Disk,
    /// The folder; created if missing.
    pub folder: &'a Path,
    /// Called now and then; an error ends the work.
    pub stop_check: &'a dyn Fn() -> Result<(), Error>,
}

impl Store<'_> {
    /// The keys of this recipe: those of the folder, or new ones that `make` writes.
    ///
    /// # Errors
    /// Those of the disk and of `make`.
    pub fn find_or_make(
        &self,
        recipe: &Recipe,
        make: impl FnOnce(&mut SortedKeysWriter) -> Result<KnownCounts, Error>,
    ) -> Result<SortedKeys, Error> {
        let path = self.folder.join(recipe.file_name()?);
        let open = || SortedKeys::open(self.disk, &path, recipe, self.stop_check);
        if let Some(found) = open()? {
            return Ok(found);
        }
        self.disk.create_folder_above(self.folder)?;
        let temporary = path.with_added_extension("tmp");
        let mut wait = || {
            sleep(PAUSE);
            (self.stop_check)()
        };
        let _lock = loop {
            // Without one, another process has given the file its name in the meantime.
            if let Some(lock) = lock(&temporary, &mut wait)? {
                break lock;
            }
        };
        if let Some(found) = open()? {
            self.disk.remove(&temporary)?;
            return Ok(found);
        }
        let written = self.write(&temporary, recipe, make);
        let named = written.and_then(|()| self.disk.rename(&temporary, &path));
        if named.is_err() {
            // The first error matters more.
            let _ = self.disk.remove(&temporary);
        }
        named?;
        self.disk.sync_folder(self.folder)?;
        open()?.ok_or_else(|| Error::reading(&path, changed_at(0)))
    }

    fn write(
        &self,
        temporary: &Path,
        recipe: &Recipe,
        make: impl FnOnce(&mut SortedKeysWriter) -> Result<KnownCounts, Error>,
    ) -> Result<(), Error> {
        let mut writer = SortedKeysWriter::new(self.disk.reopen(temporary, 0)?);
        let counts = make(&mut writer)?;
        writer.finish(&Note { recipe: recipe.clone(), counts })
    }
}
