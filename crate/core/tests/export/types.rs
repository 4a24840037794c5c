//! Values of types that Parquet files of other programs have.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, Float32Array, LargeStringArray,
    StringArray, StringViewArray, TimestampMicrosecondArray, UInt64Array,
};

use xform_core::source::KeepColumns;

use crate::job::{Job, batch, molecules};

fn columns() -> Vec<(&'static str, ArrayRef)> {
    vec![
        ("smiles", Arc::new(StringViewArray::from(vec!["CO", "CN"]))),
        // Other programs store decimals as arrow-rs would not.
        (
            "price",
            Arc::new(
                Decimal128Array::from(vec![Some(-1_234_567), None]).with_precision_and_scale(38, 4).unwrap(),
            ),
        ),
        ("flag", Arc::new(BooleanArray::from(vec![Some(true), None]))),
        ("large", Arc::new(LargeStringArray::from(vec![Some("a"), None]))),
        ("single", Arc::new(Float32Array::from(vec![0.1, f32::NAN]))),
        ("unsigned", Arc::new(UInt64Array::from(vec![u64::MAX, 0]))),
        ("day", Arc::new(Date32Array::from(vec![Some(20_000), None]))),
        (
            "time",
            Arc::new(
                TimestampMicrosecondArray::from(vec![Some(1_700_000_000_123_456), None]).with_timezone("UTC"),
            ),
        ),
        ("bytes", Arc::new(BinaryArray::from_opt_vec(vec![Some(b"\x00\xff"), None]))),
    ]
}

#[test]
fn text_shows_values_and_not_how_they_are_stored() {
    let job = Job::of(&batch(columns()), "out.csv");
    job.run().unwrap();
    assert_eq!(
        job.text("out.csv"),
        "smiles,price,flag,large,single,unsigned,day,time,bytes\r\n\
         CO,-123.4567,true,a,0.1,18446744073709551615,2024-10-04,2023-11-14T22:13:20.123456Z,00ff\r\n\
         CN,,,,NaN,0,,,\r\n"
    );
}

#[test]
fn json_has_numbers_as_numbers() {
    let job = Job::of(&batch(columns()), "out.jsonl");
    job.run().unwrap();
    let text = job.text("out.jsonl");
    assert_eq!(
        text.lines().next().unwrap(),
        "{\"smiles\":\"CO\",\"price\":-123.4567,\"flag\":true,\"large\":\"a\",\"single\":0.1,\
         \"unsigned\":18446744073709551615,\"day\":\"2024-10-04\",\"time\":\"2023-11-14T22:13:20.123456Z\",\"bytes\":\"00ff\"}"
    );
    assert!(text.contains("\"single\":null"), "JSON has no NaN");
}

#[test]
fn a_condition_compares_values_too() {
    let job = Job::of(&batch(columns()), "out.csv")
        .with(|options| options.export.filter = Some("price = -123.4567 and day = '2024-10-04'".to_owned()));
    assert_eq!(job.run().unwrap().rows_written, 1);
}

#[test]
fn bytes_that_are_not_text_are_counted() {
    let odd = BinaryArray::from_vec(vec![b"C\xff", b"CO"]);
    let table =
        batch(vec![("smiles", Arc::new(StringArray::from(vec!["CO", "CN"]))), ("odd", Arc::new(odd))]);
    assert_eq!(Job::of(&table, "out.csv").run().unwrap().values_changed, 0, "bytes are shown as they are");
    let job = Job::of(&molecules(&[Some("CO")]), "out.csv");
    assert_eq!(job.run().unwrap().values_changed, 0);
}

/// Whether a writer stores a decimal as a number or as bytes, it is shown with its point.
#[test]
fn decimals_of_other_writers_are_not_their_unscaled_numbers() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture/source");
    for (file, columns, expected) in [
        (
            "pyarrow-types.parquet",
            vec!["small", "middle"],
            "small,middle\r\n1.25,1.25\r\n,\r\n-2.50,-2.50\r\n",
        ),
        (
            "duckdb-types.parquet",
            vec!["small", "large"],
            "small,large\r\n1.25,1.25\r\n1.25,1.25\r\n1.25,1.25\r\n",
        ),
    ] {
        let job = Job::new("out.csv").with(|options| {
            options.export.columns = KeepColumns::Named(columns.into_iter().map(str::to_owned).collect());
            options.export.limit = Some(3);
        });
        job.run_on(&fixture.join(file)).unwrap();
        assert_eq!(job.text("out.csv"), expected, "{file}");
    }
}
