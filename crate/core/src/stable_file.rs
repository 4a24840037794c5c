//! A file that is read more than once and must not change in between: the library, which is parsed and hashed, and a
//! shard, which is checked and merged.
//!
//! All readers use the same blocks of [`BLOCK_BYTES`]. The first to read a block records its checksum, and every
//! later reader must find the same checksum. What was parsed is therefore what was hashed, whatever a file system
//! reports about changes. The size and the dates of the file at the start and at the end show a change between the
//! blocks ([`StableFile::confirm`]).
//!
//! A file may be closed and opened again later ([`ClosedFile`]), so that a library of many files needs few descriptors.
//!
//! Memory: 8 bytes per block of the file, 6 MiB for 50 GB; one block per reader.

use std::fs::{File, Metadata};
use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::reader::{ChunkReader, Length};
use xxhash_rust::xxh3::xxh3_64;

use crate::content::Content;
use crate::error::Error;

/// Bytes of a block. Each reader of a Parquet column holds one.
const BLOCK_BYTES: u64 = 64 << 10;

/// A file, opened once for all its readers. Clones share it.
#[derive(Debug, Clone)]
pub struct StableFile {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    file: File,
    facts: ClosedFile,
}

/// A file that need not be open, and what must not change until it is opened again.
#[derive(Debug, Clone)]
pub struct ClosedFile {
    path: PathBuf,
    stamp: Stamp,
    blocks: Arc<Blocks>,
}

/// What is known about the blocks of a file.
#[derive(Debug)]
pub struct Blocks {
    /// Size of the file.
    bytes: u64,
    /// The checksum of each block; 0 until the block is first read.
    checksums: Vec<AtomicU64>,
    /// How a change of the file was noticed.
    change: OnceLock<String>,
}

/// The system's record of a file's size and of its last changes, in seconds and nanoseconds: by a write, and by
/// anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    fn of(file: &Metadata) -> Self {
        Self {
            bytes: file.len(),
            modified: (file.mtime(), file.mtime_nsec()),
            changed: (file.ctime(), file.ctime_nsec()),
        }
    }
}

impl StableFile {
    /// The `file` at `path`, with no known blocks.
    pub fn new(path: &Path, file: File) -> io::Result<Self> {
        let stamp = Stamp::of(&file.metadata()?);
        let checksums = (0..stamp.bytes.div_ceil(BLOCK_BYTES)).map(|_| AtomicU64::new(0)).collect();
        let blocks = Arc::new(Blocks { bytes: stamp.bytes, checksums, change: OnceLock::new() });
        Ok(Self::opened(file, ClosedFile { path: path.to_owned(), stamp, blocks }))
    }

    /// The `file` at `path`, opened again; its blocks must equal the known ones.
    pub fn again(path: &Path, file: File, blocks: &Arc<Blocks>) -> io::Result<Self> {
        let (stamp, blocks) = (Stamp::of(&file.metadata()?), Arc::clone(blocks));
        let again = Self::opened(file, ClosedFile { path: path.to_owned(), stamp, blocks });
        again.check_size(stamp.bytes)?;
        Ok(again)
    }

    fn opened(file: File, facts: ClosedFile) -> Self {
        Self { shared: Arc::new(Shared { file, facts }) }
    }

    /// What has to be known to open the file again.
    pub fn closed(&self) -> ClosedFile {
        self.shared.facts.clone()
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.shared.facts.path
    }

    /// Its size.
    pub fn bytes(&self) -> u64 {
        self.blocks().bytes
    }

    /// What is known about its blocks.
    pub fn blocks(&self) -> &Arc<Blocks> {
        &self.shared.facts.blocks
    }

    /// A reader from its beginning.
    pub fn reader(&self) -> StableReader {
        self.from(0)
    }

    /// A reader from that byte on.
    pub fn from(&self, at: u64) -> StableReader {
        StableReader { file: self.clone(), block: Vec::new(), start: 0, at }
    }

    /// Size and SHA-256; `None` if `stopped` returned true between two blocks.
    pub fn content(&self, stopped: &mut dyn FnMut() -> bool) -> io::Result<Option<Content>> {
        let mut is_stopped = false;
        let content = Content::of_unless(&mut self.reader(), &mut || {
            is_stopped = stopped();
            is_stopped
        });
        if is_stopped { Ok(None) } else { content.map(Some) }
    }

