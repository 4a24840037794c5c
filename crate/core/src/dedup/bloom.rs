//! Lossy deduplication in constant memory: a Bloom filter, and a measurement of what it loses.
//!
//! A filter never mistakes a known product for a new one, but occasionally a new one for a known one; that product is
//! lost. The frequency is computed from the fill and measured on a sample of exact keys.
//!
//! Keys that were new go to the key log, so that a resumed run can rebuild its filter. Sampled false positives go
//! there too, for the sample.

use std::collections::HashMap;
use std::path::Path;

use fastbloom::BloomFilter;
use serde::{Deserialize, Serialize};

use super::key_log::{KeyLog, Kind};
use super::{Dedup, DedupMode, DedupReport, Key, Survivors, Verdict};
use crate::disk::Disk;
use crate::error::Error;

/// Keys of the sample before it is thinned: a table of at most 3 MiB.
const SAMPLE_KEYS: usize = 1 << 16;

/// The capacity of a Bloom filter.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BloomSize {
    /// Distinct products that it should hold.
    pub expected_items: u64,
    /// Share of false positives when it holds that many.
    pub fp_rate: f64,
}

impl BloomSize {
    /// Bytes of the filter.
    pub fn bytes(self) -> u64 {
        fastbloom::optimal_size(self.expected_items as usize, self.fp_rate) as u64 / 8
    }

    /// Number of bits and hashes, as [`Self::filter`] uses them.
    fn bits_and_hashes(self) -> (usize, u32) {
        let items = self.expected_items as usize;
        let bits = fastbloom::optimal_size(items, self.fp_rate).next_multiple_of(64);
        (bits, fastbloom::optimal_hashes(bits, items))
    }

    /// The filter's mistakes if a share of `fill` of its bits is set.
    pub fn mistakes(self, fill: f64) -> Mistakes {
        let (bits, hashes) = self.bits_and_hashes();
        let rate = fastbloom::expected_false_pos(hashes, fill);
        Mistakes { rate, lost: expected_lost(bits, hashes, fill) }
    }

    fn filter(self) -> BloomFilter {
        BloomFilter::with_false_pos(self.fp_rate).expected_items(self.expected_items as usize)
    }
}

/// How many new products a Bloom filter mistakes for duplicates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mistakes {
    /// The share of new products that it mistakes now.
    pub rate: f64,
    /// The expected number of products that it has mistaken so far.
    pub lost: f64,
}

/// Remembers keys in a Bloom filter.
pub struct BloomDedup {
    size: BloomSize,
    filter: BloomFilter,
    inserted: u64,
    sample: Sample,
    keys: KeyLog,
}

impl BloomDedup {
    /// An empty filter of that size, whose keys are spilled to `folder`.
    pub fn create(disk: &Disk, folder: &Path, size: BloomSize) -> Result<Self, Error> {
        let keys = KeyLog::create(disk, &super::key_log_path(folder))?;
        Ok(Self { size, filter: size.filter(), inserted: 0, sample: Sample::default(), keys })
    }

    /// The filter with the keys in the key log in `folder` up to `length`. `stop_check` is called now and then.
    pub fn resume(
        disk: &Disk,
        folder: &Path,
        length: u64,
        size: BloomSize,
        stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let (mut filter, mut inserted, mut lost) = (size.filter(), 0, Vec::new());
        let mut sample = Sample::default();
        let path = super::key_log_path(folder);
        let keys = KeyLog::resume(disk, &path, length, &mut |kind, entries| {
            for &(key, _) in entries {
                match kind {
                    Kind::Written | Kind::WrittenAt => {
                        filter.insert_hash(key as u64);
                        inserted += 1;
                        sample.record(key, false);
                    }
                    Kind::Numbered => lost.push(key),
                }
            }
            stop_check()
        })?;
        // A lost key appears only here, so the order among these keys does not matter.
        lost.into_iter().for_each(|key| sample.record(key, true));
        Ok(Self { size, filter, inserted, sample, keys })
    }
}

