//! Summaries of tables.
#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use serde_json::{Value, json};
use tempfile::TempDir;
use xform_core::source::KeepColumns;
use xform_core::{ColumnRange, Control, Error, SummarizeOptions, TableReport, summarize};

const ROWS: usize = 6_000;

struct Job {
    folder: TempDir,
    options: SummarizeOptions,
    control: Control,
}

impl Job {
    fn new(by: &[&str]) -> Self {
        Self::of(&table(), by)
    }

    fn of(table: &RecordBatch, by: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let properties = WriterProperties::builder().set_max_row_group_row_count(Some(2_500)).build();
        let file = File::create(folder.path().join("table.parquet")).unwrap();
        let mut writer = ArrowWriter::try_new(file, table.schema(), Some(properties)).unwrap();
        writer.write(table).unwrap();
        writer.close().unwrap();
        let mut options = SummarizeOptions::default();
        options.summarize.by = columns(by);
        Self { folder, options, control: Control::default() }
    }

    fn with(mut self, change: impl FnOnce(&mut SummarizeOptions)) -> Self {
        change(&mut self.options);
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self) -> Result<TableReport, Error> {
        summarize(&self.path("table.parquet"), &self.options, &self.control, &|_| ())
    }

    fn json(&self) -> Value {
        serde_json::to_value(self.run().unwrap()).unwrap()
    }
}

fn columns(names: &[&str]) -> KeepColumns {
    match names {
        [] => KeepColumns::None,
        names => KeepColumns::Named(names.iter().map(|&name| name.to_owned()).collect()),
    }
}

/// `kind` is `a`, `b` or null in turn; `mass` is the number of the row, null in every tenth, NaN in the first.
fn table() -> RecordBatch {
    let rows = || 0..ROWS;
    let mass = |row: usize| match row {
        0 => Some(f64::NAN),
        _ => (row % 10 != 9).then_some(row as f64),
    };
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("smiles", Arc::new(rows().map(|_| Some("CO")).collect::<StringArray>())),
        ("source_row", Arc::new(rows().map(|row| row as i64).collect::<Int64Array>())),
        ("kind", Arc::new(rows().map(|row| [Some("a"), Some("b"), None][row % 3]).collect::<StringArray>())),
        ("even", Arc::new(rows().map(|row| Some(row % 2 == 0)).collect::<BooleanArray>())),
        ("mass", Arc::new(rows().map(mass).collect::<Float64Array>())),
        ("rest", Arc::new(rows().map(|row| row as i64 % 4).collect::<Int64Array>())),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
        .unwrap()
}

/// The range of numbers, by the definitions.
fn range(rows: impl Iterator<Item = usize>) -> ColumnRange {
    let rows: Vec<usize> = rows.collect();
    let mut numbers: Vec<f64> =
        rows.iter().filter(|row| **row != 0 && **row % 10 != 9).map(|row| *row as f64).collect();
    numbers.sort_by(f64::total_cmp);
    let count = numbers.len();
    ColumnRange {
        nulls: (rows.len() - count) as u64,
        min: numbers.first().copied(),
        mean: Some(numbers.iter().sum::<f64>() / count as f64),
        median: Some((numbers[(count - 1) / 2] + numbers[count / 2]) / 2.0),
        max: numbers.last().copied(),
    }
}

#[test]
fn groups_are_in_the_order_of_their_values_with_counts_and_ranges() {
    let report = Job::new(&["kind", "even"]).run().unwrap();
    assert_eq!(report.columns, ["mass", "rest"], "what numbers rows is no property");
    assert_eq!((report.rows_read, report.rows_filtered, report.total.rows), (6_000, 0, 6_000));
    let values: Vec<&str> = report.groups.iter().map(|group| group.values.get()).collect();
    assert_eq!(
        values,
        [
            r#"{"kind":null,"even":false}"#,
            r#"{"kind":null,"even":true}"#,
            r#"{"kind":"a","even":false}"#,
            r#"{"kind":"a","even":true}"#,
            r#"{"kind":"b","even":false}"#,
            r#"{"kind":"b","even":true}"#,
        ]
    );
    let places = [(2, 1), (2, 0), (0, 1), (0, 0), (1, 1), (1, 0)];
    for (group, (third, half)) in report.groups.iter().zip(places) {
        let rows = (0..ROWS).filter(|row| row % 3 == third && row % 2 == half);
        assert_eq!((group.rows, &group.ranges.ranges[0]), (1_000, &range(rows)));
    }
    assert_eq!(report.total.ranges.ranges[0], range(0..ROWS));
}

#[test]
fn without_columns_to_group_by_there_is_one_group_even_of_no_rows() {
    let report = Job::new(&[]).json();
    assert_eq!(report["groups"].as_array().unwrap().len(), 1);
    assert_eq!(report["groups"][0], report["total"]);
    assert_eq!(
        report["total"]["ranges"]["rest"],
        json!({ "nulls": 0, "min": 0.0, "mean": 1.5, "median": 1.5, "max": 3.0 })
    );
    let none = Job::of(&table().slice(0, 0), &[]).json();
    let nothing = json!({ "nulls": 0, "min": null, "mean": null, "median": null, "max": null });
    assert_eq!(
        none["groups"],
        json!([{ "values": {}, "rows": 0, "ranges": { "mass": nothing, "rest": nothing } }])
    );
    assert_eq!(Job::of(&table().slice(0, 0), &["kind"]).json()["groups"], json!([]));
}

