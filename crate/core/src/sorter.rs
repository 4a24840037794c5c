//! Sorts records that need not fit in memory.
//!
//! A record is a string of bytes, and bytes decide the order. Sorted runs of records go to files, in
//! [frames](crate::output::frames), and are merged from there, a limited number of them at a time.
//!
//! Memory: 16 MiB of records until all are there; then 320 KiB and a record for each of at most 32 runs.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::disk::Disk;
use crate::error::Error;
use crate::output::frames::{End, FrameReader, FrameWriter};

/// Records, and their places in the buffer, that are sorted in memory.
const RUN_BYTES: usize = 16 << 20;
/// Runs that are merged at a time.
const FAN_IN: usize = 32;
/// Records that make a frame.
const FRAME_BYTES: usize = 64 << 10;
/// Records between two calls of a `stop_check`.
const CHECK_RECORDS: usize = 4_096;

/// Takes in records.
pub struct Sorter {
    disk: Disk,
    /// The path of its files, without their numbers.
    stem: PathBuf,
    run_bytes: usize,
    buffer: Buffer,
    runs: VecDeque<Run>,
    /// Runs written so far, including those that were merged.
    written: usize,
    spilled_bytes: u64,
}

impl Sorter {
    /// A sorter of no records, whose files are in `folder`. Their names begin with `name`; older files of these names
    /// are replaced.
    pub fn new(disk: &Disk, folder: &Path, name: &str) -> Self {
        Self::with_run_bytes(disk, folder, name, RUN_BYTES)
    }

    fn with_run_bytes(disk: &Disk, folder: &Path, name: &str, run_bytes: usize) -> Self {
        let stem = folder.join(name);
        let (buffer, runs) = (Buffer::default(), VecDeque::new());
        Self { disk: disk.clone(), stem, run_bytes, buffer, runs, written: 0, spilled_bytes: 0 }
    }

    /// Adds a record.
    pub fn push(&mut self, record: &[u8]) -> Result<(), Error> {
        if self.buffer.held_bytes() + record.len() > self.run_bytes {
            self.spill()?;
        }
        self.buffer.push(record);
        Ok(())
    }

    /// The records in order; `stop_check` is called while runs are merged.
    pub fn sorted(mut self, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<Sorted, Error> {
        if self.runs.is_empty() {
            self.buffer.sort();
            return Ok(Sorted { source: Source::Buffer(self.buffer, 0), spilled_bytes: 0 });
        }
        self.spill()?;
        self.buffer = Buffer::default();
        while self.runs.len() > FAN_IN {
            let merged = Merge::open(&self.disk, self.runs.drain(..FAN_IN))?;
            let mut run = self.new_run()?;
            for (number, record) in merged.enumerate() {
                if number % CHECK_RECORDS == 0 {
                    stop_check()?;
                }
                run.push(&record?)?;
            }
            self.end_run(run)?;
        }
        let merged = Merge::open(&self.disk, self.runs.drain(..))?;
        Ok(Sorted { source: Source::Merge(merged), spilled_bytes: self.spilled_bytes })
    }

    /// Moves the records in the buffer to a run.
    fn spill(&mut self) -> Result<(), Error> {
        if self.buffer.places.is_empty() {
            return Ok(());
        }
        self.buffer.sort();
        let mut run = self.new_run()?;
        (0..self.buffer.places.len()).try_for_each(|index| run.push(self.buffer.get(index)))?;
        self.buffer.clear();
        self.end_run(run)
    }

    fn new_run(&mut self) -> Result<RunWriter, Error> {
        let path = self.stem.with_added_extension(format!("{:06}", self.written));
        self.written += 1;
        self.disk.remove(&path)?;
        let frames = FrameWriter::new(self.disk.create(&path)?, End::default());
        Ok(RunWriter { path, frames, waiting_bytes: 0, records: 0 })
    }

    fn end_run(&mut self, run: RunWriter) -> Result<(), Error> {
        let run = run.end()?;
        self.spilled_bytes += run.end.bytes;
        self.runs.push_back(run);
        Ok(())
    }
}

/// Records in memory.
#[derive(Default)]
struct Buffer {
    bytes: Vec<u8>,
    /// Where each record starts and ends.
    places: Vec<(usize, usize)>,
}

impl Buffer {
    fn push(&mut self, record: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(record);
        self.places.push((start, self.bytes.len()));
    }

    fn get(&self, index: usize) -> &[u8] {
        let (start, end) = self.places[index];
        &self.bytes[start..end]
    }

    fn sort(&mut self) {
        let bytes = &self.bytes;
        self.places.sort_unstable_by(|&one, &other| bytes[one.0..one.1].cmp(&bytes[other.0..other.1]));
    }

