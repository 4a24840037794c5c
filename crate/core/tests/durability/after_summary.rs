//! Once `SUMMARY.json` has its name, the run has finished: any later failure is a warning.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use xform_core::disk::{Call, Gate};
use xform_core::{ApplyOptions, DedupMode, Error, Summary, verify};

use crate::elsewhere;
use crate::job::{self, bytes, names, options, run, unbroken};

/// Makes calls fail after the one that names the summary.
struct AfterSummary {
    /// The first call that fails; the first one after the summary is 1.
    from: u64,
    /// Whether all later calls fail as well.
    is_dead: bool,
    /// Number of calls since then; 0 before.
    calls: AtomicU64,
}

impl AfterSummary {
    fn new(from: u64, is_dead: bool) -> Arc<Self> {
        Arc::new(Self { from, is_dead, calls: AtomicU64::new(0) })
    }
}

impl Gate for AfterSummary {
    fn before(&self, _: Call<'_>) -> io::Result<Option<usize>> {
        if self.calls.load(Ordering::SeqCst) == 0 {
            return Ok(None);
        }
        let number = self.calls.fetch_add(1, Ordering::SeqCst);
        let fails = number == self.from || (self.is_dead && number > self.from);
        if fails { Err(rustix::io::Errno::NOTEMPTY.into()) } else { Ok(None) }
    }

    fn after(&self, call: Call<'_>) {
        if matches!(call, Call::Rename(_, to) if to.ends_with("SUMMARY.json")) {
            self.calls.store(1, Ordering::SeqCst);
        }
    }
}

/// The files in a folder and its subfolders, except the note of the spill folder, which stays as long as that folder
/// does.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    let inside = |path: PathBuf| if path.is_dir() { files(&path) } else { vec![path] };
    entries.flat_map(inside).filter(|path| !path.ends_with(".xform-native/scratch")).collect()
}

type RunIt = fn(&ApplyOptions, Option<Arc<dyn Gate>>) -> Result<Summary, Error>;

fn any_call_may_fail(run_it: RunIt) {
    let folder = job::folder();
    job::prepare(folder.path());
    let with = |outdir: &str| ApplyOptions {
        scratch: Some(folder.path().join("scratch")),
        ..options(folder.path(), outdir)
    };
    let counting = AfterSummary::new(u64::MAX, false);
    let expected = run_it(&with("counted"), Some(counting.clone())).unwrap();
    let calls = counting.calls.load(Ordering::SeqCst);
    assert!(calls > 10, "{calls}");
    for from in 1..calls {
        for is_dead in [false, true] {
            let options = with(&format!("out-{from}-{is_dead}"));
            let context = format!("call {from} of {calls} after the summary, dead: {is_dead}");
            let summary = run_it(&options, Some(AfterSummary::new(from, is_dead)));
            let summary = summary.unwrap_or_else(|error| panic!("{context}: {error}"));
            let [told] = summary.warnings.strip_prefix(&expected.warnings[..]).unwrap() else {
                panic!("{context}: {:?}", summary.warnings);
            };
            assert!(told.contains("the result is complete") && told.contains(".xform-native"), "{told}");
            assert!(bytes(&options.outdir) == bytes(&expected.output_dir), "{context}");
            // If the note of the spill folder cannot be read, it is not known what to remove.
            let is_kept = told.contains("power cut") || told.contains(".xform-native/scratch:");
            if !is_dead && !is_kept {
                let left = [options.outdir.join(".xform-native"), folder.path().join("scratch")]
                    .map(|folder| files(&folder));
                assert!(
                    left.concat().len() <= 1,
                    "{context}: more is left than could not be removed: {left:?}"
                );
            }
            let verified = verify(&options.outdir).unwrap();
            assert!(verified.ok, "{context}: {verified:?}");
            let written = fs::read_to_string(options.outdir.join("SUMMARY.json")).unwrap();
            assert!(!written.contains("the result is complete"), "{context}");
            // It can be resumed like any other run, and leftover files are removed.
            let resumed = run(&ApplyOptions { resume: true, ..options.clone() }, None);
            resumed.unwrap_or_else(|error| panic!("{context}: {error}"));
            assert_eq!(names(&options.outdir), ["SUMMARY.json", "products.parquet", "rejects.parquet"]);
        }
    }
    assert!(names(&folder.path().join("scratch")).is_empty());
}

#[test]
fn any_call_of_a_run_may_fail() {
    any_call_may_fail(run);
}

#[test]
fn any_call_of_a_run_made_elsewhere_may_fail() {
    any_call_may_fail(elsewhere::run);
}

/// As long as a power cut may take back the summary's name, the data for a resume must stay.
#[test]
fn what_a_run_can_be_resumed_from_stays_until_the_summary_is_durable() {
    let folder = job::folder();
    job::prepare(folder.path());
    let expected = unbroken(folder.path(), "unbroken", DedupMode::Exact);
    let options = options(folder.path(), "out");
    run(&options, Some(AfterSummary::new(1, false))).unwrap();
    fs::remove_file(options.outdir.join("SUMMARY.json")).unwrap();
    job::resume_and_compare(&options, &expected, "without its summary");
}

/// Notes which files in a folder are open when it is removed.
struct OpenFiles(std::sync::Mutex<Vec<PathBuf>>);

impl Gate for OpenFiles {
    fn before(&self, call: Call<'_>) -> io::Result<Option<usize>> {
        if let Call::RemoveFolder(folder) = call {
            let links = fs::read_dir("/proc/self/fd")?.flatten().map(|entry| fs::read_link(entry.path()));
            let inside = |path: &PathBuf| path.starts_with(folder);
            self.0.lock().unwrap().extend(links.flatten().filter(inside));
        }
        Ok(None)
    }

    fn after(&self, _: Call<'_>) {}
}

/// FUSE and NFS keep a removed file in its folder, under a hidden name, as long as it is open.
#[test]
fn no_file_of_a_folder_is_open_when_the_folder_is_removed() {
    let folder = job::folder();
    job::prepare(folder.path());
    let scratch = Some(folder.path().join("scratch"));
    for options in
        [options(folder.path(), "out"), ApplyOptions { scratch, ..options(folder.path(), "spilled") }]
    {
        for run_it in [run, elsewhere::run] {
            let gate = Arc::new(OpenFiles(Default::default()));
            run_it(&ApplyOptions { force: true, ..options.clone() }, Some(gate.clone())).unwrap();
            assert_eq!(*gate.0.lock().unwrap(), Vec::<&Path>::new());
        }
    }
}
