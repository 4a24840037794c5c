//! Makes the deduplication of a run.

use std::path::Path;

use super::{BloomDedup, BloomSize, Dedup, DedupMode, ExactDedup, KeepAll};
use crate::disk::Disk;
use crate::error::Error;

/// A mode with the sizes of its filters.
#[derive(Debug, Clone, Copy)]
pub struct DedupPlan {
    /// The mode.
    pub mode: DedupMode,
    /// The filter of `bloom`.
    pub bloom: BloomSize,
    /// Bits of the filter of `exact` ([`super::FILTER_BITS`]; fewer in tests).
    pub filter_bits: u64,
    /// Whether [`Dedup::repeats`] will be called; only with `exact`.
    pub lists_repeats: bool,
}

impl DedupPlan {
    /// The maximum size of the filter.
    pub fn filter_bytes(&self) -> u64 {
        match self.mode {
            DedupMode::Exact => self.filter_bits / 8,
            DedupMode::Bloom => self.bloom.bytes(),
            DedupMode::None => 0,
        }
    }

    /// The deduplication of a run that spills to `folder`; it continues from the key log up to `resumed_bytes`, if given.
    /// `stop_check` is called while that is read.
    pub fn make(
        &self,
        disk: &Disk,
        folder: &Path,
        resumed_bytes: Option<u64>,
        stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<Box<dyn Dedup>, Error> {
        let &Self { mode, bloom, filter_bits, lists_repeats } = self;
        let exact = |dedup: ExactDedup| -> Box<dyn Dedup> {
            Box::new(if lists_repeats { dedup.with_positions() } else { dedup })
        };
        Ok(match (mode, resumed_bytes) {
            (DedupMode::None, _) => Box::new(KeepAll),
            (DedupMode::Exact, None) => exact(ExactDedup::create(disk, folder, filter_bits)?),
            (DedupMode::Exact, Some(bytes)) => {
                exact(ExactDedup::resume(disk, folder, bytes, filter_bits, stop_check)?)
            }
            (DedupMode::Bloom, None) => Box::new(BloomDedup::create(disk, folder, bloom)?),
            (DedupMode::Bloom, Some(bytes)) => {
                Box::new(BloomDedup::resume(disk, folder, bytes, bloom, stop_check)?)
            }
        })
    }
}
