//! Keys on disk, by partition of their hash, in a file that grows at its end.
//!
//! A block holds keys of one partition and one kind. Each block refers to the one before it, so a partition can be
//! read without an index in memory, however long the run. Keys are random, so they compress little: sorted and stored
//! byte plane by byte plane, a block takes about 13 of 16 bytes per key.

use std::fs::File;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::Xxh3;
use zstd::bulk::{Compressor, Decompressor};

use super::Key;
use crate::content::changed_at;
use crate::disk::{Disk, DiskFile};
use crate::error::Error;

/// Partitions, by the high 8 bits of the key.
pub const PARTITIONS: usize = 256;
/// Keys of a partition and kind that wait for their block: at most 256 x 2 x 1,024 x 32 bytes, or 16 MiB, because a
/// log has at most two kinds.
const BLOCK_KEYS: usize = 1_024;
/// Bytes of a key in a block: the highest byte, the partition, is left out.
const KEY_BYTES: usize = 15;
const NUMBER_BYTES: usize = 8;
const LEVEL: i32 = 1;
/// Blocks are written together once they have this many bytes.
const WRITE_BYTES: usize = 256 << 10;

/// Why a key is in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Its product was written.
    Written,
    /// It is to be settled later, or recorded for another reason; its number is stored with it.
    Numbered,
    /// Its product was written; its position among the products written is stored with it.
    WrittenAt,
}

const KINDS: [Kind; 3] = [Kind::Written, Kind::Numbered, Kind::WrittenAt];

impl Kind {
    /// Whether a number is stored with each key.
    fn has_numbers(self) -> bool {
        self != Self::Written
    }
}

/// A key and its number (as it is read, 0 for [`Kind::Written`]): 32 bytes, by the alignment of keys.
pub type Entry = (Key, u64);

/// Called with the keys of a block; an error stops the reading.
type OnBlock<'a> = dyn FnMut(Kind, &[Entry]) -> Result<(), Error> + 'a;

/// A log of keys.
pub struct KeyLog {
    file: DiskFile,
    reader: BlockReader,
    /// Length of the file including all blocks.
    length: u64,
    /// Blocks that are not in the file yet.
    blocks: Vec<u8>,
    waiting: Vec<Vec<Entry>>,
    /// The position of the last block of each partition and kind, plus 1; 0 if there is none.
    latest: Vec<u64>,
    /// Kept, because creating one costs more than a small block.
    compressor: Compressor<'static>,
}

/// Checks the log at `path` up to `length`; `stop_check` is called between two blocks.
pub fn check(
    disk: &Disk,
    path: &Path,
    length: u64,
    stop_check: &dyn Fn() -> Result<(), Error>,
) -> Result<(), Error> {
    BlockReader::open(disk, path)?.scan(length, &mut |_, _| stop_check()).map(drop)
}

impl KeyLog {
    /// An empty log at `path`.
    pub fn create(disk: &Disk, path: &Path) -> Result<Self, Error> {
        let file = disk.create(path)?;
        Self::begin(disk, path, file)
    }

    /// The log at `path`, truncated to `length`; `found` is called with each block in it.
    pub fn resume(disk: &Disk, path: &Path, length: u64, found: &mut OnBlock<'_>) -> Result<Self, Error> {
        let file = disk.reopen(path, length)?;
        let mut log = Self::begin(disk, path, file)?;
        (log.latest, log.length) = (log.reader.scan(length, found)?, length);
        Ok(log)
    }

    fn begin(disk: &Disk, path: &Path, file: DiskFile) -> Result<Self, Error> {
        let no_codec = |error| Error::output("write", path, error);
        Ok(Self {
            file,
            reader: BlockReader::open(disk, path)?,
            length: 0,
            blocks: Vec::new(),
            waiting: vec![Vec::new(); PARTITIONS * KINDS.len()],
            latest: vec![0; PARTITIONS * KINDS.len()],
            compressor: Compressor::new(LEVEL).map_err(no_codec)?,
        })
    }

