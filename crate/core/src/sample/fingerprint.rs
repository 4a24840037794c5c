//! Fingerprints of molecules, and how a caller provides them.

use crate::error::Error;
use crate::strings::SmilesBatch;

/// Bits of a fingerprint.
pub const FINGERPRINT_BITS: usize = 2_048;
/// The same in words.
pub const FINGERPRINT_WORDS: usize = FINGERPRINT_BITS / u64::BITS as usize;

/// The substructures of a molecule as bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    words: [u64; FINGERPRINT_WORDS],
    /// How many bits are set.
    ones: u32,
}

impl Fingerprint {
    /// With these bits.
    pub fn new(words: [u64; FINGERPRINT_WORDS]) -> Self {
        Self { words, ones: words.iter().map(|word| word.count_ones()).sum() }
    }

    /// The Tanimoto distance, as RDKit computes it: 1 - common / (either); 0 if no bit of both is set.
    pub fn distance(&self, other: &Self) -> f64 {
        let total = self.ones + other.ones;
        if total == 0 {
            return 0.0;
        }
        let both = self.words.iter().zip(&other.words).map(|(one, other)| one & other);
        let common: u32 = both.map(u64::count_ones).sum();
        1.0 - f64::from(common) / f64::from(total - common)
    }
}

/// Computes fingerprints, on one thread.
pub trait Fingerprinter {
    /// Calls `found` for each of `texts`, in their order, with the fingerprint of the molecule; with `None` for a text that is
    /// not a molecule.
    ///
    /// # Errors
    /// An internal error.
    fn fingerprints(
        &mut self,
        texts: &SmilesBatch,
        found: &mut dyn FnMut(Option<Fingerprint>),
    ) -> Result<(), Error>;
}

/// Makes a fingerprinter for the calling thread.
///
/// # Errors
/// Those of a toolkit that cannot be used.
pub type MakeFingerprinter<'a> = dyn Fn() -> Result<Box<dyn Fingerprinter>, Error> + Sync + 'a;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_tanimoto() {
        let of = |first: u64, last: u64| {
            let mut words = [0; FINGERPRINT_WORDS];
            (words[0], words[FINGERPRINT_WORDS - 1]) = (first, last);
            Fingerprint::new(words)
        };
        let [one, part, other, empty] = [of(0b111, 1), of(0b110, 1), of(0, 2), of(0, 0)];
        let pairs =
            [(&one, &one), (&one, &part), (&part, &one), (&one, &other), (&other, &empty), (&empty, &empty)];
        let distances = pairs.map(|(one, other)| one.distance(other));
        assert_eq!(distances, [0.0, 0.25, 0.25, 1.0, 1.0, 0.0]);
    }
}
