//! Files that a run reads, and that it must therefore not remove or replace.
//!
//! A file may have several names: links to it, hard links, links to the folder that it is in. Two names mean the same
//! file if they lead to the same path after resolving links, or to the same inode of the same device. The path is
//! compared too, because some network file systems invent their inodes.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// The file that a path leads to.
#[derive(Debug)]
struct Identity {
    /// `None` for something without a path, such as a pipe.
    path: Option<PathBuf>,
    device: u64,
    inode: u64,
}

impl Identity {
    /// `None` if the path leads nowhere.
    fn of(path: &Path) -> Option<Self> {
        let found = fs::metadata(path).ok()?;
        Some(Self { path: fs::canonicalize(path).ok(), device: found.dev(), inode: found.ino() })
    }

    fn is_same(&self, other: &Self) -> bool {
        let is_same_path = self.path.is_some() && self.path == other.path;
        is_same_path || (self.device, self.inode) == (other.device, other.inode)
    }
}

/// Refuses a run if one of the files that it `reads` is also one that it is going to remove or replace, by any name.
///
/// # Errors
/// [`Error::InputInOutput`] with both names.
pub fn refuse_if_read(reads: &[&Path], mut doomed: impl Iterator<Item = PathBuf>) -> Result<(), Error> {
    let reads: Vec<_> = reads.iter().filter_map(|&path| Some((path, Identity::of(path)?))).collect();
    let found = doomed.find_map(|doomed| {
        let identity = Identity::of(&doomed)?;
        let &(path, _) = reads.iter().find(|(_, read)| read.is_same(&identity))?;
        Some((path.to_owned(), doomed))
    });
    found.map_or(Ok(()), |(path, found)| Err(Error::InputInOutput { path, found }))
}

/// All files in `folder` and its subfolders. Links are not followed.
pub fn files_below(folder: PathBuf) -> impl Iterator<Item = PathBuf> {
    let mut folders = vec![folder];
    let mut files = Vec::new();
    std::iter::from_fn(move || {
        while files.is_empty() {
            for entry in fs::read_dir(folders.pop()?).into_iter().flatten().flatten() {
                let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                if is_folder { &mut folders } else { &mut files }.push(entry.path());
            }
        }
        files.pop()
    })
}
