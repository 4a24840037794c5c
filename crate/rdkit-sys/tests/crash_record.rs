//! What a worker is processing can be read from a file, even after the death of its process.
//!
//! Tests that end the process run in a child: this program again, told by a variable to run one test.

mod common;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io, process, thread};

use common::{OME, batch, kernel};
use xform_rdkit_sys::{Batch, Identifier, Limits, Notation, TransformSpec};

/// Set in a child: the path of its crash record.
const CHILD: &str = "XFORM_TEST_CHILD";
const PHENOL: &str = "Oc1ccccc1";

/// The file, in the layout of `kernel/platform/crash_record.h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Record {
    sequence: u64,
    source_row_plus_1: u64,
    transform: i32,
    thread: u32,
    cpu_ns: u64,
}

fn read(path: &Path) -> Option<Record> {
    let bytes = fs::read(path).ok()?;
    let u32_at = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("4 bytes"));
    let u64_at = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().expect("8 bytes"));
    if bytes.len() != 40 || &bytes[..4] != b"XFCR" {
        return None;
    }
    assert_eq!(u32_at(4), 1, "the version");
    Some(Record {
        sequence: u64_at(8),
        source_row_plus_1: u64_at(16),
        transform: u32_at(24) as i32,
        thread: u32_at(28),
        cpu_ns: u64_at(32),
    })
}

/// A path that is removed after the test.
struct TempPath(PathBuf);

impl TempPath {
    fn new(name: &str) -> Self {
        let path = Self(env::temp_dir().join(format!("xform-{}-{name}", process::id())));
        path.remove();
        path
    }

    fn remove(&self) {
        let _ = fs::remove_file(&self.0);
    }
}

impl Drop for TempPath {
    fn drop(&mut self) {
        self.remove();
    }
}

#[test]
fn nothing_is_in_hand_before_and_after_a_batch() {
    let path = TempPath::new("idle");
    let mut kernel = kernel(Limits::default(), &[TransformSpec::new(OME), TransformSpec::new(OME)]);
    fs::write(&path.0, "an earlier record, longer than forty bytes, is overwritten").unwrap();
    kernel.keep_crash_record(&path.0).unwrap();
    let before = read(&path.0).expect("a record");
    assert_eq!((before.source_row_plus_1, before.transform, before.cpu_ns), (0, -1, 0));
    let thread = fs::read_link("/proc/thread-self").expect("Linux has it");
    assert!(thread.ends_with(before.thread.to_string()), "{thread:?}");

    let (bytes, offsets) = batch(&[PHENOL, "", "C(", PHENOL]);
    kernel.run(Batch { first_row: 1_000, ..Batch::new(&bytes, &offsets) }).unwrap();
    let after = read(&path.0).unwrap();
    assert_eq!((after.source_row_plus_1, after.transform), (0, -1));
    // Three rows started (the empty one is not), two transforms started on two of them, and each finished once.
    assert_eq!(after.sequence - before.sequence, 2 * (3 + 4 + 1));
    assert!(after.cpu_ns > 0);
}

#[test]
fn a_record_that_cannot_be_made_is_an_error() {
    let mut kernel = kernel(Limits::default(), &[TransformSpec::new(OME)]);
    let error =
        |path: &Path, kernel: &mut xform_rdkit_sys::Kernel| kernel.keep_crash_record(path).unwrap_err();
    let missing = error(Path::new("/no/such/folder/record"), &mut kernel);
    assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    assert_eq!(error(Path::new("a\0b"), &mut kernel).kind(), io::ErrorKind::InvalidInput);
    let (target, link) = (TempPath::new("target"), TempPath::new("link"));
    fs::write(&target.0, "not ours").unwrap();
    std::os::unix::fs::symlink(&target.0, &link.0).unwrap();
    let is_link = rustix::io::Errno::LOOP.raw_os_error();
    assert_eq!(error(&link.0, &mut kernel).raw_os_error(), Some(is_link));
    assert_eq!(fs::read(&target.0).unwrap(), b"not ours", "a link is not followed");
}

/// The path of the record, in a child.
fn child_path() -> Option<PathBuf> {
    env::var_os(CHILD).map(PathBuf::from)
}

