//! `kill -9`, at chosen calls and at random moments.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Signal, getpid, kill_process};
use xform_core::disk::{Call, Gate};
use xform_core::{ApplyOptions, DedupMode};

use crate::gate::{Act, At, Nothing, Stop};
use crate::job::{self, options, resume_and_compare, run, unbroken};

const FOLDER: &str = "XFORM_TEST_FOLDER";
const AT: &str = "XFORM_TEST_KILL_AT";
const AFTER: &str = "XFORM_TEST_KILL_AFTER";
const DEDUP: &str = "XFORM_TEST_DEDUP";
const FORCE: &str = "XFORM_TEST_FORCE";
const FILTER: &str = "XFORM_TEST_WHERE";
const PARENTS: &str = "XFORM_TEST_PARENTS";

/// The interval between the tested calls of a run; 1 with XFORM_LONG_TESTS=1.
fn stride(calls: u64) -> usize {
    if std::env::var_os("XFORM_LONG_TESTS").is_some() { 1 } else { (calls / 60).max(1) as usize }
}

struct Kill {
    after: bool,
}

impl Act for Kill {
    fn before(&self, call: Call<'_>) -> std::io::Result<Option<usize>> {
        match call {
            _ if !self.after => die(),
            // Half of the bytes arrive.
            Call::Write(_, bytes) => return Ok(Some(bytes / 2)),
            _ => {}
        }
        Ok(None)
    }

    fn after(&self) {
        if self.after {
            die();
        }
    }
}

fn die() {
    kill_process(getpid(), Signal::KILL).unwrap();
    sleep(Duration::from_secs(60));
}

/// Not a test itself: this is the process that is killed.
#[test]
#[ignore = "the other tests of this file start it"]
fn killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let at = number(AT).unwrap_or(u64::MAX);
    let after = number(AFTER) == Some(1);
    let dedup = serde_json::from_value(std::env::var(DEDUP).unwrap().into()).unwrap();
    let force = std::env::var_os(FORCE).is_some();
    let filter = std::env::var(FILTER).ok();
    let parents = std::env::var_os(PARENTS).is_some();
    let options =
        ApplyOptions { dedup, resume: !force, force, filter, parents, ..options(folder.as_ref(), "out") };
    run(&options, Some(Arc::new(At::new(at, Kill { after })))).unwrap();
}

fn start(folder: &Path, dedup: &str, at: u64, after: bool) -> std::process::Child {
    command(folder, dedup, at, after).spawn().unwrap()
}

fn command(folder: &Path, dedup: &str, at: u64, after: bool) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "kill::killed", "--ignored", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .env(AT, at.to_string())
        .env(AFTER, u64::from(after).to_string())
        .env(DEDUP, dedup)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn calls_of_a_run(options: ApplyOptions) -> u64 {
    let gate = Arc::new(At::new(u64::MAX, Nothing));
    run(&ApplyOptions { resume: true, ..options }, Some(gate.clone())).unwrap();
    gate.calls.load(Ordering::SeqCst)
}

fn killed_at_calls(dedup: DedupMode, name: &str) {
    let folder = job::folder();
    job::prepare(folder.path());
    let expected = unbroken(folder.path(), "unbroken", dedup);
    let calls = calls_of_a_run(ApplyOptions { dedup, ..options(folder.path(), "counted") });
    assert!(calls > 200, "{calls} calls are too few to be a test");
    let mut kills = 0;
    for at in (0..calls).step_by(stride(calls)) {
        for after in [false, true] {
            let options = ApplyOptions { dedup, ..options(folder.path(), "out") };
            let context = format!("{name}: killed {} call {at}", if after { "after" } else { "before" });
            let status = start(folder.path(), name, at, after).wait().unwrap();
            assert!(!status.success(), "{context}: it continued");
            kills += 1;
            if at % 3 == 0 {
                // Killed again while it resumes, at a different place.
                let again = start(folder.path(), name, (at * 7 + 3) % calls, !after).wait().unwrap();
                kills += u32::from(!again.success());
            }
            resume_and_compare(&options, &expected, &context);
            std::fs::remove_dir_all(&options.outdir).unwrap();
        }
    }
    assert!(kills >= 100, "{kills} kills");
}

