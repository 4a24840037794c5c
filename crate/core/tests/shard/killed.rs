//! A merge that is killed at any call to the disk and then rerun gives the same bytes.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use xform_core::disk::{Call, Disk, Gate};
use xform_core::{Control, MergeOptions, merge};

use crate::job::{Place, assert_same, names};

/// From one call on, every call fails, so nothing can be tidied up any more.
pub struct DeadFrom {
    at: u64,
    pub calls: AtomicU64,
}

impl DeadFrom {
    pub fn new(at: u64) -> Self {
        Self { at, calls: AtomicU64::new(0) }
    }
}

impl Gate for DeadFrom {
    fn before(&self, _call: Call<'_>) -> io::Result<Option<usize>> {
        if self.calls.fetch_add(1, Ordering::SeqCst) < self.at {
            Ok(None)
        } else {
            Err(io::ErrorKind::Other.into())
        }
    }

    fn after(&self, _call: Call<'_>) {}
}

#[test]
fn at_any_call() {
    let place = Place::new();
    let whole = place.whole();
    let shards = place.shards(3);
    let counting = Arc::new(DeadFrom::new(u64::MAX));
    place.merge(&shards, "counted", Disk::gated(Arc::clone(&counting) as Arc<dyn Gate>)).unwrap();
    let calls = counting.calls.load(Ordering::SeqCst);
    assert!(calls > 50, "{calls}");
    // All of the last calls, in which files get their names, and some of the others.
    for at in (0..calls).filter(|at| at + 40 > calls || at % 7 == 0) {
        let outdir = format!("killed-{at}");
        let died = place.merge(&shards, &outdir, Disk::gated(Arc::new(DeadFrom::new(at))));
        let is_finished = place.path(&outdir).join("SUMMARY.json").exists();
        match died {
            Ok(died) => assert_eq!(died.sums, whole.sums, "killed at call {at}, after the summary"),
            Err(error) => assert!(!error.code().contains("SHARD") || at < 40, "killed at call {at}: {error}"),
        }
        let merged = place.merge(&shards, &outdir, Disk::default());
        let merged = merged.unwrap_or_else(|error| panic!("killed at call {at} of {calls}: {error}"));
        assert_eq!(merged.already_finished, is_finished, "killed at call {at}");
        assert_same(&whole, &merged, &format!("killed at call {at} of {calls}"));
    }
}

#[test]
fn and_a_run_that_is_refused_its_folder_leaves_it_as_it_is() {
    let place = Place::new();
    let (whole, shards) = (place.whole(), place.shards(2));
    let counting = Arc::new(DeadFrom::new(u64::MAX));
    place.merge(&shards, "counted", Disk::gated(Arc::clone(&counting) as Arc<dyn Gate>)).unwrap();
    let calls = counting.calls.load(Ordering::SeqCst);
    let has_named_a_file = |at: &u64| {
        let outdir = format!("killed-{at}");
        let _ = place.merge(&shards, &outdir, Disk::gated(Arc::new(DeadFrom::new(*at))));
        let names = names(&place.path(&outdir));
        names.contains(&"products.parquet".to_owned()) && !names.contains(&"SUMMARY.json".to_owned())
    };
    let at = (0..calls).rev().find(has_named_a_file).unwrap();
    let outdir = format!("killed-{at}");
    let refused = place.run(&place.options(&outdir, None), Disk::default()).unwrap_err();
    assert_eq!(refused.code(), "XFORM_OUTPUT_EXISTS");
    assert_same(&whole, &place.merge(&shards, &outdir, Disk::default()).unwrap(), "after a refusal");
}

#[test]
fn on_request() {
    let place = Place::new();
    let shards = place.shards(2);
    let control = Control { pace: place.pace, ..Control::default() };
    control.cancel.store(true, Ordering::Relaxed);
    let error = merge(&MergeOptions::new(shards, place.path("out")), &control).unwrap_err();
    assert_eq!(error.code(), "XFORM_CANCELLED");
    assert!(error.to_string().ends_with("the same command starts the merge over"), "{error}");
    assert!(!place.path("out").exists() || names(&place.path("out")).is_empty());
}
