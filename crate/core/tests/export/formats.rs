//! What each format holds, whatever the number of workers.

use std::fs::{self, File};
use std::sync::Arc;

use arrow::array::{RecordBatch, StringArray};
use arrow::compute::concat_batches;
use arrow::ipc::reader::FileReader;
use serde_json::{Value, json};
use xform_core::source::KeepColumns;
use xform_core::writers::Format;

use crate::job::{Job, ROWS, batch, molecules, table};

fn named(names: &[&str]) -> KeepColumns {
    KeepColumns::Named(names.iter().map(|&name| name.to_owned()).collect())
}

#[test]
fn the_bytes_are_the_same_for_any_number_of_workers() {
    for format in Format::ALL {
        let name = format!("out.{}", format.facts().name);
        let written = |workers| {
            let job = Job::new(&name).with(|options| options.run.workers = workers);
            let summary = job.run().unwrap();
            assert_eq!((summary.rows_read, summary.rows_written), (ROWS as u64, ROWS as u64), "{name}");
            assert_eq!(summary.files[0].bytes, fs::metadata(job.path(&name)).unwrap().len(), "{name}");
            assert_eq!(job.names(), [name.as_str()], "nothing else is left");
            fs::read(job.path(&name)).unwrap()
        };
        let one = written(1);
        for workers in [2, 3, 7] {
            assert!(written(workers) == one, "{name} with {workers} workers");
        }
    }
}

#[test]
fn csv_has_a_header_and_lists_as_json() {
    let job = Job::new("out.csv");
    let summary = job.run().unwrap();
    assert_eq!(summary.columns, ["smiles", "product_id", "kind", "number", "mass", "sites"]);
    let text = job.text("out.csv");
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(lines.len(), ROWS + 2);
    assert_eq!(lines[0], "smiles,product_id,kind,number,mass,sites");
    assert_eq!(lines[1], "CO,id-0,a,9223372036854775807,,");
    assert_eq!(lines[2], "CCO,id-1,b/c,9223372036854775806,0.14285714285714285,\"[1,null]\"");
    assert_eq!(lines[3], "CCCO,id-2,,9223372036854775805,0.2857142857142857,\"[2,null]\"");
    assert_eq!(lines[ROWS].split(',').nth(1), Some("id-4999"));
}

#[test]
fn columns_come_in_the_order_in_which_they_are_named() {
    let job = Job::new("out.tsv").with(|options| options.export.columns = named(&["mass", "smiles", "mass"]));
    job.run().unwrap();
    assert!(job.text("out.tsv").starts_with("mass\tsmiles\n\tCO\n0.14285714285714285\tCCO\n"));
}

#[test]
fn json_has_every_key_and_exact_numbers() {
    let job = Job::new("out.jsonl");
    job.run().unwrap();
    let text = job.text("out.jsonl");
    let rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), ROWS);
    let second = json!({
        "smiles": "CCO", "product_id": "id-1", "kind": "b/c", "number": i64::MAX - 1, "mass": 1.0 / 7.0, "sites": [1, null],
    });
    assert_eq!(rows[1], second);
    let third = &rows[0];
    assert!(third["mass"].is_null() && third["sites"].is_null() && third.as_object().unwrap().len() == 6);
}

#[test]
fn an_arrow_file_has_the_same_values_and_types() {
    let job = Job::new("out.arrow");
    job.run().unwrap();
    let reader = FileReader::try_new(File::open(job.path("out.arrow")).unwrap(), None).unwrap();
    let schema = reader.schema();
    let batches: Vec<RecordBatch> = reader.collect::<Result<_, _>>().unwrap();
    assert!(batches.len() <= ROWS.div_ceil(1_024), "{} batches", batches.len());
    let read = concat_batches(&schema, &batches).unwrap();
    let expected = table();
    assert_eq!(read.columns(), expected.columns());
}