    /// Makes sure, when everything has been read, that the file is still the one that was opened: by its size and
    /// dates and, if only a date differs, by reading it once more. `stop_check` is called meanwhile.
    ///
    /// # Errors
    /// [`Error::InputChanged`], and that of `stop_check`.
    pub fn confirm(&self, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        let now = self.shared.file.metadata().map(|file| Stamp::of(&file));
        let check = |now: Stamp| {
            self.check_size(now.bytes).map_err(|error| self.error(error))?;
            if now == self.shared.facts.stamp {
                return Ok(());
            }
            let content = Content::of_while(&mut self.reader(), &mut || stop_check())?;
            content.map(drop).map_err(|error| self.error(error))
        };
        now.map_err(|error| self.error(error)).and_then(check)
    }

    /// [`Error::InputChanged`] if the file has changed, else `error`.
    pub fn or_changed(&self, error: Error) -> Error {
        match self.blocks().change() {
            Some(reason) => Error::InputChanged { path: self.path().to_owned(), reason: reason.to_owned() },
            None => error,
        }
    }

    fn error(&self, error: io::Error) -> Error {
        self.or_changed(unreadable(self.path(), error))
    }

    fn check_size(&self, bytes: u64) -> io::Result<()> {
        let expected = self.blocks().bytes;
        if bytes == expected {
            return Ok(());
        }
        Err(self.blocks().changed(format!("it has {bytes} bytes and had {expected} before")))
    }

    /// The block that begins at `start`, after checking it.
    fn read_block(&self, start: u64, block: &mut Vec<u8>) -> io::Result<()> {
        let Shared { file, facts: ClosedFile { blocks, .. } } = &*self.shared;
        block.resize((blocks.bytes - start).min(BLOCK_BYTES) as usize, 0);
        match file.read_exact_at(block, start) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(blocks.changed(format!("it had {} bytes and was truncated", blocks.bytes)));
            }
            read => read?,
        }
        blocks.note(start, block)
    }
}

impl ClosedFile {
    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its size.
    pub fn bytes(&self) -> u64 {
        self.blocks.bytes
    }

    /// Opens it again.
    ///
    /// # Errors
    /// [`Error::InputChanged`] if it is gone or has another size, and those of a file that cannot be opened.
    pub fn open(&self) -> Result<StableFile, Error> {
        let gone = || Error::InputChanged { path: self.path.clone(), reason: "it is gone".to_owned() };
        let file = File::open(&self.path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => gone(),
            _ => unreadable(&self.path, error),
        })?;
        let bytes = file.metadata().map_err(|error| unreadable(&self.path, error))?.len();
        let opened = StableFile::opened(file, self.clone());
        opened.check_size(bytes).map_err(|error| opened.error(error))?;
        Ok(opened)
    }
}

impl Blocks {
    /// How a change of the file was noticed, if it has changed.
    pub fn change(&self) -> Option<&str> {
        self.change.get().map(String::as_str)
    }

    fn note(&self, start: u64, block: &[u8]) -> io::Result<()> {
        // A thread that finds a checksum here reads nothing else that depends on it.
        let checksum = xxh3_64(block).max(1);
        let noted = &self.checksums[(start / BLOCK_BYTES) as usize];
        match noted.compare_exchange(0, checksum, Ordering::Relaxed, Ordering::Relaxed) {
            Err(before) if before != checksum => {
                let end = start + block.len() as u64;
                Err(self.changed(format!("bytes {start} to {end} have changed")))
            }
            _ => Ok(()),
        }
    }

    fn changed(&self, reason: String) -> io::Error {
        let reason = self.change.get_or_init(|| reason);
        io::Error::new(io::ErrorKind::InvalidData, format!("it changed while it was read: {reason}"))
    }
}

/// Reads a [`StableFile`] from any position on.
#[derive(Debug)]
pub struct StableReader {
    file: StableFile,
    block: Vec<u8>,
    /// The start of the current block.
    start: u64,
    at: u64,
}

