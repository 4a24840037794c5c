//! The output folder: files appear in it under their final names only when they are complete.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use sha2::{Digest, Sha256};
use tempfile::{Builder, NamedTempFile};

use super::{PRODUCTS_FILE, REJECTS_FILE, SUMMARY_FILE};
use crate::error::Error;

/// All final names, in the order in which a new run removes them: a folder without a summary is unfinished.
const FINAL_NAMES: [&str; 3] = [SUMMARY_FILE, PRODUCTS_FILE, REJECTS_FILE];

/// A folder that a run may write to.
#[derive(Debug)]
pub struct OutputFolder {
    path: PathBuf,
}

impl OutputFolder {
    /// Whether a run may use the folder, without touching it.
    pub fn check(path: &Path, force: bool) -> Result<(), Error> {
        match fs::metadata(path) {
            Ok(found) if !found.is_dir() => {
                return Err(Error::output("use as a folder", path, io::ErrorKind::NotADirectory.into()));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Error::output("open", path, error)),
        }
        match taken_names(path).next() {
            Some(found) if !force => Err(Error::OutputExists { path: path.to_owned(), found }),
            _ => Ok(()),
        }
    }

    /// Makes the folder and, with `force`, removes the files of an earlier run, its summary first.
    pub fn prepare(path: &Path, force: bool) -> Result<Self, Error> {
        Self::check(path, force)?;
        fs::create_dir_all(path).map_err(|error| Error::output("create the folder", path, error))?;
        let folder = Self { path: path.to_owned() };
        let taken: Vec<String> = taken_names(path).collect();
        for name in &taken {
            let file = path.join(name);
            fs::remove_file(&file).map_err(|error| Error::output("remove", &file, error))?;
        }
        if !taken.is_empty() {
            folder.sync()?;
        }
        Ok(folder)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A new file that will be `name` when it is published, and is removed if it never is.
    pub fn create(&self, name: &'static str) -> Result<PendingFile, Error> {
        let file = Builder::new()
            .prefix(&temporary_prefix(name))
            .suffix(TEMPORARY_SUFFIX)
            .make_in(&self.path, |path| {
                OpenOptions::new()
                    .write(true)
                    .create_new(true)
                    .mode(0o644)
                    .custom_flags(OFlags::NOFOLLOW.bits() as i32)
                    .open(path)
            })
            .map_err(|error| Error::output("create a file in", &self.path, error))?;
        Ok(PendingFile { file, target: self.path.join(name) })
    }

    /// Makes the names in the folder durable.
    pub fn sync(&self) -> Result<(), Error> {
        File::open(&self.path)
            .and_then(|folder| folder.sync_all())
            .map_err(|error| Error::output("sync the folder", &self.path, error))
    }
}

const TEMPORARY_SUFFIX: &str = ".tmp";

fn temporary_prefix(name: &str) -> String {
    format!(".{name}.")
}

/// Names in the folder that are ours, final ones first. A folder that is not there or cannot be read has none: making
/// the files will say why.
fn taken_names(path: &Path) -> impl Iterator<Item = String> {
    let is_temporary = |name: &str| {
        name.ends_with(TEMPORARY_SUFFIX)
            && FINAL_NAMES.iter().any(|of| name.starts_with(&temporary_prefix(of)))
    };
    let is_there = |name: &&str| path.join(name).symlink_metadata().is_ok();
    let finals: Vec<String> =
        FINAL_NAMES.iter().filter(|name| is_there(name)).map(|&name| name.to_owned()).collect();
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let temporary = entries
        .filter_map(move |entry| entry.file_name().into_string().ok().filter(|name| is_temporary(name)));
    finals.into_iter().chain(temporary)
}

/// A file under its temporary name; dropped without [`PendingFile::seal`] and [`SealedFile::publish`], it is removed.
#[derive(Debug)]
pub struct PendingFile {
    file: NamedTempFile<File>,
    target: PathBuf,
}

impl Write for PendingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Size and content of a file that was read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadBack {
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the content, in hex.
    pub sha256: String,
}

impl PendingFile {
    /// The name that the file will have.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Makes the content durable and reads it back from the disk.
    pub fn seal(self) -> Result<SealedFile, Error> {
        let Self { file, target } = self;
        file.as_file().sync_all().map_err(|error| Error::output("sync", &target, error))?;
        let read = read_back(file.path()).map_err(|error| Error::output("read back", &target, error))?;
        Ok(SealedFile { file, target, read })
    }
}

/// A file whose content is durable and known, not yet under its final name.
#[derive(Debug)]
pub struct SealedFile {
    file: NamedTempFile<File>,
    target: PathBuf,
    read: ReadBack,
}

impl SealedFile {
    /// Where the content lies now.
    pub fn temporary(&self) -> &Path {
        self.file.path()
    }

