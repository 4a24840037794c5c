//! The second pass of exact deduplication: which of the deferred rows are unique after all.
//!
//! Partition by partition, each with a set of its own keys in memory; the survivors' numbers go to a file, a run for each
//! partition, and are merged from there in ascending order. Memory, for one partition, which is 1/256 of all keys: 20 to 39
//! bytes for each distinct key (16, a byte of the table, 1/8 to 9/16 of its places free), half as much again while the table
//! grows, and 32 to 64 bytes for each deferred one.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::fs::File;
use std::path::{Path, PathBuf};

use super::KeySet;
use super::key_log::{KeyLog, Kind, PARTITIONS};
use crate::error::Error;
use crate::output::disk::Disk;

const NUMBER_BYTES: u64 = size_of::<u64>() as u64;
/// Numbers read from a run at a time: 256 runs hold 1 MiB.
const READ_NUMBERS: u64 = 512;

/// The numbers of the deferred rows that are unique, ascending.
#[derive(Default)]
pub struct Survivors {
    source: Option<Source>,
    runs: Vec<Run>,
    heads: BinaryHeap<Reverse<(u64, usize)>>,
    bytes: u64,
}

struct Source {
    disk: Disk,
    path: PathBuf,
    file: File,
}

/// The survivors of one partition, in the file and read from it.
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

    /// How many there are, those that were handed out included.
    pub fn total(&self) -> u64 {
        self.bytes / NUMBER_BYTES
    }

    fn advance(&mut self, index: usize) -> Result<(), Error> {
        let (run, Some(source)) = (&mut self.runs[index], &self.source) else { return Ok(()) };
        if run.read.is_empty() && run.left > 0 {
            let count = run.left.min(READ_NUMBERS);
            let mut bytes = vec![0; (count * NUMBER_BYTES) as usize];
            source.disk.read_at(&source.file, &source.path, &mut bytes, run.offset)?;
            run.read.extend(bytes.as_chunks().0.iter().map(|&number| u64::from_le_bytes(number)));
            run.offset += count * NUMBER_BYTES;
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

/// Settles the numbered keys of `log`: one survives if its key was not written and no lower number has the same key.
/// The survivors' file is made at `path`. `go_on` is asked between two partitions.
pub fn settle(
    log: &mut KeyLog,
    disk: &Disk,
    path: &Path,
    go_on: &dyn Fn() -> Result<(), Error>,
) -> Result<Survivors, Error> {
    log.flush()?;
    disk.remove(path)?;
    let mut file = disk.create(path)?;
    let mut survivors = Survivors::default();
    for partition in 0..PARTITIONS {
        go_on()?;
        let numbers = settle_partition(log, partition)?;
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        file.append(&bytes)?;
        survivors.runs.push(Run {
            offset: survivors.bytes,
            left: numbers.len() as u64,
            read: VecDeque::new(),
        });
        survivors.bytes += bytes.len() as u64;
    }
    survivors.source = Some(Source { disk: disk.clone(), path: path.to_owned(), file: disk.open(path)? });
    (0..PARTITIONS).try_for_each(|run| survivors.advance(run))?;
    Ok(survivors)
}

fn settle_partition(log: &mut KeyLog, partition: usize) -> Result<Vec<u64>, Error> {
    let mut deferred = Vec::new();
    log.read(Kind::Numbered, partition, &mut |entries| deferred.extend_from_slice(entries))?;
    if deferred.is_empty() {
        return Ok(Vec::new());
    }
    deferred.sort_unstable_by_key(|&(_, number)| number);
    let mut seen = KeySet::default();
    log.read(Kind::Written, partition, &mut |entries| seen.extend(entries.iter().map(|&(key, _)| key)))?;
    deferred.retain(|&(key, _)| seen.insert(key));
    Ok(deferred.into_iter().map(|(_, number)| number).collect())
}
