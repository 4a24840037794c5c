//! `dedup_key`: products that are the same by their InChIKey.

use std::collections::HashSet;

use xform_core::disk::Disk;
use xform_core::{ApplyOptions, DedupKey, DedupMode, Shard};

use crate::job::{Place, assert_same, assert_well, bytes};
use crate::written::{first_of_each, products};

fn by_inchi_key(options: &mut ApplyOptions) {
    options.dedup_key = DedupKey::InchiKey;
}

#[test]
fn the_first_product_of_each_key_is_written() {
    let place = Place { change: by_inchi_key, ..Place::new() };
    let run = |outdir: &str, dedup| {
        let options = ApplyOptions { dedup, ..place.options(outdir, None) };
        let summary = place.run(&options, Disk::default()).unwrap();
        assert_well(&summary.output_dir);
        summary
    };
    let (all, exact) = (run("all", DedupMode::None), run("exact", DedupMode::Exact));
    let (made, written) = (products(&all), products(&exact));
    for sums in &exact.totals.transforms {
        let expected = first_of_each(&made[&sums.name], DedupKey::InchiKey);
        assert_eq!(written[&sums.name], expected, "{}", sums.name);
        let lost = (made[&sums.name].len() - expected.len()) as u64;
        assert_eq!((sums.sums.unique, sums.sums.duplicates), (expected.len() as u64, Some(lost)));
        let without_key = expected.values().filter(|product| product.inchi_key.is_none());
        let texts: HashSet<_> = without_key.map(|product| &product.smiles).collect();
        let keys = expected.values().filter_map(|product| product.inchi_key.as_ref());
        assert!(keys.into_iter().any(|key| texts.contains(key)), "equal texts of both kinds are different");
    }
    assert_eq!(exact.sums.tally, all.sums.tally, "what the engine made is counted by SMILES");
}

#[test]
fn shards_by_inchi_key_merge_to_the_whole() {
    type Change = fn(&mut ApplyOptions);
    let modes: [(&str, Change); 3] = [
        ("exact", by_inchi_key),
        ("bloom", |options| (options.dedup, options.dedup_key) = (DedupMode::Bloom, DedupKey::InchiKey)),
        ("none", |options| (options.dedup, options.dedup_key) = (DedupMode::None, DedupKey::InchiKey)),
    ];
    for (mode, change) in modes {
        let place = Place { change, ..Place::new() };
        let whole = place.whole();
        for of in [2, 7] {
            let merged = place.merge(&place.shards(of), &format!("merged-{of}"), Disk::default()).unwrap();
            assert_same(&whole, &merged, &format!("{of} shards, {mode}"));
        }
    }
}

#[test]
fn neither_workers_nor_batches_matter() {
    let place = Place { change: by_inchi_key, ..Place::new() };
    let expected = bytes(&place.whole().output_dir);
    for (workers, batch_size, max_in_flight) in [(1, 50_000, 2), (8, 7, 64), (3, 400, 1)] {
        let options = place.options(&format!("{workers}"), None);
        let options = ApplyOptions { workers, batch_size, max_in_flight, ..options };
        let summary = place.run(&options, Disk::default()).unwrap();
        assert!(bytes(&summary.output_dir) == expected, "{workers} workers");
    }
}

#[test]
fn a_shard_of_another_key_does_not_fit() {
    let place = Place::new();
    let shards = place.shards(2);
    let mut options = place.options("shard-2-2", Some(Shard { index: 2, of: 2 }));
    (options.dedup_key, options.force) = (DedupKey::InchiKey, true);
    place.run(&options, Disk::default()).unwrap();
    let error = place.merge(&shards, "merged", Disk::default()).unwrap_err();
    assert!(error.to_string().contains("dedup.key was \"smiles\" and is \"inchikey\""), "{error}");
    (options.dedup_key, options.force, options.resume) = (DedupKey::Smiles, false, true);
    let error = place.run(&options, Disk::default()).unwrap_err();
    assert!(error.to_string().contains("dedup.key was \"inchikey\" and is \"smiles\""), "{error}");
}
