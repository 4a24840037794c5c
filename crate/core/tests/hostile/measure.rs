//! Reading a file, and the memory that this takes.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, setrlimit};
use xform_core::Error;
use xform_core::source::{KeepColumns, SourceOptions, open};

/// Address space that the process may use, so that memory that is reserved but not used counts as well.
const ADDRESSES: u64 = 3 << 30;
const LONGEST: Duration = Duration::from_secs(60);

/// The result of reading a file.
#[derive(Debug)]
pub struct Reading {
    pub rows: Result<u64, Error>,
    /// Bytes by which the process grew at its peak.
    pub growth: u64,
}

impl Reading {
    /// The text of the error.
    #[track_caller]
    pub fn refused(&self) -> String {
        let error = self.rows.as_ref().unwrap_err();
        assert_eq!(error.class(), xform_core::ErrorClass::Input, "{error}");
        error.to_string()
    }

    #[track_caller]
    pub fn within(&self, mebibytes: u64) -> &Self {
        assert!(self.growth < mebibytes << 20, "{} MiB, {:?}", self.growth >> 20, self.rows);
        self
    }
}

/// The process while no other test runs in it.
pub struct Process(#[expect(dead_code, reason = "it is held")] MutexGuard<'static, ()>);

impl Process {
    /// Waits until no other test is running.
    pub fn alone() -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        static LIMIT: Once = Once::new();
        LIMIT.call_once(|| {
            let limit = Rlimit { current: Some(ADDRESSES), maximum: Some(ADDRESSES) };
            setrlimit(Resource::As, limit).unwrap();
        });
        Self(ALONE.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads all columns of `bytes` as a file called `name`.
    pub fn read(&self, name: &str, bytes: &[u8]) -> Reading {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        fs::write("/proc/self/clear_refs", "5").unwrap();
        let (before, start) = (status("VmRSS:"), Instant::now());
        let rows = read_all(&path);
        assert!(start.elapsed() < LONGEST, "{:?} for {rows:?}", start.elapsed());
        Reading { rows, growth: status("VmHWM:").saturating_sub(before) }
    }
}

fn read_all(path: &Path) -> Result<u64, Error> {
    let options = SourceOptions { keep_columns: KeepColumns::All, ..Default::default() };
    let mut source = open(path, &options, &|texts| Ok(vec![false; texts.len()]))?;
    let mut rows = 0;
    while let Some(chunk) = source.next_chunk(50_000)? {
        rows += chunk.smiles.len() as u64;
    }
    Ok(rows)
}

/// A line of /proc/self/status, in bytes.
fn status(key: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap();
    line.trim_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().unwrap() << 10
}