    /// Adds a key; numbers ascend, and are ignored for [`Kind::Written`].
    pub fn push(&mut self, kind: Kind, key: Key, number: u64) -> Result<(), Error> {
        let slot = slot(kind, partition_of(key));
        self.waiting[slot].push((key, number));
        if self.waiting[slot].len() >= BLOCK_KEYS { self.add_block(slot) } else { Ok(()) }
    }

    /// Writes the waiting keys.
    pub fn flush(&mut self) -> Result<(), Error> {
        (0..self.waiting.len()).try_for_each(|slot| self.add_block(slot))?;
        self.write_blocks()
    }

    /// Makes all keys durable; returns the length of the file in bytes.
    pub fn commit(&mut self) -> Result<u64, Error> {
        self.flush()?;
        self.file.sync()?;
        Ok(self.length)
    }

    /// Length of the file in bytes, without the keys that wait for their block.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Heap bytes held.
    pub fn memory_bytes(&self) -> u64 {
        let waiting: usize = self.waiting.iter().map(|entries| entries.capacity() * size_of::<Entry>()).sum();
        (waiting + self.blocks.capacity() + self.latest.len() * size_of::<u64>()) as u64
    }

    /// Reads the written keys of a partition and kind; `found` is called with each block, the last one first.
    pub fn read(
        &mut self,
        kind: Kind,
        partition: usize,
        found: &mut dyn FnMut(&[Entry]),
    ) -> Result<(), Error> {
        let mut next = self.latest[slot(kind, partition)];
        while next > 0 {
            let (header, entries) = self.reader.read(next - 1)?;
            if (header.kind, header.partition) != (kind, partition) || header.before >= next {
                return Err(self.reader.damaged(next - 1));
            }
            found(&entries);
            next = header.before;
        }
        Ok(())
    }

    fn write_blocks(&mut self) -> Result<(), Error> {
        self.file.append(&self.blocks)?;
        self.blocks.clear();
        Ok(())
    }

    fn add_block(&mut self, slot: usize) -> Result<(), Error> {
        let mut entries = std::mem::take(&mut self.waiting[slot]);
        if entries.is_empty() {
            self.waiting[slot] = entries;
            return Ok(());
        }
        let kind = KINDS[slot / PARTITIONS];
        if !kind.has_numbers() {
            entries.sort_unstable();
        }
        let payload = self.encode(kind, &entries)?;
        let header = Header {
            kind,
            partition: slot % PARTITIONS,
            keys: entries.len(),
            payload_bytes: payload.len(),
            before: self.latest[slot],
        };
        self.blocks.extend_from_slice(&header.to_bytes(&payload));
        self.blocks.extend_from_slice(&payload);
        self.latest[slot] = self.length + 1;
        self.length += (Header::BYTES + payload.len()) as u64;
        entries.clear();
        self.waiting[slot] = entries;
        if self.blocks.len() >= WRITE_BYTES { self.write_blocks() } else { Ok(()) }
    }

    fn encode(&mut self, kind: Kind, entries: &[Entry]) -> Result<Vec<u8>, Error> {
        let mut planes = Vec::with_capacity(entries.len() * entry_bytes(kind));
        for byte in (0..KEY_BYTES).rev() {
            planes.extend(entries.iter().map(|(key, _)| (key >> (8 * byte)) as u8));
        }
        if kind.has_numbers() {
            for byte in (0..NUMBER_BYTES).rev() {
                planes.extend(entries.iter().map(|(_, number)| (number >> (8 * byte)) as u8));
            }
        }
        self.compressor.compress(&planes).map_err(|error| Error::output("write", self.file.path(), error))
    }
}

/// Reads the blocks of a log.
struct BlockReader {
    disk: Disk,
    path: PathBuf,
    file: File,
    decompressor: Decompressor<'static>,
}