    /// Gives the file its final name.
    pub fn publish(self, folder: &OutputFolder) -> Result<ReadBack, Error> {
        self.file
            .persist(&self.target)
            .map_err(|refused| Error::output("rename to", &self.target, refused.error))?;
        folder.sync()?;
        Ok(self.read)
    }
}

fn read_back(path: &Path) -> io::Result<ReadBack> {
    let mut file = File::open(path)?;
    let (mut hash, mut bytes, mut block) = (Sha256::new(), 0, vec![0; 1 << 18]);
    loop {
        let read = file.read(&mut block)?;
        if read == 0 {
            break;
        }
        hash.update(&block[..read]);
        bytes += read as u64;
    }
    let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(ReadBack { bytes, sha256 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_when_it_is_published_and_only_then() {
        let outer = tempfile::tempdir().unwrap();
        let path = outer.path().join("a/b");
        let folder = OutputFolder::prepare(&path, false).unwrap();
        let mut pending = folder.create(PRODUCTS_FILE).unwrap();
        pending.write_all(b"abc").unwrap();
        assert!(!path.join(PRODUCTS_FILE).exists());
        let read = pending.seal().unwrap().publish(&folder).unwrap();
        assert_eq!(read.bytes, 3);
        assert_eq!(read.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(fs::read(path.join(PRODUCTS_FILE)).unwrap(), b"abc");
        assert_eq!(fs::read_dir(&path).unwrap().count(), 1, "no temporary file is left");

        drop(folder.create(REJECTS_FILE).unwrap());
        assert_eq!(fs::read_dir(&path).unwrap().count(), 1, "what is dropped leaves nothing");
    }

    #[test]
    fn an_earlier_run_is_replaced_on_request_only() {
        let outer = tempfile::tempdir().unwrap();
        for name in [SUMMARY_FILE, ".products.parquet.Zj3x1k.tmp", "mine.txt"] {
            fs::write(outer.path().join(name), "x").unwrap();
        }
        let error = OutputFolder::prepare(outer.path(), false).unwrap_err();
        assert_eq!(error.code(), "XFORM_OUTPUT_EXISTS");
        assert!(error.to_string().contains("--force"), "{error}");
        OutputFolder::prepare(outer.path(), true).unwrap();
        let left: Vec<_> =
            fs::read_dir(outer.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["mine.txt"], "files that are not ours stay");
    }

    #[test]
    fn a_file_in_place_of_the_folder_is_refused() {
        let outer = tempfile::NamedTempFile::new().unwrap();
        for path in [outer.path().to_owned(), outer.path().join("below")] {
            let error = OutputFolder::prepare(&path, true).unwrap_err();
            assert_eq!(error.code(), "XFORM_OUTPUT_FAILED", "{error}");
            assert!(error.to_string().contains(&path.display().to_string()), "{error}");
        }
    }

    #[test]
    fn a_link_in_place_of_a_file_is_replaced_and_not_followed() {
        let outer = tempfile::tempdir().unwrap();
        let (path, elsewhere) = (outer.path().join("out"), outer.path().join("elsewhere"));
        let folder = OutputFolder::prepare(&path, false).unwrap();
        fs::write(&elsewhere, "mine").unwrap();
        std::os::unix::fs::symlink(&elsewhere, path.join(PRODUCTS_FILE)).unwrap();
        folder.create(PRODUCTS_FILE).unwrap().seal().unwrap().publish(&folder).unwrap();
        assert_eq!(fs::read(&elsewhere).unwrap(), b"mine");
        assert!(path.join(PRODUCTS_FILE).symlink_metadata().unwrap().is_file());
    }

    #[test]
    fn files_can_be_read_by_all() {
        use std::os::unix::fs::PermissionsExt;
        let outer = tempfile::tempdir().unwrap();
        let folder = OutputFolder::prepare(outer.path(), false).unwrap();
        folder.create(SUMMARY_FILE).unwrap().seal().unwrap().publish(&folder).unwrap();
        let mode = fs::metadata(outer.path().join(SUMMARY_FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o644);
    }
}
