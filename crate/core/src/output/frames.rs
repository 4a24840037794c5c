//! A file that grows at its end, frame by frame, each with a checksum. No byte of it is used before it is checked.
//!
//! A frame consists of the length of its content (u32), a checksum of that length (u32), a checksum of the content
//! (u64), all little-endian, and the content. The length has its own checksum so that a damaged length does not cause
//! a huge allocation. Each checksum is seeded with that of the frame before, so the last checksum covers the whole
//! file; the manifest records it.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::content::changed_at;
use crate::disk::{Disk, DiskFile};
use crate::error::Error;

const HEADER_BYTES: usize = 16;
/// Capacity that the frame buffer keeps after a frame is written.
const KEPT_BYTES: usize = 256 << 10;

/// Where the frames of a file end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// Their length in bytes.
    pub bytes: u64,
    /// Checksum of the last frame.
    pub checksum: u64,
}

/// Writes frames: the data written since the last flush becomes one frame.
pub struct FrameWriter {
    file: DiskFile,
    end: End,
    /// The frame being built, with room for its header.
    frame: Vec<u8>,
}

impl FrameWriter {
    /// A writer of the frames after `end`, the current end of `file`.
    pub fn new(file: DiskFile, end: End) -> Self {
        Self { file, end, frame: vec![0; HEADER_BYTES] }
    }

    /// Drops the data written since the last flush.
    pub fn discard(&mut self) {
        self.frame.truncate(HEADER_BYTES);
    }

    /// Where the frames that were flushed end.
    pub fn end(&self) -> End {
        self.end
    }

    /// Makes all frames durable.
    pub fn sync(&self) -> Result<End, Error> {
        self.file.sync()?;
        Ok(self.end)
    }

    /// The file's path.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Heap bytes held.
    pub fn memory_bytes(&self) -> u64 {
        self.frame.capacity() as u64
    }
}

impl Write for FrameWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.frame.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let (header, content) = self.frame.split_at_mut(HEADER_BYTES);
        if content.is_empty() {
            return Ok(());
        }
        let made = header_of(content, self.end.checksum)?;
        header.copy_from_slice(&made);
        self.file.write_all(&self.frame)?;
        self.end = End { bytes: self.end.bytes + self.frame.len() as u64, checksum: checksum_in(made) };
        self.frame.truncate(HEADER_BYTES);
        self.frame.shrink_to(KEPT_BYTES);
        Ok(())
    }
}

/// Reads the contents of the frames of a file one after the other.
pub struct FrameReader {
    path: PathBuf,
    file: BufReader<File>,
    /// The end of the frames read so far.
    at: End,
    end: End,
    frame: Vec<u8>,
    used: usize,
}

impl FrameReader {
    /// The frames of the file at `path` up to `end`.
    pub fn open(disk: &Disk, path: &Path, end: End) -> Result<Self, Error> {
        let file = BufReader::with_capacity(KEPT_BYTES, disk.open(path)?);
        Ok(Self { path: path.to_owned(), file, at: End::default(), end, frame: Vec::new(), used: 0 })
    }

    /// Reads all frames; an error if one of them is damaged. `stop_check` is called between two frames.
    pub fn check(mut self, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        while self.next_frame().map_err(|error| Error::reading(&self.path, error))? {
            stop_check()?;
        }
        Ok(())
    }

    /// Reads the next frame; `false` after the last one.
    fn next_frame(&mut self) -> io::Result<bool> {
        self.used = 0;
        self.frame.clear();
        if self.at.bytes == self.end.bytes {
            return if self.at == self.end { Ok(false) } else { Err(self.damaged()) };
        }
        let mut header = [0; HEADER_BYTES];
        self.fill(&mut header)?;
        let left = self.end.bytes.saturating_sub(self.at.bytes + HEADER_BYTES as u64);
        let length = length_in(header).filter(|&length| u64::from(length) <= left);
        let mut frame = std::mem::take(&mut self.frame);
        frame.resize(length.ok_or_else(|| self.damaged())? as usize, 0);
        self.fill(&mut frame)?;
        self.frame = frame;
        if header != header_of(&self.frame, self.at.checksum)? {
            return Err(self.damaged());
        }
        let bytes = self.at.bytes + (HEADER_BYTES + self.frame.len()) as u64;
        self.at = End { bytes, checksum: checksum_in(header) };
        Ok(true)
    }

    /// Fills all of `bytes`. A file that ends too early is damaged. (Arrow would interpret
    /// [`io::ErrorKind::UnexpectedEof`] as the end of the rows.)
    fn fill(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.file.read_exact(bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => self.damaged(),
            _ => error,
        })
    }

    fn damaged(&self) -> io::Error {
        changed_at(self.at.bytes)
    }
}