#[test]
fn smiles_text_has_ids_and_leaves_out_what_has_no_smiles() {
    let table = batch(vec![
        ("smiles", Arc::new(StringArray::from(vec![Some("CO"), None, Some(""), Some("CC\nO"), Some("CN")]))),
        ("my_id", Arc::new(StringArray::from(vec![Some("one\ttwo"), Some("x"), Some("x"), Some("x"), None]))),
    ]);
    let job = Job::of(&table, "out.smi");
    let summary = job.run().unwrap();
    assert_eq!(job.text("out.smi"), "CO\tone two\nCN\t\n");
    assert_eq!((summary.rows_left_out, summary.values_changed), (3, 1));
    assert!(summary.warnings[0].contains("the first is row 1 of"), "{:?}", summary.warnings);

    let without = Job::of(&molecules(&[Some("CO")]), "out.smi");
    without.run().unwrap();
    assert_eq!(without.text("out.smi"), "CO\n");
}

#[test]
fn sdf_has_the_id_as_title_and_the_columns_as_properties() {
    let table = batch(vec![
        ("smiles", Arc::new(StringArray::from(vec!["CO", "bad", "CN"]))),
        ("product_id", Arc::new(StringArray::from(vec![Some("p:1"), Some("p:2"), None]))),
        ("id", Arc::new(StringArray::from(vec![Some("a\r\n\r\nb"), Some(""), Some("$$$$")]))),
        ("<odd>\n", Arc::new(StringArray::from(vec![None, Some(""), Some("")]))),
    ]);
    let job = Job::of(&table, "out.sdf");
    let summary = job.run().unwrap();
    let record = |title: &str, smiles: &str, rest: &str| {
        format!("{title}\n  copied\n\n{smiles}\nM  END\n>  <smiles>\n{smiles}\n\n{rest}$$$$\n")
    };
    let first = record("p:1", "CO", ">  <product_id>\np:1\n\n>  <id>\na  b\n\n");
    let second = record("", "CN", ">  <id>\n $$$$\n\n>  <_odd__>\n\n\n");
    assert_eq!(job.text("out.sdf"), first + &second);
    assert_eq!((summary.rows_written, summary.rows_left_out, summary.values_changed), (2, 1, 2));
    assert!(summary.warnings[0].contains("1 rows were left out") && summary.warnings[0].contains("row 1 of"));

    let by_number =
        Job::of(&table, "out.sdf").with(|options| options.export.id_column = Some("3".to_owned()));
    by_number.run().unwrap();
    assert!(by_number.text("out.sdf").starts_with("a  b\n"));
}

#[test]
fn an_ending_packs_a_file() {
    let plain = Job::new("out.csv");
    plain.run().unwrap();
    for name in ["out.csv.gz", "out.csv.bz2", "out.csv.zst", "out.csv.xz"] {
        let packed = Job::new(name);
        let summary = packed.run().unwrap();
        let bytes = fs::metadata(packed.path(name)).unwrap().len();
        assert_eq!(summary.files[0].bytes, bytes);
        assert!(bytes < fs::metadata(plain.path("out.csv")).unwrap().len() / 3, "{bytes} bytes");
        assert!(packed.text(name) == plain.text("out.csv"), "{name}");
    }
}

#[test]
fn condition_and_limit_let_rows_through_and_the_counts_add_up() {
    let job = Job::new("out.jsonl").with(|options| {
        options.export.columns = named(&["product_id"]);
        options.export.filter = Some("mass > 100 and kind <> 'a'".to_owned());
        options.export.limit = Some(700);
    });
    let summary = job.run().unwrap();
    let expected: Vec<String> = (0..ROWS)
        .filter(|row| row % 5 != 0 && *row > 700 && [1, 3].contains(&(row % 4)))
        .take(700)
        .map(|row| format!("{{\"product_id\":\"id-{row}\"}}"))
        .collect();
    assert!(job.text("out.jsonl").lines().eq(expected.iter()));
    let last: u64 = expected[699].trim_matches(|sign: char| !sign.is_ascii_digit()).parse().unwrap();
    assert_eq!(
        (summary.rows_read, summary.rows_filtered, summary.rows_written),
        (last + 1, last + 1 - 700, 700)
    );
}

#[test]
fn a_table_without_rows_is_a_file_without_rows() {
    let job = Job::of(&molecules(&[]), "out.csv");
    let summary = job.run().unwrap();
    assert_eq!(job.text("out.csv"), "smiles\r\n");
    assert_eq!(summary.warnings, ["no row was written"]);
}