    fn held_bytes(&self) -> usize {
        self.bytes.len() + self.places.len() * size_of::<(usize, usize)>()
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.places.clear();
    }
}

/// A sorted run in a file.
struct Run {
    path: PathBuf,
    end: End,
    records: u64,
}

/// Writes a run: the length of each record (u32, little-endian), and its bytes.
struct RunWriter {
    path: PathBuf,
    frames: FrameWriter,
    /// Bytes of the open frame.
    waiting_bytes: usize,
    records: u64,
}

impl RunWriter {
    fn push(&mut self, record: &[u8]) -> Result<(), Error> {
        let Ok(length) = u32::try_from(record.len()) else {
            return Err(Error::internal(format!("a record of {} bytes to sort", record.len())));
        };
        let written =
            self.frames.write_all(&length.to_le_bytes()).and_then(|()| self.frames.write_all(record));
        written.map_err(|error| Error::output("write", &self.path, error))?;
        self.records += 1;
        self.waiting_bytes += length.to_le_bytes().len() + record.len();
        if self.waiting_bytes >= FRAME_BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Error> {
        self.waiting_bytes = 0;
        self.frames.flush().map_err(|error| Error::output("write", &self.path, error))
    }

    fn end(mut self) -> Result<Run, Error> {
        self.flush()?;
        Ok(Run { end: self.frames.end(), path: self.path, records: self.records })
    }
}

/// Reads a run, and removes its file after the last record.
struct RunReader {
    disk: Disk,
    path: PathBuf,
    frames: FrameReader,
    left: u64,
}

impl RunReader {
    fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        if self.left == 0 {
            return self.disk.remove(&self.path).map(|()| None);
        }
        self.left -= 1;
        let mut length = [0; 4];
        let mut record = Vec::new();
        let read = self.frames.read_exact(&mut length).and_then(|()| {
            record.resize(u32::from_le_bytes(length) as usize, 0);
            self.frames.read_exact(&mut record)
        });
        read.map(|()| Some(record)).map_err(|error| Error::reading(&self.path, error))
    }
}

/// The records of several runs in order.
struct Merge {
    runs: Vec<RunReader>,
    /// The next record of each run that has one.
    heads: BinaryHeap<Reverse<(Vec<u8>, usize)>>,
}

impl Merge {
    fn open(disk: &Disk, runs: impl Iterator<Item = Run>) -> Result<Self, Error> {
        let open = |Run { path, end, records }: Run| {
            let frames = FrameReader::open(disk, &path, end)?;
            Ok(RunReader { disk: disk.clone(), path, frames, left: records })
        };
        let runs = runs.map(open).collect::<Result<Vec<_>, Error>>()?;
        let mut merge = Self { runs, heads: BinaryHeap::new() };
        (0..merge.runs.len()).try_for_each(|run| merge.advance(run))?;
        Ok(merge)
    }

    fn advance(&mut self, run: usize) -> Result<(), Error> {
        if let Some(record) = self.runs[run].next()? {
            self.heads.push(Reverse((record, run)));
        }
        Ok(())
    }
}

impl Iterator for Merge {
    type Item = Result<Vec<u8>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let Reverse((record, run)) = self.heads.pop()?;
        Some(self.advance(run).map(|()| record))
    }
}

/// The records in order.
pub struct Sorted {
    source: Source,
    spilled_bytes: u64,
}

enum Source {
    /// All of them, with the number of those that were handed out.
    Buffer(Buffer, usize),
    Merge(Merge),
}

impl Sorted {
    /// Bytes that were written to files.
    pub fn spilled_bytes(&self) -> u64 {
        self.spilled_bytes
    }
}

impl Iterator for Sorted {
    type Item = Result<Vec<u8>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.source {
            Source::Merge(merge) => merge.next(),
            Source::Buffer(buffer, next) => {
                let record = (*next < buffer.places.len()).then(|| buffer.get(*next).to_vec())?;
                *next += 1;
                Some(Ok(record))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Sorts `records` with runs of `run_bytes`; `damage` is applied to the path of the first run before they are read.
    fn sorted(records: &[Vec<u8>], run_bytes: usize, damage: impl Fn(&Path)) -> Result<Vec<Vec<u8>>, Error> {
        let folder = tempfile::tempdir().unwrap();
        let first = folder.path().join("records.000000");
        std::fs::write(&first, "of a killed run").unwrap();
        let mut sorter = Sorter::with_run_bytes(&Disk::default(), folder.path(), "records", run_bytes);
        records.iter().try_for_each(|record| sorter.push(record))?;
        let spills = !sorter.runs.is_empty();
        damage(&first);
        let sorted = sorter.sorted(&|| Ok(()))?;
        assert_eq!(sorted.spilled_bytes() > 0, spills);
        let sorted = sorted.collect();
        if spills {
            assert_eq!(folder.path().read_dir().unwrap().count(), 0, "files are removed once they are read");
        }
        sorted
    }

    proptest! {
        #[test]
        fn records_come_in_the_order_of_their_bytes(
            records in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 0..400),
            run_bytes in 1_usize..20_000,
        ) {
            let mut expected = records.clone();
            expected.sort();
            prop_assert_eq!(sorted(&records, run_bytes, |_| ()).unwrap(), expected);
        }
    }

    #[test]
    fn runs_are_merged_in_several_passes() {
        let record = |i: u32| (i.wrapping_mul(2_654_435_761)).to_be_bytes().to_vec();
        let records: Vec<_> = (0..FAN_IN as u32 * FAN_IN as u32 + 50).map(record).collect();
        let mut expected = records.clone();
        expected.sort();
        assert_eq!(sorted(&records, 1, |_| ()).unwrap(), expected, "a run for each record");
    }

    #[test]
    fn long_records_cross_frames() {
        let records = [vec![2; 3 * FRAME_BYTES], vec![], vec![1; FRAME_BYTES - 1], vec![1; FRAME_BYTES]];
        let expected = [1, 2, 3, 0].map(|index| records[index].clone());
        for run_bytes in [1, FRAME_BYTES, usize::MAX] {
            assert_eq!(sorted(&records, run_bytes, |_| ()).unwrap(), expected, "{run_bytes}");
        }
    }

    #[test]
    fn a_flipped_bit_is_damage() {
        let records: Vec<_> = (0..50_u8).map(|i| vec![i; 10]).collect();
        for at in [0, 9, 16, 40] {
            let flip = |path: &Path| {
                let mut bytes = std::fs::read(path).unwrap();
                bytes[at] ^= 1;
                std::fs::write(path, bytes).unwrap();
            };
            let error = sorted(&records, 400, flip).unwrap_err();
            assert_eq!(error.code(), "XFORM_OUTPUT_DAMAGED", "byte {at}: {error}");
        }
    }
}
