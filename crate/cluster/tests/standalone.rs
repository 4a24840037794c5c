//! A scheduler and an executor in this process give the same result as a run on one machine.

#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

mod common;

use std::fs;
use std::path::Path;
use std::time::Duration;

use common::{ROWS, options, rows, sorted, write_library};
use xform_cluster::apply::new_engine;
use xform_cluster::client::{Client, Cluster};
use xform_core::alerts::AlertChoice;
use xform_core::options::Salts;
use xform_core::properties::PropertyChoice;
use xform_core::source::KeepColumns;
use xform_core::{
    ApplyOptions, Control, DedupKey, DedupMode, Order, Standardization, Summary, apply, gather, verify,
};

/// A run on a separate cluster, which runs two tasks at a time.
fn gathered(options: &ApplyOptions, partitions: usize) -> Summary {
    let mut client = Client { cluster: Cluster::Standalone(2), partitions, patience: Duration::ZERO };
    let summary = gather(options, &new_engine, &Control::default(), &mut client).unwrap();
    let verified = verify(&options.outdir).unwrap();
    assert!(verified.ok, "{verified:?}");
    let mut left: Vec<_> =
        fs::read_dir(&options.outdir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["SUMMARY.json", "products.parquet", "rejects.parquet"], "nothing else is left");
    summary
}

fn read(outdir: &Path, name: &str) -> Vec<u8> {
    fs::read(outdir.join(name)).unwrap()
}

#[test]
fn five_thousand_rows_give_the_same_files() {
    let folder = tempfile::tempdir().unwrap();
    write_library(&folder.path().join("library.tsv"));
    let here = options(folder.path(), "here");
    let expected = apply(&here, &new_engine, &Control::default()).unwrap();
    assert_eq!(expected.totals.rows as usize, ROWS);
    assert!(expected.sums.duplicates > Some(500), "there is something to deduplicate: {:?}", expected.sums);
    assert!(expected.totals.rejected_rows > 200, "{}", expected.totals.rejected_rows);
    assert!(expected.totals.rechecks.rows_rechecked > 100, "{:?}", expected.totals.rechecks);
    let (columns, products) = rows(&here.outdir.join("products.parquet"));

    // The folder of the library's parts; DataFusion must not treat any of its name as a pattern.
    let by_key = options(folder.path(), "by key [a-z]*? %41 \u{fc}");
    let by_key = ApplyOptions { order: Order::Key, ..by_key };
    let summary = gathered(&by_key, 4);
    let (columns_by_key, products_by_key) = rows(&by_key.outdir.join("products.parquet"));
    assert_eq!(columns_by_key, columns);
    assert!(sorted(products_by_key) == sorted(products.clone()), "the products are the same");
    let (_, rejects) = rows(&here.outdir.join("rejects.parquet"));
    let (_, rejects_by_key) = rows(&by_key.outdir.join("rejects.parquet"));
    assert_eq!(rejects_by_key, rejects, "the rejects are the same, in the same order");
    assert_eq!(summary.sums, expected.sums);
    assert_eq!(summary.totals.by_outcome, expected.totals.by_outcome);
    assert_eq!(summary.totals.rejected_rows, expected.totals.rejected_rows);
    assert_eq!(summary.totals.rechecks, expected.totals.rechecks);
    for (there, here) in summary.totals.transforms.iter().zip(&expected.totals.transforms) {
        assert_eq!((&there.name, there.sums), (&here.name, here.sums));
    }

    let again = ApplyOptions { outdir: folder.path().join("again"), ..by_key.clone() };
    gathered(&again, 7);
    for name in ["products.parquet", "rejects.parquet"] {
        assert!(read(&again.outdir, name) == read(&by_key.outdir, name), "{name} depends on the partitions");
    }

    let in_order = ApplyOptions { outdir: folder.path().join("sorted"), order: Order::Input, ..by_key };
    gathered(&in_order, 4);
    let (_, products_in_order) = rows(&in_order.outdir.join("products.parquet"));
    assert!(sorted(products_in_order) == sorted(products), "the products are the same when sorted");
    assert!(
        read(&in_order.outdir, "rejects.parquet") == read(&here.outdir, "rejects.parquet"),
        "in the order of the input the rejects have the same bytes"
    );
}

#[test]
fn without_deduplication_all_products_come_back() {
    let folder = tempfile::tempdir().unwrap();
    write_library(&folder.path().join("library.tsv"));
    let here = ApplyOptions { dedup: DedupMode::None, ..options(folder.path(), "here") };
    let expected = apply(&here, &new_engine, &Control::default()).unwrap();
    let there = ApplyOptions { outdir: folder.path().join("there"), ..here.clone() };
    let summary = gathered(&there, 3);
    assert_eq!(summary.sums, expected.sums);
    for name in ["products.parquet", "rejects.parquet"] {
        // No rows are deferred here, so even the order is that of the run on one machine.
        assert!(read(&there.outdir, name) == read(&here.outdir, name), "{name} has different bytes");
    }
}

