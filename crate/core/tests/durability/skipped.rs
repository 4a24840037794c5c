//! Rows of `--skip-rows`: rejects that shape the result, and to which a resumed run may add rows.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, AsArray};
use arrow::datatypes::Int64Type;
use serde_json::json;
use xform_core::disk::Disk;
use xform_core::output::read_back::WrittenFile;
use xform_core::{ApplyOptions, Error};

use crate::gate::{At, Stop};
use crate::job::{self, ROWS, bytes, options, run};

fn skipping(folder: &Path, outdir: &str, rows: &[u64]) -> ApplyOptions {
    ApplyOptions { skip_rows: rows.iter().copied().collect(), ..options(folder, outdir) }
}

/// Runs into `out`, skipping `rows`, until the disk fails at call `at`.
fn stop(options: &ApplyOptions, at: u64) {
    run(options, Some(Arc::new(At::new(at, Stop)))).unwrap_err();
}

fn resumed(options: &ApplyOptions, rows: &[u64]) -> Result<u64, Error> {
    let skip_rows: BTreeSet<u64> = rows.iter().copied().collect();
    run(&ApplyOptions { skip_rows, resume: true, ..options.clone() }, None)
        .map(|summary| summary.rows_resumed)
}

fn refusal(options: &ApplyOptions, rows: &[u64]) -> String {
    let error = resumed(options, rows).unwrap_err();
    assert_eq!(error.code(), "XFORM_RESUME_REFUSED", "{error}");
    error.to_string()
}

/// Row, source SMILES and code of the rejects found for `rows`.
fn rejects(outdir: &Path, rows: &[i64]) -> Vec<(i64, String, String)> {
    let file = WrittenFile::open(&Disk::default(), &outdir.join("rejects.parquet")).unwrap();
    let mut found = Vec::new();
    for batch in file.batches(file.groups()).unwrap() {
        let batch = batch.unwrap();
        let text = |name: &str, row: usize| {
            batch.column_by_name(name).unwrap().as_string::<i32>().value(row).to_owned()
        };
        let source_rows = batch.column_by_name("source_row").unwrap().as_primitive::<Int64Type>();
        assert_eq!(source_rows.null_count(), 0);
        for (row, source_row) in source_rows.values().iter().enumerate() {
            if rows.contains(source_row) {
                found.push((*source_row, text("source_smiles", row), text("code", row)));
            }
        }
    }
    found
}

#[test]
fn they_are_rejects_and_stand_in_the_metadata() {
    let folder = job::folder();
    job::prepare(folder.path());
    // Row 5 is bad in any case.
    let options = skipping(folder.path(), "out", &[7, 5, 1_499]);
    let summary = run(&options, None).unwrap();
    let all = run(&self::options(folder.path(), "all"), None).unwrap();
    assert_eq!(summary.totals.by_outcome.with_products, all.totals.by_outcome.with_products - 2);
    assert_eq!(summary.totals.rejected_rows, all.totals.rejected_rows + 2);
    assert_eq!(summary.files.rejects.rows, all.files.rejects.rows + 2);
    let skipped = |row: i64, smiles: String| (row, smiles, "skipped".to_owned());
    let expected = [
        skipped(5, "bad5".into()),
        skipped(7, format!("C{:0>80}", 7)),
        skipped(1_499, format!("C{:0>80}", 1_499)),
    ];
    assert_eq!(rejects(&options.outdir, &[5, 7, 1_499]), expected);
    for (outdir, expected) in [(&options.outdir, json!([5, 7, 1_499])), (&all.output_dir, json!(null))] {
        for name in ["products.parquet", "rejects.parquet"] {
            let file = WrittenFile::open(&Disk::default(), &outdir.join(name)).unwrap();
            assert_eq!(file.metadata().unwrap()["skip_rows"], expected, "{name}");
        }
    }
}

#[test]
fn a_row_that_is_not_there_is_a_warning_at_the_latest() {
    let folder = job::folder();
    job::prepare(folder.path());
    let summary = run(&skipping(folder.path(), "out", &[7, ROWS]), None).unwrap();
    let warned = summary.warnings.iter().any(|warning| {
        warning.starts_with("--skip-rows: there is no row 1500 in the library; it has 1500 rows")
    });
    assert!(warned, "{:?}", summary.warnings);
}

#[test]
fn a_resumed_run_may_skip_further_rows_that_are_not_committed() {
    let folder = job::folder();
    job::prepare(folder.path());
    let whole = skipping(folder.path(), "whole", &[3, 1_400]);
    run(&whole, None).unwrap();
    let options = skipping(folder.path(), "out", &[3]);
    stop(&options, 80);
    let durable = job::durable_rows(&options.outdir).unwrap();
    assert!(0 < durable && durable < 1_400);

    assert!(refusal(&options, &[1_400]).contains("skip_rows[0] was 3 and is 1400"), "one was taken off");
    let committed = refusal(&options, &[3, durable - 1, 1_400]);
    assert!(
        committed.contains(&format!("row {} of --skip-rows is committed already", durable - 1)),
        "{committed}"
    );
    assert_eq!(resumed(&options, &[3, 1_400]).unwrap(), durable);
    assert!(bytes(&options.outdir) == bytes(&whole.outdir));
}

#[test]
fn what_was_added_holds_for_the_runs_after_that_too() {
    let folder = job::folder();
    job::prepare(folder.path());
    let options = skipping(folder.path(), "out", &[]);
    stop(&options, 60);
    let before = job::durable_rows(&options.outdir).unwrap();
    let added = ApplyOptions { resume: true, ..skipping(folder.path(), "out", &[1_400]) };
    // Fails later each time, until the run commits something.
    let mut stopped = (40..).step_by(20).map(|at| {
        stop(&added, at);
        job::durable_rows(&options.outdir).unwrap()
    });
    let after = stopped.find(|&rows| rows > before).unwrap();
    assert!(after < 1_400, "{after}");
    assert!(refusal(&options, &[]).contains("skip_rows was [1400] and is null"));
    assert_eq!(resumed(&options, &[1_400]).unwrap(), after);
    let whole = skipping(folder.path(), "whole", &[1_400]);
    run(&whole, None).unwrap();
    assert!(bytes(&options.outdir) == bytes(&whole.outdir));
}

#[test]
fn a_finished_run_is_not_one_that_skips_more() {
    let folder = job::folder();
    job::prepare(folder.path());
    let options = skipping(folder.path(), "out", &[3]);
    run(&options, None).unwrap();
    assert!(refusal(&options, &[3, 4]).contains("skip_rows was [3] and is [3,4]"));
}
