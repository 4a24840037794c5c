//! A resumed run reads no more of the library than necessary.
#![cfg(target_os = "linux")]

use std::fs;

use xform_core::ApplyOptions;
use xform_core::disk::Call;

use crate::gate::dead_after;
use crate::job::{self, options, run};

/// Bytes that the calling thread has read, from files or elsewhere.
fn bytes_read() -> u64 {
    let text = fs::read_to_string("/proc/thread-self/io").unwrap();
    text.lines().find_map(|line| line.strip_prefix("rchar: ")).unwrap().parse().unwrap()
}

#[test]
fn where_all_rows_are_done_the_library_is_hashed_beside_the_run_and_not_read() {
    let folder = job::folder();
    job::prepare(folder.path());
    let text = fs::read_to_string(folder.path().join("library.smi")).unwrap();
    let rows = text.lines().map(|line| line.replacen(' ', ",", 1) + "," + &"x".repeat(10_000) + "\n");
    let input = folder.path().join("library.csv");
    fs::write(&input, "smiles,id,rest\n".to_owned() + &rows.collect::<String>()).unwrap();
    let library_bytes = fs::metadata(&input).unwrap().len();

    let options = ApplyOptions { input: input.into(), ..options(folder.path(), "out") };
    let publishing =
        |call: Call<'_>| matches!(call, Call::Create(path) if path.ends_with(".rejects.parquet.tmp"));
    run(&options, dead_after(publishing)).unwrap_err();
    let before = bytes_read();
    let summary = run(&ApplyOptions { resume: true, ..options }, None).unwrap();
    assert_eq!(summary.rows_resumed, job::ROWS);
    // The edges of the library, logs, parts and the files written.
    let read = bytes_read() - before;
    assert!(read < library_bytes / 2, "{read} bytes of a library of {library_bytes}");
}
