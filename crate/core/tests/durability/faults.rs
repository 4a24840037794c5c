//! Calls to the disk that fail.

use std::fs;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use xform_core::disk::{Call, Gate};
use xform_core::{ApplyOptions, DedupMode, ErrorClass};

use crate::gate::{Act, At, Nothing};
use crate::job::{self, options, resume_and_compare, run, unbroken};

/// A fault, and for a short write whether the rest fails too.
struct Fault {
    error: rustix::io::Errno,
    short: bool,
}

impl Act for Fault {
    fn before(&self, call: Call<'_>) -> io::Result<Option<usize>> {
        match call {
            Call::Write(_, bytes) if self.short && bytes > 1 => Ok(Some(bytes / 2)),
            _ if self.short => Ok(None),
            _ => Err(self.error.into()),
        }
    }

    fn after(&self) {}
}

/// Counts the writes to a file and makes one of them fail.
struct AtWrite {
    name: &'static str,
    at: u64,
    writes: AtomicU64,
}

impl Gate for AtWrite {
    fn before(&self, call: Call<'_>) -> io::Result<Option<usize>> {
        let is_it = matches!(call, Call::Write(path, _) if path.ends_with(self.name));
        let fails = is_it && self.writes.fetch_add(1, Ordering::SeqCst) == self.at;
        if fails { Err(rustix::io::Errno::IO.into()) } else { Ok(None) }
    }

    fn after(&self, _: Call<'_>) {}
}

#[test]
fn the_last_write_of_a_file_may_fail() {
    let folder = job::folder();
    job::prepare(folder.path());
    let options = ApplyOptions { force: true, ..options(folder.path(), "out") };
    for name in [".products.parquet.tmp", ".rejects.parquet.tmp", ".SUMMARY.json.tmp"] {
        let gate = |at| Arc::new(AtWrite { name, at, writes: AtomicU64::new(0) });
        let counting = gate(u64::MAX);
        run(&options, Some(counting.clone())).unwrap();
        let last = counting.writes.load(Ordering::SeqCst) - 1;
        let error = run(&options, Some(gate(last))).unwrap_err();
        assert_eq!(error.class(), ErrorClass::Output, "{name}: {error}");
    }
}

#[test]
fn any_call_may_fail() {
    let folder = job::folder();
    job::prepare(folder.path());
    let expected = unbroken(folder.path(), "unbroken", DedupMode::Exact);
    let counting = Arc::new(At::new(u64::MAX, Nothing));
    run(&options(folder.path(), "counted"), Some(counting.clone())).unwrap();
    let calls = counting.calls.load(Ordering::SeqCst);
    let stride = if std::env::var_os("XFORM_LONG_TESTS").is_some() { 1 } else { (calls / 80).max(1) };
    let options = options(folder.path(), "out");
    for at in (0..calls).step_by(stride as usize) {
        for (kind, error, short) in [
            ("EIO", rustix::io::Errno::IO, false),
            ("ENOSPC", rustix::io::Errno::NOSPC, false),
            ("a short write", rustix::io::Errno::IO, true),
        ] {
            let context = format!("{kind} at call {at}");
            match run(&options, Some(Arc::new(At::new(at, Fault { error, short })))) {
                // A short write is not a failure: the rest is written.
                Ok(_) if short => {}
                // The last calls, after the summary, only tidy up.
                Ok(summary) => {
                    let is_told = summary.warnings.iter().any(|warning| warning.contains("is complete, but"));
                    assert!(is_told, "{context}: it went unseen");
                }
                Err(error) => {
                    assert_eq!(error.class(), ErrorClass::Output, "{context}: {error}");
                    let is_full = error.code() == "XFORM_OUTPUT_FULL";
                    assert_eq!(is_full, kind == "ENOSPC", "{context}: {error}");
                    assert!(error.to_string().contains(&options.outdir.display().to_string()), "{error}");
                }
            }
            resume_and_compare(&options, &expected, &context);
            fs::remove_dir_all(&options.outdir).unwrap();
        }
    }
}