#[test]
fn a_run_killed_at_any_call_ends_in_the_same_bytes() {
    killed_at_calls(DedupMode::Exact, "exact");
}

#[test]
fn so_does_one_with_a_bloom_filter() {
    let folder = job::folder();
    job::prepare(folder.path());
    let expected = unbroken(folder.path(), "unbroken", DedupMode::Bloom);
    let calls = calls_of_a_run(ApplyOptions { dedup: DedupMode::Bloom, ..options(folder.path(), "counted") });
    for at in (0..calls).step_by(stride(calls) * 4) {
        let options = ApplyOptions { dedup: DedupMode::Bloom, ..options(folder.path(), "out") };
        assert!(!start(folder.path(), "bloom", at, true).wait().unwrap().success());
        resume_and_compare(&options, &expected, &format!("bloom: killed after call {at}"));
        std::fs::remove_dir_all(&options.outdir).unwrap();
    }
}

#[test]
fn so_does_one_with_a_filter() {
    let folder = job::folder();
    job::prepare(folder.path());
    let filter = "xf_site_index <> 1 and not smiles like 'P1%' and source_row - 700 <> 0";
    let with =
        |outdir: &str| ApplyOptions { filter: Some(filter.to_owned()), ..options(folder.path(), outdir) };
    let unbroken = run(&with("unbroken"), None).unwrap();
    let expected = job::bytes(&unbroken.output_dir);
    assert!(unbroken.totals.filtered_by_clause.iter().all(|clause| clause.filtered > 0));
    let calls = calls_of_a_run(with("counted"));
    for at in (0..calls).step_by(stride(calls) * 4) {
        let mut killed = command(folder.path(), "exact", at, true);
        assert!(
            !killed.env(FILTER, filter).status().unwrap().success(),
            "killed after call {at}: it continued"
        );
        let options = with("out");
        resume_and_compare(&options, &expected, &format!("filtered: killed after call {at}"));
        let again = run(&ApplyOptions { resume: true, ..options.clone() }, None).unwrap();
        assert_eq!((again.sums, &again.totals), (unbroken.sums, &unbroken.totals));
        std::fs::remove_dir_all(&options.outdir).unwrap();
    }
}

#[test]
fn so_does_one_that_lists_parents() {
    let folder = job::folder();
    job::prepare(folder.path());
    // Each row twice, so that all products of the first half are repeated, wherever the run is interrupted.
    let library = folder.path().join("library.smi");
    let rows = std::fs::read_to_string(&library).unwrap();
    std::fs::write(&library, rows.repeat(2)).unwrap();
    let with = |outdir: &str| ApplyOptions { parents: true, ..options(folder.path(), outdir) };
    let parents = |outdir: &Path| std::fs::read(outdir.join("parents.parquet")).unwrap();
    let unbroken = run(&with("unbroken"), None).unwrap().output_dir;
    let expected = job::bytes(&unbroken);
    let calls = calls_of_a_run(with("counted"));
    // While the library is read, while keys are settled, and each call after that, when rows are listed and published.
    let reading = (0..400).step_by(12);
    let settling = (400..calls).step_by(8 * stride(calls));
    let mut resumed_midway = 0;
    for at in reading.chain(settling).chain(calls - 80..calls) {
        let context = format!("listing parents: killed before call {at} of {calls}");
        let mut killed = command(folder.path(), "exact", at, false);
        assert!(!killed.env(PARENTS, "1").status().unwrap().success(), "{context}: it continued");
        let options = with("out");
        job::assert_none_incomplete(&options.outdir, &expected, &context);
        let summary = run(&ApplyOptions { resume: true, ..options.clone() }, None).unwrap();
        resumed_midway += u32::from((1..summary.totals.rows).contains(&summary.rows_resumed));
        assert!(job::bytes(&options.outdir) == expected, "{context}");
        assert!(parents(&options.outdir) == parents(&unbroken), "{context}");
        assert_eq!(job::names(&options.outdir), job::names(&unbroken), "{context}");
        std::fs::remove_dir_all(&options.outdir).unwrap();
    }
    assert!(resumed_midway > 10, "{resumed_midway} kills between the first and the last commit");
}

