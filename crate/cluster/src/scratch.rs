//! The folder in which an executor keeps shuffled data, inside the one that `--scratch` names.
//!
//! Ballista removes every folder in its working folder when it ends, so it gets a separate folder. The folder is
//! locked while its executor lives. If an executor was killed, the next one in the same place removes its folder.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use tempfile::TempDir;
use xform_core::Error;

const PREFIX: &str = "xform-executor-";

/// The folder, which is removed when this is dropped.
#[derive(Debug)]
pub struct Scratch {
    folder: TempDir,
    /// Holds the lock.
    _handle: File,
}

impl Scratch {
    /// A new folder in `parent`, which is created if it is missing.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn create(parent: &Path) -> Result<Self, Error> {
        Self::created(parent).map_err(|error| Error::output("create a folder in", parent, error))
    }

    fn created(parent: &Path) -> io::Result<Self> {
        fs::create_dir_all(parent)?;
        // While this lock is held, no other executor clears up between the creation of a folder and its lock.
        let whole = File::open(parent)?;
        whole.lock()?;
        clear_up(parent)?;
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent)?;
        let handle = File::open(folder.path())?;
        handle.lock()?;
        Ok(Self { folder, _handle: handle })
    }

    /// The path of the folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes the folders of executors that are gone.
fn clear_up(parent: &Path) -> io::Result<()> {
    for entry in fs::read_dir(parent)? {
        let entry = entry?;
        let is_ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
        if !is_ours || !entry.file_type()?.is_dir() {
            continue;
        }
        let handle = File::open(entry.path())?;
        if handle.try_lock().is_ok() {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_a_killed_executor_left_is_removed_and_nothing_else() {
        let parent = tempfile::tempdir().unwrap();
        let lives = Scratch::create(parent.path()).unwrap();
        fs::create_dir_all(parent.path().join("xform-executor-gone/job/1")).unwrap();
        fs::write(parent.path().join("xform-executor-file"), b"").unwrap();
        fs::create_dir(parent.path().join("library")).unwrap();
        let next = Scratch::create(parent.path()).unwrap();
        let name = |scratch: &Scratch| scratch.path().file_name().unwrap().to_str().unwrap().to_owned();
        let mut expected =
            vec!["library".to_owned(), "xform-executor-file".to_owned(), name(&lives), name(&next)];
        expected.sort();
        assert_eq!(names(parent.path()), expected);
        drop((lives, next));
        assert_eq!(names(parent.path()), ["library", "xform-executor-file"]);
    }
}