/// Starts the test `name` of this program in a child that writes its record to `path`.
fn start_child(name: &str, path: &Path, variables: &[(&str, &str)]) -> Child {
    let mut command = Command::new(env::current_exe().expect("this program has a path"));
    command.args(["--exact", name, "--nocapture"]).env(CHILD, path);
    command.envs(variables.iter().copied()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("it can be started again")
}

/// Waits until the record satisfies `is_enough`.
fn wait_for(path: &Path, is_enough: impl Fn(Record) -> bool) -> Record {
    let started = Instant::now();
    loop {
        if let Some(record) = read(path).filter(|&record| is_enough(record)) {
            return record;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "the child's record is {:?}", read(path));
        thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_killed_process_leaves_what_it_had_in_hand() {
    if let Some(path) = child_path() {
        // Millions of matches keep the second row, in the second transform, busy.
        let slow = TransformSpec::new("[*:1]~[*:2]~[*:3]~[*:4]~[*:5]~[*:6]~[*:7]~[*:8]~[*:9]~[*:10]>>[*:1]");
        let mut kernel = kernel(Limits::default(), &[TransformSpec::new(OME), slow]);
        kernel.keep_crash_record(&path).unwrap();
        let mesh = "C12C3C4C1C5C2C3C45".to_owned() + &".C12C3C4C1C5C2C3C45".repeat(200);
        let (bytes, offsets) = batch(&["C", &mesh, "C"]);
        kernel.run(Batch { first_row: 70_000, ..Batch::new(&bytes, &offsets) }).unwrap();
        return;
    }
    let path = TempPath::new("killed");
    let mut child = start_child("a_killed_process_leaves_what_it_had_in_hand", &path.0, &[]);
    let in_hand = |record: Record| record.source_row_plus_1 == 70_002 && record.transform == 1;
    wait_for(&path.0, in_hand);
    child.kill().unwrap();
    let status = child.wait().unwrap();
    assert!(!status.success());
    let record = read(&path.0).unwrap();
    assert!(in_hand(record) && record.sequence.is_multiple_of(2) && record.cpu_ns > 0, "{record:?}");
    assert_ne!(record.thread, 0);
}

#[test]
fn an_identifier_records_each_row_that_it_reads() {
    let path = TempPath::new("identifier");
    let mut identifier = Identifier::new(false, None).unwrap();
    identifier.keep_crash_record(&path.0).unwrap();
    let (bytes, offsets) = batch(&["C", "", "CC"]);
    identifier.identify(70_000, &bytes, &offsets, Notation::Smiles).unwrap();
    let record = read(&path.0).unwrap();
    let changes = record.sequence / 2;
    assert_eq!(
        (changes, record.source_row_plus_1),
        (3, 0),
        "two rows are taken up, and put down: {record:?}"
    );
    assert!(record.cpu_ns > 0, "{record:?}");
}

/// `cargo test --features test-hooks`
#[cfg(feature = "test-hooks")]
mod injected {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    const SIGNAL_ABORT: i32 = 6;
    const SIGNAL_SEGV: i32 = 11;

    /// Runs the child's batch under `orders`; returns its record and the signal that ended it.
    fn crash(name: &str, orders: &str) -> (Record, Option<i32>) {
        let path = TempPath::new(name);
        let mut child = start_child("injected::child", &path.0, &[("XFORM_CRASH_SMILES", orders)]);
        let status = child.wait().expect("it ends");
        (read(&path.0).expect("a record"), status.signal())
    }

    #[test]
    fn child() {
        let Some(path) = child_path() else { return };
        let work = move || {
            let mut kernel = kernel(Limits::default(), &[TransformSpec::new(OME), TransformSpec::new(OME)]);
            kernel.keep_crash_record(&path).unwrap();
            let (bytes, offsets) = batch(&["C", "CC", PHENOL, "CCC"]);
            kernel.run(Batch { first_row: 10, ..Batch::new(&bytes, &offsets) }).unwrap();
        };
        thread::Builder::new().stack_size(64 << 20).spawn(work).unwrap().join().unwrap();
    }

    #[test]
    fn each_kind_of_crash_leaves_the_row_and_the_transform() {
        // Rust's handler turns a stack overflow on one of its own threads into an abort.
        let kinds = [("abort", SIGNAL_ABORT), ("segv", SIGNAL_SEGV), ("stack", SIGNAL_ABORT)];
        for (kind, signal) in kinds {
            for (transform, order) in [(-1, kind.to_owned()), (1, format!("{kind}@1"))] {
                let (record, ended_by) = crash(kind, &format!("abort:nothing;{order}:{PHENOL}"));
                assert_eq!((record.source_row_plus_1, record.transform), (13, transform), "{order}");
                assert_eq!((record.sequence.is_multiple_of(2), ended_by), (true, Some(signal)), "{order}");
            }
        }
    }

    #[test]
    fn a_molecule_that_never_ends_stays_in_hand() {
        let path = TempPath::new("spin");
        let mut child = start_child("injected::child", &path.0, &[("XFORM_CRASH_SMILES", "spin:CC")]);
        let record = wait_for(&path.0, |record| record.source_row_plus_1 == 12);
        thread::sleep(Duration::from_millis(100));
        assert_eq!(read(&path.0), Some(record));
        child.kill().unwrap();
        child.wait().unwrap();
    }

    #[test]
    fn without_an_order_nothing_happens() {
        let (record, signal) = crash("none", "abort:CCCC;rubbish;;:");
        assert_eq!((record.source_row_plus_1, signal), (0, None));
    }
}
