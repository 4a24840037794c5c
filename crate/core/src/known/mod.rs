//! `exclude`: molecules that are known already. Products that are among them are left out.
//!
//! Each file of known molecules becomes a file of sorted 128-bit keys, once: the engine reads it in several threads
//! (`making`), and `store` keeps the keys, under a name that says what they depend on. A run that is resumed finds them
//! in its spill folder; other runs and shards find them in a folder of the user's choice (`exclude_cache`).
//!
//! Products are judged where duplicates are, in the commit: there the counts stand together, and a cluster's client,
//! which has no workers, uses the same code. Whether a product is known does not depend on any other product, so the
//! order does not matter. A look-up asks a filter in memory; only a product that the filter may have seen costs a read
//! of one block of a kilobyte (`sorted_keys`).
//!
//! A molecule that ends the process is left out as one that the engine cannot read (`safeguard`). Keys that are made without
//! molecules that took too long or too much memory are for this run alone: another machine may read them.
//!
//! Memory: for each file at most [`FILE_BYTES`], 19 MB with 10 million keys; while keys are made, the log of keys
//! (16 MiB), the keys of one of 256 partitions, and two chunks of the file per thread. Disk: 16.1 bytes per molecule, and
//! 13 more while keys are made.

mod file;
mod inputs;
mod making;
mod safeguard;
mod sorted_keys;
mod store;

use std::path::{Path, PathBuf};

use crate::dedup::{DedupKey, Identity, Keys};
use crate::disk::Disk;
use crate::engine::Engine;
use crate::error::Error;
use crate::standardization::Standardization;

pub use self::file::{KnownCounts, KnownFile, KnownSource, QuarantinedRow};
pub use self::inputs::KnownInputs;
pub use self::safeguard::{Make, Safeguard, Unguarded};
pub use self::sorted_keys::FILE_BYTES;
use self::sorted_keys::SortedKeys;
pub use self::store::is_key_file;
use self::store::{Recipe, Store};

/// The keys of known molecules belong to no transform, and no transform has an empty name.
fn keys() -> Keys {
    Keys::new("")
}

/// The known molecules of a run, by their keys.
#[derive(Default)]
pub struct Known {
    files: Vec<SortedKeys>,
}

impl Known {
    /// Whether the product is a known molecule.
    ///
    /// # Errors
    /// The keys on disk have changed or cannot be read.
    pub fn contains(&mut self, product: Identity<'_>) -> Result<bool, Error> {
        if self.files.is_empty() {
            return Ok(false);
        }
        let key = keys().of(product);
        for file in &mut self.files {
            if file.contains(key)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Heap bytes held.
    pub fn memory_bytes(&self) -> u64 {
        self.files.iter().map(SortedKeys::memory_bytes).sum()
    }
}

/// How and where keys are made.
pub struct KnownPlan<'a> {
    /// The disk.
    pub disk: &'a Disk,
    /// Makes the keys.
    pub engine: &'a dyn Engine,
    /// What products are recognised by.
    pub key: DedupKey,
    /// How the engine standardizes molecules.
    pub standardize: Standardization,
    /// Threads that run the engine.
    pub workers: usize,
    /// The folder in which key files are kept, except those that other runs must not use.
    pub folder: &'a Path,
    /// The folder for spilled data.
    pub spill_folder: &'a Path,
    /// Handles molecules that end the process.
    pub safeguard: &'a dyn Safeguard,
    /// Called now and then; an error ends the work.
    pub stop_check: &'a dyn Fn() -> Result<(), Error>,
}

impl KnownPlan<'_> {
    /// The keys of the molecules in the files of `inputs`, and what is known of these files. Keys that were kept and are
    /// intact are used again; all others are made.
    ///
    /// # Errors
    /// Those of the inputs, of the disk, of the engine and of the safeguard.
    pub fn open(&self, inputs: &KnownInputs) -> Result<(Known, Vec<KnownFile>), Error> {
        let (mut known, mut files) = (Known::default(), Vec::new());
        for (input, source) in inputs.hashed() {
            let recipe = Recipe::new(self.key, self.standardize, self.engine.version(), source.clone());
            let quarantined = self.safeguard.quarantined(source)?;
            let are_for_all = quarantined.iter().all(|row| row.code.is_the_same_everywhere());
            let folder = if are_for_all { self.folder } else { self.spill_folder };
            let store = Store { disk: self.disk, folder, stop_check: self.stop_check };
            let keys = store.find_or_make(&recipe, |writer| {
                let mut make = |records: &[PathBuf]| self.make(input, &quarantined, records, writer);
                self.safeguard.watch(source, &mut make)
            })?;
            files.push(KnownFile {
                file: input.path().to_owned(),
                source: source.clone(),
                counts: keys.counts().clone(),
            });
            known.files.push(keys);
        }
        Ok((known, files))
    }
}
