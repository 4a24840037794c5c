//! `exclude`: products that are known molecules are left out, exactly, whatever the settings.

use std::collections::{BTreeSet, HashSet};
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;

use arrow::array::{ArrayRef, StringArray};
use arrow::record_batch::RecordBatch;
use flate2::Compression;
use flate2::write::GzEncoder;
use parquet::arrow::ArrowWriter;
use proptest::prelude::*;
use xform_core::disk::{Disk, Gate};
use xform_core::{ApplyOptions, DedupKey, DedupMode, Shard, Summary};

use crate::engine::inchi_key;
use crate::job::{Place, assert_same, assert_well, bytes, names};
use crate::killed::DeadFrom;
use crate::written::{Product, Products, first_of_each, products};

/// Rows of the files of known molecules that are not molecules.
const BAD: [&str; 2] = ["bad", "Q7"];

/// Known molecules, some of them in another spelling, and rows that are not molecules.
fn known_texts(numbers: impl IntoIterator<Item = u64>) -> Vec<String> {
    let spell = |number: u64| format!("P{number:0width$}", width = (number % 5) as usize);
    let texts = numbers.into_iter().map(spell);
    texts.chain(BAD.map(str::to_owned)).collect()
}

/// Writes the texts in the format that the name of the file implies.
fn write_known(path: &Path, texts: &[String]) {
    let name = path.to_string_lossy().into_owned();
    let lines = |header: &str, line: fn(&String) -> String| {
        let lines: String = texts.iter().map(|text| line(text) + "\n").collect();
        header.to_owned() + &lines
    };
    let csv = || lines("no,structure,note\n", |text| format!("1,{text},x"));
    if name.ends_with(".parquet") {
        let column: ArrayRef = Arc::new(StringArray::from(texts.to_vec()));
        let notes: ArrayRef = Arc::new(StringArray::from(vec![Some("note"); texts.len()]));
        let batch = RecordBatch::try_from_iter([("note", notes), ("SMILES", column)]).unwrap();
        let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
    } else if name.ends_with(".csv.gz") {
        let mut writer = GzEncoder::new(File::create(path).unwrap(), Compression::fast());
        writer.write_all(csv().as_bytes()).unwrap();
        writer.finish().unwrap();
    } else if name.ends_with(".csv") {
        fs::write(path, csv()).unwrap();
    } else {
        fs::write(path, lines("", |text| format!("{text} name"))).unwrap();
    }
}

/// A place whose runs exclude the file `known.smi` in it.
fn place(change: fn(&mut ApplyOptions)) -> Place {
    let place = Place { change, ..Place::new() };
    write_known(&place.path("known.smi"), &known_texts((0..700).step_by(3)));
    place
}

fn exclude(options: &mut ApplyOptions) {
    options.exclude = options.input[0].with_file_name("known.smi").into();
}

/// What a run with `options` should have left of `all`, the products of a run without deduplication and `exclude`.
fn check(place: &Place, options: &ApplyOptions, all: &Summary, numbers: &BTreeSet<u64>) {
    let summary = place.run(options, Disk::default()).unwrap();
    assert_well(&summary.output_dir);
    let key = options.dedup_key;
    let made = products(all);
    let known = |&number: &u64| {
        let smiles = format!("P{number}");
        Product { inchi_key: inchi_key(&smiles), smiles }.identity(key)
    };
    let known: HashSet<_> = numbers.iter().map(known).collect();
    let written = products(&summary);
    for (ours, theirs) in summary.totals.transforms.iter().zip(&all.totals.transforms) {
        assert_eq!(ours.sums.tally, theirs.sums.tally);
        let all = &made[&ours.name];
        let unknown = all.iter().filter(|(_, product)| !known.contains(&product.identity(key)));
        let unknown: Products = unknown.map(|(at, product)| (*at, product.clone())).collect();
        assert_eq!(ours.sums.known, (all.len() - unknown.len()) as u64, "{}", ours.name);
        assert_eq!(ours.sums.products, all.len() as u64);
        let empty = Products::new();
        let found = written.get(&ours.name).unwrap_or(&empty);
        match options.dedup {
            DedupMode::None => assert_eq!(*found, unknown),
            DedupMode::Exact => assert_eq!(*found, first_of_each(&unknown, key)),
            DedupMode::Bloom => assert!(found.iter().all(|(at, product)| unknown.get(at) == Some(product))),
        }
    }
}

const MODES: [DedupMode; 3] = [DedupMode::Exact, DedupMode::Bloom, DedupMode::None];
const KEYS: [DedupKey; 2] = [DedupKey::Smiles, DedupKey::InchiKey];
const NAMES: [&str; 4] = ["k.smi", "k.csv", "k.csv.gz", "k.parquet"];

