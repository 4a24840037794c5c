//! The run of a shard: its rows alone, counted as those of the library; interrupted, resumed, not mixed up.

use std::fs;
use std::sync::Arc;

use xform_core::output::disk::Disk;
use xform_core::{ApplyOptions, Shard, check};

use crate::engine::make_engine;
use crate::job::{Place, assert_well, bytes};
use crate::killed::DeadFrom;

const SHARD: Shard = Shard { index: 2, of: 3 };

#[test]
fn a_shard_says_what_it_is_of() {
    let place = Place::new();
    let options = place.options("out", Some(SHARD));
    let report = check(&options, &make_engine).unwrap();
    assert_eq!(report.rows, None, "lines are counted when the run begins");
    let summary = place.run(&options, Disk::default()).unwrap();
    let of = summary.shard.unwrap();
    assert_eq!((of.shard, of.first_row, of.library_rows, of.rows()), (SHARD, 500, 1_500, 500));
    assert_eq!((summary.total_input, summary.total_processed, summary.sums.rows), (500, 500, 500));
    let parsed: serde_json::Value =
        serde_json::from_slice(&fs::read(options.outdir.join("SUMMARY.json")).unwrap()).unwrap();
    let expected = serde_json::json!({ "index": 2, "of": 3, "first_row": 500, "library_rows": 1_500 });
    assert_eq!(parsed["shard"], expected);
}

#[test]
fn a_killed_shard_goes_on_and_ends_in_the_same_bytes() {
    let place = Place::new();
    let unbroken = place.options("unbroken", Some(SHARD));
    place.run(&unbroken, Disk::default()).unwrap();
    for at in [60, 150, 300] {
        let options = place.options(&format!("killed-{at}"), Some(SHARD));
        place.run(&options, Disk::gated(Arc::new(DeadFrom::new(at)))).unwrap_err();
        let other = ApplyOptions { shard: Some(Shard { index: 3, of: 3 }), resume: true, ..options.clone() };
        let refused = place.run(&other, Disk::default());
        let resumed = ApplyOptions { resume: true, ..options.clone() };
        if at > 60 {
            let refused = refused.unwrap_err();
            assert_eq!(refused.code(), "XFORM_RESUME_REFUSED", "{refused}");
            assert!(refused.to_string().contains("shard.index was 2 and is 3"), "{refused}");
            assert!(place.run(&resumed, Disk::default()).unwrap().rows_resumed > 0);
            assert!(bytes(&options.outdir) == bytes(&unbroken.outdir), "killed at call {at}");
            assert_well(&options.outdir);
        }
    }
    let whole = ApplyOptions { resume: true, shard: None, ..unbroken.clone() };
    let error = place.run(&whole, Disk::default()).unwrap_err();
    assert!(error.to_string().contains("shard was {\"index\":2,\"of\":3} and is null"), "{error}");
    let again = ApplyOptions { resume: true, ..unbroken };
    assert_eq!(place.run(&again, Disk::default()).unwrap().total_input, 500);
}