#[test]
fn only_rows_that_meet_the_condition_count_and_only_chosen_columns_have_ranges() {
    let job = Job::new(&["rest"]).with(|options| {
        options.export.filter = Some("mass < 10 and even".to_owned());
        options.summarize.columns = columns(&["mass", "source_row"]);
    });
    let report = job.json();
    assert_eq!(report["rows_filtered"], 5_996);
    assert_eq!(report["columns"], json!(["mass", "source_row"]));
    let rows: Vec<&Value> = report["groups"].as_array().unwrap().iter().map(|group| &group["rows"]).collect();
    assert_eq!((rows, &report["total"]["ranges"]["mass"]["max"]), (vec![&json!(2), &json!(2)], &json!(8.0)));
    let counts = Job::new(&["kind"]).with(|options| options.summarize.columns = KeepColumns::None).json();
    assert_eq!(counts["groups"][1], json!({ "values": { "kind": "a" }, "rows": 2_000, "ranges": {} }));
}

#[test]
fn a_file_has_a_line_for_each_group() {
    let job = Job::new(&["kind"]).with(|options| options.export.filter = Some("mass < 9".to_owned()));
    let written = |name: &str| {
        let output = job.path(name);
        let mut options = job.options.clone();
        options.summarize.output = Some(output.clone());
        options.summarize.columns = columns(&["mass"]);
        let report = summarize(&job.path("table.parquet"), &options, &job.control, &|_| ()).unwrap();
        assert_eq!(report.files[0].rows, 3);
        fs::read_to_string(output).unwrap()
    };
    let csv = written("figures.csv");
    assert_eq!(
        csv,
        "kind,rows,mass_nulls,mass_min,mass_mean,mass_median,mass_max\r\n,3,0,2.0,5.0,5.0,8.0\r\n\
         a,2,0,3.0,4.5,4.5,6.0\r\nb,3,0,1.0,4.0,4.0,7.0\r\n"
    );
    let lines = written("figures.jsonl");
    let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(
        first,
        json!({
            "kind": null, "rows": 3, "mass_nulls": 0, "mass_min": 2.0, "mass_mean": 5.0, "mass_median": 5.0, "mass_max": 8.0
        })
    );
}

#[test]
fn what_cannot_be_summarized_is_refused_by_the_name_of_the_option() {
    type Change = fn(&mut SummarizeOptions);
    let cases: [(Change, &str); 7] = [
        (
            |o| o.summarize.by = columns(&["kinds"]),
            "by: there is no column \"kinds\"; did you mean \"kind\"?",
        ),
        (
            |o| o.summarize.by = columns(&["mass"]),
            "by: column \"mass\" is of type Float64; groups are made of",
        ),
        (|o| o.summarize.by = KeepColumns::All, "by: must name columns"),
        (
            |o| o.summarize.columns = columns(&["kind"]),
            "columns: column \"kind\" is of type Utf8, and only numbers",
        ),
        (
            |o| o.summarize.output = Some("figures.sdf".into()),
            "format: sdf has molecules, and a summary has none",
        ),
        (|o| o.export.spreadsheet = true, "spreadsheet: requires `output`, which names a file"),
        (|o| o.export.filter = Some("masse > 1".to_owned()), "where: at position 1 of \"masse > 1\": "),
    ];
    for (change, start) in cases {
        let message = Job::new(&["kind"]).with(change).run().unwrap_err().to_string();
        assert!(message.starts_with(start), "{message}");
    }
}

#[test]
fn there_may_be_ten_thousand_groups_and_no_more() {
    let rows = 10_001;
    let table = RecordBatch::try_from_iter([
        ("smiles", Arc::new(StringArray::from(vec!["C"; rows])) as ArrayRef),
        ("n", Arc::new((0..rows as i64).collect::<Int64Array>())),
    ])
    .unwrap();
    let error = Job::of(&table, &["n"]).run().unwrap_err();
    assert!(error.to_string().starts_with("by: n has more than 10000 different values"), "{error}");
    assert_eq!(Job::of(&table.slice(1, 10_000), &["n"]).run().unwrap().groups.len(), 10_000);
}

#[test]
fn a_summary_that_is_stopped_or_finds_a_file_leaves_nothing() {
    let job = Job::new(&["kind"]);
    let output = job.path("figures.csv");
    let job = job.with(|options| options.summarize.output = Some(output.clone()));
    job.control.cancel.store(true, Ordering::Relaxed);
    assert_eq!(job.run().unwrap_err().code(), "XFORM_CANCELLED");
    assert_eq!(fs::read_dir(job.folder.path()).unwrap().count(), 1);
    fs::write(&output, "mine").unwrap();
    assert_eq!(job.run().unwrap_err().code(), "XFORM_FILE_EXISTS");
    assert_eq!(fs::read_to_string(output).unwrap(), "mine");
}
