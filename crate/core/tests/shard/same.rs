//! The same bytes and counts as the single run.

use std::path::Path;
use std::sync::{Arc, Mutex};

use xform_core::disk::Disk;
use xform_core::events::Event;
use xform_core::output::read_back::WrittenFile;
use xform_core::source::KeepColumns;
use xform_core::{
    ApplyOptions, Control, DedupMode, MergeOptions, Phase, Predecessors, Restarts, Shard, merge,
};

use crate::job::{Place, ROWS, assert_same, assert_well, pace};

/// Merges 1, 2, 7 and 40 shards, in shuffled order.
fn merges_to_the_whole(place: &Place, context: &str) {
    let whole = place.whole();
    assert_well(&whole.output_dir);
    for of in [1, 2, 7, 40] {
        let mut shards = place.shards(of);
        shards.iter().for_each(|shard| assert_well(shard));
        shards.rotate_left(of as usize / 2);
        let merged = place.merge(&shards, &format!("merged-{of}"), Disk::default()).unwrap();
        assert_same(&whole, &merged, &format!("{of} shards, {context}"));
        assert_eq!(merged.merged.len(), of as usize);
        assert!(merged.merged[0].folder.ends_with(format!("shard-1-{of}")), "in the order of the shards");
    }
}

#[test]
fn exact_with_filters_that_are_seldom_and_often_mistaken() {
    // Sizes with which from none to all of the keys are handled before the Bloom filter starts.
    for bits in [1 << 6, 1 << 11, 1 << 13, 1 << 15, 1 << 18, 1 << 29] {
        let place = Place { pace: pace(bits), ..Place::new() };
        merges_to_the_whole(&place, &format!("a filter of {bits} bits"));
    }
}

#[test]
fn the_filters_of_these_tests_defer_rows_that_prove_unique() {
    let place = Place::new();
    for folder in [place.whole().output_dir, place.shards(2).remove(1)] {
        let products = WrittenFile::open(&Disk::default(), &folder.join("products.parquet")).unwrap();
        let deferred = products.deferred_group().unwrap();
        assert!(0 < deferred && deferred < products.groups().end, "{deferred} of {:?}", products.groups());
    }
}

#[test]
fn a_limit_comes_before_the_shards() {
    type Limit = fn(&mut ApplyOptions);
    let limits: [(Limit, u64); 3] =
        [(|o| o.limit = Some(1), 1), (|o| o.limit = Some(700), 700), (|o| o.limit = Some(9_000), ROWS)];
    for (change, rows) in limits {
        let place = Place { change, ..Place::new() };
        let whole = place.whole();
        assert_eq!(whole.totals.rows, rows);
        let cut = Place::empty();
        cut.write_library(rows);
        assert_eq!(cut.whole().sums, whole.sums, "as if the library ended there");
        merges_to_the_whole(&Place { change, ..Place::new() }, &format!("the first {rows} rows"));
    }
}

#[test]
fn bloom_with_filters_that_lose_much_and_little() {
    let place = Place { change: |options| bloom(options, 300, 0.2), ..Place::new() };
    merges_to_the_whole(&place, "a small Bloom filter");
    let place = Place { change: |options| bloom(options, 100_000, 0.0001), ..Place::new() };
    merges_to_the_whole(&place, "a large Bloom filter");
}

fn bloom(options: &mut ApplyOptions, expected_items: u64, fp_rate: f64) {
    options.dedup = DedupMode::Bloom;
    (options.bloom_expected_items, options.bloom_fp_rate) = (expected_items, fp_rate);
}

#[test]
fn none() {
    merges_to_the_whole(&Place { change: |options| options.dedup = DedupMode::None, ..Place::new() }, "none");
}

#[test]
fn rows_that_are_skipped() {
    let skip: fn(&mut ApplyOptions) = |options| options.skip_rows = [0, 5, 749, 750, 1_499].into();
    merges_to_the_whole(&Place { change: skip, ..Place::new() }, "skipped rows");
}

