//! Which rows gave a product that another row gave as well.
//!
//! The filter has seen the key of each repeated product, so all repeats are among the deferred rows; in a merge, also
//! among those that the shards have left out. Like [the second pass](super::settle), this works partition by partition.
//! Memory, for one partition (1/256 of all keys): 32 to 64 bytes per deferred key, and a table of 56 to 112 bytes per
//! distinct one of them, half as much again while it grows.

use super::KeyMap;
use super::key_log::{KeyLog, Kind, PARTITIONS};
use crate::error::Error;

/// Numbers of left-out rows begin here, above those of all deferred rows.
pub const LEFT_OUT: u64 = 1 << 62;

/// The row of a product that was written. Ascending, as in the output: deferred rows that prove unique follow the
/// others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Original {
    /// At this position among the rows that were written at once.
    AtOnce(u64),
    /// The deferred row with this number.
    Deferred(u64),
}

impl Original {
    /// Bytes of [`Self::to_bytes`].
    pub const BYTES: usize = size_of::<u64>();
    const DEFERRED: u64 = 1 << 63;

    /// Bytes that sort in the same order.
    pub fn to_bytes(self) -> [u8; Self::BYTES] {
        match self {
            Self::AtOnce(position) => position.to_be_bytes(),
            Self::Deferred(number) => (number | Self::DEFERRED).to_be_bytes(),
        }
    }

    /// The reverse of [`Self::to_bytes`].
    pub fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        match u64::from_be_bytes(bytes) {
            position if position < Self::DEFERRED => Self::AtOnce(position),
            deferred => Self::Deferred(deferred & !Self::DEFERRED),
        }
    }
}

/// The rows that gave a product.
struct Group {
    original: Original,
    has_repeats: bool,
}

/// Passes each numbered row of `log` whose product was given more than once to `found`, with the row that was
/// written: the one that was written at once, else the one with the lowest number. `stop_check` is called between two
/// partitions.
pub fn repeats(
    log: &mut KeyLog,
    found: &mut dyn FnMut(u64, Original) -> Result<(), Error>,
    stop_check: &dyn Fn() -> Result<(), Error>,
) -> Result<(), Error> {
    log.flush()?;
    for partition in 0..PARTITIONS {
        stop_check()?;
        let mut rows = Vec::new();
        log.read(Kind::Numbered, partition, &mut |entries| rows.extend_from_slice(entries))?;
        rows.sort_unstable_by_key(|&(_, number)| number);
        let mut groups = KeyMap::<Group>::default();
        for &(key, number) in &rows {
            let alone = Group { original: Original::Deferred(number), has_repeats: false };
            groups.entry(key).and_modify(|group| group.has_repeats = true).or_insert(alone);
        }
        log.read(Kind::WrittenAt, partition, &mut |entries| {
            for &(key, position) in entries {
                if let Some(group) = groups.get_mut(&key) {
                    *group = Group { original: Original::AtOnce(position), has_repeats: true };
                }
            }
        })?;
        for (key, number) in rows {
            if let Some(group) = groups.get(&key).filter(|group| group.has_repeats) {
                found(number, group.original)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::dedup::{Dedup, ExactDedup, Identity, Key, Keys, Verdict};
    use crate::disk::Disk;

    /// Judges products with these names; returns what is found of them: the names by written row.
    fn groups(names: &[u16], filter_bits: u64) -> BTreeMap<Original, Vec<u16>> {
        let (disk, folder, keys) = (Disk::default(), tempfile::tempdir().unwrap(), Keys::new("x"));
        let key = |name: u16| -> Key { keys.of(Identity::Smiles(&name.to_le_bytes())) };
        let mut dedup = ExactDedup::create(&disk, folder.path(), filter_bits).unwrap().with_positions();
        let (mut written, mut deferred) = (Vec::new(), Vec::new());
        for &name in names {
            match dedup.judge(key(name)).unwrap() {
                Verdict::New => written.push(name),
                Verdict::Deferred => deferred.push(name),
                Verdict::Seen => panic!("exact deduplication leaves out nothing at once"),
            }
        }
        let left_out: Vec<u16> = names.iter().copied().step_by(3).collect();
        left_out.iter().for_each(|&name| dedup.note_left_out(key(name)).unwrap());
        let mut groups = BTreeMap::<_, Vec<u16>>::new();
        let mut found = |number: u64, original: Original| {
            assert_eq!(Original::from_bytes(original.to_bytes()), original);
            let name = match number.checked_sub(LEFT_OUT) {
                Some(left) => left_out[left as usize],
                None => deferred[number as usize],
            };
            groups.entry(original).or_default().push(name);
            Ok(())
        };
        dedup.repeats(&mut found, &|| Ok(())).unwrap();
        for (original, names) in &mut groups {
            if let Original::AtOnce(position) = original {
                names.push(written[*position as usize]);
            }
        }
        groups
    }

    proptest! {
        /// With 64 bits, the filter soon takes every key for a known one.
        #[test]
        fn each_product_has_all_its_rows(names in prop::collection::vec(0_u16..60, 0..300), is_small: bool) {
            let groups = groups(&names, if is_small { 64 } else { 1 << 29 });
            let mut expected = BTreeMap::<u16, usize>::new();
            names.iter().chain(names.iter().step_by(3)).for_each(|&name| *expected.entry(name).or_default() += 1);
            expected.retain(|_, rows| *rows > 1);
            let mut found = BTreeMap::new();
            for names in groups.values() {
                prop_assert!(names.iter().all(|name| *name == names[0]), "one product");
                prop_assert_eq!(found.insert(names[0], names.len()), None, "one written row");
            }
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn bytes_sort_as_the_output_does(mut originals in prop::collection::vec((any::<bool>(), 0_u64..1 << 63), 0..50)) {
            originals.sort_unstable();
            let originals = originals.into_iter().map(|(is_deferred, number)| match is_deferred {
                true => Original::Deferred(number),
                false => Original::AtOnce(number),
            });
            prop_assert!(originals.clone().is_sorted());
            prop_assert!(originals.map(Original::to_bytes).is_sorted());
        }
    }
}
