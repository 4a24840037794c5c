//! Recognises products that have been seen before, per transform.
//!
//! A product's key is a 128-bit hash of its transform's name and of its canonical SMILES or InChIKey. Keys arrive in the
//! total order of the output, so the first of several equal products is the same for any number of workers.

mod bloom;
mod exact;
mod filter;
mod identity;
mod key_log;
mod mode;
mod plan;
mod repeats;
mod settle;
mod uniqueness;

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128_with_seed};

pub use bloom::{BloomDedup, BloomReport, BloomSize};
pub use exact::ExactDedup;
pub use filter::{Bloom, FILTER_BITS, Filter};
pub use identity::{DedupKey, Identities, Identity};
pub use key_log::{KeyLog, Kind as KeyKind, PARTITIONS, check as check_key_log};
pub use mode::{DedupMode, ModeFacts};
pub use plan::DedupPlan;
pub use repeats::{LEFT_OUT, Original};
pub use settle::Survivors;
pub use uniqueness::Uniqueness;

use crate::error::Error;

/// Identifies a product within a run.
pub type Key = u128;

/// A set of keys.
type KeySet = HashSet<Key, BuildHasherDefault<KeyHasher>>;

/// Values by key.
type KeyMap<T> = HashMap<Key, T, BuildHasherDefault<KeyHasher>>;

/// Keys are already hashes: their low half is used as it is.
#[derive(Debug, Default)]
struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u128(&mut self, key: u128) {
        self.0 = key as u64;
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }
}

/// Makes the keys of one transform.
#[derive(Debug, Clone, Copy)]
pub struct Keys {
    seed: u64,
}

impl Keys {
    /// The keys of the transform with that name; they do not depend on the other transforms of the run.
    pub fn new(transform_name: &str) -> Self {
        Self { seed: xxh3_64(transform_name.as_bytes()) }
    }

    /// The key of a product.
    pub fn of(self, product: Identity<'_>) -> Key {
        match product {
            Identity::Smiles(text) => xxh3_128_with_seed(text, self.seed),
            // With another seed, equal texts of the two kinds have different keys.
            Identity::InchiKey(text) => xxh3_128_with_seed(text, !self.seed),
        }
    }
}

/// The decision about a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Seen for the first time: write it.
    New,
    /// Seen before (in `bloom`: probably): leave it out.
    Seen,
    /// Possibly seen before: keep its row until all are settled. Deferred rows are numbered from 0, in their order.
    Deferred,
}

/// Recognises products that were seen before.
pub trait Dedup: Send {
    /// Judges the next product in total order and remembers it.
    fn judge(&mut self, key: Key) -> Result<Verdict, Error>;

    /// Makes everything judged so far durable; returns the length of the key log in bytes, from which a run can be
    /// resumed.
    fn commit(&mut self) -> Result<u64, Error>;

    /// At the end: finds the deferred rows that are unique. `stop_check` is called now and then.
    fn settle(&mut self, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<Survivors, Error>;

    /// Notes a product that was judged before and that another run has left out. Its row is numbered from [`LEFT_OUT`]
    /// on, in the order of these calls. Only [`ExactDedup::with_positions`] can do this.
    fn note_left_out(&mut self, _key: Key) -> Result<(), Error> {
        Err(no_repeats())
    }

    /// At the end: passes each deferred or left-out row whose product was given more than once to `found`, by its number
    /// and with the row of that product that was written, in no particular order. `stop_check` is called now and then.
    /// Only [`ExactDedup::with_positions`] can do this.
    fn repeats(
        &mut self,
        _found: &mut dyn FnMut(u64, Original) -> Result<(), Error>,
        _stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<(), Error> {
        Err(no_repeats())
    }

    /// Heap bytes held.
    fn memory_bytes(&self) -> u64;

    /// Its part of the summary.
    fn report(&self) -> DedupReport;
}

fn no_repeats() -> Error {
    Error::internal("this deduplication does not know which rows repeat a product")
}

/// The path of the key log of a run.
pub fn key_log_path(folder: &Path) -> PathBuf {
    folder.join("keys.bin")
}

/// The deduplication's part of the summary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DedupReport {
    /// The mode.
    pub mode: DedupMode,
    /// Heap bytes held at the end.
    pub bytes: u64,
    /// Products whose rows were deferred because the filter of `exact` may have seen them.
    pub deferred: u64,
    /// Bytes of keys that were spilled to disk.
    pub key_bytes: u64,
    /// Fill and false positives, in `bloom`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bloom: Option<BloomReport>,
}

/// Keeps every product.
#[derive(Debug, Default)]
pub struct KeepAll;

impl Dedup for KeepAll {
    fn judge(&mut self, _key: Key) -> Result<Verdict, Error> {
        Ok(Verdict::New)
    }

    fn commit(&mut self) -> Result<u64, Error> {
        Ok(0)
    }

    fn settle(&mut self, _stop_check: &dyn Fn() -> Result<(), Error>) -> Result<Survivors, Error> {
        Ok(Survivors::default())
    }

    fn memory_bytes(&self) -> u64 {
        0
    }

    fn report(&self) -> DedupReport {
        DedupReport { mode: DedupMode::None, bytes: 0, deferred: 0, key_bytes: 0, bloom: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tell_transforms_and_products_apart() {
        let (ome, nh2) = (Keys::new("OMe"), Keys::new("NH2"));
        let (co, oc) = (Identity::Smiles(b"CO"), Identity::Smiles(b"OC"));
        assert_eq!(ome.of(co), Keys::new("OMe").of(co));
        assert_ne!(ome.of(co), nh2.of(co));
        assert_ne!(ome.of(co), ome.of(oc));
        assert_ne!(ome.of(co), ome.of(Identity::InchiKey(b"CO")));
    }

    #[test]
    fn none_keeps_repeats() {
        let mut dedup = KeepAll;
        assert_eq!([1, 1].map(|key| dedup.judge(key).unwrap()), [Verdict::New, Verdict::New]);
    }
}