#[test]
fn processes_that_died_and_their_time_are_added_up() {
    let place = Place::new();
    let shards = [1, 2].map(|index| {
        let options = place.options(&format!("shard-{index}"), Some(Shard { index, of: 2 }));
        let reasons = [("SIGSEGV".to_owned(), 1), (format!("exit_{index}"), 2)].into();
        let restarts = Restarts { total: 3, reasons };
        let predecessors = Predecessors { elapsed_seconds: 1_000.0, rows_resumed: None, restarts };
        let control = Control { predecessors, ..place.control(Disk::default()) };
        xform_core::apply(&options, &crate::engine::make_engine, &control).unwrap();
        options.outdir
    });
    let merged = place.merge(&shards, "merged", Disk::default()).unwrap();
    let reasons =
        [("SIGSEGV", 2), ("exit_1", 2), ("exit_2", 2)].map(|(reason, count)| (reason.to_owned(), count));
    assert_eq!(merged.restarts, Restarts { total: 6, reasons: reasons.into() });
    assert!(merged.elapsed_seconds > 2_000.0);
    let warnings = merged.warnings.iter().filter(|warning| warning.contains("restarted"));
    assert_eq!(
        warnings.collect::<Vec<_>>(),
        ["the process that runs RDKit died and was restarted 6 times (SIGSEGV 2x, exit_1 2x, exit_2 2x)"]
    );
}

#[test]
fn more_shards_than_rows() {
    let place = Place::new();
    place.write_library(3);
    merges_to_the_whole(&place, "three rows");
}

/// Each shard finds the same headers, separators and columns.
#[test]
fn text_of_every_layout() {
    let row = |row: u64, byte: &str| format!("id{row}{byte}C{:0>9}{byte}{}\n", row % 77, row % 5);
    for (name, header, byte) in [
        ("library.csv", "name;smiles;n\n", ";"),
        ("library.txt", "name\tstructure\tn\n", "\t"),
        ("library.smi", "name canonical_smiles n\n", " "),
        ("library.tsv", "", "\t"),
    ] {
        let change: fn(&mut ApplyOptions) = match header {
            "" => |options| (options.smiles_column, options.header) = (Some("2".to_owned()), Some(false)),
            _ => |options| options.keep_columns = KeepColumns::All,
        };
        let mut place = Place { change, ..Place::new() };
        place.input = place.path(name);
        let rows: String = (0..200).map(|number| row(number, byte)).collect();
        std::fs::write(&place.input, format!("{header}{rows}")).unwrap();
        merges_to_the_whole(&place, name);
    }
}

/// Types and names of carried columns are unchanged after they were written to a file and read again.
#[test]
fn columns_of_every_kind() {
    let keep_all: fn(&mut ApplyOptions) = |options| options.keep_columns = KeepColumns::All;
    let of_utf8: fn(&mut ApplyOptions) = |options| {
        (options.keep_columns, options.smiles_column) = (KeepColumns::All, Some("utf8".to_owned()));
    };
    for (name, change) in [
        ("pyarrow-kept", keep_all),
        ("polars-kept", keep_all),
        ("duckdb-kept", keep_all),
        ("pyarrow-plain", of_utf8),
        ("pyarrow-no-rows", keep_all),
        ("pyarrow-strings", of_utf8),
        ("polars-strings", of_utf8),
    ] {
        let input =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixture/source/{name}.parquet"));
        merges_to_the_whole(&Place { input, change, ..Place::empty() }, name);
    }
}

#[test]
fn progress_is_of_the_rows_of_a_shard_and_of_the_library_of_a_merge() {
    let place = Place::new();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let control = || {
        let heard = Arc::clone(&heard);
        let on_event = move |event: &Event<'_>| {
            if let Event::Progress { progress } = event {
                heard.lock().unwrap().push((*progress).clone());
            }
        };
        Control { on_event: Some(Box::new(on_event)), pace: place.pace, ..Control::default() }
    };
    let options = place.options("shard", Some(Shard { index: 2, of: 3 }));
    xform_core::apply(&options, &crate::engine::make_engine, &control()).unwrap();
    let last = heard.lock().unwrap().drain(..).next_back().unwrap();
    assert_eq!((last.rows, last.rows_total, last.phase), (500, Some(500), Phase::Publishing));

    let options = MergeOptions::new(place.shards(3), place.path("merged"));
    merge(&options, &control()).unwrap();
    let heard = heard.lock().unwrap();
    assert_eq!((heard[0].phase, heard[0].rows_total), (Phase::Checking, Some(1_500)));
    let last = heard.last().unwrap();
    assert_eq!((last.rows, last.phase), (1_500, Phase::Publishing));
}