impl Dedup for BloomDedup {
    fn judge(&mut self, key: Key) -> Result<Verdict, Error> {
        // Keys are hashes, so the filter need not hash again; it derives its positions from 64 bits.
        let seen = self.filter.insert_hash(key as u64);
        if !seen {
            self.inserted += 1;
            self.keys.push(Kind::Written, key, 0)?;
        } else if self.sample.would_learn(key) {
            self.keys.push(Kind::Numbered, key, 0)?;
        }
        self.sample.record(key, seen);
        Ok(if seen { Verdict::Seen } else { Verdict::New })
    }

    fn commit(&mut self) -> Result<u64, Error> {
        self.keys.commit()
    }

    fn settle(&mut self, _stop_check: &dyn Fn() -> Result<(), Error>) -> Result<Survivors, Error> {
        self.keys.flush()?;
        Ok(Survivors::default())
    }

    fn memory_bytes(&self) -> u64 {
        self.filter.num_bits() as u64 / 8 + self.sample.memory_bytes() + self.keys.memory_bytes()
    }

    fn report(&self) -> DedupReport {
        let set_bits: u64 = self.filter.as_slice().iter().map(|word| u64::from(word.count_ones())).sum();
        let fill = set_bits as f64 / self.filter.num_bits() as f64;
        let mistakes = self.size.mistakes(fill);
        let report = BloomReport {
            expected_items: self.size.expected_items,
            fp_rate: self.size.fp_rate,
            bytes: self.size.bytes(),
            fill,
            expected_false_positive_rate: mistakes.rate,
            observed_false_positive_rate: self.sample.false_positive_rate(),
            sample: self.sample.keys.len() as u64,
            expected_lost: mistakes.lost,
            overfilled: self.inserted > self.size.expected_items,
        };
        DedupReport {
            mode: DedupMode::Bloom,
            bytes: self.memory_bytes(),
            deferred: 0,
            key_bytes: self.keys.length(),
            bloom: Some(report),
        }
    }
}

/// Fill and false positives of a Bloom filter at the end of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BloomReport {
    /// Distinct products that the filter was sized for.
    pub expected_items: u64,
    /// Share of false positives at that number of products.
    pub fp_rate: f64,
    /// Bytes of the filter.
    pub bytes: u64,
    /// Share of bits that are set; 0.5 when it holds the products that it was sized for.
    pub fill: f64,
    /// Share of new products that it would mistake for duplicates now, computed from its fill.
    pub expected_false_positive_rate: f64,
    /// Share of the sampled distinct products that it mistook for duplicates when they first appeared; `None` without
    /// a sample.
    pub observed_false_positive_rate: Option<f64>,
    /// Distinct products in the sample.
    pub sample: u64,
    /// Expected number of products lost so far: the false-positive rate at each fill, summed over distinct products.
    pub expected_lost: f64,
    /// Whether it holds more than it was sized for.
    pub overfilled: bool,
}

/// The false-positive rate at each fill, summed over the distinct products that caused the `fill`, including lost
/// ones: a lost product would have set the same bits. Uses the midpoint rule on 1,000 slices; the rate rises
/// smoothly.
fn expected_lost(bits: usize, hashes: u32, fill: f64) -> f64 {
    const SLICES: u32 = 1_000;
    let bits_per_hash = bits as f64 / f64::from(hashes);
    let distinct = -bits_per_hash * (1.0 - fill).max(f64::MIN_POSITIVE).ln();
    let width = distinct / f64::from(SLICES);
    let rate_at = |items: usize| {
        fastbloom::expected_false_pos(hashes, fastbloom::expected_density(hashes, bits, items))
    };
    (0..SLICES).map(|slice| width * rate_at((width * (f64::from(slice) + 0.5)) as usize)).sum()
}

/// The truth about some keys: all keys whose hash is below a threshold, which is halved when there are too many.
#[derive(Debug)]
struct Sample {
    threshold: u64,
    keys: HashMap<Key, FalsePositive>,
}

type FalsePositive = bool;

