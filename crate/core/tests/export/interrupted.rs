//! An export that is stopped, fails or is killed leaves nothing under a final name.

use std::fs;
use std::sync::atomic::Ordering;

use xform_core::disk::Disk;

use crate::job::Job;
use crate::refusing::Refusing;

#[test]
fn whatever_call_to_the_disk_fails_no_file_is_incomplete() {
    let complete = Job::new("out.csv").with(|options| options.export.max_rows_per_file = Some(1_500));
    complete.run().unwrap();
    let complete: Vec<(String, String)> =
        complete.names().into_iter().map(|name| (name.clone(), complete.text(&name))).collect();
    let mut failures = 0;
    loop {
        let mut job = Job::new("out.csv").with(|options| options.export.max_rows_per_file = Some(1_500));
        job.control.disk = Disk::gated(Refusing::from_call(failures));
        let ended = job.run();
        let names = job.names();
        for name in &names {
            let expected = complete.iter().find(|(known, _)| known == name);
            assert_eq!(Some(&job.text(name)), expected.map(|(_, text)| text), "{name} after call {failures}");
        }
        match ended {
            Ok(_) => {
                assert_eq!(names.len(), complete.len());
                break;
            }
            Err(error) => assert_eq!(error.code(), "XFORM_OUTPUT_FULL", "{error}"),
        }
        failures += 1;
    }
    assert!(failures > 20, "{failures} calls");
}

#[test]
fn a_stopped_export_leaves_nothing() {
    let job = Job::new("out.csv");
    job.control.cancel.store(true, Ordering::Relaxed);
    let error = job.run().unwrap_err();
    assert_eq!(error.code(), "XFORM_CANCELLED");
    assert_eq!(job.names(), [""; 0]);
}

#[test]
fn what_a_killed_export_left_is_removed_by_the_next_one() {
    let job = Job::new("out.csv").with(|options| options.export.max_rows_per_file = Some(3_000));
    for name in [".out-00001.csv.tmp", ".out-00099.csv.tmp", ".out.csv.lock", ".other-00001.csv.tmp"] {
        fs::write(job.path(name), "torn").unwrap();
    }
    job.run().unwrap();
    assert_eq!(job.names(), [".other-00001.csv.tmp", "out-00001.csv", "out-00002.csv"]);
}

#[test]
fn one_export_of_a_name_at_a_time() {
    let job = Job::new("out.csv");
    let lock = fs::File::create(job.path(".out.csv.lock")).unwrap();
    lock.lock().unwrap();
    assert_eq!(job.run().unwrap_err().code(), "XFORM_OUTPUT_LOCKED");
    drop(lock);
    job.run().unwrap();
    assert_eq!(job.names(), ["out.csv"]);
}
