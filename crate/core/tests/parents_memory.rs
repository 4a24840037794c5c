//! The rows of repeated products are listed in constant memory. It is the only test of its process.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "it shows what it measures; a failure is a failed test"
)]

use std::fs;
use std::path::{Path, PathBuf};

use xform_core::engine::{Batch, Engine, EngineOutput, EngineVersion, Worker};
use xform_core::totals::{RowOutcome, RowResult, Tally};
use xform_core::transform::Transform;
use xform_core::{ApplyOptions, Control, EngineSettings, Error, MergeOptions, Shard, apply, merge, verify};

const ROWS: u64 = 12_000;
/// Products of a row, and distinct products of all rows. One of them is a product of each row.
const PRODUCTS: u64 = 50;
const DISTINCT: u64 = 5_000;
const SMILES_BYTES: usize = 400;
/// The repeats alone take twice as much.
const MOST_BYTES: u64 = 128 << 20;

struct Few;

impl Engine for Few {
    fn version(&self) -> EngineVersion {
        EngineVersion { name: "few".into(), version: "1".into() }
    }

    fn product_templates(&self) -> &[u64] {
        &[1]
    }

    fn worker(&self, _crash_record: Option<&Path>) -> Result<Box<dyn Worker>, Error> {
        Ok(Box::new(Self))
    }
}

impl Worker for Few {
    fn run(&mut self, batch: Batch<'_>, output: &mut EngineOutput) -> Result<(), Error> {
        for row in 0..batch.smiles.len() {
            for site in 0..PRODUCTS {
                let number = (batch.first_row + row as u64) * PRODUCTS + site;
                let product = if site == 0 { 0 } else { number * 7_919 % (DISTINCT - 1) + 1 };
                let smiles = format!("P{product:0>SMILES_BYTES$}");
                output.products.push(row as u32, 0, (site as i32, 0), smiles.as_bytes());
            }
            output.rows.push(RowResult::of(RowOutcome::WithProducts, false).with_sites(PRODUCTS));
        }
        let rows = batch.smiles.len() as u64;
        let all = rows * PRODUCTS;
        let tally = Tally {
            rows_with_products: rows,
            sites: all,
            sites_applied: all,
            results: all,
            made: all,
            ..Tally::default()
        };
        output.tallies = vec![tally];
        Ok(())
    }
}

fn make_engine(_transforms: &[Transform], _settings: &EngineSettings) -> Result<Box<dyn Engine>, Error> {
    Ok(Box::new(Few))
}

/// A line of /proc/self/status, in bytes.
fn status(key: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap();
    line.trim_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().unwrap() << 10
}

/// Does `work`, and compares its growth in memory with [`MOST_BYTES`].
fn within_bounds<T>(what: &str, work: impl FnOnce() -> T) -> T {
    fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = status("VmRSS:");
    let result = work();
    let growth = status("VmHWM:").saturating_sub(before);
    println!("{what}: {} MiB", growth >> 20);
    assert!(growth < MOST_BYTES, "{what}: {} MiB", growth >> 20);
    result
}

#[test]
fn however_many_rows_give_the_same_products() {
    let folder = tempfile::tempdir().unwrap();
    let (input, config) = (folder.path().join("library.smi"), folder.path().join("transforms.yaml"));
    fs::write(&config, "version: 1\ntransforms:\n  - {name: ONE, smirks: '[C:1]>>[C:1]O'}\n").unwrap();
    // A micro-batch has few such rows.
    let parent = "C".repeat(600);
    fs::write(&input, (0..ROWS).map(|row| format!("{parent} id{row}\n")).collect::<String>()).unwrap();
    let run = |outdir: &str, shard: Option<Shard>| -> PathBuf {
        let outdir = folder.path().join(outdir);
        let options = ApplyOptions::new(&input, &outdir, &config, vec!["all".to_owned()]);
        let options = ApplyOptions { parents: true, shard, workers: 1, ..options };
        let summary = apply(&options, &make_engine, &Control::default()).unwrap();
        assert_eq!(summary.files.parents.unwrap().rows, summary.total_products);
        outdir
    };
    let whole = within_bounds("a run", || run("whole", None));
    let shards: Vec<PathBuf> = (1..=2)
        .map(|index| {
            let shard = Some(Shard { index, of: 2 });
            within_bounds("a shard", || run(&format!("shard-{index}"), shard))
        })
        .collect();
    let merged = folder.path().join("merged");
    let options = MergeOptions::new(shards, &merged);
    within_bounds("merged", || merge(&options, &Control::default()).unwrap());
    assert!(within_bounds("verified", || verify(&merged).unwrap()).ok);
    let parents = |outdir: &Path| fs::read(outdir.join("parents.parquet")).unwrap();
    assert!(parents(&whole) == parents(&merged));
}
