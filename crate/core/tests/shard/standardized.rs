//! `standardize`: the rows that it changes are counted alike for shards and the whole, and shards that were standardized
//! differently are not merged.

use xform_core::disk::Disk;
use xform_core::{ApplyOptions, Shard, Standardization};

use crate::job::{Place, assert_same, assert_well};

#[test]
fn the_rows_that_it_changes_add_up() {
    let place = Place { change: |options| options.standardize = Standardization::Neutral, ..Place::new() };
    let whole = place.whole();
    let counted = whole.totals.rows_standardized;
    assert!(counted > 100 && counted < whole.totals.rows, "{counted}");
    let merged = place.merge(&place.shards(3), "merged", Disk::default()).unwrap();
    assert_same(&whole, &merged, "three shards");
    assert_well(&whole.output_dir);
}

#[test]
fn shards_that_were_standardized_differently_are_not_merged() {
    let place = Place::new();
    let shard = |index, standardize| {
        let options = place.options(&format!("shard-{index}"), Some(Shard { index, of: 2 }));
        place.run(&ApplyOptions { standardize, ..options }, Disk::default()).unwrap().output_dir
    };
    let shards = [shard(1, Standardization::Parent), shard(2, Standardization::Neutral)];
    let error = place.merge(&shards, "merged", Disk::default()).unwrap_err();
    assert_eq!(error.code(), "XFORM_SHARD_MISMATCH");
    assert!(error.to_string().contains("standardize was \"parent\" and is \"neutral\""), "{error}");
}
