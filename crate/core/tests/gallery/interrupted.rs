//! A gallery that is stopped, fails or is killed leaves nothing under a final name.

use std::fs;
use std::sync::atomic::Ordering;

use xform_core::disk::Disk;

use crate::job::{Job, molecules};
use crate::refusing::Refusing;

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
        job.control.disk = Disk::gated(Refusing::from_call(failures));
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
        let gate = Refusing::from_call(at);
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
