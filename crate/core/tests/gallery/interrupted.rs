//! A gallery that is stopped, fails or is killed leaves nothing under a final name.

use std::fs;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use xform_core::disk::{Call, Disk, Gate};

use crate::job::{Job, molecules};

/// Refuses the call at that place, and all writes after it as a full disk does.
struct Refusing {
    at: usize,
    calls: AtomicUsize,
}

impl Gate for Refusing {
    fn before(&self, call: Call<'_>) -> io::Result<Option<usize>> {
        let number = self.calls.fetch_add(1, Ordering::SeqCst);
        let is_cleaning = matches!(call, Call::Remove(_));
        if number == self.at || (number > self.at && !is_cleaning) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(None)
    }

    fn after(&self, _call: Call<'_>) {}
}

/// Three pages and an index.
fn job() -> Job {
    Job::of(&molecules(1_001)).with(|options| options.gallery.limit = 1_001)
}

#[test]
fn whatever_call_to_the_disk_fails_no_file_is_incomplete() {
    let complete = job();
    complete.run().unwrap();
    let mut failures = 0;
    loop {
        let mut job = job();
        job.control.disk = Disk::gated(Arc::new(Refusing { at: failures, calls: AtomicUsize::new(0) }));
        let ended = job.run();
        for name in job.names() {
            assert!(job.text(&name) == complete.text(&name), "{name} after call {failures}");
        }
        match ended {
            Ok(_) => {
                assert_eq!(job.names(), complete.names());
                break;
            }
            Err(error) => assert_eq!(error.code(), "XFORM_OUTPUT_FULL", "{error}"),
        }
        failures += 1;
    }
    assert!(failures > 20, "{failures} calls");
}

#[test]
fn the_index_comes_last() {
    let refused = |at| {
        let mut job = job();
        let gate = Arc::new(Refusing { at, calls: AtomicUsize::new(0) });
        job.control.disk = Disk::gated(gate.clone());
        let _ = job.run();
        (job.names(), gate.calls.load(Ordering::SeqCst))
    };
    let (complete, calls) = refused(usize::MAX);
    assert_eq!(complete.len(), 4);
    // The last calls give the files their names.
    let kept: Vec<Vec<String>> = (calls - 6..calls).map(|at| refused(at).0).collect();
    let partial = kept.iter().filter(|names| (1..4).contains(&names.len()));
    assert!(partial.clone().count() > 0, "{kept:?}");
    assert!(partial.flatten().all(|name| name != "table.gallery.html"), "{kept:?}");
}

#[test]
fn a_stopped_gallery_leaves_nothing() {
    let job = job();
    job.control.cancel.store(true, Ordering::Relaxed);
    assert_eq!(job.run().unwrap_err().code(), "XFORM_CANCELLED");
    assert_eq!(job.names(), [""; 0]);
}

#[test]
fn what_a_killed_gallery_left_is_removed_by_the_next_one() {
    let job = Job::of(&molecules(3));
    let left = [".table.gallery.html.tmp", ".table.gallery-099.html.tmp", ".table.gallery.html.lock"];
    for name in left.into_iter().chain([".other.html.tmp"]) {
        fs::write(job.path(name), "torn").unwrap();
    }
    job.run().unwrap();
    assert_eq!(job.names(), [".other.html.tmp", "table.gallery.html"]);
}

#[test]
fn one_gallery_of_a_name_at_a_time() {
    let job = Job::of(&molecules(3));
    let lock = fs::File::create(job.path(".table.gallery.html.lock")).unwrap();
    lock.lock().unwrap();
    assert_eq!(job.run().unwrap_err().code(), "XFORM_OUTPUT_LOCKED");
    drop(lock);
    job.run().unwrap();
    assert_eq!(job.names(), ["table.gallery.html"]);
}
