//! A file of sorted keys that is searched without holding it in memory.
//!
//! It consists of blocks of [`BLOCK_KEYS`] ascending keys (the last one may be shorter), each with a checksum, and of a
//! note in JSON at the end, with its length and a checksum. All of it is checked when the file is opened, and a block
//! again whenever it is read. A file that is damaged, was cut off or has another note is not used.
//!
//! Memory: a filter of 12 to 24 bits per key, at most 32 MiB, and the first key of every block, or of every second,
//! third, ... block, so that they are at most [`MOST_FIRSTS`].

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::file::KnownCounts;
use crate::content::changed_at;
use crate::dedup::{Bloom, Key};
use crate::disk::{Disk, DiskFile};
use crate::error::Error;

const KEY_BYTES: usize = size_of::<Key>();
const CHECKSUM_BYTES: usize = size_of::<u64>();
/// Keys of a block: to read one kilobyte costs little more than to read one key.
const BLOCK_KEYS: usize = 64;
const BLOCK_BYTES: usize = BLOCK_KEYS * KEY_BYTES + CHECKSUM_BYTES;
/// Length and checksum of the note.
const TAIL_BYTES: usize = 2 * CHECKSUM_BYTES;
/// A longer note is not one of ours.
const MOST_NOTE_BYTES: u64 = 1 << 20;
/// Blocks that are written, or checked, at a time.
const BLOCKS_AT_ONCE: usize = 256;

/// Bits of the filter for each key: with 12, it asks the disk about 1 in 100 products that are not known.
const FILTER_BITS_PER_KEY: u64 = 12;
/// 32 MiB. With more than 22 million keys there are fewer bits for each, so that look-ups are slower.
const MOST_FILTER_BITS: u64 = 1 << 28;
/// First keys in memory: 16 MiB.
const MOST_FIRSTS: u64 = 1 << 20;

/// The most heap bytes that an open file takes.
pub const FILE_BYTES: u64 = MOST_FILTER_BITS / 8 + MOST_FIRSTS * KEY_BYTES as u64 + (1 << 20);

/// Writes keys, which must ascend.
pub struct SortedKeysWriter {
    file: DiskFile,
    /// Complete blocks that are not in the file yet.
    blocks: Vec<u8>,
    /// The keys of the block being built.
    block: Vec<u8>,
    /// Where that block begins in the file.
    offset: u64,
}

impl SortedKeysWriter {
    /// A writer to an empty `file`.
    pub fn new(file: DiskFile) -> Self {
        Self { file, blocks: Vec::new(), block: Vec::new(), offset: 0 }
    }

    /// Adds the next key.
    pub fn push(&mut self, key: Key) -> Result<(), Error> {
        self.block.extend_from_slice(&key.to_le_bytes());
        if self.block.len() == BLOCK_KEYS * KEY_BYTES { self.end_block() } else { Ok(()) }
    }

    fn end_block(&mut self) -> Result<(), Error> {
        if self.block.is_empty() {
            return Ok(());
        }
        let checksum = checksum_of(&self.block, self.offset);
        self.offset += (self.block.len() + checksum.len()) as u64;
        self.blocks.append(&mut self.block);
        self.blocks.extend_from_slice(&checksum);
        if self.blocks.len() >= BLOCKS_AT_ONCE * BLOCK_BYTES { self.write_blocks() } else { Ok(()) }
    }

    fn write_blocks(&mut self) -> Result<(), Error> {
        self.file.append(&self.blocks)?;
        self.blocks.clear();
        Ok(())
    }

    /// Ends the file with its note and makes it durable.
    pub fn finish(mut self, note: &Note<impl Serialize>) -> Result<(), Error> {
        self.end_block()?;
        self.write_blocks()?;
        let note = serde_json::to_vec(note).map_err(|error| Error::internal(format!("a note: {error}")))?;
        let length = note.len() as u64;
        self.file.append(&[note.as_slice(), &length.to_le_bytes(), &checksum_of(&note, length)].concat())?;
        self.file.sync()
    }
}

/// What a file says of its keys.
#[derive(Debug, Clone, PartialEq, Serialize, serde::Deserialize)]
pub struct Note<R> {
    /// What they depend on.
    #[serde(flatten)]
    pub recipe: R,
    /// Their counts.
    #[serde(flatten)]
    pub counts: KnownCounts,
}

/// The keys of a file.
pub struct SortedKeys {
    disk: Disk,
    path: PathBuf,
    file: File,
    counts: KnownCounts,
    /// Length of the blocks.
    bytes: u64,
    filter: Bloom,
    /// The first key of each stretch of blocks.
    firsts: Vec<Key>,
    /// Blocks of a stretch.
    stretch: usize,
    /// The stretch that was read last.
    read: Vec<u8>,
}

impl SortedKeys {
    /// The keys in the file at `path` if they were made by `recipe` and are as they were written. `stop_check` is called
    /// meanwhile.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn open<R: DeserializeOwned + PartialEq>(
        disk: &Disk,
        path: &Path,
        recipe: &R,
        stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<Option<Self>, Error> {
        let file = match disk.open(path) {
            Err(Error::OutputFailed { source, .. }) if source.kind() == ErrorKind::NotFound => {
                return Ok(None);
            }
            file => file?,
        };
        match Self::read(disk, path, file, recipe, stop_check) {
            Err(Error::OutputDamaged { .. }) => Ok(None),
            read => read,
        }
    }

