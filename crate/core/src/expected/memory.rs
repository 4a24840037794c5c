//! How much memory a run takes at its peak: what its processes take when the engine is warm, and what the run holds
//! besides.

use crate::dedup::{DedupMode, FILTER_BITS};
use crate::job::dedup_plan;
use crate::options::ApplyOptions;
use crate::output::part::PART_BYTES;

/// Keys that exact deduplication stores as they are, before its filter starts.
const EARLY_KEYS: f64 = 262_144.0;
/// Bytes of a stored key, with the free slots of its table.
const EARLY_KEY_BYTES: f64 = 34.0;
/// What exact deduplication has besides its filter: the stored keys while the filter starts, later those on their way to disk.
const BESIDE_FILTER_BYTES: f64 = 11.0 * MIB;
/// What the allocator keeps for each worker in a long run, in addition to what it keeps after the first rows.
const WORKER_BYTES: f64 = 7.0 * MIB;
/// What the writer holds: rows that wait, and the open part.
const WRITER_BYTES: f64 = 10.0 * MIB;
/// The same for each byte of values of a small output.
const WRITER_SHARE: f64 = 2.0;
/// What the allocator keeps of parts that were written, once there is one.
const KEPT_BYTES: f64 = 8.0 * MIB;
const MIB: f64 = 1_048_576.0;

/// What the memory of a run follows from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Needs {
    /// Bytes that the processes take when the engine is warm, and nothing is held.
    pub warm_bytes: u64,
    /// Products that are judged.
    pub products: f64,
    /// Their value bytes.
    pub value_bytes: f64,
    /// Bytes of the known molecules.
    pub known_bytes: u64,
}

impl Needs {
    /// Bytes at the peak of a run with these options.
    pub fn peak_bytes(&self, options: &ApplyOptions) -> f64 {
        let parts = (self.value_bytes / PART_BYTES as f64).min(1.0);
        self.warm_bytes as f64
            + WORKER_BYTES * options.workers as f64
            + self.known_bytes as f64
            + self.dedup_bytes(options)
            + WRITER_BYTES.min(WRITER_SHARE * self.value_bytes)
            + KEPT_BYTES * parts
    }

    fn dedup_bytes(&self, options: &ApplyOptions) -> f64 {
        let filter = dedup_plan(options, FILTER_BITS).filter_bytes() as f64;
        match options.dedup {
            DedupMode::None => 0.0,
            DedupMode::Exact if self.products <= EARLY_KEYS => EARLY_KEY_BYTES * self.products,
            DedupMode::Exact => filter + BESIDE_FILTER_BYTES,
            DedupMode::Bloom => filter,
        }
    }
}