impl BufRead for StableReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.file.bytes() {
            return Ok(&[]);
        }
        let start = self.at - self.at % BLOCK_BYTES;
        if self.block.is_empty() || self.start != start {
            let mut block = std::mem::take(&mut self.block);
            self.file.read_block(start, &mut block)?;
            (self.block, self.start) = (block, start);
        }
        Ok(&self.block[(self.at - start) as usize..])
    }

    fn consume(&mut self, bytes: usize) {
        self.at += bytes as u64;
    }
}

impl Read for StableReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = Read::read(&mut self.fill_buf()?, buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl Seek for StableReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (from, offset) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::Current(offset) => (self.at, offset),
            SeekFrom::End(offset) => (self.file.bytes(), offset),
        };
        self.at = from.checked_add_signed(offset).ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

impl Length for StableFile {
    fn len(&self) -> u64 {
        self.bytes()
    }
}

impl ChunkReader for StableFile {
    type T = StableReader;

    fn get_read(&self, start: u64) -> ParquetResult<StableReader> {
        Ok(self.from(start))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        if start.checked_add(length as u64).is_none_or(|end| end > self.bytes()) {
            let reason = format!("{length} bytes from byte {start} on reach past the end of the file");
            return Err(ParquetError::EOF(reason));
        }
        let mut bytes = vec![0; length];
        self.get_read(start)?.read_exact(&mut bytes)?;
        Ok(bytes.into())
    }
}

/// The error of a file that cannot be opened.
pub(crate) fn unreadable(path: &Path, error: io::Error) -> Error {
    let sorted = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            Error::InputNotFound { path: path.to_owned() }
        }
        _ => Error::InputUnreadable { path: path.to_owned(), reason: error.to_string() },
    };
    Error::system_limit(|| format!("read {}", path.display()), error).unwrap_or_else(sorted)
}

#[cfg(test)]
mod tests {
    use std::fs::{FileTimes, OpenOptions};
    use std::io::Write;

    use super::*;

    const BYTES: usize = 3 * BLOCK_BYTES as usize + 100;

    struct Fixture {
        _folder: tempfile::TempDir,
        path: PathBuf,
        file: StableFile,
    }

