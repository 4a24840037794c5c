//! The second pass of exact deduplication, which finds the deferred rows that are unique after all.
//!
//! It works partition by partition, each with a set of its own keys in memory. The survivors' numbers go to a file,
//! one run per partition, and are merged from there in ascending order. Memory, for one partition (1/256 of all
//! keys): 20 to 39 bytes per distinct key (16, plus a byte of the table, with 1/8 to 9/16 of its places free), half
//! as much again while the table grows, and 32 to 64 bytes per deferred key.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::fs::File;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::KeySet;
use super::key_log::{KeyLog, Kind, PARTITIONS};
use crate::content::changed_at;
use crate::disk::Disk;
use crate::error::Error;

const WORD_BYTES: usize = size_of::<u64>();
/// Numbers that are written to a run, or read from it, at a time, followed by a checksum: 256 runs hold 1 MiB.
const BLOCK_NUMBERS: usize = 512;

/// The numbers of the deferred rows that are unique, ascending.
#[derive(Default)]
pub struct Survivors {
    source: Option<Source>,
    runs: Vec<Run>,
    heads: BinaryHeap<Reverse<(u64, usize)>>,
    bytes: u64,
    total: u64,
}

struct Source {
    disk: Disk,
    path: PathBuf,
    file: File,
}

/// The survivors of one partition: their place in the file, and those read from it.
#[derive(Default)]
struct Run {
    offset: u64,
    left: u64,
    read: VecDeque<u64>,
}

impl Survivors {
    /// Bytes of their file.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Number of survivors, including those already handed out.
    pub fn total(&self) -> u64 {
        self.total
    }

    fn advance(&mut self, index: usize) -> Result<(), Error> {
        let (run, Some(source)) = (&mut self.runs[index], &self.source) else { return Ok(()) };
        if run.read.is_empty() && run.left > 0 {
            let count = run.left.min(BLOCK_NUMBERS as u64);
            let mut block = vec![0; (count as usize + 1) * WORD_BYTES];
            source.disk.read_at(&source.file, &source.path, &mut block, run.offset)?;
            let (numbers, checksum) = block.split_at(block.len() - WORD_BYTES);
            if checksum != checksum_of(numbers, run.offset) {
                return Err(Error::reading(&source.path, changed_at(run.offset)));
            }
            run.read.extend(numbers.as_chunks().0.iter().map(|&number| u64::from_le_bytes(number)));
            run.offset += block.len() as u64;
            run.left -= count;
        }
        if let Some(number) = run.read.pop_front() {
            self.heads.push(Reverse((number, index)));
        }
        Ok(())
    }
}

impl Iterator for Survivors {
    type Item = Result<u64, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let Reverse((number, run)) = self.heads.pop()?;
        Some(self.advance(run).map(|()| number))
    }
}

/// Settles the numbered keys of `log`: a key survives if it was not written and no lower number has the same key. The
/// survivors' file is created at `path`. `stop_check` is called between two partitions.
pub fn settle(
    log: &mut KeyLog,
    disk: &Disk,
    path: &Path,
    stop_check: &dyn Fn() -> Result<(), Error>,
) -> Result<Survivors, Error> {
    log.flush()?;
    disk.remove(path)?;
    let mut file = disk.create(path)?;
    let mut survivors = Survivors::default();
    for partition in 0..PARTITIONS {
        stop_check()?;
        let numbers = settle_partition(log, partition)?;
        survivors.runs.push(Run {
            offset: survivors.bytes,
            left: numbers.len() as u64,
            read: VecDeque::new(),
        });
        for block in numbers.chunks(BLOCK_NUMBERS) {
            let mut bytes: Vec<u8> = block.iter().flat_map(|number| number.to_le_bytes()).collect();
            bytes.extend(checksum_of(&bytes, survivors.bytes));
            file.append(&bytes)?;
            survivors.bytes += bytes.len() as u64;
        }
        survivors.total += numbers.len() as u64;
    }
    survivors.source = Some(Source { disk: disk.clone(), path: path.to_owned(), file: disk.open(path)? });
    (0..PARTITIONS).try_for_each(|run| survivors.advance(run))?;
    Ok(survivors)
}

/// The checksum of a block of numbers at `offset` in the file.
fn checksum_of(numbers: &[u8], offset: u64) -> [u8; WORD_BYTES] {
    xxh3_64_with_seed(numbers, offset).to_le_bytes()
}

fn settle_partition(log: &mut KeyLog, partition: usize) -> Result<Vec<u64>, Error> {
    let mut deferred = Vec::new();
    log.read(Kind::Numbered, partition, &mut |entries| deferred.extend_from_slice(entries))?;
    if deferred.is_empty() {
        return Ok(Vec::new());
    }
    deferred.sort_unstable_by_key(|&(_, number)| number);
    let mut seen = KeySet::default();
    for kind in [Kind::Written, Kind::WrittenAt] {
        log.read(kind, partition, &mut |entries| seen.extend(entries.iter().map(|&(key, _)| key)))?;
    }
    deferred.retain(|&(key, _)| seen.insert(key));
    Ok(deferred.into_iter().map(|(_, number)| number).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dedup::Key;

    /// The survivors of 1,000 keys of one partition that appeared twice; `damage` is applied to their file after the
    /// first block of numbers was read.
    fn survivors(folder: &Path, damage: impl Fn(&mut Vec<u8>)) -> Result<Vec<u64>, Error> {
        let (disk, path, keys) = (Disk::default(), folder.join("survivors"), folder.join("keys"));
        disk.remove(&keys)?;
        let mut log = KeyLog::create(&disk, &keys)?;
        (0..2_000).try_for_each(|number| log.push(Kind::Numbered, Key::from(number / 2), number))?;
        let survivors = settle(&mut log, &disk, &path, &|| Ok(()))?;
        let mut bytes = std::fs::read(&path).unwrap();
        damage(&mut bytes);
        std::fs::write(&path, bytes).unwrap();
        survivors.collect()
    }

    #[test]
    fn a_flipped_bit_among_the_survivors_is_damage() {
        let folder = tempfile::tempdir().unwrap();
        let good = survivors(folder.path(), |_| {}).unwrap();
        assert!(good.into_iter().eq((0..2_000).step_by(2)));
        let bytes = std::fs::metadata(folder.path().join("survivors")).unwrap().len() as usize;
        for at in ((BLOCK_NUMBERS + 1) * WORD_BYTES..bytes).step_by(61).chain([bytes - 1]) {
            let error = survivors(folder.path(), |file| file[at] ^= 1 << (at % 8)).unwrap_err();
            assert_eq!(error.code(), "XFORM_OUTPUT_DAMAGED", "byte {at}: {error}");
            assert!(error.to_string().contains("survivors"), "{error}");
        }
    }
}
