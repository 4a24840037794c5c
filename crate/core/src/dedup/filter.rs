//! The first pass of exact deduplication: what has surely not been seen before.
//!
//! The first few keys are held as they are; from then on a Bloom filter of fixed size takes their place. A short run so
//! never touches the filter's 64 MiB, which cost 0.05 to 0.09 s on a virtual machine, as much as writing its products.
//!
//! Both sizes and the hashes are part of the format: they decide which rows are deferred, and so the order of the output.
//! That is why the filter is not a crate's. What a key finds here follows from the set of keys before it alone, however often
//! each came: a merge of shards relies on that.

use super::{Key, KeySet};

/// Bits of the Bloom filter: 64 MiB. With 50 million keys it takes 1 % of new ones for seen, with 100 million 8 %. A constant
/// of the format; tests take fewer, for a filter that is often mistaken.
pub const FILTER_BITS: u64 = 1 << 29;
/// Bits of the Bloom filter for each of the keys that come before it: 262,144 keys, in a table of 9 MiB.
const BITS_PER_EARLY_KEY: u64 = 1 << 11;
/// Bits a key sets. Each takes 29 bits of the key from the low end; the high 8 bits choose its partition.
const HASHES: u32 = 4;

/// The keys seen so far, roughly.
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
    /// A filter of so many bits, a power of two from 64 to [`FILTER_BITS`], that has seen nothing.
    pub fn new(bits: u64) -> Self {
        Self { bits, seen: Seen::Early(KeySet::default()) }
    }

    /// Heap bytes.
    pub fn bytes(&self) -> u64 {
        match &self.seen {
            // A slot is a key and a byte; an eighth of the slots stays free beyond the capacity.
            Seen::Early(keys) => keys.capacity() as u64 * 8 / 7 * (size_of::<Key>() as u64 + 1),
            Seen::Many(bloom) => 8 * bloom.words.len() as u64,
        }
    }

    /// Whether the key may have been seen; it has been from now on.
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

struct Bloom {
    words: Vec<u64>,
    /// All bits of a position: the number of bits less one.
    mask: u64,
}

impl Bloom {
    fn new(bits: u64) -> Self {
        Self { words: vec![0; (bits / 64) as usize], mask: bits - 1 }
    }

    fn insert(&mut self, key: Key) -> bool {
        let mut seen = true;
        for hash in 0..HASHES {
            let bit = (key >> (29 * hash)) as u64 & self.mask;
            let (word, mask) = (&mut self.words[(bit / 64) as usize], 1 << (bit % 64));
            seen &= *word & mask != 0;
            *word |= mask;
        }
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dedup::Keys;

    #[test]
    fn what_was_seen_is_known_and_little_else() {
        let keys = Keys::new("x");
        let early = (FILTER_BITS / BITS_PER_EARLY_KEY) as u32;
        let mut filter = Filter::new(FILTER_BITS);
        let count = |filter: &mut Filter, range: std::ops::Range<u32>| {
            range.filter(|i| filter.insert(keys.of(&i.to_le_bytes()))).count() as u32
        };
        assert_eq!(count(&mut filter, 0..early), 0);
        assert_eq!(count(&mut filter, 0..early), early);
        assert!(filter.bytes() < 10 << 20, "{}", filter.bytes());
        assert!(count(&mut filter, early..early + 100_000) < 2);
        assert_eq!(count(&mut filter, 0..early + 100_000), early + 100_000);
        assert_eq!(filter.bytes(), FILTER_BITS / 8);
    }
}