    fn read<R: DeserializeOwned + PartialEq>(
        disk: &Disk,
        path: &Path,
        file: File,
        recipe: &R,
        stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<Option<Self>, Error> {
        let length = file.metadata().map_err(|error| Error::output("open", path, error))?.len();
        let (note, bytes) = read_note::<R>(disk, path, &file, length)?;
        if note.recipe != *recipe {
            return Ok(None);
        }
        let counts = note.counts;
        let blocks = counts.distinct.div_ceil(BLOCK_KEYS as u64);
        if bytes != counts.distinct * KEY_BYTES as u64 + blocks * CHECKSUM_BYTES as u64 {
            return Err(damaged(path, bytes));
        }
        let bits = (counts.distinct * FILTER_BITS_PER_KEY).next_power_of_two().clamp(64, MOST_FILTER_BITS);
        let mut keys = Self {
            disk: disk.clone(),
            path: path.to_owned(),
            file,
            counts,
            bytes,
            filter: Bloom::new(bits),
            firsts: Vec::new(),
            stretch: blocks.div_ceil(MOST_FIRSTS).max(1) as usize,
            read: Vec::new(),
        };
        keys.take_in(stop_check)?;
        Ok(Some(keys))
    }

    /// Reads all blocks: checks them, and fills filter and first keys.
    fn take_in(&mut self, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        let (mut offset, mut number, mut latest) = (0, 0_usize, None);
        while offset < self.bytes {
            stop_check()?;
            self.read_blocks(offset, BLOCKS_AT_ONCE)?;
            for block in self.read.chunks(BLOCK_BYTES) {
                for key in keys_of(block) {
                    if latest.is_some_and(|latest| latest >= key) {
                        return Err(damaged(&self.path, offset));
                    }
                    if number.is_multiple_of(self.stretch * BLOCK_KEYS) {
                        self.firsts.push(key);
                    }
                    self.filter.insert(key);
                    latest = Some(key);
                    number += 1;
                }
            }
            offset += self.read.len() as u64;
        }
        self.read = Vec::new(); // look-ups read far shorter stretches
        Ok(())
    }

    /// Reads up to that many blocks from `offset` on, and checks them.
    fn read_blocks(&mut self, offset: u64, blocks: usize) -> Result<(), Error> {
        let length = (self.bytes - offset).min((blocks * BLOCK_BYTES) as u64);
        self.read.resize(length as usize, 0);
        self.disk.read_at(&self.file, &self.path, &mut self.read, offset)?;
        let mut at = offset;
        for block in self.read.chunks(BLOCK_BYTES) {
            let (keys, checksum) = block.split_at(block.len().saturating_sub(CHECKSUM_BYTES));
            if checksum != checksum_of(keys, at) {
                return Err(damaged(&self.path, at));
            }
            at += block.len() as u64;
        }
        Ok(())
    }

    /// Whether the file has that key.
    ///
    /// # Errors
    /// The file has changed since it was opened, or cannot be read.
    pub fn contains(&mut self, key: Key) -> Result<bool, Error> {
        if !self.filter.contains(key) {
            return Ok(false);
        }
        let Some(stretch) = self.firsts.partition_point(|&first| first <= key).checked_sub(1) else {
            return Ok(false);
        };
        self.read_blocks((stretch * self.stretch * BLOCK_BYTES) as u64, self.stretch)?;
        let has_key = |block: &[u8]| {
            let (keys, _) = block.as_chunks::<KEY_BYTES>();
            keys[..key_count(block)].binary_search_by(|found| Key::from_le_bytes(*found).cmp(&key)).is_ok()
        };
        Ok(self.read.chunks(BLOCK_BYTES).any(has_key))
    }

    /// The counts of the molecules that the keys were made from.
    pub fn counts(&self) -> &KnownCounts {
        &self.counts
    }

    /// Heap bytes held.
    pub fn memory_bytes(&self) -> u64 {
        self.filter.bytes() + (self.firsts.capacity() * KEY_BYTES + self.read.capacity()) as u64
    }
}

/// The note of a file of `length` bytes, and the length of the blocks before it.
fn read_note<R: DeserializeOwned>(
    disk: &Disk,
    path: &Path,
    file: &File,
    length: u64,
) -> Result<(Note<R>, u64), Error> {
    let at = length.checked_sub(TAIL_BYTES as u64).ok_or_else(|| damaged(path, 0))?;
    let mut tail = [0; TAIL_BYTES];
    disk.read_at(file, path, &mut tail, at)?;
    let ([note_length, checksum], _) = tail.as_chunks::<CHECKSUM_BYTES>() else {
        return Err(damaged(path, at));
    };
    let note_length = u64::from_le_bytes(*note_length);
    let start = at.checked_sub(note_length).filter(|_| note_length <= MOST_NOTE_BYTES);
    let start = start.ok_or_else(|| damaged(path, at))?;
    let mut note = vec![0; note_length as usize];
    disk.read_at(file, path, &mut note, start)?;
    if *checksum != checksum_of(&note, note_length) {
        return Err(damaged(path, start));
    }
    let note = serde_json::from_slice(&note).map_err(|_| damaged(path, start))?;
    Ok((note, start))
}

fn keys_of(block: &[u8]) -> impl Iterator<Item = Key> {
    let (keys, _) = block.as_chunks::<KEY_BYTES>();
    keys[..key_count(block)].iter().map(|key| Key::from_le_bytes(*key))
}

/// Keys of a block, which its checksum follows.
fn key_count(block: &[u8]) -> usize {
    (block.len() - CHECKSUM_BYTES) / KEY_BYTES
}

/// The checksum of `bytes`; `seed` is where a block begins, so that no block can stand for another.
fn checksum_of(bytes: &[u8], seed: u64) -> [u8; CHECKSUM_BYTES] {
    xxh3_64_with_seed(bytes, seed).to_le_bytes()
}

fn damaged(path: &Path, at: u64) -> Error {
    Error::reading(path, changed_at(at))
}

#[cfg(test)]
#[path = "sorted_keys_tests.rs"]
mod tests;
