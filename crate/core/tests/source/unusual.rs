//! Columns of types that cannot be carried over: refused by name if an option asks for them, ignored otherwise.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::datatypes::{DataType, TimeUnit};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, Int96};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use xform_core::Error;
use xform_core::source::SourceOptions;

use crate::library::{fixture, keep, keep_all, read, smiles_column};

/// The text of an error that names a column.
#[track_caller]
fn refused(path: &Path, options: &SourceOptions) -> String {
    let error = read(path, options).unwrap_err();
    assert!(matches!(error, Error::InputColumn { .. }), "{error}");
    error.to_string()
}

#[test]
fn a_column_that_nobody_asked_for_may_be_of_any_type() {
    let file = fixture("polars-types.parquet");
    let library = read(&file, &keep(&["enum", "zone"])).unwrap();
    assert_eq!(library.smiles, ["CCO", "N", "C"]);
    assert_eq!(library.column("source_enum"), [Some("a".to_owned()), None, Some("b".to_owned())]);
    let zone = DataType::Timestamp(TimeUnit::Millisecond, Some("Asia/Tokyo".into()));
    assert_eq!(library.columns.kept[1].data_type(), &zone, "the Arrow schema of the others is known");
    let words = refused(&file, &keep_all());
    assert!(words.contains(r#"column "huge" cannot be used: its Arrow type is not known"#), "{words}");
    assert!(words.ends_with("leave it out of --keep-columns"), "{words}");
    let mut options = SourceOptions { id_column: Some("huge".to_owned()), ..Default::default() };
    assert!(refused(&file, &options).ends_with("name another column with --id-column"));
    options.id_column = Some("id".to_owned());
    assert_eq!(read(&file, &options).unwrap().smiles.len(), 3);
}

#[test]
fn encrypted_columns_are_called_encrypted_and_others_are_read() {
    let file = fixture("pyarrow-encrypted-column.parquet");
    let library = read(&file, &SourceOptions::default()).unwrap();
    assert_eq!(
        (library.smiles.as_slice(), library.column("id").len()),
        (["CCO".to_owned(), "N".to_owned()].as_slice(), 2)
    );
    let words = refused(&file, &keep_all());
    assert!(words.contains(r#"column "secret" cannot be used: it is encrypted"#), "{words}");
    let file = fixture("pyarrow-encrypted-smiles.parquet");
    let words = refused(&file, &SourceOptions::default());
    assert!(words.contains(r#"column "smiles" cannot be used: it is encrypted"#), "{words}");
    assert_eq!(read(&file, &smiles_column("secret")).unwrap().smiles, ["a", "b"]);
    let error = read(&fixture("pyarrow-encrypted-footer.parquet"), &SourceOptions::default()).unwrap_err();
    assert_eq!(error.code(), "XFORM_INPUT_UNREADABLE");
    assert!(error.to_string().contains("encrypted footer"), "{error}");
}

#[test]
fn an_int96_beyond_microseconds_is_an_error_with_its_column() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("far.parquet");
    let schema =
        parse_message_type("message m { required binary smiles (UTF8); required int96 when; }").unwrap();
    let properties = Arc::new(WriterProperties::new());
    let mut writer =
        SerializedFileWriter::new(File::create(&path).unwrap(), Arc::new(schema), properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    while let Some(mut column) = group.next_column().unwrap() {
        match column.untyped() {
            ColumnWriter::Int96ColumnWriter(writer) => {
                let value = |day: u32| {
                    let mut value = Int96::new();
                    value.set_data(0, 0, day);
                    value
                };
                writer.write_batch(&[value(2_440_588), value(i32::MAX as u32)], None, None).unwrap();
            }
            ColumnWriter::ByteArrayColumnWriter(writer) => {
                writer.write_batch(&[ByteArray::from("C"), ByteArray::from("N")], None, None).unwrap();
            }
            _ => unreachable!("no such column"),
        }
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
    let error = read(&path, &keep(&["when"])).unwrap_err();
    assert_eq!(error.code(), "XFORM_INPUT_CORRUPT");
    assert!(
        error.to_string().contains(r#"column "when": an INT96 timestamp (Julian day 2147483647)"#),
        "{error}"
    );
    assert_eq!(read(&path, &SourceOptions::default()).unwrap().smiles, ["C", "N"]);
}
