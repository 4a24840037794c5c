//! What the caller does about known molecules that end the process.

use std::path::PathBuf;

use super::file::{KnownCounts, KnownSource, QuarantinedRow};
use crate::error::Error;

/// Makes the keys of a file, with the crash records of the workers; empty if they keep none.
pub type Make<'a> = dyn FnMut(&[PathBuf]) -> Result<KnownCounts, Error> + 'a;

/// Keeps a known molecule that ends the process from ending the run.
pub trait Safeguard {
    /// The molecules of the file to leave out, because an earlier process did not survive them; ascending.
    ///
    /// # Errors
    /// Those of reading the quarantine.
    fn quarantined(&self, source: &KnownSource) -> Result<Vec<QuarantinedRow>, Error>;

    /// Calls `make` for the file once, and sees to it that a later process finds the molecules that end this one.
    ///
    /// # Errors
    /// Those of `make` and of the disk; an error if a molecule has taken too long.
    fn watch(&self, source: &KnownSource, make: &mut Make<'_>) -> Result<KnownCounts, Error>;
}

/// A molecule that ends the process ends the work.
pub struct Unguarded;

impl Safeguard for Unguarded {
    fn quarantined(&self, _: &KnownSource) -> Result<Vec<QuarantinedRow>, Error> {
        Ok(Vec::new())
    }

    fn watch(&self, _: &KnownSource, make: &mut Make<'_>) -> Result<KnownCounts, Error> {
        make(&[])
    }
}
