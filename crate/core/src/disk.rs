//! Every call to the disk that writes or reads what a run owns, in one place.
//!
//! Tests put a [`Gate`] before these calls: to make one fail, to write less than requested, to kill the process
//! between two calls, or to know what a power cut would leave.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::OFlags;

use crate::error::Error;

/// A call that is about to be made, or has been made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call<'a> {
    /// Creates a file that does not exist yet.
    Create(&'a Path),
    /// Opens an existing file.
    Open(&'a Path),
    /// Writes that many bytes at the end of a file.
    Write(&'a Path, usize),
    /// Reads from a file.
    Read(&'a Path),
    /// Cuts a file to a length.
    Truncate(&'a Path, u64),
    /// Makes a file's content durable.
    Sync(&'a Path),
    /// Renames a file within its folder.
    Rename(&'a Path, &'a Path),
    /// Removes a file.
    Remove(&'a Path),
    /// Creates a folder.
    CreateFolder(&'a Path),
    /// Removes an empty folder.
    RemoveFolder(&'a Path),
    /// Makes the names in a folder durable.
    SyncFolder(&'a Path),
}

/// A hook that tests put before and after calls.
pub trait Gate: Send + Sync {
    /// Before a call: an error makes the call return it instead; for a write, `Some(n)` admits only `n` bytes.
    fn before(&self, call: Call<'_>) -> io::Result<Option<usize>>;

    /// After a call that succeeded.
    fn after(&self, call: Call<'_>);
}

/// The disk.
#[derive(Clone, Default)]
pub struct Disk {
    gate: Option<Arc<dyn Gate>>,
}

impl Disk {
    /// A disk with a gate before its calls.
    pub fn gated(gate: Arc<dyn Gate>) -> Self {
        Self { gate: Some(gate) }
    }

    /// Creates a file that does not exist yet; refuses links.
    pub fn create(&self, path: &Path) -> Result<DiskFile, Error> {
        let open = || options().write(true).create_new(true).open(path);
        let file = self.act("create", path, Call::Create(path), open)?;
        Ok(DiskFile { file, path: path.to_owned(), disk: self.clone() })
    }

    /// Opens a file for appending, after truncating it to `length`; refuses links, and files that are shorter.
    pub fn reopen(&self, path: &Path, length: u64) -> Result<DiskFile, Error> {
        let open = || {
            let mut file = options().read(true).write(true).open(path)?;
            let found = file.metadata()?.len();
            if found < length {
                return Err(io::Error::other(format!("{found} bytes, but {length} were committed")));
            }
            file.seek(SeekFrom::Start(length))?;
            Ok(file)
        };
        let file = self.act("open", path, Call::Open(path), open)?;
        self.act("truncate", path, Call::Truncate(path, length), || file.set_len(length))?;
        Ok(DiskFile { file, path: path.to_owned(), disk: self.clone() })
    }

    /// Opens a file for reading at any position; refuses links.
    pub fn open(&self, path: &Path) -> Result<File, Error> {
        self.act("open", path, Call::Open(path), || options().read(true).open(path))
    }

    /// The content of a file.
    pub fn read(&self, path: &Path) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        let mut file = self.open(path)?;
        self.act("read", path, Call::Read(path), || file.read_to_end(&mut bytes))?;
        Ok(bytes)
    }

    /// Fills `bytes` from `offset` of `file`, whose path is `path`.
    pub fn read_at(&self, file: &File, path: &Path, bytes: &mut [u8], offset: u64) -> Result<(), Error> {
        self.call(Call::Read(path), || file.read_exact_at(bytes, offset))
            .map_err(|error| Error::reading(path, error))
    }

    /// Renames a file within its folder, replacing an existing file of that name.
    pub fn rename(&self, from: &Path, to: &Path) -> Result<(), Error> {
        self.act("rename to", to, Call::Rename(from, to), || fs::rename(from, to))
    }

    /// Removes a file, if it exists.
    pub fn remove(&self, path: &Path) -> Result<(), Error> {
        let removed = self.call(Call::Remove(path), || fs::remove_file(path));
        unless_gone(removed).map_err(|error| Error::output("remove", path, error))
    }

    /// Creates a folder and those above it; an existing folder, or a link to one, is accepted.
    pub fn create_folder_above(&self, path: &Path) -> Result<(), Error> {
        self.act("create the folder", path, Call::CreateFolder(path), || fs::create_dir_all(path))
    }

    /// Creates a folder in an existing one; an existing folder is accepted, a link is not.
    pub fn create_folder(&self, path: &Path) -> Result<(), Error> {
        let create = || {
            match fs::create_dir(path) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
            if fs::symlink_metadata(path)?.is_dir() {
                Ok(())
            } else {
                Err(io::Error::new(io::ErrorKind::NotADirectory, "it is a link or not a folder"))
            }
        };
        self.act("create the folder", path, Call::CreateFolder(path), create)
    }

    /// Removes an empty folder, if it exists.
    pub fn remove_folder(&self, path: &Path) -> Result<(), Error> {
        let removed = self.call(Call::RemoveFolder(path), || fs::remove_dir(path));
        unless_gone(removed).map_err(|error| Error::output("remove", path, error))
    }

    /// Makes the names in a folder durable.
    pub fn sync_folder(&self, path: &Path) -> Result<(), Error> {
        self.act("sync the folder", path, Call::SyncFolder(path), || File::open(path)?.sync_all())
    }

    /// Like `call`, for an `action` on `path`, which the error names.
    fn act<T>(
        &self,
        action: &'static str,
        path: &Path,
        call: Call<'_>,
        act: impl FnOnce() -> io::Result<T>,
    ) -> Result<T, Error> {
        self.call(call, act).map_err(|error| Error::output(action, path, error))
    }

    fn call<T>(&self, call: Call<'_>, act: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        let Some(gate) = &self.gate else { return act() };
        gate.before(call)?;
        let done = act()?;
        gate.after(call);
        Ok(done)
    }
}

impl std::fmt::Debug for Disk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Disk").field("gated", &self.gate.is_some()).finish()
    }
}

/// A file that is only appended to.
#[derive(Debug)]
pub struct DiskFile {
    file: File,
    path: PathBuf,
    disk: Disk,
}

impl DiskFile {
    /// The file's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the content durable.
    pub fn sync(&self) -> Result<(), Error> {
        self.disk.act("sync", &self.path, Call::Sync(&self.path), || self.file.sync_all())
    }

    /// Appends all of `bytes`.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.write_all(bytes).map_err(|error| Error::output("write", &self.path, error))
    }
}

impl Write for DiskFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(gate) = &self.disk.gate else { return self.file.write(bytes) };
        let call = Call::Write(&self.path, bytes.len());
        let allowed = gate.before(call)?.unwrap_or(bytes.len());
        let written = self.file.write(&bytes[..allowed])?;
        gate.after(call);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.custom_flags(OFlags::NOFOLLOW.bits() as i32);
    options
}

fn unless_gone(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn nothing_stays_of_what_was_written_after_the_length_of_a_reopened_file() {
        let folder = tempfile::tempdir().unwrap();
        let (disk, path) = (Disk::default(), folder.path().join("log"));
        disk.create(&path).unwrap().append(b"committed, torn").unwrap();
        disk.reopen(&path, 9).unwrap().append(b"!").unwrap();
        assert_eq!(disk.read(&path).unwrap(), b"committed!");
        assert!(disk.reopen(&path, 11).unwrap_err().to_string().contains("10 bytes, but 11 were committed"));
    }

    #[test]
    fn links_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (mine, link) = (folder.path().join("mine"), folder.path().join("link"));
        fs::write(&mine, "mine").unwrap();
        symlink(&mine, &link).unwrap();
        let disk = Disk::default();
        assert!(disk.create(&link).is_err() && disk.reopen(&link, 0).is_err() && disk.open(&link).is_err());
        assert_eq!(fs::read(&mine).unwrap(), b"mine");
    }
}