impl Read for FrameReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.used == self.frame.len() && !self.next_frame()? {
            return Ok(0);
        }
        let read = Read::read(&mut &self.frame[self.used..], buffer)?;
        self.used += read;
        Ok(read)
    }
}

/// The header before the `content` of a frame that follows one with the checksum `before`.
fn header_of(content: &[u8], before: u64) -> io::Result<[u8; HEADER_BYTES]> {
    let length = u32::try_from(content.len()).map_err(|_| io::ErrorKind::FileTooLarge)?.to_le_bytes();
    let mut header = [0; HEADER_BYTES];
    header[..4].copy_from_slice(&length);
    header[4..8].copy_from_slice(&checksum_of_length(length));
    header[8..].copy_from_slice(&xxh3_64_with_seed(content, before).to_le_bytes());
    Ok(header)
}

/// The length of the content that a header announces; `None` if it is damaged.
fn length_in(header: [u8; HEADER_BYTES]) -> Option<u32> {
    let (length, rest) = header.split_first_chunk::<4>()?;
    rest.starts_with(&checksum_of_length(*length)).then(|| u32::from_le_bytes(*length))
}

fn checksum_of_length(length: [u8; 4]) -> [u8; 4] {
    (xxh3_64(&length) as u32).to_le_bytes()
}

fn checksum_in(header: [u8; HEADER_BYTES]) -> u64 {
    header.last_chunk().map_or(0, |checksum| u64::from_le_bytes(*checksum))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTENTS: [&[u8]; 4] = [b"first", b"", b"second, which is longer", b"3"];

    /// Writes a file of frames; returns its end after each non-empty frame.
    fn written(path: &Path) -> Vec<End> {
        let mut writer = FrameWriter::new(Disk::default().create(path).unwrap(), End::default());
        let ends = CONTENTS.map(|content| {
            writer.write_all(content).unwrap();
            writer.flush().unwrap();
            writer.sync().unwrap()
        });
        assert_eq!(ends[0], ends[1], "an empty text is not a frame");
        vec![ends[0], ends[2], ends[3]]
    }

    fn read(path: &Path, end: End) -> io::Result<Vec<u8>> {
        let mut all = Vec::new();
        FrameReader::open(&Disk::default(), path, end).unwrap().read_to_end(&mut all).map(|_| all)
    }

    #[test]
    fn frames_come_back_up_to_any_end_and_go_on_from_there() {
        let (disk, folder) = (Disk::default(), tempfile::tempdir().unwrap());
        let path = folder.path().join("frames");
        let ends = written(&path);
        assert_eq!(read(&path, End::default()).unwrap(), b"");
        assert_eq!(read(&path, ends[0]).unwrap(), b"first");
        assert_eq!(read(&path, ends[2]).unwrap(), b"firstsecond, which is longer3");
        let mut writer = FrameWriter::new(disk.reopen(&path, ends[0].bytes).unwrap(), ends[0]);
        writer.write_all(b"what nobody wants").unwrap();
        writer.discard();
        writer.write_all(b", again").unwrap();
        writer.flush().unwrap();
        let end = writer.sync().unwrap();
        assert_eq!(read(&path, end).unwrap(), b"first, again");
        FrameReader::open(&disk, &path, end).unwrap().check(&|| Ok(())).unwrap();
    }

    #[test]
    fn a_flipped_bit_anywhere_is_damage_and_reserves_no_memory() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("frames");
        let end = written(&path)[2];
        let good = std::fs::read(&path).unwrap();
        for (at, bit) in (0..good.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
            let mut bad = good.clone();
            bad[at] ^= 1 << bit;
            std::fs::write(&path, bad).unwrap();
            let mut reader = FrameReader::open(&Disk::default(), &path, end).unwrap();
            let error = reader.read_to_end(&mut Vec::new()).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "bit {bit} of byte {at}");
            assert!(reader.frame.capacity() < 100, "bit {bit} of byte {at}");
        }
    }

    #[test]
    fn frames_of_another_file_or_moment_are_damage() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("frames");
        let ends = written(&path);
        let good = std::fs::read(&path).unwrap();
        // The first frame removed, and the last one repeated.
        let (first, last) = (ends[0].bytes as usize, ends[1].bytes as usize);
        for bad in [good[first..].to_vec(), [&good[..last], &good[last..], &good[last..]].concat()] {
            std::fs::write(&path, &bad).unwrap();
            let end = End { bytes: bad.len() as u64, ..ends[2] };
            assert_eq!(read(&path, end).unwrap_err().kind(), io::ErrorKind::InvalidData);
        }
        std::fs::write(&path, &good).unwrap();
        let other = End { checksum: ends[2].checksum ^ 1, ..ends[2] };
        assert_eq!(read(&path, other).unwrap_err().kind(), io::ErrorKind::InvalidData);
        std::fs::write(&path, &good[..good.len() - 1]).unwrap();
        assert_eq!(read(&path, ends[2]).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