    fn fixture() -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, content()).unwrap();
        let file = StableFile::new(&path, File::open(&path).unwrap()).unwrap();
        Fixture { _folder: folder, path, file }
    }

    fn content() -> Vec<u8> {
        (0..BYTES).map(|at| (at % 251) as u8).collect()
    }

    impl Fixture {
        /// Overwrites part of the file, and restores the file's date.
        fn overwrite(&self, at: usize, bytes: &[u8]) {
            let mut file = OpenOptions::new().write(true).open(&self.path).unwrap();
            let modified = file.metadata().unwrap().modified().unwrap();
            file.seek(SeekFrom::Start(at as u64)).unwrap();
            file.write_all(bytes).unwrap();
            file.set_times(FileTimes::new().set_modified(modified)).unwrap();
        }

        fn read(&self) -> io::Result<Vec<u8>> {
            let mut all = Vec::new();
            self.file.reader().read_to_end(&mut all).map(|_| all)
        }

        fn change(&self) -> String {
            let error = self.file.or_changed(Error::internal("nothing"));
            assert_eq!(error.code(), "XFORM_INPUT_CHANGED", "{error}");
            error.to_string()
        }
    }

    fn stop_check() -> Result<(), Error> {
        Ok(())
    }

    #[test]
    fn any_reader_gives_what_is_in_the_file() {
        let fixture = fixture();
        assert!(fixture.read().unwrap() == content());
        for (start, length) in [(0, 5), (BLOCK_BYTES - 2, 4), (70_000, 120_000), (BYTES as u64 - 1, 1)] {
            let found = fixture.file.get_bytes(start, length).unwrap();
            assert!(found == content()[start as usize..][..length], "{length} bytes from {start} on");
        }
        assert!(fixture.file.get_bytes(BYTES as u64, 1).is_err());
        let mut reader = fixture.file.reader();
        reader.seek(SeekFrom::End(-3)).unwrap();
        let mut end = Vec::new();
        reader.read_to_end(&mut end).unwrap();
        assert!(end == content()[BYTES - 3..]);
        let hashed = fixture.file.content(&mut || false).unwrap().unwrap();
        assert_eq!(hashed, Content::of_bytes(&content()));
        assert_eq!(fixture.file.content(&mut || true).unwrap(), None);
        fixture.file.confirm(&stop_check).unwrap();
    }

    #[test]
    fn a_block_that_changes_between_two_readers_is_noticed() {
        for at in [0, 70_000, BYTES - 1] {
            let fixture = fixture();
            fixture.read().unwrap();
            fixture.overwrite(at, &[7]);
            assert!(content()[at] != 7);
            let error = fixture.read().unwrap_err();
            assert!(error.to_string().contains("changed while it was read"), "{error}");
            let text = fixture.change();
            assert!(text.contains("have changed") && text.contains("--force"), "{text}");
        }
    }

    #[test]
    fn a_change_between_the_blocks_is_noticed_at_the_end() {
        let fixture = fixture();
        let mut reader = fixture.file.reader();
        reader.read_exact(&mut [0; 10]).unwrap();
        // A block that was read and one that was not.
        fixture.overwrite(5, &[7; 2 * BLOCK_BYTES as usize]);
        reader.seek(SeekFrom::Start(BLOCK_BYTES)).unwrap();
        reader.read_to_end(&mut Vec::new()).unwrap();
        let error = fixture.file.confirm(&stop_check).unwrap_err();
        assert_eq!(error.code(), "XFORM_INPUT_CHANGED", "{error}");
    }

    #[test]
    fn a_file_that_is_cut_or_grows_is_noticed() {
        let cut = fixture();
        OpenOptions::new().write(true).open(&cut.path).unwrap().set_len(BYTES as u64 - 50).unwrap();
        assert!(cut.read().is_err() && cut.change().contains("was truncated"), "{}", cut.change());
        let grown = fixture();
        assert!(grown.read().unwrap() == content());
        OpenOptions::new().append(true).open(&grown.path).unwrap().write_all(b"more").unwrap();
        assert!(grown.read().unwrap() == content(), "what came later is not read");
        let error = grown.file.confirm(&stop_check).unwrap_err();
        assert_eq!(error.code(), "XFORM_INPUT_CHANGED", "{error}");
    }

    #[test]
    fn a_file_that_is_opened_again_must_be_the_same() {
        let fixture = fixture();
        let closed = fixture.file.closed();
        fixture.read().unwrap();
        let again = closed.open().unwrap();
        again.confirm(&stop_check).unwrap();
        fixture.overwrite(70_000, &[7]);
        let again = closed.open().unwrap();
        assert_eq!(again.confirm(&stop_check).unwrap_err().code(), "XFORM_INPUT_CHANGED");
        OpenOptions::new().write(true).open(&fixture.path).unwrap().set_len(5).unwrap();
        assert_eq!(closed.open().unwrap_err().code(), "XFORM_INPUT_CHANGED");
    }

    #[test]
    fn another_date_or_name_is_no_change() {
        let fixture = fixture();
        fixture.read().unwrap();
        std::fs::rename(&fixture.path, fixture.path.with_extension("old")).unwrap();
        std::fs::write(&fixture.path, "another file of that name").unwrap();
        let again = OpenOptions::new().write(true).open(fixture.path.with_extension("old")).unwrap();
        again.set_times(FileTimes::new().set_modified(std::time::UNIX_EPOCH)).unwrap();
        fixture.file.confirm(&stop_check).unwrap();
        assert!(fixture.read().unwrap() == content());
    }

    #[test]
    fn a_file_opened_again_must_have_the_blocks_that_are_known() {
        let fixture = fixture();
        fixture.read().unwrap();
        let again =
            || StableFile::again(&fixture.path, File::open(&fixture.path).unwrap(), fixture.file.blocks());
        again().unwrap().get_bytes(100, 10).unwrap();
        let other = content().into_iter().rev().collect::<Vec<_>>();
        std::fs::remove_file(&fixture.path).unwrap();
        std::fs::write(&fixture.path, &other).unwrap();
        assert!(again().unwrap().get_bytes(100, 10).is_err());
        std::fs::write(&fixture.path, &other[1..]).unwrap();
        assert!(again().is_err());
    }
}
