//! Exact deduplication in constant memory.
//!
//! A product that a filter has certainly not seen is new. A product that it may have seen is deferred, and settled at
//! the end against the keys on disk. Memory: the filter (at most 64 MiB), the key log's blocks, and at the end the
//! keys of one partition.

use std::path::{Path, PathBuf};

use super::filter::Filter;
use super::key_log::{KeyLog, Kind};
use super::repeats::{LEFT_OUT, Original, repeats};
use super::settle::{Survivors, settle};
use super::{Dedup, DedupMode, DedupReport, Key, Verdict};
use crate::disk::Disk;
use crate::error::Error;

/// Recognises exactly the products that were seen before.
pub struct ExactDedup {
    disk: Disk,
    folder: PathBuf,
    filter: Filter,
    keys: KeyLog,
    /// How the keys of written products are logged.
    written: Kind,
    counts: Counts,
    settled_bytes: u64,
}

/// Products so far.
#[derive(Default)]
struct Counts {
    written: u64,
    deferred: u64,
    /// Those that another run has left out.
    left_out: u64,
}

impl ExactDedup {
    /// An empty one that spills to `folder`; its filter has `filter_bits` bits ([`super::FILTER_BITS`]; fewer in
    /// tests).
    pub fn create(disk: &Disk, folder: &Path, filter_bits: u64) -> Result<Self, Error> {
        let keys = KeyLog::create(disk, &super::key_log_path(folder))?;
        Ok(Self::begin(disk, folder, Filter::new(filter_bits), keys, Counts::default()))
    }

    /// Rebuilt from the key log in `folder` up to `length`. `stop_check` is called now and then.
    pub fn resume(
        disk: &Disk,
        folder: &Path,
        length: u64,
        filter_bits: u64,
        stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let (mut filter, mut counts) = (Filter::new(filter_bits), Counts::default());
        let keys = KeyLog::resume(disk, &super::key_log_path(folder), length, &mut |kind, entries| {
            match kind {
                Kind::Written | Kind::WrittenAt => {
                    counts.written += entries.len() as u64;
                    for &(key, _) in entries {
                        filter.insert(key);
                    }
                }
                Kind::Numbered => counts.deferred += entries.len() as u64,
            }
            stop_check()
        })?;
        Ok(Self::begin(disk, folder, filter, keys, counts))
    }

    fn begin(disk: &Disk, folder: &Path, filter: Filter, keys: KeyLog, counts: Counts) -> Self {
        let (disk, folder) = (disk.clone(), folder.to_owned());
        Self { disk, folder, filter, keys, written: Kind::Written, counts, settled_bytes: 0 }
    }

    /// Prepared for [`Dedup::repeats`]: the key log has the position of each written product. To be called before any
    /// product is judged, also by a resumed run.
    pub fn with_positions(self) -> Self {
        Self { written: Kind::WrittenAt, ..self }
    }
}

impl Dedup for ExactDedup {
    fn judge(&mut self, key: Key) -> Result<Verdict, Error> {
        if self.filter.insert(key) {
            self.keys.push(Kind::Numbered, key, self.counts.deferred)?;
            self.counts.deferred += 1;
            Ok(Verdict::Deferred)
        } else {
            self.keys.push(self.written, key, self.counts.written)?;
            self.counts.written += 1;
            Ok(Verdict::New)
        }
    }

    fn note_left_out(&mut self, key: Key) -> Result<(), Error> {
        self.keys.push(Kind::Numbered, key, LEFT_OUT + self.counts.left_out)?;
        self.counts.left_out += 1;
        Ok(())
    }

    fn commit(&mut self) -> Result<u64, Error> {
        self.keys.commit()
    }

    fn settle(&mut self, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<Survivors, Error> {
        let survivors = settle(&mut self.keys, &self.disk, &self.folder.join("survivors.bin"), stop_check)?;
        self.settled_bytes = survivors.bytes();
        Ok(survivors)
    }

    fn repeats(
        &mut self,
        found: &mut dyn FnMut(u64, Original) -> Result<(), Error>,
        stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<(), Error> {
        repeats(&mut self.keys, found, stop_check)
    }

    fn memory_bytes(&self) -> u64 {
        self.filter.bytes() + self.keys.memory_bytes()
    }

    fn report(&self) -> DedupReport {
        DedupReport {
            mode: DedupMode::Exact,
            bytes: self.memory_bytes(),
            deferred: self.counts.deferred,
            key_bytes: self.keys.length() + self.settled_bytes,
            bloom: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::dedup::{Identity, Keys};

    /// 4,096 keys are handled before the Bloom filter starts.
    const FILTER_BITS: u64 = 1 << 23;

    /// Judges `keys`, and returns the positions of the unique ones, including settled ones.
    fn unique(keys: &[Key], interrupted_at: Option<usize>) -> Vec<usize> {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::default();
        let mut dedup = ExactDedup::create(&disk, folder.path(), FILTER_BITS).unwrap();
        let (mut unique, mut deferred) = (Vec::new(), Vec::new());
        for (position, &key) in keys.iter().enumerate() {
            if interrupted_at == Some(position) {
                let length = dedup.commit().unwrap();
                dedup.judge(1 << 100).unwrap();
                dedup.commit().unwrap();
                dedup = ExactDedup::resume(&disk, folder.path(), length, FILTER_BITS, &|| Ok(())).unwrap();
            }
            match dedup.judge(key).unwrap() {
                Verdict::New => unique.push(position),
                Verdict::Deferred => deferred.push(position),
                Verdict::Seen => panic!("exact deduplication leaves out nothing at once"),
            }
        }
        let survivors = dedup.settle(&|| Ok(())).unwrap();
        unique.extend(survivors.map(|number| deferred[number.unwrap() as usize]));
        unique
    }

    #[test]
    fn each_key_survives_once_and_a_false_positive_is_no_loss() {
        let make = Keys::new("x");
        let mut keys: Vec<Key> =
            (0..30_000_u32).map(|i| make.of(Identity::Smiles(&(i % 20_000).to_le_bytes()))).collect();
        // Keys that set no new bit, in a different partition from the key that set the bits: the filter mistakes them
        // for known ones.
        let look_alikes: Vec<Key> = (0..2_000).map(|i| keys[i] ^ (1 << 121)).collect();
        keys.extend(look_alikes.iter().chain(&look_alikes));
        let found = unique(&keys, None);
        let distinct: HashSet<Key> = keys.iter().copied().collect();
        assert_eq!(found.len(), distinct.len());
        assert_eq!(found.iter().map(|&position| keys[position]).collect::<HashSet<_>>(), distinct);
        assert_eq!(
            found[20_000..],
            (30_000..32_000).collect::<Vec<_>>(),
            "settled ones follow in their order"
        );
        assert_eq!(unique(&keys, Some(17_000)), found, "an interruption changes nothing");
    }
}
