//! The deduplication modes. Each is declared here: its name, its documentation, and what it means for the rest of a
//! run.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{BloomDedup, BloomSize, Dedup, ExactDedup, KeepAll};
use crate::error::Error;
use crate::output::disk::Disk;

/// How products that were seen before are recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DedupMode {
    /// Every product once, none lost.
    Exact,
    /// A Bloom filter: constant memory, and occasionally a new product is mistaken for a duplicate and lost.
    Bloom,
    /// All products.
    None,
}

/// What a mode means for the rest of a run.
#[derive(Debug)]
pub struct ModeFacts {
    /// Its name on the command line and in files.
    pub name: &'static str,
    /// What the documentation adds to the name.
    pub note: Option<&'static str>,
    /// Its description in the documentation.
    pub meaning: &'static str,
    /// Whether duplicates are written as well.
    pub keeps_repeats: bool,
    /// Whether new products may be lost. Products left out then count as `dropped_as_seen`, not as `duplicates`.
    pub is_lossy: bool,
    /// Whether rows may be deferred. Those that prove unique follow all others.
    pub defers: bool,
    /// Why a cluster does not support this mode; `None` if it does.
    pub not_on_cluster: Option<&'static str>,
}

impl DedupMode {
    /// Every mode, in the documented order.
    pub const ALL: [Self; 3] = [Self::Exact, Self::Bloom, Self::None];

    /// Their names.
    pub const NAMES: [&'static str; Self::ALL.len()] = {
        let mut names = [""; Self::ALL.len()];
        let mut index = 0;
        while index < names.len() {
            names[index] = Self::ALL[index].facts().name;
            index += 1;
        }
        names
    };

    /// What the mode means for the rest of a run.
    pub const fn facts(self) -> &'static ModeFacts {
        match self {
            Self::Exact => &ModeFacts {
                name: "exact",
                note: Some("default"),
                meaning: "each product of a transform once, none lost, in constant memory: products that a filter may have \
                          seen are settled on disk at the end",
                keeps_repeats: false,
                is_lossy: false,
                defers: true,
                not_on_cluster: None,
            },
            Self::Bloom => &ModeFacts {
                name: "bloom",
                note: Some("`--use-bloom-filter`"),
                meaning: "constant memory; occasionally a new product is mistaken for a duplicate and lost. The summary \
                          reports how full the filter is, how many losses to expect, and the share of false positives on \
                          a sample",
                keeps_repeats: false,
                is_lossy: true,
                defers: false,
                not_on_cluster: Some("bloom needs the products in one place"),
            },
            Self::None => &ModeFacts {
                name: "none",
                note: None,
                meaning: "one row per distinct product of each parent",
                keeps_repeats: true,
                is_lossy: false,
                defers: false,
                not_on_cluster: None,
            },
        }
    }
}

/// A mode with the sizes of its filters.
#[derive(Debug, Clone, Copy)]
pub struct DedupPlan {
    /// The mode.
    pub mode: DedupMode,
    /// The filter of `bloom`.
    pub bloom: BloomSize,
    /// Bits of the filter of `exact` ([`super::FILTER_BITS`]; fewer in tests).
    pub filter_bits: u64,
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
    /// `go_on` is called while that is read.
    pub fn make(
        &self,
        disk: &Disk,
        folder: &Path,
        resumed_bytes: Option<u64>,
        go_on: &dyn Fn() -> Result<(), Error>,
    ) -> Result<Box<dyn Dedup>, Error> {
        let &Self { mode, bloom, filter_bits } = self;
        Ok(match (mode, resumed_bytes) {
            (DedupMode::None, _) => Box::new(KeepAll),
            (DedupMode::Exact, None) => Box::new(ExactDedup::create(disk, folder, filter_bits)?),
            (DedupMode::Exact, Some(bytes)) => {
                Box::new(ExactDedup::resume(disk, folder, bytes, filter_bits, go_on)?)
            }
            (DedupMode::Bloom, None) => Box::new(BloomDedup::create(disk, folder, bloom)?),
            (DedupMode::Bloom, Some(bytes)) => {
                Box::new(BloomDedup::resume(disk, folder, bytes, bloom, go_on)?)
            }
        })
    }
}
