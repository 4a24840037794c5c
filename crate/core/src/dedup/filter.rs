//! The first pass of exact deduplication, which finds products that have certainly not been seen before.
//!
//! The first few keys are stored as they are; then a Bloom filter of fixed size replaces them. A short run therefore
//! never touches the filter's 64 MiB, which cost 0.05 to 0.09 s on a virtual machine, as much as writing its
//! products.
//!
//! Both sizes and the hashes are part of the format: they decide which rows are deferred, and so the order of the
//! output. The filter is therefore our own and not a crate's. Its answer for a key depends only on the set of keys
//! before it, not on how often each appeared; a merge of shards relies on that.

use super::{Key, KeySet};

/// Bits of the Bloom filter: 64 MiB. With 50 million keys it mistakes 1 % of new keys for known ones, with 100
/// million 8 %. A constant of the format; tests use fewer bits, for a filter that is often mistaken.
pub const FILTER_BITS: u64 = 1 << 29;
/// Bits of the Bloom filter for each key stored before it starts: 262,144 keys, in a table of 9 MiB.
const BITS_PER_EARLY_KEY: u64 = 1 << 11;
/// Bits that a key sets. Each uses 29 bits of the key, from the low end; the high 8 bits choose the key's partition.
const HASHES: u32 = 4;

/// The keys seen so far, approximately.
pub struct Filter {
    /// Bits of the Bloom filter, a power of two.
    bits: u64,
    seen: Seen,
}

enum Seen {
    Early(KeySet),
    Many(Bloom),
}

impl Filter {
    /// A filter with this many bits, a power of two from 64 to [`FILTER_BITS`], that has seen nothing.
    pub fn new(bits: u64) -> Self {
        Self { bits, seen: Seen::Early(KeySet::default()) }
    }

    /// Heap bytes.
    pub fn bytes(&self) -> u64 {
        match &self.seen {
            // A slot is a key and a byte; an eighth of the slots stays free beyond the capacity.
            Seen::Early(keys) => keys.capacity() as u64 * 8 / 7 * (size_of::<Key>() as u64 + 1),
            Seen::Many(bloom) => bloom.bytes(),
        }
    }

    /// Returns whether the key may have been seen before, and remembers it.
    pub fn insert(&mut self, key: Key) -> bool {
        match &mut self.seen {
            Seen::Many(bloom) => bloom.insert(key),
            Seen::Early(keys) => {
                let seen = !keys.insert(key);
                if keys.len() as u64 > self.bits / BITS_PER_EARLY_KEY {
                    let mut bloom = Bloom::new(self.bits);
                    for &key in &*keys {
                        bloom.insert(key);
                    }
                    self.seen = Seen::Many(bloom);
                }
                seen
            }
        }
    }
}

/// A Bloom filter of keys.
pub struct Bloom {
    words: Vec<u64>,
    /// The mask of a position: the number of bits minus one.
    mask: u64,
}

impl Bloom {
    /// A filter with this many bits, a power of two from 64 to [`FILTER_BITS`], that has seen nothing.
    pub fn new(bits: u64) -> Self {
        Self { words: vec![0; (bits / 64) as usize], mask: bits - 1 }
    }

    /// Returns whether the key may have been seen before, and remembers it.
    pub fn insert(&mut self, key: Key) -> bool {
        let mut seen = true;
        for hash in 0..HASHES {
            let (word, mask) = self.place(key, hash);
            let word = &mut self.words[word];
            seen &= *word & mask != 0;
            *word |= mask;
        }
        seen
    }

    /// Whether the key may have been seen before.
    pub fn contains(&self, key: Key) -> bool {
        (0..HASHES).all(|hash| {
            let (word, mask) = self.place(key, hash);
            self.words[word] & mask != 0
        })
    }

    /// Heap bytes.
    pub fn bytes(&self) -> u64 {
        8 * self.words.len() as u64
    }

    /// The word, and the bit in it, that the key sets for that hash.
    fn place(&self, key: Key, hash: u32) -> (usize, u64) {
        let bit = (key >> (29 * hash)) as u64 & self.mask;
        ((bit / 64) as usize, 1 << (bit % 64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dedup::{Identity, Keys};

    #[test]
    fn what_was_seen_is_known_and_little_else() {
        let keys = Keys::new("x");
        let early = (FILTER_BITS / BITS_PER_EARLY_KEY) as u32;
        let mut filter = Filter::new(FILTER_BITS);
        let count = |filter: &mut Filter, range: std::ops::Range<u32>| {
            range.filter(|i| filter.insert(keys.of(Identity::Smiles(&i.to_le_bytes())))).count() as u32
        };
        assert_eq!(count(&mut filter, 0..early), 0);
        assert_eq!(count(&mut filter, 0..early), early);
        assert!(filter.bytes() < 10 << 20, "{}", filter.bytes());
        assert!(count(&mut filter, early..early + 100_000) < 2);
        assert_eq!(count(&mut filter, 0..early + 100_000), early + 100_000);
        assert_eq!(filter.bytes(), FILTER_BITS / 8);
    }
}
