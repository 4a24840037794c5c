//! Sorted keys: what is found, what it costs, and damage.

use std::collections::BTreeSet;
use std::fs;
use std::time::Instant;

use proptest::prelude::*;

use super::*;
use crate::dedup::{Identity, Keys};

const RECIPE: &str = "R";

fn note(distinct: usize) -> Note<Recipe> {
    let counts =
        KnownCounts { molecules: distinct as u64, distinct: distinct as u64, ..KnownCounts::default() };
    Note { recipe: Recipe { recipe: RECIPE.to_owned() }, counts }
}

#[derive(Debug, Clone, PartialEq, Serialize, serde::Deserialize)]
struct Recipe {
    recipe: String,
}

fn write(path: &Path, keys: &BTreeSet<Key>) {
    let disk = Disk::default();
    disk.remove(path).unwrap();
    let mut writer = SortedKeysWriter::new(disk.create(path).unwrap());
    keys.iter().for_each(|&key| writer.push(key).unwrap());
    writer.finish(&note(keys.len())).unwrap();
}

fn open(path: &Path) -> Option<SortedKeys> {
    SortedKeys::open(&Disk::default(), path, &note(0).recipe, &|| Ok(())).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn exactly_the_keys_of_the_file_are_found(
        keys in prop::collection::btree_set(any::<Key>(), 0..400),
        others in prop::collection::vec(any::<Key>(), 50),
        stretch in 1_usize..4,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        write(&path, &keys);
        let mut found = open(&path).unwrap();
        prop_assert_eq!(found.counts(), &note(keys.len()).counts);
        // As if there were more keys than first keys in memory, and a filter that always says yes.
        (found.stretch, found.firsts) = (stretch, Vec::new());
        found.take_in(&|| Ok(())).unwrap();
        let mut full = Bloom::new(64);
        (0..2_000_u128).for_each(|key| { full.insert((key << 64) | (key * key)); });
        (0..64).for_each(|bit| { full.insert(bit); });
        found.filter = full;
        let near = keys.iter().flat_map(|&key| [key.wrapping_sub(1), key, key.wrapping_add(1)]);
        for key in near.chain(others).chain([0, Key::MAX]) {
            prop_assert_eq!(found.contains(key).unwrap(), keys.contains(&key));
        }
    }
}

fn key(number: u64) -> Key {
    Keys::new("").of(Identity::Smiles(&number.to_le_bytes()))
}

fn many(count: u64) -> BTreeSet<Key> {
    (0..count).map(key).collect()
}

#[test]
fn few_products_that_are_not_known_are_looked_up_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    write(&path, &many(50_000));
    let mut found = open(&path).unwrap();
    assert!(found.memory_bytes() < 50_000 * 5, "{}", found.memory_bytes());
    let all = many(100_000);
    let asked = all.iter().filter(|&&key| found.filter.contains(key)).count();
    assert!((50_000..51_000).contains(&asked), "{asked}");
    assert_eq!(all.iter().filter(|&&key| found.contains(key).unwrap()).count(), 50_000);
}

/// `cargo test --release --lib ten_million_keys -- --ignored --nocapture` prints the figures of docs/known.md.
#[test]
#[ignore = "measures, and takes a minute"]
#[allow(clippy::print_stdout, reason = "the figures are what it is for")]
fn ten_million_keys() {
    let (folder, count) = (tempfile::tempdir().unwrap(), 10_000_000);
    let path = folder.path().join("keys");
    let known = many(count);
    write(&path, &known);
    let mut found = open(&path).unwrap();
    let bytes = fs::metadata(&path).unwrap().len();
    println!("disk {bytes} bytes, memory {} bytes", found.memory_bytes());
    for (what, numbers) in [("unknown", count..count + 2_000_000), ("known", 0..2_000_000)] {
        // Not in their order, as products come.
        let keys: Vec<Key> = numbers.map(key).collect();
        let begun = Instant::now();
        let hits = keys.iter().filter(|&&key| found.contains(key).unwrap()).count();
        println!("{what}: {} ns each, {hits} hits", begun.elapsed().as_nanos() / keys.len() as u128);
    }
}

#[test]
fn a_file_that_is_damaged_cut_off_or_of_another_recipe_is_not_used() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    assert!(open(&path).is_none(), "there is none");
    write(&path, &many(200));
    let good = fs::read(&path).unwrap();
    for at in (0..good.len()).step_by(7).chain(good.len() - TAIL_BYTES..good.len()) {
        let mut bad = good.clone();
        bad[at] ^= 1 << (at % 8);
        fs::write(&path, bad).unwrap();
        assert!(open(&path).is_none(), "byte {at}");
    }
    for length in [0, 5, TAIL_BYTES, BLOCK_BYTES, good.len() - 1] {
        fs::write(&path, &good[..length]).unwrap();
        assert!(open(&path).is_none(), "{length} bytes");
    }
    fs::write(&path, &good).unwrap();
    let other = Recipe { recipe: "S".to_owned() };
    assert!(SortedKeys::open(&Disk::default(), &path, &other, &|| Ok(())).unwrap().is_none());
    assert!(open(&path).is_some());
}

#[test]
fn a_block_that_changes_while_the_file_is_open_is_damage() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys");
    let keys = many(200);
    write(&path, &keys);
    let mut found = open(&path).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    bytes[BLOCK_BYTES + 3] ^= 1;
    fs::write(&path, bytes).unwrap();
    let damaged = keys.iter().filter(|&&key| match found.contains(key) {
        Ok(is_found) => !is_found,
        Err(error) => error.code() == "XFORM_OUTPUT_DAMAGED",
    });
    assert_eq!(damaged.count(), BLOCK_KEYS);
}