fn all_products(place: &Place, dedup_key: DedupKey) -> Summary {
    let options = place.options(&format!("all-{dedup_key:?}"), None);
    place.run(&ApplyOptions { dedup: DedupMode::None, dedup_key, ..options }, Disk::default()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_known_is_left_out_and_nothing_else(
        numbers in prop::collection::btree_set(0_u64..900, 0..400),
        others in prop::collection::btree_set(0_u64..900, 0..9),
        (mode, key, name) in (0_usize..3, 0_usize..2, 0_usize..4),
    ) {
        let place = Place::new();
        let files = [place.path(NAMES[name]), place.path("others.smi")];
        write_known(&files[0], &known_texts(numbers.iter().copied()));
        write_known(&files[1], &known_texts(others.iter().copied()));
        let all = all_products(&place, KEYS[key]);
        let options = ApplyOptions {
            dedup: MODES[mode],
            dedup_key: KEYS[key],
            exclude: files.to_vec().into(),
            ..place.options("out", None)
        };
        check(&place, &options, &all, &(&numbers | &others));
    }
}

#[test]
fn each_format_mode_and_key_gives_the_same_known_molecules() {
    let place = Place::new();
    let numbers: BTreeSet<u64> = (0..700).step_by(2).collect();
    for (key, all) in KEYS.map(|key| (key, all_products(&place, key))) {
        for (index, name) in NAMES.into_iter().enumerate() {
            write_known(&place.path(name), &known_texts(numbers.iter().copied()));
            let options = ApplyOptions {
                dedup: MODES[index % 3],
                dedup_key: key,
                exclude: place.path(name).into(),
                force: true,
                ..place.options("out", None)
            };
            check(&place, &options, &all, &numbers);
        }
    }
}

#[test]
fn neither_workers_nor_batches_nor_the_order_of_the_files_matter() {
    let place = place(exclude);
    write_known(&place.path("more.csv"), &known_texts(0..50));
    let files = ["known.smi", "more.csv"].map(|name| place.path(name));
    let mut expected = None;
    for (workers, batch_size, max_in_flight) in [(1, 50_000, 2), (8, 7, 64), (3, 400, 1)] {
        let mut exclude = files.to_vec();
        exclude.rotate_left(workers % 2);
        // A file that is given twice counts once.
        exclude.push(files[0].clone());
        let options = place.options(&format!("{workers}"), None);
        let options = ApplyOptions { exclude: exclude.into(), workers, batch_size, max_in_flight, ..options };
        let summary = place.run(&options, Disk::default()).unwrap();
        assert_eq!(summary.known_files.len(), 2);
        let found = (bytes(&summary.output_dir), serde_json::to_value(&summary.totals).unwrap());
        assert!(*expected.get_or_insert_with(|| found.clone()) == found, "{workers} workers");
    }
}

#[test]
fn shards_merge_to_the_whole() {
    type Change = fn(&mut ApplyOptions);
    let changes: [(&str, Change); 4] = [
        ("exact", exclude),
        ("bloom", |options| {
            exclude(options);
            options.dedup = DedupMode::Bloom;
        }),
        ("none", |options| {
            exclude(options);
            options.dedup = DedupMode::None;
        }),
        ("by InChIKey, with a cache and a filter", |options| {
            exclude(options);
            options.dedup_key = DedupKey::InchiKey;
            options.exclude_cache = Some(options.input[0].with_file_name("cache"));
            options.filter = Some("smiles not like '%1'".to_owned());
        }),
    ];
    for (context, change) in changes {
        let place = place(change);
        let whole = place.whole();
        assert!(whole.sums.known > 100 && whole.sums.unique > 100, "{:?}", whole.sums);
        for of in [1, 2, 7] {
            let merged = place.merge(&place.shards(of), &format!("merged-{of}"), Disk::default()).unwrap();
            assert_same(&whole, &merged, &format!("{of} shards, {context}"));
        }
    }
}

#[test]
fn the_library_may_be_known_and_then_all_of_it_is() {
    let place = Place::new();
    let all: String = (0..900).map(|row| format!("C{row} id{row}\nP{} known{row}\n", row * 2)).collect();
    fs::write(&place.input, all).unwrap();
    let numbers: BTreeSet<u64> = (0..900).map(|row| row * 2).collect();
    let limited = |outdir: &str| ApplyOptions { limit: Some(500), ..place.options(outdir, None) };
    let made =
        place.run(&ApplyOptions { dedup: DedupMode::None, ..limited("all") }, Disk::default()).unwrap();
    let options = ApplyOptions { exclude: place.input.clone().into(), ..limited("out") };
    check(&place, &options, &made, &numbers);
    let whole = place.run(&ApplyOptions { force: true, ..options.clone() }, Disk::default()).unwrap();
    assert_eq!((whole.totals.rows, whole.known_files[0].counts.molecules), (500, 1_800));
    let shards = [1, 2, 3].map(|index| {
        let outdir = place.path(&format!("part-{index}"));
        let shard = Some(Shard { index, of: 3 });
        place
            .run(&ApplyOptions { outdir: outdir.clone(), shard, ..options.clone() }, Disk::default())
            .unwrap();
        outdir
    });
    assert_same(&whole, &place.merge(&shards, "merged", Disk::default()).unwrap(), "the library is known");
}

#[test]
fn a_run_that_is_killed_anywhere_and_resumed_gives_the_same_bytes() {
    type Change = fn(&mut ApplyOptions);
    let changes: [(&str, Change); 2] = [
        ("in the work folder", exclude),
        ("with scratch and cache", |options| {
            exclude(options);
            options.scratch = Some(options.input[0].with_file_name("scratch"));
            options.exclude_cache = Some(options.outdir.with_extension("cache"));
        }),
    ];
    for (context, change) in changes {
        let place = place(change);
        let whole = place.whole();
        let counting = Arc::new(DeadFrom::new(u64::MAX));
        let gate = Arc::clone(&counting) as Arc<dyn Gate>;
        place.run(&place.options("counted", None), Disk::gated(gate)).unwrap();
        let calls = counting.calls.load(Ordering::SeqCst);
        // All of the first calls, in which the keys are made, and some of the others.
        for at in (0..calls).filter(|at| *at < 60 || at % (calls / 20).max(1) == 0) {
            let options = place.options(&format!("killed-{at}"), None);
            let died = place.run(&options, Disk::gated(Arc::new(DeadFrom::new(at))));
            let context = format!("{context}, killed at call {at} of {calls}: {died:?}");
            let options = ApplyOptions { resume: true, ..options };
            let summary = place.run(&options, Disk::default());
            let summary = summary.unwrap_or_else(|error| panic!("{context}: {error}"));
            assert!(bytes(&summary.output_dir) == bytes(&whole.output_dir), "{context}");
            assert_eq!(summary.known_files, whole.known_files);
            assert_well(&summary.output_dir);
            if let Some(cache) = &options.exclude_cache {
                assert_eq!(names(cache).len(), 1, "{context}");
            }
        }
    }
}

/// The only file in the cache of the place: its path, its identity and its content.
fn cached(place: &Place) -> (PathBuf, (u64, i64, i64), Vec<u8>) {
    let names = names(&place.path("cache"));
    let [name] = names.as_slice() else { panic!("{names:?}") };
    let path = place.path("cache").join(name);
    let found = fs::metadata(&path).unwrap();
    let content = fs::read(&path).unwrap();
    (path, (found.ino(), found.mtime(), found.mtime_nsec()), content)
}

fn exclude_with_cache(options: &mut ApplyOptions) {
    exclude(options);
    options.exclude_cache = Some(options.input[0].with_file_name("cache"));
}

#[test]
fn keys_in_a_cache_are_used_again_unless_they_are_damaged() {
    let place = place(exclude_with_cache);
    let whole = place.whole();
    let (path, identity, good) = cached(&place);
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let sha256 = &whole.known_files[0].source.sha256;
    assert!(name.starts_with(&format!("{sha256}.smiles.numbers-1.")), "{name}");
    assert!((good.len() as u64) < 16 * whole.known_files[0].counts.distinct + 1_000, "{}", good.len());
    let run = |outdir: &str| {
        let summary = place.run(&place.options(outdir, None), Disk::default()).unwrap();
        assert!(bytes(&summary.output_dir) == bytes(&whole.output_dir), "{outdir}");
        cached(&place)
    };
    assert_eq!(run("again").1, identity, "nothing was written");
    for (index, at) in [0, good.len() / 2, good.len() - 1].into_iter().enumerate() {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        fs::write(&path, bad).unwrap();
        assert!(run(&format!("damaged-{index}")).2 == good, "byte {at} is as it was");
    }
    fs::write(&path, &good[..good.len() / 3]).unwrap();
    fs::write(path.with_added_extension("tmp"), "of a run that was killed").unwrap();
    assert!(run("cut-off").2 == good);
    let options = ApplyOptions { dedup_key: DedupKey::InchiKey, ..place.options("by-key", None) };
    place.run(&options, Disk::default()).unwrap();
    assert_eq!(names(&place.path("cache")).len(), 2, "another kind of key");
}

#[test]
fn runs_at_once_make_the_keys_of_a_cache_once() {
    let place = place(exclude_with_cache);
    let expected = place.whole();
    fs::remove_file(cached(&place).0).unwrap();
    thread::scope(|scope| {
        for index in 0..6 {
            let (place, expected) = (&place, &expected);
            scope.spawn(move || {
                let options = place.options(&format!("run-{index}"), None);
                let summary = place.run(&options, Disk::default()).unwrap();
                assert!(bytes(&summary.output_dir) == bytes(&expected.output_dir));
            });
        }
    });
    cached(&place);
}

#[test]
fn rows_that_are_no_molecules_are_counted_with_a_warning() {
    let place = place(exclude);
    let summary = place.whole();
    let [file] = summary.known_files.as_slice() else { panic!("{:?}", summary.known_files) };
    let counts = &file.counts;
    assert_eq!((counts.molecules, counts.unreadable, counts.distinct), (236, 2, 234));
    let known = place.path("known.smi").display().to_string();
    let warning = format!(
        "2 of 236 molecules in {known} (--exclude, column \"smiles\") could not be read, so products equal to them are not \
         left out"
    );
    assert!(summary.warnings.contains(&warning), "{:?}", summary.warnings);
}

#[test]
fn other_known_molecules_are_another_run() {
    let place = place(exclude);
    let shards = place.shards(2);
    write_known(&place.path("known.smi"), &known_texts(0..5));
    let options = place.options("shard-2-2", Some(Shard { index: 2, of: 2 }));
    let resumed = ApplyOptions { resume: true, ..options.clone() };
    let error = place.run(&resumed, Disk::default()).unwrap_err();
    assert!(error.to_string().contains("exclude[0].sha256 was"), "{error}");
    place.run(&ApplyOptions { force: true, ..options }, Disk::default()).unwrap();
    let error = place.merge(&shards, "merged", Disk::default()).unwrap_err();
    assert_eq!(error.code(), "XFORM_SHARD_MISMATCH");
    assert!(error.to_string().contains("exclude[0].sha256 was"), "{error}");
}

#[test]
fn files_that_cannot_be_used_are_refused_before_the_run() {
    let place = Place::new();
    fs::write(place.path("no-smiles.csv"), "a,b\n1,2\n3,4\n").unwrap();
    for (name, code) in [("missing.smi", "XFORM_INPUT_NOT_FOUND"), ("no-smiles.csv", "XFORM_INPUT_COLUMN")] {
        let options = ApplyOptions { exclude: place.path(name).into(), ..place.options("out", None) };
        let error = place.run(&options, Disk::default()).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains(name) && !place.path("out").exists(), "{error}");
    }
    // A run never removes what it reads.
    let options = place.options("out", None);
    let first = place.run(&options, Disk::default()).unwrap();
    let products = first.output_dir.join("products.parquet");
    let options = ApplyOptions { exclude: products.clone().into(), force: true, ..options };
    let error = place.run(&options, Disk::default()).unwrap_err();
    assert_eq!(error.code(), "XFORM_INPUT_IN_OUTPUT", "{error}");
    assert!(products.exists());
}