impl Default for Sample {
    fn default() -> Self {
        Self { threshold: u64::MAX, keys: HashMap::new() }
    }
}

impl Sample {
    /// Whether recording the key would add it.
    fn would_learn(&self, key: Key) -> bool {
        high(key) <= self.threshold && !self.keys.contains_key(&key)
    }

    fn record(&mut self, key: Key, judged_seen: bool) {
        // The filter uses the low half of the key, so the high half gives an independent choice.
        if high(key) > self.threshold {
            return;
        }
        self.keys.entry(key).or_insert(judged_seen);
        if self.keys.len() > SAMPLE_KEYS {
            self.threshold /= 2;
            let threshold = self.threshold;
            self.keys.retain(|&key, _| high(key) <= threshold);
        }
    }

    fn false_positive_rate(&self) -> Option<f64> {
        let lost = self.keys.values().filter(|&&false_positive| false_positive).count();
        (!self.keys.is_empty()).then(|| lost as f64 / self.keys.len() as f64)
    }

    fn memory_bytes(&self) -> u64 {
        (self.keys.capacity() * (size_of::<(Key, FalsePositive)>() + 1)) as u64
    }
}

fn high(key: Key) -> u64 {
    (key >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dedup::{Identity, Keys};

    fn run(size: BloomSize, distinct: u32) -> (u64, BloomReport) {
        let keys = Keys::new("x");
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::default();
        let mut dedup = BloomDedup::create(&disk, folder.path(), size).unwrap();
        let mut kept = 0;
        for i in 0..distinct {
            kept +=
                u64::from(dedup.judge(keys.of(Identity::Smiles(&i.to_le_bytes()))).unwrap() == Verdict::New);
        }
        for i in 0..distinct {
            assert_eq!(
                dedup.judge(keys.of(Identity::Smiles(&i.to_le_bytes()))).unwrap(),
                Verdict::Seen,
                "no false negative"
            );
        }
        let length = dedup.commit().unwrap();
        let again = BloomDedup::resume(&disk, folder.path(), length, size, &|| Ok(())).unwrap();
        assert_eq!(again.report().bloom, dedup.report().bloom, "an interruption changes nothing");
        (u64::from(distinct) - kept, dedup.report().bloom.unwrap())
    }

    #[test]
    fn the_loss_is_as_expected_at_the_size_it_was_made_for() {
        let (lost, report) = run(BloomSize { expected_items: 200_000, fp_rate: 0.01 }, 200_000);
        assert!((0.45..0.55).contains(&report.fill), "{report:?}");
        assert!((0.8..1.25).contains(&(lost as f64 / report.expected_lost)), "{lost} of {report:?}");
        assert!(!report.overfilled);
        let observed = report.observed_false_positive_rate.unwrap();
        assert!((0.7..1.4).contains(&(observed * 200_000.0 / lost as f64)), "{observed} against {lost}");
        assert!(report.sample <= SAMPLE_KEYS as u64);
    }

    #[test]
    fn an_overfilled_filter_says_so() {
        let (lost, report) = run(BloomSize { expected_items: 10_000, fp_rate: 0.01 }, 100_000);
        assert!(report.overfilled && lost > 10_000, "{lost} of {report:?}");
        assert!((0.8..1.25).contains(&(lost as f64 / report.expected_lost)), "{lost} of {report:?}");
    }

    #[test]
    fn a_size_tells_the_shape_of_its_filter() {
        for (expected_items, fp_rate) in [(1, 0.5), (3, 0.9), (1_000, 0.001), (77_777, 0.03)] {
            let size = BloomSize { expected_items, fp_rate };
            let filter = size.filter();
            assert_eq!(size.bits_and_hashes(), (filter.num_bits(), filter.num_hashes()), "{size:?}");
        }
    }

    #[test]
    fn the_default_size_is_known_before_it_is_made() {
        let size = BloomSize { expected_items: 100_000_000, fp_rate: 0.001 };
        assert_eq!(size.bytes(), 179_719_845);
    }
}
