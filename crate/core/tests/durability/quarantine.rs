//! A quarantine belongs to its run: if that run starts over, it keeps the quarantine; any other run ignores it.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use xform_core::disk::Call;
use xform_core::{ApplyOptions, DedupMode};

use crate::gate::{At, Stop, dead_after};
use crate::job::{self, options, run};

/// Before anything is committed, and while the quarantine's owner is recorded.
fn is_early(call: Call<'_>) -> bool {
    matches!(call, Call::Create(path) if path.ends_with("keys.bin"))
}

/// Options of a run that crashed at a row before anything was committed, and whose supervisor has recorded that.
fn crashed(folder: &Path) -> ApplyOptions {
    job::prepare(folder);
    let options = ApplyOptions { isolate: true, ..options(folder, "out") };
    run(&options, dead_after(is_early)).unwrap_err();
    assert_eq!(job::durable_rows(&options.outdir), Some(0));
    let quarantine = options.outdir.join(".xform-native/quarantine.jsonl");
    fs::write(quarantine, CRASHED).unwrap();
    ApplyOptions { resume: true, ..options }
}

/// Row 7, with the checksum that the supervisor writes: the first 16 hex digits of the SHA-256 of the JSON.
const CRASHED: &str = "{\"source_row\":7,\"transform\":null,\"code\":\"crashed\"} 73af7409c46d786b\n";
const ROW_TIMES: &str = "{\"8\":1.5}";

/// The CPU times of rows in the folder of `options`, after the run was killed early once more.
fn row_times_after(options: &ApplyOptions) -> Option<String> {
    run(options, dead_after(is_early)).unwrap_err();
    fs::read_to_string(options.outdir.join(".xform-native/row-times.json")).ok()
}

#[test]
fn the_cpu_times_of_rows_are_kept_and_dropped_with_it() {
    let folder = job::folder();
    let options = crashed(folder.path());
    let path = options.outdir.join(".xform-native/row-times.json");
    fs::write(&path, ROW_TIMES).unwrap();
    assert_eq!(row_times_after(&options).as_deref(), Some(ROW_TIMES));
    let skips_more = ApplyOptions { skip_rows: [9].into(), ..options.clone() };
    assert_eq!(row_times_after(&skips_more).as_deref(), Some(ROW_TIMES));
    assert_eq!(row_times_after(&ApplyOptions { max_atoms: 7, ..options.clone() }), None);

    // Once something is committed, the manifest records whose they are.
    run(&options, Some(Arc::new(At::new(150, Stop)))).unwrap_err();
    assert!(job::durable_rows(&options.outdir).unwrap() > 0);
    fs::write(&path, ROW_TIMES).unwrap();
    run(&options, Some(Arc::new(At::new(100, Stop)))).unwrap_err();
    assert_eq!(fs::read_to_string(&path).unwrap(), ROW_TIMES);
}

fn quarantined(options: &ApplyOptions) -> u64 {
    run(options, None).unwrap().quarantined.crashed
}

#[test]
fn the_same_run_keeps_it() {
    let folder = job::folder();
    let options = crashed(folder.path());
    let isolated_no_more = ApplyOptions { isolate: false, workers: 5, ..options };
    assert_eq!(quarantined(&isolated_no_more), 1);
}

#[test]
fn a_run_killed_once_more_keeps_it_too() {
    let folder = job::folder();
    let options = crashed(folder.path());
    run(&options, dead_after(is_early)).unwrap_err();
    assert_eq!(quarantined(&options), 1);
}

#[test]
fn a_run_of_another_kind_does_not() {
    let folder = job::folder();
    let options = crashed(folder.path());
    assert_eq!(quarantined(&ApplyOptions { dedup: DedupMode::None, ..options }), 0);
}

#[test]
fn a_run_of_another_library_does_not() {
    let folder = job::folder();
    let options = crashed(folder.path());
    let library = fs::read_to_string(&options.input[0]).unwrap();
    fs::write(&options.input[0], library.replacen("id0", "id1", 1)).unwrap();
    assert_eq!(quarantined(&options), 0);
}

#[test]
fn neither_does_one_that_does_not_resume() {
    let folder = job::folder();
    let options = crashed(folder.path());
    assert_eq!(quarantined(&ApplyOptions { resume: false, ..options }), 0);
}
