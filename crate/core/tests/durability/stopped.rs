//! A request to stop takes effect in every phase, not only while rows go through the pipeline.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use xform_core::disk::{Call, Gate};
use xform_core::{ApplyOptions, Control, DedupMode, Error, apply};

use crate::job::{self, make_engine, options, resume_and_compare, run, unbroken};

type Which = fn(Call<'_>) -> bool;

/// Requests a stop at the first call of one kind, and counts calls of another kind from there on.
struct AskAt {
    at: Which,
    counted: Which,
    cancel: Arc<AtomicBool>,
    count: AtomicU64,
}

impl Gate for AskAt {
    fn before(&self, call: Call<'_>) -> io::Result<Option<usize>> {
        if (self.at)(call) {
            self.cancel.store(true, Ordering::SeqCst);
        }
        let is_counted = self.cancel.load(Ordering::SeqCst) && (self.counted)(call);
        self.count.fetch_add(u64::from(is_counted), Ordering::SeqCst);
        Ok(None)
    }

    fn after(&self, _: Call<'_>) {}
}

/// Runs, requests a stop `at` a call, and returns the number of `counted` calls that came after.
fn calls_after(options: &ApplyOptions, at: Which, counted: Which) -> u64 {
    let cancel = Arc::<AtomicBool>::default();
    let gate = Arc::new(AskAt { at, counted, cancel: Arc::clone(&cancel), count: AtomicU64::new(0) });
    let control = Control { cancel, ..job::control(Some(gate.clone()), Duration::ZERO) };
    let error = apply(options, &make_engine, &control).unwrap_err();
    assert!(matches!(error, Error::Cancelled { .. }), "{error}");
    gate.count.load(Ordering::SeqCst)
}

#[test]
fn while_the_files_are_made() {
    let folder = job::folder();
    job::prepare(folder.path());
    let expected = unbroken(folder.path(), "unbroken", DedupMode::Exact);
    let options = options(folder.path(), "out");
    let products =
        |call: Call<'_>| matches!(call, Call::Create(path) if path.ends_with(".products.parquet.tmp"));
    let parts = calls_after(
        &options,
        products,
        |call| matches!(call, Call::Open(path) if path.extension().is_some_and(|end| end == "parquet")),
    );
    assert_eq!(parts, 0, "parts were read after a request to stop");
    let options = ApplyOptions { resume: true, ..options };
    let rejects =
        |call: Call<'_>| matches!(call, Call::Create(path) if path.ends_with(".rejects.parquet.tmp"));
    assert_eq!(calls_after(&options, rejects, products), 0, "products were begun after a request to stop");
    resume_and_compare(&options, &expected, "stopped twice while the files were made");
}

#[test]
fn while_keys_are_read_again() {
    let folder = job::folder();
    job::prepare(folder.path());
    for dedup in [DedupMode::Exact, DedupMode::Bloom] {
        let expected = unbroken(folder.path(), &format!("unbroken-{dedup:?}"), dedup);
        let options = ApplyOptions { dedup, ..options(folder.path(), &format!("out-{dedup:?}")) };
        let rejects =
            |call: Call<'_>| matches!(call, Call::Create(path) if path.ends_with(".rejects.parquet.tmp"));
        calls_after(&options, rejects, |_| false);
        let options = ApplyOptions { resume: true, ..options };
        let opened = |call: Call<'_>| matches!(call, Call::Open(path) if path.ends_with("keys.bin"));
        let read = calls_after(
            &options,
            opened,
            |call| matches!(call, Call::Read(path) if path.ends_with("keys.bin")),
        );
        assert!(read <= 2, "{read} reads of the key log after a request to stop, in {dedup:?}");
        resume_and_compare(&options, &expected, "stopped while keys were read again");
    }
}

#[test]
fn while_a_finished_run_is_held_against_its_input() {
    let folder = job::folder();
    job::prepare(folder.path());
    let options = options(folder.path(), "out");
    run(&options, None).unwrap();
    let opened = |call: Call<'_>| matches!(call, Call::CreateFolder(_));
    calls_after(&ApplyOptions { resume: true, ..options.clone() }, opened, |_| false);
    assert!(options.outdir.join("SUMMARY.json").exists(), "what was published stays");
}
