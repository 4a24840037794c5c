//! A library: one file or stream, or several files that are read one after the other as if they were one.
//!
//! All files are opened before a run starts, so that what does not fit is refused then: their columns must agree
//! ([`columns`]). Afterwards a file is open only while it is read or hashed. The rows of all files are numbered in one
//! sequence, and [`Chain`] reads them. A library whose one file was named is that file: it stays open, and its rows have no
//! column that names it.
//!
//! Memory: a few hundred bytes for each file, and the checksums of its blocks ([`crate::stable_file`]).

mod chain;
mod columns;
mod entered;
mod file;
mod hive;
mod listing;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use self::chain::Chain;
use self::columns::{LibraryColumns, Union};
pub use self::entered::EnteredLibrary;
pub use self::file::LibraryFile;
pub use self::listing::is_stream;
use crate::content::Content;
use crate::error::Error;
use crate::source::{InputColumns, ReadsAsSmiles, Source, SourceOptions, count_rows};

/// A library. Clones share it.
#[derive(Debug, Clone)]
pub struct Library {
    shared: Arc<Shared>,
}

struct Shared {
    files: Vec<LibraryFile>,
    /// Whether there may be several files.
    is_several: bool,
    options: SourceOptions,
    columns: LibraryColumns,
    notices: Vec<String>,
    /// The source that was opened to find the columns of the first file: a stream cannot be opened again.
    first: Mutex<Option<Box<dyn Source>>>,
    sha256: OnceLock<String>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(&self.files).finish()
    }
}

impl Library {
    /// Opens the files that `given` names and finds their columns.
    ///
    /// # Errors
    /// Those of an input; [`Error::InputColumn`] for columns that do not agree.
    pub fn open(
        given: &[PathBuf],
        options: &SourceOptions,
        reads_as_smiles: &ReadsAsSmiles<'_>,
    ) -> Result<Self, Error> {
        let listing = listing::list(given)?;
        let is_several = listing.is_several;
        let mut files = Vec::with_capacity(listing.files.len());
        let options = SourceOptions { may_lack_columns: is_several, ..options.clone() };
        let (mut union, mut first, mut only) = (Union::new(&options), None, None);
        for listed in listing.files {
            let (file, source) = LibraryFile::open(listed, &options, reads_as_smiles, !is_several)?;
            let found = source.columns();
            match is_several {
                true => union.add(file.path(), found, file.partitions())?,
                false => only = Some(found.clone()),
            }
            if first.is_none() {
                first = Some(source);
            }
            files.push(file);
        }
        let (columns, mut notices) = match only {
            Some(columns) => (LibraryColumns::of_one(columns), Vec::new()),
            None => union.finish()?,
        };
        notices.extend(listing.notices);
        let (first, sha256) = (Mutex::new(first), OnceLock::new());
        Ok(Self { shared: Arc::new(Shared { files, is_several, options, columns, notices, first, sha256 }) })
    }

    /// Its files, in their order.
    pub fn files(&self) -> &[LibraryFile] {
        &self.shared.files
    }

    /// Whether there may be several files. If not, it is a file or a stream that was named.
    pub fn is_several(&self) -> bool {
        self.shared.is_several
    }

    /// Whether it can be read only once.
    pub fn is_stream(&self) -> bool {
        self.files().iter().any(|file| file.stream().is_some())
    }

    /// The columns of its rows.
    pub fn columns(&self) -> &InputColumns {
        &self.shared.columns.columns
    }

    /// What the user should know about its files.
    pub fn notices(&self) -> &[String] {
        &self.shared.notices
    }

    /// The paths of its files.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files().iter().map(LibraryFile::path)
    }

    /// Its rows, from the first one.
    ///
    /// # Errors
    /// [`Error::InputUnreadable`] if it is a stream that was read before.
    pub fn source(&self) -> Result<Box<dyn Source>, Error> {
        let first = self.shared.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        match self.files().iter().find(|file| file.stream().is_some()).filter(|_| first.is_none()) {
            Some(file) => Err(Error::InputUnreadable {
                path: file.path().to_owned(),
                reason: "it is a stream, which can be read only once; save it to a file".to_owned(),
            }),
            None => Ok(Box::new(Chain::new(self.clone(), first))),
        }
    }

    /// Its number of rows; files that do not state theirs are read. `stop_check` is called now and then.
    ///
    /// # Errors
    /// Those of the source and of `stop_check`.
    pub fn count_rows(&self, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<u64, Error> {
        let mut rows = 0;
        for file in self.files() {
            rows += match file.rows() {
                Some(rows) => rows,
                None => {
                    let counted = count_rows(&mut *file.source(&self.shared.options)?, stop_check)?;
                    file.set_rows(counted);
                    counted
                }
            };
        }
        Ok(rows)
    }

    /// The number of leading files whose rows are all among the first `rows` of the library.
    pub fn files_within(&self, rows: u64) -> usize {
        let left_after = |left: &mut u64, file: &LibraryFile| {
            *left = left.checked_sub(file.rows()?)?;
            Some(())
        };
        self.files().iter().scan(rows, left_after).count()
    }

    /// The number of leading files whose SHA-256 is known.
    pub fn files_hashed(&self) -> usize {
        self.files().iter().take_while(|file| file.sha256().is_some()).count()
    }

    /// The number of leading files that have the first `rows` rows.
    pub fn files_with(&self, rows: u64) -> usize {
        let within = self.files_within(rows);
        let before: u64 = self.files()[..within].iter().filter_map(LibraryFile::rows).sum();
        within + usize::from(before < rows)
    }

    /// What identifies its content, once all files are hashed: the SHA-256 of the file that was named, or that of the list
    /// that `sha256sum` prints for all files.
    pub fn sha256(&self) -> Option<&str> {
        if !self.is_several() {
            return self.files().first()?.sha256();
        }
        if let Some(known) = self.shared.sha256.get() {
            return Some(known);
        }
        let listed: Option<Vec<_>> =
            self.files().iter().map(|file| Some((file.sha256()?, file.path()))).collect();
        let listed = listed?;
        Some(self.shared.sha256.get_or_init(|| sha256_of_list(listed)))
    }

    /// Makes sure, when everything has been read, that the files are still those that were opened.
    ///
    /// # Errors
    /// [`Error::InputChanged`] naming the file, and that of `stop_check`.
    pub fn confirm(&self, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        self.files().iter().try_for_each(|file| file.confirm(stop_check))
    }

    /// Reads what is left of a stream.
    ///
    /// # Errors
    /// Those of the stream and of `stop_check`.
    pub fn drain(&self, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        self.files().iter().filter_map(LibraryFile::stream).try_for_each(|stream| stream.drain(stop_check))
    }

    /// Ends every wait for the bytes of a stream as soon as `stop` is set.
    pub fn stop_with(&self, stop: &Arc<AtomicBool>) {
        self.files()
            .iter()
            .filter_map(LibraryFile::stream)
            .for_each(|stream| stream.stop_with(Arc::clone(stop)));
    }
}

/// The SHA-256, in hex, of the list that `sha256sum` prints for files with these SHA-256s and paths.
pub fn sha256_of_list<'a>(files: impl IntoIterator<Item = (&'a str, &'a Path)>) -> String {
    let lines = files.into_iter().map(|(sha256, path)| format!("{sha256}  {}\n", path.display()));
    Content::of_bytes(lines.collect::<String>().as_bytes()).sha256
}

#[cfg(test)]
mod tests;
