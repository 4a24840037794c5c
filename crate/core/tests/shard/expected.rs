//! What a check expects of a run, compared with the run.

use std::fs;

use xform_core::disk::Disk;
use xform_core::events::Event;
use xform_core::{
    ApplyOptions, CheckDetail, Control, DedupKey, DedupMode, Error, Expected, Shard, Summary, apply, check,
};

use crate::engine::make_engine;
use crate::job::{Place, names};

/// Rows of a library of which a sample is tried.
const MANY: u64 = 30_000;
const SAMPLE: u64 = 4_000;

fn expected(options: &ApplyOptions, sample: u64, seed: u64) -> Expected {
    let detail = CheckDetail { sample, seed, ..CheckDetail::default() };
    check(options, &make_engine, detail, &Control::default()).unwrap().expected.unwrap().unwrap()
}

/// The counts, without figures that depend on the machine.
fn counts(expected: &Expected) -> [u64; 8] {
    let Expected {
        rows, rows_with_sites, rows_rejected, products, products_low, products_high, bytes, ..
    } = *expected;
    [rows, rows_with_sites, rows_rejected, products, products_low, products_high, bytes, expected.sample.rows]
}

/// Rows with a site of any transform: of this engine, all others are bad or have none.
fn rows_with_sites(summary: &Summary) -> u64 {
    summary.totals.by_outcome.with_products
}

fn assert_near(name: &str, expected: u64, truth: u64) {
    let (expected, truth) = (expected as f64, truth as f64);
    assert!((expected - truth).abs() <= 0.1 * truth, "{name}: {expected}, and not {truth}");
}

#[test]
fn a_sample_shows_what_the_whole_library_gives() {
    let place = Place::empty();
    place.write_library(MANY);
    let run = |outdir: &str, dedup| {
        let options = ApplyOptions { dedup, ..place.options(outdir, None) };
        // Parts of the usual size: the bytes of the file depend on it.
        apply(&options, &make_engine, &Control::default()).unwrap()
    };
    let (exact, none) = (run("exact", DedupMode::Exact), run("none", DedupMode::None));
    for seed in 0..5 {
        let expected = expected(&place.options("unused", None), SAMPLE, seed);
        assert!((SAMPLE * 4 / 5..=SAMPLE).contains(&expected.sample.rows), "{expected:?}");
        assert!(!expected.sample.is_whole && !expected.sample.is_cut && expected.rows_are_counted);
        assert_eq!(expected.rows, MANY);
        assert_near("rows with sites", expected.rows_with_sites, rows_with_sites(&exact));
        assert_near("products", expected.products, exact.total_products);
        assert_near("bytes", expected.bytes, none.files.products.bytes);
        let Expected { products_low: low, products_high: high, .. } = expected;
        assert!((low..=high).contains(&exact.unique_products), "{low} to {high}: {}", exact.unique_products);
        assert!(high as f64 <= 1.5 * low as f64 + 2.0, "{low} to {high}");
    }
}

#[test]
fn a_library_that_is_tried_whole_gives_exact_counts_whatever_the_options() {
    let place = Place::new();
    fs::write(place.path("known.smi"), "P7\nP77\nP177\n").unwrap();
    type Change = fn(&Place, &mut ApplyOptions);
    let changes: [Change; 8] = [
        |_, _| {},
        |_, options| options.dedup = DedupMode::None,
        |_, options| options.dedup_key = DedupKey::InchiKey,
        |_, options| options.filter = Some("source_row between 100 and 1200 and number < 500".to_owned()),
        |_, options| options.limit = Some(700),
        |_, options| options.shard = Some(Shard { index: 2, of: 3 }),
        |_, options| options.skip_rows = [3, 4, 900].into(),
        |place, options| options.exclude = vec![place.path("known.smi")].into(),
    ];
    for (index, change) in changes.into_iter().enumerate() {
        let mut options = place.options(&format!("out-{index}"), None);
        change(&place, &mut options);
        let expected = expected(&options, 10_000, 0);
        let summary = place.run(&options, Disk::default()).unwrap();
        assert!(expected.sample.is_whole, "{index}");
        assert_eq!(
            counts(&expected)[..6],
            [
                summary.totals.rows,
                rows_with_sites(&summary),
                summary.totals.rejected_rows,
                summary.total_products,
                summary.unique_products,
                summary.unique_products,
            ],
            "{index}"
        );
    }
}

#[test]
fn the_counts_depend_on_the_seed_alone() {
    let place = Place::empty();
    place.write_library(MANY);
    let with = |workers, seed| {
        counts(&expected(&ApplyOptions { workers, ..place.options("unused", None) }, SAMPLE, seed))
    };
    assert_eq!(with(1, 7), with(3, 7));
    assert_ne!(with(1, 7), with(1, 8));
}

#[test]
fn nothing_is_written_and_a_folder_in_use_is_a_warning() {
    let place = Place::new();
    let before = names(place.folder.path());
    expected(&place.options("out", None), 100, 0);
    assert_eq!(names(place.folder.path()), before);

    place.whole();
    let detail = CheckDetail { sample: 100, ..CheckDetail::default() };
    let report = |detail| check(&place.options("whole", None), &make_engine, detail, &Control::default());
    let found = report(detail).unwrap();
    assert!(found.warnings.iter().any(|warning| warning.contains("already holds")), "{:?}", found.warnings);
    assert_eq!(report(CheckDetail::default()).unwrap_err().code(), "XFORM_OUTPUT_EXISTS");
}

#[test]
fn what_a_run_refuses_is_refused() {
    let place = Place::new();
    type Spoil = fn(&mut ApplyOptions);
    let spoils: [Spoil; 4] = [
        |options| (options.parents, options.dedup) = (true, DedupMode::Bloom),
        |options| options.xf_names = vec!["none".to_owned()],
        |options| options.filter = Some("none = 1".to_owned()),
        |options| options.smiles_column = Some("none".to_owned()),
    ];
    let detail = CheckDetail { sample: 100, ..CheckDetail::default() };
    for spoil in spoils {
        let mut options = place.options("out", None);
        spoil(&mut options);
        let run = place.run(&options, Disk::default()).unwrap_err();
        let checked = check(&options, &make_engine, detail, &Control::default()).unwrap_err();
        assert_eq!(checked.to_string(), run.to_string());
    }
}

#[test]
fn a_caller_hears_of_the_first_half_and_can_stop() {
    let place = Place::empty();
    place.write_library(MANY);
    let (sender, heard) = std::sync::mpsc::channel();
    let sender = std::sync::Mutex::new(sender);
    let on_event = move |event: &Event<'_>| {
        let kind = serde_json::to_value(event).unwrap()["kind"].clone();
        sender.lock().unwrap().send(kind.as_str().unwrap().to_owned()).unwrap();
    };
    let control = Control { on_event: Some(Box::new(on_event)), ..Control::default() };
    let detail = CheckDetail { sample: SAMPLE, ..CheckDetail::default() };
    check(&place.options("out", None), &make_engine, detail, &control).unwrap();
    assert_eq!(heard.try_iter().collect::<Vec<_>>(), ["started", "begun", "expected"]);

    let stopped = Control::default();
    stopped.cancel.store(true, std::sync::atomic::Ordering::Relaxed);
    let error = check(&place.options("out", None), &make_engine, detail, &stopped).unwrap_err();
    assert!(matches!(error, Error::Cancelled { .. }), "{error}");
}
