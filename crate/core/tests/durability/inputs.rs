//! Libraries of several files: a run that was interrupted in one of them continues there.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use xform_core::disk::{Call, Gate};
use xform_core::{ApplyOptions, Summary};

use crate::job::{self, bytes, options, run};
use crate::refused::forge;

/// Rows of each of three files.
const ROWS: [u64; 3] = [300, 700, 500];

/// The library of the job in three files, read so that the reader cannot get far ahead of the commit.
struct Place {
    folder: tempfile::TempDir,
    files: Vec<PathBuf>,
}

impl Place {
    fn new() -> Self {
        let folder = job::folder();
        job::prepare(folder.path());
        let text = fs::read_to_string(folder.path().join("library.smi")).unwrap();
        let mut lines = text.lines();
        let files = ["b.smi", "a.smi", "c.smi"].into_iter().zip(ROWS).map(|(name, rows)| {
            let path = folder.path().join(name);
            let text: String = lines.by_ref().take(rows as usize).map(|line| format!("{line}\n")).collect();
            fs::write(&path, text).unwrap();
            path
        });
        let files = files.collect();
        Self { folder, files }
    }

    fn options(&self, outdir: &str) -> ApplyOptions {
        let input = self.files.clone().into();
        ApplyOptions { input, max_in_flight: 1, batch_size: 100, ..options(self.folder.path(), outdir) }
    }

    fn unbroken(&self) -> (Summary, [Vec<u8>; 2]) {
        let options = self.options("unbroken");
        (run(&options, None).unwrap(), bytes(&options.outdir))
    }

    /// A run that was stopped when this many commits were durable, and its durable rows.
    fn interrupted(&self, commits: u64) -> (ApplyOptions, u64) {
        let options = self.options("out");
        let manifest = options.outdir.join(".xform-native/manifest.jsonl");
        run(&options, Some(Arc::new(Stop { manifest, commits: AtomicU64::new(commits) }))).unwrap_err();
        let rows = job::durable_rows(&options.outdir).unwrap();
        (ApplyOptions { resume: true, ..options }, rows)
    }

    fn refused(&self, options: &ApplyOptions) -> String {
        let error = run(options, None).unwrap_err();
        assert_eq!(error.code(), "XFORM_RESUME_REFUSED", "{error}");
        error.to_string()
    }
}

/// Stops the run after a number of commits.
struct Stop {
    manifest: PathBuf,
    commits: AtomicU64,
}

impl Gate for Stop {
    fn before(&self, _: Call<'_>) -> std::io::Result<Option<usize>> {
        match self.commits.load(Ordering::SeqCst) {
            0 => Err(std::io::ErrorKind::Other.into()),
            _ => Ok(None),
        }
    }

    fn after(&self, call: Call<'_>) {
        if matches!(call, Call::Sync(path) if path == self.manifest) {
            self.commits.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

fn file_rows(outdir: &Path) -> Vec<u64> {
    let manifest = fs::read(outdir.join(".xform-native/manifest.jsonl")).unwrap();
    xform_core::journal::parse(&manifest[..]).unwrap().unwrap().unwrap().latest.file_rows
}

#[test]
fn a_run_that_is_stopped_in_any_file_continues_there() {
    let place = Place::new();
    let (whole, expected) = place.unbroken();
    let files = whole.source_files.unwrap().files;
    assert_eq!(files.iter().map(|file| file.rows.unwrap()).collect::<Vec<_>>(), ROWS);
    for commits in [1, 3, 5, 9, 10, 12, 15] {
        let (resumed, rows) = place.interrupted(commits);
        assert_eq!(rows, 100 * commits);
        let done = ROWS.iter().scan(0, |sum, rows| {
            *sum += rows;
            Some(*sum)
        });
        let done = done.take_while(|&end| end <= rows).count();
        // The end of a file is known when the reader has come to it.
        let noted = file_rows(&resumed.outdir);
        assert!(noted == ROWS[..noted.len()] && noted.len() <= done, "{noted:?} after {rows} rows");
        let summary = run(&resumed, None).unwrap();
        assert_eq!(summary.rows_resumed, rows);
        assert!(bytes(&resumed.outdir) == expected, "{commits} commits");
        fs::remove_dir_all(&resumed.outdir).unwrap();
    }
}

#[test]
fn rows_whose_files_were_not_hashed_are_compared() {
    let place = Place::new();
    let (_, expected) = place.unbroken();
    for hashed in 0..3 {
        let (resumed, rows) = place.interrupted(6);
        // As if the hash had come to this file only.
        forge(&resumed, |line| {
            let Some(commit) = line.get_mut("commit") else { return };
            let list = commit.get_mut("file_sha256s").and_then(|list| list.as_array_mut());
            list.into_iter().for_each(|list| list.truncate(hashed));
            if hashed < 2 {
                commit["input"] = serde_json::json!({ "rows": { "first_row": 0, "digest": "other" } });
            }
        });
        if hashed < 2 {
            assert!(
                place.refused(&resumed).contains("the committed rows are not those of the library any more")
            );
        } else {
            let summary = run(&resumed, None).unwrap();
            assert_eq!(summary.rows_resumed, rows);
            assert!(bytes(&resumed.outdir) == expected);
        }
        fs::remove_dir_all(&resumed.outdir).unwrap();
    }
}

#[test]
fn a_library_with_another_file_is_refused_by_its_name() {
    let place = Place::new();
    let (resumed, _) = place.interrupted(5);
    let second = &place.files[1];
    let good = fs::read_to_string(second).unwrap();
    fs::write(second, good.replacen("id400", "ID400", 1)).unwrap();
    let text = place.refused(&resumed);
    assert!(
        text.contains(&format!("{} is not the file that the run started with", second.display())),
        "{text}"
    );
    fs::write(second, &good).unwrap();
    let with = |files: &[usize]| {
        let files: Vec<PathBuf> = files.iter().map(|&index| place.files[index].clone()).collect();
        place.refused(&ApplyOptions { input: files.into(), ..resumed.clone() })
    };
    assert!(with(&[0, 1]).contains("the library has 2 files, and had 3 when the run started"));
    assert!(
        with(&[1, 0, 2]).contains(&format!("has {} where it had", second.display())),
        "{}",
        with(&[1, 0, 2])
    );
    let summary = run(&resumed, None).unwrap();
    assert_eq!(summary.rows_resumed, 500);
    let again = run(&resumed, None).unwrap();
    assert!(again.already_finished);
    fs::write(second, good.replacen("id400", "ID400", 1)).unwrap();
    assert!(place.refused(&resumed).contains("a run over a different input has finished there"));
}

#[test]
fn a_change_while_the_library_is_read_names_the_file() {
    let place = Place::new();
    let options = place.options("out");
    let manifest = options.outdir.join(".xform-native/manifest.jsonl");
    let last = place.files[2].clone();
    struct Change {
        manifest: PathBuf,
        last: PathBuf,
    }
    impl Gate for Change {
        fn before(&self, _: Call<'_>) -> std::io::Result<Option<usize>> {
            Ok(None)
        }

        fn after(&self, call: Call<'_>) {
            if matches!(call, Call::Sync(path) if path == self.manifest) {
                fs::write(&self.last, "C7 id7\n").unwrap();
            }
        }
    }
    let error = run(&options, Some(Arc::new(Change { manifest, last: last.clone() }))).unwrap_err();
    assert_eq!(error.code(), "XFORM_INPUT_CHANGED", "{error}");
    assert!(error.to_string().contains(&last.display().to_string()), "{error}");
    assert_eq!(job::names(&options.outdir), [".xform-native"]);
}
