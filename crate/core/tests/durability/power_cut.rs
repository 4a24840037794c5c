//! A power cut: a file keeps what was synced, a folder the names that it had when it was synced.

use std::collections::{HashMap, HashSet};
use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use xform_core::DedupMode;
use xform_core::disk::{Call, Gate};

use crate::job::{self, options, resume_and_compare, run, unbroken};

#[derive(Default)]
struct State {
    calls: u64,
    lengths: HashMap<PathBuf, u64>,
    synced: HashMap<PathBuf, u64>,
    /// Files and folders whose names no sync of their folder has made durable.
    unnamed: HashSet<PathBuf>,
    /// Renames that no sync has made durable: from, to.
    renamed: Vec<(PathBuf, PathBuf)>,
}

/// Records what would survive, and cuts the power at a call.
struct PowerCut {
    at: u64,
    state: Mutex<State>,
}

impl Gate for PowerCut {
    fn before(&self, _call: Call<'_>) -> io::Result<Option<usize>> {
        let mut state = self.state.lock().unwrap();
        state.calls += 1;
        if state.calls > self.at { Err(io::Error::other("the power is off")) } else { Ok(None) }
    }

    fn after(&self, call: Call<'_>) {
        let mut state = self.state.lock().unwrap();
        match call {
            Call::Create(path) => {
                state.lengths.insert(path.to_owned(), 0);
                state.synced.insert(path.to_owned(), 0);
                state.unnamed.insert(path.to_owned());
            }
            Call::Truncate(path, length) => {
                state.lengths.insert(path.to_owned(), length);
                state.synced.insert(path.to_owned(), length);
            }
            Call::Write(path, bytes) => {
                *state.lengths.entry(path.to_owned()).or_default() += bytes as u64;
            }
            Call::Sync(path) => {
                let length = state.lengths[path];
                state.synced.insert(path.to_owned(), length);
            }
            Call::SyncFolder(folder) => {
                state.unnamed.retain(|path| path.parent() != Some(folder));
                state.renamed.retain(|(_, to)| to.parent() != Some(folder));
            }
            Call::Rename(from, to) => {
                let synced = state.synced[from];
                state.synced.insert(to.to_owned(), synced);
                state.renamed.push((from.to_owned(), to.to_owned()));
            }
            Call::Remove(path) => {
                state.unnamed.remove(path);
                state.synced.remove(path);
            }
            _ => {}
        }
    }
}

impl PowerCut {
    /// Reduces the files to what is left when the power is back.
    fn strike(&self) {
        let state = self.state.lock().unwrap();
        for (from, to) in state.renamed.iter().rev() {
            if to.exists() {
                fs::rename(to, from).unwrap();
                cut(from, state.synced[to]);
            }
        }
        for (path, &length) in &state.synced {
            if path.exists() {
                cut(path, length);
            }
        }
        for path in &state.unnamed {
            let _ = fs::remove_file(path);
        }
    }
}

fn cut(path: &Path, length: u64) {
    OpenOptions::new().write(true).open(path).unwrap().set_len(length).unwrap();
}

#[test]
fn only_what_was_synced_survives_and_it_is_enough() {
    let folder = job::folder();
    job::prepare(folder.path());
    let expected = unbroken(folder.path(), "unbroken", DedupMode::Exact);
    let options = options(folder.path(), "out");
    let counting = Arc::new(PowerCut { at: u64::MAX, state: Mutex::default() });
    run(&options, Some(counting.clone())).unwrap();
    counting.strike();
    assert!(options.outdir.join("SUMMARY.json").exists(), "a run that has ended is durable");
    assert!(job::bytes(&options.outdir) == expected, "a run that has ended is durable");
    fs::remove_dir_all(&options.outdir).unwrap();
    let calls = counting.state.lock().unwrap().calls;
    let stride = if std::env::var_os("XFORM_LONG_TESTS").is_some() { 1 } else { (calls / 120).max(1) };
    for at in (0..calls).step_by(stride as usize) {
        let gate = Arc::new(PowerCut { at, state: Mutex::default() });
        // After the summary, the run has finished; the data for a resume stays until the summary is durable.
        if let Ok(summary) = run(&options, Some(gate.clone())) {
            assert!(summary.warnings.iter().any(|warning| warning.contains("is complete, but")), "call {at}");
        }
        gate.strike();
        resume_and_compare(&options, &expected, &format!("power cut at call {at}"));
        fs::remove_dir_all(&options.outdir).unwrap();
    }
}
