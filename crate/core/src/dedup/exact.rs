//! Exact deduplication in memory: 16 bytes a distinct product, and what the table leaves free.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use super::{Dedup, DedupReport, Key, Verdict};
use crate::options::DedupMode;

/// Remembers every key.
#[derive(Debug, Default)]
pub struct ExactDedup {
    seen: HashSet<Key, BuildHasherDefault<KeyHasher>>,
}

impl Dedup for ExactDedup {
    fn judge(&mut self, key: Key) -> Verdict {
        if self.seen.insert(key) { Verdict::New } else { Verdict::Seen }
    }

    fn memory_bytes(&self) -> u64 {
        // A slot is the key and one control byte; the table is at most 7/8 full.
        (self.seen.capacity() as u64) * 8 / 7 * (size_of::<Key>() as u64 + 1)
    }

    fn report(&self) -> DedupReport {
        DedupReport { mode: DedupMode::Exact, bytes: self.memory_bytes(), bloom: None }
    }
}

/// Keys are hashes already: their low half serves as it is.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dedup::Keys;

    #[test]
    fn each_key_is_new_once() {
        let keys = Keys::new("x");
        let mut dedup = ExactDedup::default();
        for round in 0..2 {
            for i in 0..10_000_u32 {
                let verdict = dedup.judge(keys.of(&i.to_le_bytes()));
                assert_eq!(verdict, if round == 0 { Verdict::New } else { Verdict::Seen });
            }
        }
        assert!(dedup.memory_bytes() >= 10_000 * 17);
    }
}
