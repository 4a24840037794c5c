//! A file of a library, or a stream.

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::Duration;

use super::hive::Partition;
use super::listing::{ListedFile, is_standard_input};
use crate::error::Error;
use crate::source::{ReadsAsSmiles, Source, SourceOptions, hash_file, open_file, read, read_stream};
use crate::stable_file::{ClosedFile, StableFile};
use crate::stream::Stream;
use crate::strings::SmilesBatch;

/// How long to wait for the end of a stream before checking whether to stop.
const TICK: Duration = Duration::from_millis(20);

/// A file of a library, or a stream, and what is known about it so far.
#[derive(Debug)]
pub struct LibraryFile {
    path: PathBuf,
    partitions: Vec<Partition>,
    content: FileOrStream,
    /// Verdicts on its first lines, in the order in which they were asked for.
    verdicts: Vec<Vec<bool>>,
    rows: OnceLock<u64>,
    sha256: OnceLock<String>,
}

#[derive(Debug)]
enum FileOrStream {
    /// The second is there if the file stays open.
    File(ClosedFile, Option<StableFile>),
    Stream(Stream),
}

impl LibraryFile {
    /// Opens the `listed` file and a source of its rows; the file `stays_open` or is opened again when it is read.
    pub(super) fn open(
        listed: ListedFile,
        options: &SourceOptions,
        reads_as_smiles: &ReadsAsSmiles<'_>,
        stays_open: bool,
    ) -> Result<(Self, Box<dyn Source>), Error> {
        let ListedFile { path, is_stream, partitions } = listed;
        let verdicts = RefCell::new(Vec::new());
        let noting = |texts: &_| {
            let verdict = reads_as_smiles(texts)?;
            verdicts.borrow_mut().push(verdict.clone());
            Ok(verdict)
        };
        let (content, source) = if is_stream {
            let stream = match is_standard_input(&path) {
                true => Stream::standard_input(&path)?,
                false => Stream::open(&path)?,
            };
            let source = read_stream(&path, Box::new(stream.clone()), options, &noting)?;
            (FileOrStream::Stream(stream), source)
        } else {
            let file = open_file(&path)?;
            let source = read(&file, options, &noting)?;
            (FileOrStream::File(file.closed(), stays_open.then_some(file)), source)
        };
        let rows = source.total_rows().map(OnceLock::from).unwrap_or_default();
        let (verdicts, sha256) = (verdicts.into_inner(), OnceLock::new());
        Ok((Self { path, partitions, content, verdicts, rows, sha256 }, source))
    }

    /// Its path, as given or in the folder that was given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The columns that its folders name.
    pub(super) fn partitions(&self) -> &[Partition] {
        &self.partitions
    }

    /// The stream, if it is one.
    pub fn stream(&self) -> Option<&Stream> {
        match &self.content {
            FileOrStream::Stream(stream) => Some(stream),
            FileOrStream::File(..) => None,
        }
    }

    /// The file, open; `None` if it is a stream.
    ///
    /// # Errors
    /// [`Error::InputChanged`], and those of a file that cannot be opened.
    pub fn stable(&self) -> Result<Option<StableFile>, Error> {
        match &self.content {
            FileOrStream::File(_, Some(file)) => Ok(Some(file.clone())),
            FileOrStream::File(closed, None) => closed.open().map(Some),
            FileOrStream::Stream(_) => Ok(None),
        }
    }

    /// Its rows, from the first one, with the columns of the file.
    pub(super) fn source(&self, options: &SourceOptions) -> Result<Box<dyn Source>, Error> {
        let file = self.stable()?.ok_or_else(|| self.read_again())?;
        read(&file, options, &self.verdicts_again())
    }

    /// Repeats the verdicts on its first lines.
    pub(super) fn verdicts_again(&self) -> impl Fn(&SmilesBatch) -> Result<Vec<bool>, Error> + '_ {
        let next = Cell::new(0);
        move |texts| {
            let verdict = self.verdicts.get(next.replace(next.get() + 1));
            verdict.filter(|verdict| verdict.len() == texts.len()).cloned().ok_or_else(|| self.read_again())
        }
    }

    fn read_again(&self) -> Error {
        Error::internal(format!("{} was to be read again", self.path.display()))
    }

    /// Its size; of a stream, 0 until its end was read.
    pub fn bytes(&self) -> u64 {
        match &self.content {
            FileOrStream::File(closed, _) => closed.bytes(),
            FileOrStream::Stream(stream) => stream.content().map_or(0, |content| content.bytes),
        }
    }

    /// Its number of rows, if it states it or has been read to its end.
    pub fn rows(&self) -> Option<u64> {
        self.rows.get().copied()
    }

    /// Notes its number of rows.
    pub fn set_rows(&self, rows: u64) {
        self.rows.get_or_init(|| rows);
    }

    /// Its SHA-256 in hex, once it is known.
    pub fn sha256(&self) -> Option<&str> {
        self.sha256.get().map(String::as_str)
    }

    /// Finds its SHA-256, unless `cancelled` returns true first. A stream has one when its end was read.
    ///
    /// # Errors
    /// Those of a file that cannot be read or has changed.
    pub fn hash(&self, cancelled: &dyn Fn() -> bool) -> Result<(), Error> {
        let sha256 = match self.stable()? {
            Some(file) => hash_file(&file, cancelled)?,
            None => self.hash_of_stream(cancelled),
        };
        if let Some(sha256) = sha256 {
            self.sha256.get_or_init(|| sha256);
        }
        Ok(())
    }

    fn hash_of_stream(&self, cancelled: &dyn Fn() -> bool) -> Option<String> {
        while !cancelled() {
            if let Some(content) = self.stream()?.content() {
                return Some(content.sha256.clone());
            }
            sleep(TICK);
        }
        None
    }

    pub(super) fn confirm(&self, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        self.stable()?.map_or(Ok(()), |file| file.confirm(stop_check))
    }
}