/// A filter may name what only the client knows of a library: the position of a row, its id, its kept columns.
#[test]
fn a_filter_acts_as_on_one_machine() {
    let folder = tempfile::tempdir().unwrap();
    write_library(&folder.path().join("library.tsv"));
    let filter =
        "(source_note = 'kept' or source_row < 1000) and source_id not like '%7' and xf_code is not null";
    for dedup in [DedupMode::None, DedupMode::Exact] {
        let filter = Some(filter.to_owned());
        let here = ApplyOptions { dedup, filter, ..options(folder.path(), &format!("here-{dedup:?}")) };
        let expected = apply(&here, &new_engine, &Control::default()).unwrap();
        assert!(expected.sums.filter.filtered > 100, "{:?}", expected.sums);
        let there = ApplyOptions { outdir: folder.path().join(format!("there-{dedup:?}")), ..here.clone() };
        let summary = gathered(&there, 3);
        assert_eq!(summary.sums, expected.sums);
        assert_eq!(summary.totals.filtered_by_clause, expected.totals.filtered_by_clause);
        let products = |options: &ApplyOptions| sorted(rows(&options.outdir.join("products.parquet")).1);
        assert!(products(&there) == products(&here), "{dedup:?}: different products");
    }
}

#[test]
fn each_step_acts_as_on_one_machine() {
    let folder = tempfile::tempdir().unwrap();
    write_library(&folder.path().join("library.tsv"));
    let known = folder.path().join("known.csv");
    let made = ApplyOptions { dedup: DedupMode::None, ..options(folder.path(), "made") };
    apply(&made, &new_engine, &Control::default()).unwrap();
    let (columns, products) = rows(&made.outdir.join("products.parquet"));
    let (smiles, _) = columns.find("smiles").unwrap();
    let some = products.iter().step_by(9).map(|row| row.split('\t').nth(smiles).unwrap());
    fs::write(&known, ["smiles"].into_iter().chain(some).collect::<Vec<_>>().join("\n")).unwrap();

    let here = ApplyOptions {
        standardize: Standardization::Neutral,
        salts: Salts::Keep,
        properties: PropertyChoice::new(&["all"]),
        parent_properties: true,
        alerts: AlertChoice::new(&["PAINS", "BRENK"]),
        filter: Some("parent_MW < 700 and (not alerts or QED > 0.4)".to_owned()),
        exclude: known.into(),
        dedup_key: DedupKey::InchiKey,
        mapped: true,
        cxsmiles: true,
        legacy: true,
        limit: Some(2_000),
        ..options(folder.path(), "here")
    };
    let expected = apply(&here, &new_engine, &Control::default()).unwrap();
    let there = ApplyOptions { outdir: folder.path().join("there"), order: Order::Input, ..here.clone() };
    let summary = gathered(&there, 3);
    assert_eq!(summary.sums, expected.sums);
    assert!(expected.sums.known > 20 && expected.sums.filter.filtered > 20, "{:?}", expected.sums);
    assert!(expected.totals.rows_standardized > 0);
    assert_eq!(summary.totals.rows_standardized, expected.totals.rows_standardized);
    assert_eq!(summary.known_files, expected.known_files);
    let [of_cluster, of_machine] = [&there, &here].map(|run| rows(&run.outdir.join("products.parquet")));
    assert_eq!(of_cluster.0, of_machine.0);
    assert!(sorted(of_cluster.1) == sorted(of_machine.1), "different products");
    let [of_cluster, of_machine] = [&there, &here].map(|run| rows(&run.outdir.join("rejects.parquet")));
    assert_eq!(of_cluster, of_machine);
}

/// Types and values of carried columns come back from a cluster unchanged.
#[test]
fn columns_of_every_kind() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("transforms.yaml");
    fs::write(&config, "version: 1\ntransforms:\n  - name: F\n    smirks: \"[CH3:1]>>[C:1]F\"\n").unwrap();
    for name in ["pyarrow-kept", "polars-kept", "duckdb-kept", "pyarrow-no-rows"] {
        let input = common::root().join(format!("crate/core/tests/fixture/source/{name}.parquet"));
        let outdir = folder.path().join(format!("{name}-here"));
        let here = ApplyOptions {
            dedup: DedupMode::None,
            keep_columns: KeepColumns::All,
            workers: 2,
            ..ApplyOptions::new(input, outdir, &config, vec!["all".to_owned()])
        };
        let expected = apply(&here, &new_engine, &Control::default()).unwrap();
        assert_eq!(expected.total_products > 0, name != "pyarrow-no-rows", "{name}");
        let there = ApplyOptions { outdir: folder.path().join(format!("{name}-there")), ..here.clone() };
        assert_eq!(gathered(&there, 3).sums, expected.sums, "{name}");
        for file in ["products.parquet", "rejects.parquet"] {
            assert!(
                read(&there.outdir, file) == read(&here.outdir, file),
                "{name}: {file} has different bytes"
            );
        }
    }
}