/// Replaces an interrupted run, whose files are removed first.
#[test]
fn so_does_a_forced_one() {
    let folder = job::folder();
    job::prepare(folder.path());
    let expected = unbroken(folder.path(), "unbroken", DedupMode::Exact);
    let calls = calls_of_a_run(options(folder.path(), "counted"));
    let options = options(folder.path(), "out");
    // Each of the first calls, which clear the folder, and some of the others.
    for at in (0..60).chain((60..calls).step_by(stride(calls) * 4)) {
        run(&options, Some(Arc::new(At::new(calls / 2, Stop)))).unwrap_err();
        assert!(job::durable_rows(&options.outdir).unwrap() > 0);
        let mut forced = command(folder.path(), "exact", at, false);
        assert!(!forced.env(FORCE, "1").status().unwrap().success(), "killed before call {at}: it continued");
        resume_and_compare(&options, &expected, &format!("forced, and killed before call {at}"));
        std::fs::remove_dir_all(&options.outdir).unwrap();
    }
}

#[test]
fn so_does_one_killed_at_random_moments() {
    let folder = job::folder();
    job::prepare(folder.path());
    let expected = unbroken(folder.path(), "unbroken", DedupMode::Exact);
    let started = Instant::now();
    assert!(start(folder.path(), "exact", u64::MAX, false).wait().unwrap().success());
    let whole = started.elapsed();
    let options = options(folder.path(), "out");
    std::fs::remove_dir_all(&options.outdir).unwrap();
    for moment in 0..20 {
        // Spread over the run by the golden ratio.
        let share = f64::from(moment) * 0.618_034 % 1.0;
        let mut child = start(folder.path(), "exact", u64::MAX, false);
        sleep(whole.mul_f64(share));
        child.kill().unwrap();
        child.wait().unwrap();
        resume_and_compare(&options, &expected, &format!("killed after {share:.2} of {whole:?}"));
        std::fs::remove_dir_all(&options.outdir).unwrap();
    }
}

/// Ends the run when the first log of an open part exists and no manifest line refers to it.
struct FirstOpenLog;

impl Gate for FirstOpenLog {
    fn before(&self, call: Call<'_>) -> std::io::Result<Option<usize>> {
        match call {
            Call::Sync(path) if path.ends_with("open-000000.arrow") => Err(std::io::ErrorKind::Other.into()),
            _ => Ok(None),
        }
    }

    fn after(&self, _: Call<'_>) {}
}

#[test]
fn a_log_that_no_commit_speaks_of_is_not_in_the_way_of_the_next() {
    let folder = job::folder();
    job::prepare(folder.path());
    // Commits without a product come first: there is no row to log yet.
    let library = folder.path().join("library.smi");
    let rest = std::fs::read_to_string(&library).unwrap();
    let bad: String = (0..600).map(|row| format!("bad{row:0>80} bad{row}\n")).collect();
    std::fs::write(&library, bad + &rest).unwrap();
    let expected = unbroken(folder.path(), "unbroken", DedupMode::Exact);
    let options = options(folder.path(), "out");
    run(&options, Some(Arc::new(FirstOpenLog))).unwrap_err();
    assert!(job::durable_rows(&options.outdir).unwrap() > 0);
    assert!(options.outdir.join(".xform-native/open-000000.arrow").exists());
    resume_and_compare(&options, &expected, "a log that no commit speaks of");
}