#[test]
fn the_column_of_the_library_is_that_of_known_molecules_if_they_have_it() {
    let place = Place::new();
    let library = fs::read_to_string(&place.input).unwrap();
    let input = place.path("library.csv");
    let lines = library.lines().map(|line| line.replace(' ', ",") + "\n");
    fs::write(&input, "drawn,no\n".to_owned() + &lines.collect::<String>()).unwrap();
    fs::write(place.path("both.csv"), "smiles,drawn\nP1,P2\nP3,P4\nP5,P6\n").unwrap();
    fs::write(place.path("one.csv"), "smiles,other\nP1,P2\nP3,P4\nP5,P6\n").unwrap();
    let files = ["both.csv", "one.csv"].map(|name| place.path(name)).to_vec();
    let options = ApplyOptions {
        input: input.into(),
        smiles_column: Some("drawn".to_owned()),
        exclude: files.into(),
        ..place.options("out", None)
    };
    let summary = place.run(&options, Disk::default()).unwrap();
    let columns: Vec<(&str, &str)> = summary
        .known_files
        .iter()
        .map(|known| (known.file.file_name().unwrap().to_str().unwrap(), known.source.smiles.as_str()))
        .collect();
    assert_eq!(BTreeSet::from_iter(columns), BTreeSet::from([("both.csv", "drawn"), ("one.csv", "smiles")]));
}