impl BlockReader {
    fn open(disk: &Disk, path: &Path) -> Result<Self, Error> {
        let file = disk.open(path)?;
        let decompressor = Decompressor::new().map_err(|error| Error::output("read", path, error))?;
        Ok(Self { disk: disk.clone(), path: path.to_owned(), file, decompressor })
    }

    /// Reads all blocks up to `length`; returns the position of the last block of each partition and kind, plus 1.
    fn scan(&mut self, length: u64, found: &mut OnBlock<'_>) -> Result<Vec<u64>, Error> {
        let (mut at, mut latest) = (0, vec![0; PARTITIONS * KINDS.len()]);
        while at < length {
            let (header, entries) = self.read(at)?;
            let latest = &mut latest[slot(header.kind, header.partition)];
            let end = at + (Header::BYTES + header.payload_bytes) as u64;
            if header.before != *latest || end > length {
                return Err(self.damaged(at));
            }
            *latest = at + 1;
            found(header.kind, &entries)?;
            at = end;
        }
        Ok(latest)
    }

    fn read(&mut self, offset: u64) -> Result<(Header, Vec<Entry>), Error> {
        let mut bytes = [0; Header::BYTES];
        self.disk.read_at(&self.file, &self.path, &mut bytes, offset)?;
        let header = Header::from_bytes(&bytes).ok_or_else(|| self.damaged(offset))?;
        let mut payload = vec![0; header.payload_bytes];
        self.disk.read_at(&self.file, &self.path, &mut payload, offset + Header::BYTES as u64)?;
        if header.to_bytes(&payload) != bytes {
            return Err(self.damaged(offset));
        }
        let planes = self.decompressor.decompress(&payload, header.plane_bytes());
        let entries = planes.ok().and_then(|planes| decode(&header, &planes));
        let entries = entries.ok_or_else(|| self.damaged(offset))?;
        Ok((header, entries))
    }

    fn damaged(&self, offset: u64) -> Error {
        Error::reading(&self.path, changed_at(offset))
    }
}

/// The partition of a key.
pub fn partition_of(key: Key) -> usize {
    (key >> (8 * KEY_BYTES)) as usize
}

fn slot(kind: Kind, partition: usize) -> usize {
    kind as usize * PARTITIONS + partition
}

fn entry_bytes(kind: Kind) -> usize {
    KEY_BYTES + if kind.has_numbers() { NUMBER_BYTES } else { 0 }
}

fn decode(header: &Header, planes: &[u8]) -> Option<Vec<Entry>> {
    if planes.len() != header.plane_bytes() {
        return None;
    }
    let high = (header.partition as Key) << (8 * KEY_BYTES);
    let (keys, numbers) = planes.split_at(header.keys * KEY_BYTES);
    let read = |planes: &[u8], index: usize| {
        planes.chunks_exact(header.keys).fold(0, |value: u128, plane| value << 8 | u128::from(plane[index]))
    };
    Some((0..header.keys).map(|index| (high | read(keys, index), read(numbers, index) as u64)).collect())
}

/// The header before a block's keys.
struct Header {
    kind: Kind,
    partition: usize,
    keys: usize,
    payload_bytes: usize,
    /// The position of the block before it, plus 1.
    before: u64,
}

impl Header {
    const BYTES: usize = 28;
    /// The position of its checksum, which covers everything before it and the payload.
    const CHECKSUM: usize = 20;

    /// Bytes of the unpacked payload.
    fn plane_bytes(&self) -> usize {
        self.keys * entry_bytes(self.kind)
    }

