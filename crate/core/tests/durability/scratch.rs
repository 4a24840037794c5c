//! Data spilled to a scratch folder is always removed, whatever happens to the run.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use xform_core::disk::Call;
use xform_core::{ApplyOptions, DedupMode};

use crate::gate::{At, Stop, dead_after};
use crate::job::{self, options, run, unbroken};

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).unwrap().next().is_none()
}

#[test]
fn spilled_files_go_to_the_scratch_folder_and_leave_it_again() {
    let folder = job::folder();
    job::prepare(folder.path());
    let scratch = folder.path().join("scratch");
    let options = ApplyOptions { scratch: Some(scratch.clone()), ..options(folder.path(), "out") };
    run(&options, Some(Arc::new(At::new(150, Stop)))).unwrap_err();
    let own = fs::read_dir(&scratch).unwrap().next().unwrap().unwrap().path();
    assert!(own.join("keys.bin").exists() && own.join("deferred.arrow").exists());
    let summary = run(&ApplyOptions { resume: true, ..options.clone() }, None).unwrap();
    assert!(summary.rows_resumed > 0 && summary.scratch_bytes > 0 && summary.dedup.deferred > 0);
    assert_eq!(fs::read_dir(&scratch).unwrap().count(), 0);
    assert!(job::bytes(&options.outdir) == unbroken(folder.path(), "unbroken", DedupMode::Exact));
}

#[test]
fn a_run_killed_after_its_summary_leaves_nothing_once_it_is_resumed() {
    let folder = job::folder();
    job::prepare(folder.path());
    let scratch = folder.path().join("scratch");
    let options = ApplyOptions { scratch: Some(scratch.clone()), ..options(folder.path(), "out") };
    let published = |call: Call<'_>| matches!(call, Call::Rename(_, to) if to.ends_with("SUMMARY.json"));
    run(&options, dead_after(published)).unwrap();
    assert!(options.outdir.join("SUMMARY.json").exists() && !is_empty(&scratch));
    run(&ApplyOptions { resume: true, scratch: None, ..options.clone() }, None).unwrap();
    assert!(is_empty(&scratch));
    assert_eq!(job::names(&options.outdir), ["SUMMARY.json", "products.parquet", "rejects.parquet"]);
}

#[test]
fn a_run_that_begins_anew_removes_what_is_spilled_elsewhere() {
    let folder = job::folder();
    job::prepare(folder.path());
    let place = |name: &str| folder.path().join(name);
    let with = |name: &str| ApplyOptions { scratch: Some(place(name)), ..options(folder.path(), "out") };
    // Killed before anything was committed, then after a commit, then replaced.
    run(&with("one"), dead_after(|call| matches!(call, Call::Create(path) if path.ends_with("keys.bin"))))
        .unwrap_err();
    assert!(!is_empty(&place("one")));
    run(&with("two"), Some(Arc::new(At::new(150, Stop)))).unwrap_err();
    assert!(is_empty(&place("one")) && !is_empty(&place("two")));
    run(&ApplyOptions { force: true, ..with("three") }, None).unwrap();
    assert!(is_empty(&place("two")) && is_empty(&place("three")));
}
