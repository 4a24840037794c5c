//! An input that changes while it is read, or between two runs, is noticed: a result comes from the file whose
//! SHA-256 it names.

use std::fs::{self, File, FileTimes, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use xform_core::disk::{Call, Gate};
use xform_core::journal::RowDigest;
use xform_core::output::read_back::read_metadata;
use xform_core::source::{KeepColumns, Source, Window, hash_file, open, open_file};
use xform_core::{ApplyOptions, Error, Summary};

use crate::gate::dead_after;
use crate::job::{self, options, run};
use crate::refused::forge;

/// Padding of a row, which is not read; it makes the library larger than what the quick check of its edges covers.
const PADDING: usize = 4_000;
/// A row in the middle of the library.
const MIDDLE: u64 = job::ROWS / 2;

/// The job with its library as CSV or Parquet, with a column that is kept and one that is not.
struct Place {
    folder: tempfile::TempDir,
    input: PathBuf,
}

impl Place {
    fn new(format: &str) -> Self {
        let folder = job::folder();
        job::prepare(folder.path());
        let text = fs::read_to_string(folder.path().join("library.smi")).unwrap();
        let rows: Vec<[String; 4]> = text.lines().enumerate().map(|(row, line)| cells(row, line)).collect();
        let input = folder.path().join("library").with_extension(format);
        match format {
            "csv" => {
                let rows = rows.iter().map(|cells| cells.join(",") + "\n");
                fs::write(&input, "smiles,id,note,rest\n".to_owned() + &rows.collect::<String>()).unwrap();
            }
            _ => write_parquet(&input, &rows),
        }
        Self { folder, input }
    }

    fn options(&self, outdir: &str) -> ApplyOptions {
        ApplyOptions {
            input: self.input.clone().into(),
            keep_columns: KeepColumns::Named(vec!["note".into()]),
            // The reader cannot get far ahead of the commit.
            max_in_flight: 1,
            batch_size: 100,
            ..options(self.folder.path(), outdir)
        }
    }

    /// A run that was interrupted in `out`, and its durable rows; its manifest is changed so that it covers only
    /// these rows of the input.
    fn interrupted(&self) -> (ApplyOptions, u64) {
        let options = self.options("out");
        run(&options, Some(at_commits(&options, 4, |_| {}))).unwrap_err();
        let rows = job::durable_rows(&options.outdir).unwrap();
        assert_eq!(rows, 400);
        forge(&options, |line| {
            if let Some(commit) = line.get_mut("commit") {
                let digest = digest(&options, commit["totals"]["total_input"].as_u64().unwrap());
                commit["input"] = serde_json::json!({ "rows": { "first_row": 0, "digest": digest } });
                commit["file_sha256s"] = serde_json::json!([]);
            }
        });
        (ApplyOptions { resume: true, ..options }, rows)
    }

    /// Replaces text of that row in the file, and restores the file's date.
    fn rewrite(&self, row: u64, what: &str) {
        let (from, to) = match what {
            "smiles" => (format!("C{row:0>80}"), format!("C{:0>80}", row + 1)),
            "id" => (format!("id{row:0>6}"), format!("ID{row:0>6}")),
            "note" => (format!("note{row:0>6}"), format!("NOTE{row:0>6}")),
            _ => (format!("rest{row:0>6}"), format!("REST{row:0>6}")),
        };
        let text = fs::read(&self.input).unwrap();
        let at = text.windows(from.len()).position(|bytes| bytes == from.as_bytes()).unwrap();
        let mut file = OpenOptions::new().write(true).open(&self.input).unwrap();
        let modified = file.metadata().unwrap().modified().unwrap();
        file.seek(SeekFrom::Start(at as u64)).unwrap();
        file.write_all(to.as_bytes()).unwrap();
        file.set_times(FileTimes::new().set_modified(modified)).unwrap();
    }

    fn sha256(&self) -> String {
        hash_file(&open_file(&self.input).unwrap(), || false).unwrap().unwrap()
    }

    /// The summary must describe the result of a run over the file as it is now.
    fn assert_true_to_the_file(&self, summary: &Summary) {
        let metadata = read_metadata(&summary.output_dir.join("products.parquet")).unwrap();
        assert_eq!(metadata["input"]["sha256"], self.sha256());
        let again = ApplyOptions { force: true, ..self.options("again") };
        run(&again, None).unwrap();
        assert!(job::bytes(&summary.output_dir) == job::bytes(&again.outdir));
    }
}

fn cells(row: usize, line: &str) -> [String; 4] {
    let smiles = line.split(' ').next().unwrap().to_owned();
    [
        smiles,
        format!("id{row:0>6}"),
        format!("note{row:0>6}"),
        format!("rest{row:0>6}") + &"x".repeat(PADDING),
    ]
}

fn write_parquet(path: &Path, rows: &[[String; 4]]) {
    let column = |index: usize| -> ArrayRef {
        Arc::new(rows.iter().map(|cells| Some(cells[index].as_str())).collect::<StringArray>())
    };
    let names = ["smiles", "id", "note", "rest"].into_iter().enumerate();
    let batch = RecordBatch::try_from_iter(names.map(|(index, name)| (name, column(index)))).unwrap();
    let properties = WriterProperties::builder()
        .set_compression(Compression::UNCOMPRESSED)
        .set_dictionary_enabled(false)
        .set_max_row_group_row_count(Some(100))
        .build();
    let mut writer =
        ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

/// The digest of the first `rows` rows.
fn digest(options: &ApplyOptions, rows: u64) -> String {
    let mut source =
        open(&options.input[0], &options.source(), &|texts| Ok(vec![true; texts.len()])).unwrap();
    let mut digest = RowDigest::new(source.columns()).unwrap();
    let mut source = Window::new(&mut *source, rows);
    while let Some(chunk) = source.next_chunk(7).unwrap() {
        digest.add(&chunk).unwrap();
    }
    digest.value()
}

/// Calls a function at each commit, and stops the run after a number of commits.
struct AtCommits<F> {
    manifest: PathBuf,
    commits: AtomicU64,
    last: u64,
    act: F,
}

impl<F: Fn(u64) + Send + Sync> Gate for AtCommits<F> {
    fn before(&self, _: Call<'_>) -> io::Result<Option<usize>> {
        let is_over = self.commits.load(Ordering::SeqCst) >= self.last;
        if is_over { Err(io::ErrorKind::Other.into()) } else { Ok(None) }
    }

    fn after(&self, call: Call<'_>) {
        if matches!(call, Call::Sync(path) if path == self.manifest) {
            (self.act)(self.commits.fetch_add(1, Ordering::SeqCst));
        }
    }
}

fn at_commits(options: &ApplyOptions, last: u64, act: impl Fn(u64) + Send + Sync + 'static) -> Arc<dyn Gate> {
    let manifest = options.outdir.join(".xform-native/manifest.jsonl");
    Arc::new(AtCommits { manifest, commits: AtomicU64::new(0), last, act })
}

/// Runs, and calls `act` when the first batch is done and the second is not yet read.
fn run_beside(options: &ApplyOptions, act: impl Fn() + Send + Sync + 'static) -> Result<Summary, Error> {
    let act = move |commit| {
        if commit == 0 {
            act()
        }
    };
    run(options, Some(at_commits(options, u64::MAX, act)))
}

#[test]
fn a_change_while_the_library_is_read_is_refused() {
    for format in ["csv", "parquet"] {
        type Change = fn(&Place);
        let changes: [(&str, Change); 3] = [
            ("rewritten", |place| place.rewrite(50, "smiles")),
            ("cut", |place| {
                let bytes = fs::metadata(&place.input).unwrap().len();
                OpenOptions::new().write(true).open(&place.input).unwrap().set_len(bytes - 5_000).unwrap();
            }),
            ("appended to", |place| {
                let mut file = OpenOptions::new().append(true).open(&place.input).unwrap();
                file.write_all(b"C9,id9,note9,rest9\n").unwrap();
            }),
        ];
        for (name, change) in changes {
            let place = Arc::new(Place::new(format));
            let good = fs::read(&place.input).unwrap();
            let options = place.options("out");
            let beside = Arc::clone(&place);
            let error = run_beside(&options, move || change(&beside)).unwrap_err();
            assert_eq!(error.code(), "XFORM_INPUT_CHANGED", "{format}, {name}: {error}");
            assert!(error.to_string().contains(&place.input.display().to_string()), "{error}");
            assert_eq!(job::names(&options.outdir), [".xform-native"], "{format}, {name}");
            let resumed = ApplyOptions { resume: true, ..options };
            let error = run(&resumed, None).unwrap_err();
            // A truncated Parquet file cannot be opened.
            let expected = ["XFORM_RESUME_REFUSED", "XFORM_INPUT_UNREADABLE"];
            assert!(expected.contains(&error.code()), "{format}, {name}: {error}");
            // Rewritten, not replaced: the durable rows are still of this file.
            fs::write(&place.input, good).unwrap();
            let summary = run(&resumed, None).unwrap();
            assert!(summary.rows_resumed > 0);
            place.assert_true_to_the_file(&summary);
        }
    }
}

#[test]
fn a_change_ahead_of_the_reader_is_refused_or_in_the_result() {
    for format in ["csv", "parquet"] {
        let place = Arc::new(Place::new(format));
        let beside = Arc::clone(&place);
        match run_beside(&place.options("out"), move || beside.rewrite(MIDDLE, "smiles")) {
            // The file may or may not have been hashed by then.
            Err(error) => assert_eq!(error.code(), "XFORM_INPUT_CHANGED", "{format}: {error}"),
            Ok(summary) => place.assert_true_to_the_file(&summary),
        }
    }
}

#[test]
fn another_file_of_that_name_changes_nothing_for_a_run_that_has_begun() {
    for format in ["csv", "parquet"] {
        let place = Arc::new(Place::new(format));
        let options = place.options("out");
        let sha256 = place.sha256();
        let beside = Arc::clone(&place);
        let summary = run_beside(&options, move || {
            fs::rename(&beside.input, beside.input.with_extension("old")).unwrap();
            fs::write(&beside.input, "another file").unwrap();
        });
        let summary = summary.unwrap();
        let metadata = read_metadata(&options.outdir.join("products.parquet")).unwrap();
        assert_eq!(metadata["input"]["sha256"], sha256);
        fs::rename(place.input.with_extension("old"), &place.input).unwrap();
        place.assert_true_to_the_file(&summary);
    }
}

#[test]
fn rows_that_changed_between_two_runs_are_refused() {
    for format in ["csv", "parquet"] {
        for what in ["smiles", "id", "note"] {
            let place = Place::new(format);
            let (resumed, rows) = place.interrupted();
            let good = fs::read(&place.input).unwrap();
            place.rewrite(rows - 1, what);
            let error = run(&resumed, None).unwrap_err();
            assert_eq!(error.code(), "XFORM_RESUME_REFUSED", "{format}, {what}: {error}");
            assert!(error.to_string().contains("not the file that the run started with"), "{error}");
            fs::write(&place.input, good).unwrap();
            let summary = run(&resumed, None).unwrap();
            assert_eq!(summary.rows_resumed, rows);
            place.assert_true_to_the_file(&summary);
        }
    }
}

#[test]
fn rows_that_are_still_to_come_may_have_changed_while_no_checksum_is_known() {
    for format in ["csv", "parquet"] {
        let place = Place::new(format);
        let (resumed, rows) = place.interrupted();
        place.rewrite(MIDDLE, "smiles");
        place.rewrite(rows - 1, "rest");
        let summary = run(&resumed, None).unwrap();
        assert_eq!(summary.rows_resumed, rows);
        place.assert_true_to_the_file(&summary);
    }
}

#[test]
fn a_run_whose_rows_are_all_done_is_held_against_the_input_too() {
    let place = Place::new("csv");
    let options = place.options("out");
    let publishing =
        |call: Call<'_>| matches!(call, Call::Create(path) if path.ends_with(".rejects.parquet.tmp"));
    run(&options, dead_after(publishing)).unwrap_err();
    assert_eq!(job::durable_rows(&options.outdir), Some(job::ROWS));
    place.rewrite(MIDDLE, "smiles");
    let error = run(&ApplyOptions { resume: true, ..options }, None).unwrap_err();
    assert_eq!(error.code(), "XFORM_RESUME_REFUSED", "{error}");
}