    fn to_bytes(&self, payload: &[u8]) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[0] = b'K';
        bytes[1] = self.kind as u8;
        bytes[2] = self.partition as u8;
        bytes[4..8].copy_from_slice(&(self.keys as u32).to_le_bytes());
        bytes[8..12].copy_from_slice(&(self.payload_bytes as u32).to_le_bytes());
        bytes[12..20].copy_from_slice(&self.before.to_le_bytes());
        let mut hash = Xxh3::new();
        hash.update(&bytes[..Self::CHECKSUM]);
        hash.update(payload);
        bytes[Self::CHECKSUM..].copy_from_slice(&hash.digest().to_le_bytes());
        bytes
    }

    /// `None` if no block begins here. The checksum is compared with the payload once that is read.
    fn from_bytes(bytes: &[u8; Self::BYTES]) -> Option<Self> {
        let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap_or_default()) as usize;
        let kind = *KINDS.get(usize::from(bytes[1]))?;
        let header = Self {
            kind,
            partition: usize::from(bytes[2]),
            keys: word(4),
            payload_bytes: word(8),
            before: u64::from_le_bytes(bytes[12..20].try_into().unwrap_or_default()),
        };
        let fits = bytes[0] == b'K'
            && (1..=BLOCK_KEYS).contains(&header.keys)
            && header.payload_bytes <= zstd::zstd_safe::compress_bound(header.plane_bytes());
        fits.then_some(header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dedup::{Identity, Keys};

    fn key(i: u64) -> Key {
        Keys::new("x").of(Identity::Smiles(&i.to_le_bytes()))
    }

    fn all(log: &mut KeyLog, kind: Kind) -> Vec<Entry> {
        let mut all = Vec::new();
        for partition in 0..PARTITIONS {
            log.read(kind, partition, &mut |entries| all.extend_from_slice(entries)).unwrap();
        }
        all.sort_unstable();
        all
    }

    fn sorted(entries: impl Iterator<Item = Entry>) -> Vec<Entry> {
        let mut entries: Vec<Entry> = entries.collect();
        entries.sort_unstable();
        entries
    }

    #[test]
    fn what_goes_in_comes_out_and_a_cut_forgets_what_came_after() {
        let folder = tempfile::tempdir().unwrap();
        let (disk, path) = (Disk::default(), folder.path().join("keys"));
        let mut log = KeyLog::create(&disk, &path).unwrap();
        let push = |log: &mut KeyLog, range: std::ops::Range<u64>| {
            for i in range {
                let (kind, number) =
                    [(Kind::Numbered, i), (Kind::Written, 0), (Kind::WrittenAt, i)][i as usize % 3];
                log.push(kind, key(i), number).unwrap();
            }
        };
        push(&mut log, 0..50_000);
        let length = log.commit().unwrap();
        push(&mut log, 50_000..60_000);
        log.commit().unwrap();
        drop(log);

        let mut found = Vec::new();
        let mut log = KeyLog::resume(&disk, &path, length, &mut |kind, entries| {
            found.extend(entries.iter().map(|&entry| (kind, entry)));
            Ok(())
        })
        .unwrap();
        let written = sorted((0..50_000).filter(|i| i % 3 == 1).map(|i| (key(i), 0)));
        let written_at = sorted((0..50_000).filter(|i| i % 3 == 2).map(|i| (key(i), i)));
        let numbered = sorted((0..50_000).filter(|i| i % 3 == 0).map(|i| (key(i), i)));
        assert_eq!(all(&mut log, Kind::Written), written);
        assert_eq!(all(&mut log, Kind::WrittenAt), written_at);
        assert_eq!(all(&mut log, Kind::Numbered), numbered);
        let heard = found.into_iter().filter(|(kind, _)| *kind == Kind::Numbered).map(|(_, entry)| entry);
        assert_eq!(sorted(heard), numbered);
        let bytes_a_key = length as f64 / 50_000.0;
        assert!(bytes_a_key < 18.0, "{bytes_a_key}");
    }

    #[test]
    fn what_waits_takes_no_more_than_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = KeyLog::create(&Disk::default(), &folder.path().join("keys")).unwrap();
        for kind in [Kind::WrittenAt, Kind::Numbered] {
            for partition in 0..PARTITIONS as u128 {
                let keys = (1..BLOCK_KEYS as u128).map(|i| (partition << (8 * KEY_BYTES)) + i);
                keys.for_each(|key| log.push(kind, key, 0).unwrap());
            }
        }
        let of_the_rest = (WRITE_BYTES + PARTITIONS * KINDS.len() * size_of::<u64>()) as u64;
        assert!(log.memory_bytes() <= (16 << 20) + of_the_rest, "{}", log.memory_bytes());
    }

    /// Writes this many keys three times; returns the length of the log, and the positions of its blocks.
    fn written(disk: &Disk, path: &Path, keys: u64) -> (u64, Vec<usize>) {
        let mut log = KeyLog::create(disk, path).unwrap();
        for _ in 0..3 {
            (0..keys).for_each(|i| log.push(Kind::Written, key(i), 0).unwrap());
            (0..keys / 4).for_each(|i| log.push(Kind::Numbered, key(i), i).unwrap());
            log.commit().unwrap();
        }
        let bytes = std::fs::read(path).unwrap();
        let mut blocks = vec![0];
        while let Some(block) = bytes.get(blocks[blocks.len() - 1]..).filter(|rest| !rest.is_empty()) {
            let header = Header::from_bytes(block[..Header::BYTES].try_into().unwrap()).unwrap();
            blocks.push(blocks[blocks.len() - 1] + Header::BYTES + header.payload_bytes);
        }
        (blocks.pop().unwrap() as u64, blocks)
    }

    fn resumed(disk: &Disk, path: &Path, length: u64) -> Result<KeyLog, Error> {
        KeyLog::resume(disk, path, length, &mut |_, _| Ok(()))
    }

    #[test]
    fn a_flipped_bit_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::default();
        // For a partition with a single key, no other block shows that the key belongs to a different partition.
        for keys in [1, 2_000] {
            let path = folder.path().join(keys.to_string());
            let (length, blocks) = written(&disk, &path, keys);
            let good = std::fs::read(&path).unwrap();
            let in_headers = [blocks[0], blocks[blocks.len() / 2], blocks[blocks.len() - 1]];
            let in_headers = in_headers.into_iter().flat_map(|at| at..at + Header::BYTES);
            for at in in_headers.chain([40, good.len() / 2, good.len() - 1]) {
                for bit in 0..8 {
                    let mut bad = good.clone();
                    bad[at] ^= 1 << bit;
                    std::fs::write(&path, bad).unwrap();
                    let error = resumed(&disk, &path, length).err().unwrap();
                    assert_eq!(error.code(), "XFORM_OUTPUT_DAMAGED", "bit {bit} of byte {at}: {error}");
                }
            }
            std::fs::write(&path, good).unwrap();
            resumed(&disk, &path, length).unwrap();
        }
    }

    #[test]
    fn a_block_that_names_another_than_the_one_before_it_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let (disk, path) = (Disk::default(), folder.path().join("keys"));
        let (length, blocks) = written(&disk, &path, 2_000);
        let good = std::fs::read(&path).unwrap();
        let latest = blocks[blocks.len() - 1];
        let mut header =
            Header::from_bytes(good[latest..latest + Header::BYTES].try_into().unwrap()).unwrap();
        assert!(header.before > 0);
        let payload = &good[latest + Header::BYTES..][..header.payload_bytes];
        let mut log = resumed(&disk, &path, length).unwrap();
        // None, the block itself, and a block of a different partition or kind.
        for before in [0, latest as u64 + 1, blocks[300] as u64 + 1] {
            header.before = before;
            let mut bad = good.clone();
            bad[latest..latest + Header::BYTES].copy_from_slice(&header.to_bytes(payload));
            std::fs::write(&path, bad).unwrap();
            assert!(resumed(&disk, &path, length).is_err(), "{before}");
            let read = log.read(header.kind, header.partition, &mut |_| {});
            assert!(read.is_err() || before == 0, "{before}: a log that is open reads on");
        }
    }
}
