//! An interrupted run that is resumed from a manifest with arbitrary changes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use xform_core::disk::{Call, Disk, Gate};
use xform_core::engine::Engine;
use xform_core::transform::Transform;
use xform_core::{ApplyOptions, Control, EngineSettings, Error, Pace, Summary, apply};
use xform_rdkit::RdkitEngine;
use xxhash_rust::xxh3::xxh3_64;

const WORK_FOLDER: &str = ".xform-native";
const MANIFEST: &str = "manifest.jsonl";
const TRANSFORMS: &str = "version: 1\ntransforms:\n\
    - {name: ONE, smirks: '[c:1][OH:2]>>[c:1][O:2]C'}\n\
    - {name: TWO, smirks: '[CH3:1]>>[C:1]F'}\n";
/// Duplicates near and far, a bad row, rows without a site.
const LIBRARY: [&str; 6] = ["Oc1ccccc1", "CCc1ccc(O)cc1O", "C", "CCC", "x", "Oc1ccccc1C"];
const ROWS: usize = 60;
/// One edit of a manifest: the line, the value in it, the kind of change, and a number for it.
const EDIT_BYTES: usize = 11;

/// The files that an interrupted run has left, and the lines of its manifest.
pub struct InterruptedRun {
    folder: TempDir,
    files: Vec<(PathBuf, Vec<u8>)>,
    lines: Vec<Value>,
}

impl InterruptedRun {
    /// Runs until just before products would be published.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let library: String =
            (0..ROWS).map(|row| format!("{} id{row}\n", LIBRARY[row % LIBRARY.len()])).collect();
        fs::write(folder.path().join("library.smi"), library).expect("the library can be written");
        fs::write(folder.path().join("transforms.yaml"), TRANSFORMS).expect("the transforms can be written");
        fs::write(folder.path().join("mine.txt"), "mine").expect("a file of others can be written");
        let stopped = run(folder.path(), Disk::gated(Arc::new(NothingPublished)), false);
        stopped.expect_err("the gate stops it");
        let work = folder.path().join("out").join(WORK_FOLDER);
        let entries = fs::read_dir(&work).expect("a stopped run leaves its work folder").flatten();
        let paths = entries.map(|entry| entry.path()).filter(|path| path.is_file());
        let files: Vec<_> =
            paths.map(|path| (path.clone(), fs::read(&path).expect("it can be read"))).collect();
        let text = fs::read_to_string(work.join(MANIFEST)).expect("it has a manifest");
        let json =
            |line: &str| serde_json::from_str(line.rsplit_once(' ').expect("a checksum").0).expect("JSON");
        Self { lines: text.lines().map(json).collect(), folder, files }
    }

    /// Resumes from the manifest after applying each edit in `input` to it and correcting its checksums.
    ///
    /// # Panics
    /// If a file outside the output folder is gone.
    pub fn resume(&self, input: &[u8]) {
        let mut lines = self.lines.clone();
        input.chunks_exact(EDIT_BYTES).for_each(|edit| forge(&mut lines, edit));
        self.files.iter().for_each(|(path, bytes)| fs::write(path, bytes).expect("it can be written back"));
        let manifest: String = lines.iter().map(signed).collect();
        let out = self.folder.path().join("out");
        fs::write(out.join(WORK_FOLDER).join(MANIFEST), manifest).expect("the manifest can be written");
        // It may be resumed or refused, but nothing else may happen.
        let _ = run(self.folder.path(), Disk::default(), true);
        assert!(self.folder.path().join("mine.txt").exists(), "a file of others is gone");
        fs::remove_dir_all(&out).expect("the output can be removed");
        fs::create_dir_all(out.join(WORK_FOLDER)).expect("the work folder can be made");
    }
}

impl Default for InterruptedRun {
    fn default() -> Self {
        Self::new()
    }
}

fn run(folder: &Path, disk: Disk, resume: bool) -> Result<Summary, Error> {
    let make = |transforms: &[Transform], settings: &EngineSettings| -> Result<Box<dyn Engine>, Error> {
        Ok(Box::new(RdkitEngine::new(transforms, settings)?))
    };
    let inside = |name: &str| folder.join(name);
    let names = vec!["all".to_owned()];
    let options = ApplyOptions {
        workers: 1,
        batch_size: 7,
        resume,
        ..ApplyOptions::new(inside("library.smi"), inside("out"), inside("transforms.yaml"), names)
    };
    // Parts and commits so small that there are several.
    let pace = Pace { part_bytes: 2_000, commit_interval: Duration::ZERO, ..Pace::default() };
    apply(&options, &make, &Control { disk, pace, ..Control::default() })
}

struct NothingPublished;

impl Gate for NothingPublished {
    fn before(&self, call: Call<'_>) -> io::Result<Option<usize>> {
        match call {
            Call::Create(path) if path.ends_with(".products.parquet.tmp") => Err(io::ErrorKind::Other.into()),
            _ => Ok(None),
        }
    }

    fn after(&self, _call: Call<'_>) {}
}

fn signed(line: &Value) -> String {
    let json = line.to_string();
    format!("{json} {:016x}\n", xxh3_64(json.as_bytes()))
}

fn forge(lines: &mut Vec<Value>, edit: &[u8]) {
    let number = u64::from_le_bytes(edit[3..].try_into().expect("eight bytes"));
    let line = usize::from(edit[0]) % lines.len().max(1);
    match edit[2] % 8 {
        0 if lines.len() > 1 => drop(lines.remove(line)),
        1 if lines.len() < 64 => lines.insert(line, lines[line].clone()),
        what => {
            let mut left = usize::from(edit[1]);
            while let Some(line) = lines.get_mut(line) {
                let before = left;
                if change(line, &mut left, &|value| *value = other(value, what, number)) || left == before {
                    break;
                }
            }
        }
    }
}

/// Changes the value at depth-first position `left` of `value`; false if there are fewer, and `left` is less by them.
fn change(value: &mut Value, left: &mut usize, to: &impl Fn(&mut Value)) -> bool {
    if *left == 0 {
        to(value);
        return true;
    }
    *left -= 1;
    match value {
        Value::Array(values) => values.iter_mut().any(|value| change(value, left, to)),
        Value::Object(fields) => fields.values_mut().any(|value| change(value, left, to)),
        _ => false,
    }
}

fn other(value: &Value, what: u8, number: u64) -> Value {
    match what {
        2 => Value::Null,
        3 => Value::Bool(number.is_multiple_of(2)),
        4 => Value::from((number as i64).wrapping_neg()),
        5 => Value::from(["", "/", "..", "/tmp", "../..", "\u{0}"][number as usize % 6]),
        6 => Value::Array(vec![value.clone(); number as usize % 4]),
        // Near the old value, where off-by-one faults are.
        7 if number < 256 => {
            Value::from(value.as_u64().unwrap_or_default().wrapping_add(number).wrapping_sub(128))
        }
        _ => Value::from(number),
    }
}
