//! Several files.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use arrow::array::{Int32Array, StringArray};
use xform_core::options::ExportInput;

use crate::job::{Job, ROWS, batch};

fn divided(change: fn(&mut ExportInput)) -> (Job, BTreeMap<String, Vec<String>>) {
    let job = Job::new("out.tsv").with(|options| change(&mut options.export));
    let summary = job.run().unwrap();
    let mut found = BTreeMap::new();
    for name in job.names() {
        let text = job.text(&name);
        let mut lines = text.lines().map(str::to_owned);
        assert_eq!(lines.next().unwrap(), "smiles\tproduct_id\tkind\tnumber\tmass\tsites");
        found.insert(name, lines.collect::<Vec<_>>());
    }
    let files = summary
        .files
        .iter()
        .map(|file| (file.file.file_name().unwrap().to_str().unwrap().to_owned(), file.rows as usize));
    assert!(files.eq(found.iter().map(|(name, lines)| (name.clone(), lines.len()))));
    assert_eq!(found.values().map(Vec::len).sum::<usize>(), ROWS);
    (job, found)
}

/// The rows whose ids the lines have.
fn rows(lines: &[String]) -> Vec<usize> {
    let id = |line: &String| line.split('\t').nth(1).unwrap()["id-".len()..].parse().unwrap();
    lines.iter().map(id).collect()
}

#[test]
fn files_have_at_most_so_many_rows_in_the_order_of_the_table() {
    let (_, files) = divided(|export| export.max_rows_per_file = Some(1_999));
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(names, ["out-00001.tsv", "out-00002.tsv", "out-00003.tsv"]);
    assert_eq!(files.values().map(Vec::len).collect::<Vec<_>>(), [1_999, 1_999, 1_002]);
    let all: Vec<usize> = files.values().flat_map(|lines| rows(lines)).collect();
    assert!(all.into_iter().eq(0..ROWS));
}

#[test]
fn each_value_has_a_file_and_null_has_one_too() {
    let (_, files) = divided(|export| export.partition_by = Some("kind".to_owned()));
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(names, ["out.kind.null.tsv", "out.kind=a.tsv", "out.kind=b%2Fc.tsv", "out.kind=d.tsv"]);
    for (lines, rest) in files.values().zip([2, 0, 1, 3]) {
        assert!(rows(lines).into_iter().eq((0..ROWS).filter(|row| row % 4 == rest)));
    }
}

#[test]
fn values_and_numbers_combine() {
    let (_, files) = divided(|export| {
        (export.partition_by, export.max_rows_per_file) = (Some("kind".to_owned()), Some(1_000));
    });
    assert_eq!(files.len(), 8);
    assert_eq!(files["out.kind=a-00002.tsv"].len(), ROWS / 4 - 1_000);
    assert_eq!(rows(&files["out.kind=a-00002.tsv"])[0], 4_000);
}

#[test]
fn the_column_that_divides_need_not_be_written() {
    let job = Job::new("out.csv").with(|options| {
        options.export.partition_by = Some("kind".to_owned());
        options.export.columns = xform_core::source::KeepColumns::Named(vec!["number".to_owned()]);
    });
    job.run().unwrap();
    assert!(
        job.text("out.kind=a.csv").starts_with("number\r\n9223372036854775807\r\n9223372036854775803\r\n")
    );
}

#[test]
fn too_many_values_are_refused_and_leave_nothing() {
    let count = 1_000;
    let table = batch(vec![
        ("smiles", Arc::new(StringArray::from(vec!["C"; count]))),
        ("n", Arc::new((0..count as i32).collect::<Int32Array>())),
    ]);
    let job = Job::of(&table, "out.csv").with(|options| options.export.partition_by = Some("n".to_owned()));
    let error = job.run().unwrap_err();
    assert_eq!(error.code(), "XFORM_INVALID_OPTION");
    assert!(error.to_string().contains("more than 256 values"), "{error}");
    assert_eq!(job.names(), [""; 0]);
    let some = job.with(|options| options.export.filter = Some("n < 256".to_owned()));
    assert_eq!(some.run().unwrap().files.len(), 256);
}

#[test]
fn force_leaves_no_file_of_the_earlier_export() {
    let job = Job::new("out.csv").with(|options| options.export.max_rows_per_file = Some(1_000));
    job.run().unwrap();
    fs::write(job.path("out-1.csv"), "mine").unwrap();
    let again = job.with(|options| {
        (options.export.max_rows_per_file, options.run.force) = (Some(4_000), true);
    });
    again.run().unwrap();
    assert_eq!(again.names(), ["out-00001.csv", "out-00002.csv", "out-1.csv"]);
    assert_eq!(again.text("out-1.csv"), "mine");
}
