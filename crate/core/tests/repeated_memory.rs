//! Values that many products carry are held once. It is the only test of its process.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "it shows what it measures; a failure is a failed test"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use arrow::array::AsArray;
use xform_core::disk::Disk;
use xform_core::engine::{Batch, Engine, EngineOutput, EngineVersion, Worker};
use xform_core::output::read_back::WrittenFile;
use xform_core::source::KeepColumns;
use xform_core::totals::{RowOutcome, RowResult, Tally};
use xform_core::transform::Transform;
use xform_core::{ApplyOptions, Control, EngineSettings, Error, MergeOptions, Pace, Shard, apply, merge};

const ROWS: u64 = 3;
const PRODUCTS: u64 = 496;
const VALUE_BYTES: usize = 1 << 20;
/// A copy of the value for each product of one row would take five times as much.
const MOST_BYTES: u64 = 96 << 20;

struct Many;

impl Engine for Many {
    fn version(&self) -> EngineVersion {
        EngineVersion { name: "many".into(), version: "1".into() }
    }

    fn product_templates(&self) -> &[u64] {
        &[1]
    }

    fn worker(&self, _crash_record: Option<&Path>) -> Result<Box<dyn Worker>, Error> {
        Ok(Box::new(Self))
    }
}

impl Worker for Many {
    fn run(&mut self, batch: Batch<'_>, output: &mut EngineOutput) -> Result<(), Error> {
        let mut tally = Tally::default();
        for row in 0..batch.smiles.len() {
            tally.rows_with_products += 1;
            for site in 0..PRODUCTS {
                let smiles = format!("P{}-{site}", batch.first_row + row as u64);
                output.products.push(row as u32, 0, (site as i32, 0), smiles.as_bytes());
            }
            output.rows.push(RowResult::of(RowOutcome::WithProducts, false).with_sites(PRODUCTS));
        }
        let all = tally.rows_with_products * PRODUCTS;
        (tally.sites, tally.sites_applied, tally.results, tally.made) = (all, all, all, all);
        output.tallies = vec![tally];
        Ok(())
    }
}

fn make_engine(_transforms: &[Transform], _settings: &EngineSettings) -> Result<Box<dyn Engine>, Error> {
    Ok(Box::new(Many))
}

/// The value that row `row` carries over.
fn value(row: u64) -> String {
    format!("{row} ").repeat(VALUE_BYTES / 2)
}

/// A line of /proc/self/status, in bytes.
fn status(key: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap();
    line.trim_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().unwrap() << 10
}

/// Does `what`, and compares its growth in memory with [`MOST_BYTES`].
fn within_bounds<T>(what: &str, work: impl FnOnce() -> T) -> T {
    fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = status("VmRSS:");
    let result = work();
    let growth = status("VmHWM:").saturating_sub(before);
    println!("{what}: {} MiB", growth >> 20);
    assert!(growth < MOST_BYTES, "{what}: {} MiB", growth >> 20);
    result
}

/// All products must be there, with the values of their parents.
fn assert_kept(outdir: &Path) {
    let file = WrittenFile::open(&Disk::default(), &outdir.join("products.parquet")).unwrap();
    let mut count = 0;
    for batch in file.batches(file.groups()).unwrap() {
        let batch = batch.unwrap();
        let source_row = batch.column_by_name("source_row").unwrap();
        let source_row = source_row.as_primitive::<arrow::datatypes::Int64Type>();
        let kept = arrow::compute::cast(
            batch.column_by_name("source_kept").unwrap(),
            &arrow::datatypes::DataType::Utf8View,
        );
        let kept = kept.unwrap();
        for row in 0..batch.num_rows() {
            let expected = format!("{} ", source_row.value(row));
            let found = kept.as_string_view().value(row);
            assert!(found.len() == VALUE_BYTES && found.starts_with(&expected));
            count += 1;
        }
    }
    assert_eq!(count, ROWS * PRODUCTS);
}

#[test]
fn a_value_is_held_once_however_many_products_carry_it() {
    let folder = tempfile::tempdir().unwrap();
    let (input, config) = (folder.path().join("library.csv"), folder.path().join("transforms.yaml"));
    fs::write(&config, "version: 1\ntransforms:\n  - {name: ONE, smirks: '[C:1]>>[C:1]O'}\n").unwrap();
    let lines: String = (0..ROWS).map(|row| format!("C,{}\n", value(row))).collect();
    fs::write(&input, format!("smiles,kept\n{lines}")).unwrap();
    drop(lines);
    let run = |outdir: &str, shard, filter_bits, commit_interval| -> PathBuf {
        let outdir = folder.path().join(outdir);
        let mut options = ApplyOptions::new(&input, &outdir, &config, vec!["all".to_owned()]);
        (options.keep_columns, options.shard, options.workers) = (KeepColumns::All, shard, 1);
        let pace = Pace { filter_bits, commit_interval, ..Pace::default() };
        let control = Control { pace, ..Control::default() };
        let summary = apply(&options, &make_engine, &control).unwrap();
        assert!(shard.is_some() || summary.unique_products == ROWS * PRODUCTS);
        outdir
    };
    let late = Duration::from_secs(3600);
    let written = within_bounds("written at once", || run("written", None, 1 << 20, late));
    assert_kept(&written);
    let logged =
        within_bounds("logged while the part is open", || run("logged", None, 1 << 20, Duration::ZERO));
    assert_kept(&logged);
    let deferred = within_bounds("deferred and settled", || run("deferred", None, 1 << 6, late));
    assert_kept(&deferred);
    let shards: Vec<PathBuf> = (1..=2)
        .map(|index| {
            let shard = Some(Shard { index, of: 2 });
            within_bounds("a shard", || run(&format!("shard-{index}"), shard, 1 << 20, late))
        })
        .collect();
    let merged = folder.path().join("merged");
    let control = Control { pace: Pace { filter_bits: 1 << 20, ..Pace::default() }, ..Control::default() };
    within_bounds("merged", || merge(&MergeOptions::new(shards, &merged), &control).unwrap());
    assert_kept(&merged);
    let same = |one: &Path, other: &Path| {
        fs::read(one.join("products.parquet")).unwrap() == fs::read(other.join("products.parquet")).unwrap()
    };
    assert!(same(&written, &logged) && same(&written, &merged));
}
