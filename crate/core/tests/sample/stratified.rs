//! Rows of each stratum.

use std::sync::Arc;

use arrow::array::{Int32Array, StringArray};
use serde_json::{Value, json};
use xform_core::SampleSummary;
use xform_core::options::{Allocation, SampleBy};

use crate::job::{Job, batch, columns, numbers, shown, table};

fn stratified(n: u64, strata: &[&str], allocation: Allocation) -> Job {
    Job::new(SampleBy::Stratified, n).with(|options| {
        (options.sample.strata, options.sample.allocation) = (columns(strata), Some(allocation));
    })
}

/// The strata: values, rows, picked rows.
fn strata(summary: &SampleSummary) -> Vec<(Value, u64, u64)> {
    let strata = summary.strata.as_ref().unwrap().iter();
    strata.map(|each| (serde_json::from_str(each.values.get()).unwrap(), each.rows, each.picked)).collect()
}

#[test]
fn equal_strata_give_as_many_rows_each_as_they_have() {
    let summary = stratified(100, &["kind"], Allocation::Equal).run().unwrap();
    assert_eq!(
        strata(&summary),
        [
            (json!({ "kind": null }), 10_000, 30),
            (json!({ "kind": "a" }), 29_990, 30),
            (json!({ "kind": "b" }), 20_000, 30),
            (json!({ "kind": "rare" }), 10, 10),
        ]
    );
    let picked = shown(&summary);
    for (values, _, count) in strata(&summary) {
        assert_eq!(picked.iter().filter(|row| row["kind"] == values["kind"]).count() as u64, count);
    }
    assert!(numbers(&summary).is_sorted());
}

#[test]
fn proportional_strata_give_their_share_and_an_empty_one_is_a_warning() {
    let summary = stratified(60, &["kind", "even"], Allocation::Proportional).run().unwrap();
    let found: Vec<(u64, u64)> = strata(&summary).iter().map(|(_, rows, picked)| (*rows, *picked)).collect();
    // null is odd; a is even twice of three times, but for the rare rows; b is even once of twice.
    assert_eq!(found, [(10_000, 10), (10_000, 10), (19_990, 20), (10_000, 10), (10_000, 10), (10, 0)]);
    assert_eq!(summary.warnings, ["1 of 6 strata have no row in the sample"]);
}

#[test]
fn the_choice_in_a_stratum_depends_on_the_seed_alone() {
    let job = || stratified(100, &["kind"], Allocation::Equal);
    let picked = job().picked();
    let divided = Job::of(&table(), 999, SampleBy::Stratified, 100);
    let again = divided.with(|options| options.sample.strata = columns(&["kind"]));
    assert_eq!(again.picked(), picked);
    assert_ne!(job().with(|options| options.sample.seed = 5).picked(), picked);
    // A stratum alone is a random sample of its rows.
    let alone =
        Job::new(SampleBy::Random, 30).with(|options| options.export.filter = Some("kind = 'b'".to_owned()));
    let of_b: Vec<u64> = picked.into_iter().filter(|row| matches!(row % 6, 3 | 4)).collect();
    assert_eq!(alone.picked(), of_b);
}

#[test]
fn there_may_be_ten_thousand_strata_and_no_more() {
    let of = |strata: i32| {
        let rows = 0..strata * 2;
        let table = batch(vec![
            ("smiles", Arc::new(StringArray::from(vec!["C"; rows.len()]))),
            ("n", Arc::new(rows.map(|row| row / 2).collect::<Int32Array>())),
        ]);
        let job = Job::of(&table, 5_000, SampleBy::Stratified, 10);
        job.with(|options| options.sample.strata = columns(&["n"])).run()
    };
    let summary = of(10_000).unwrap();
    assert_eq!((summary.strata.as_ref().unwrap().len(), summary.rows_picked), (10_000, 10));
    let error = of(10_001).unwrap_err();
    assert_eq!(error.code(), "XFORM_INVALID_OPTION");
    assert!(error.to_string().starts_with("strata: n has more than 10000 different values"), "{error}");
}
