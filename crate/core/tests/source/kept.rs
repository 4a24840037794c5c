//! Columns that are carried over: any type, unchanged.

use std::collections::HashMap;
use std::fs::File;
use std::sync::Arc;

use arrow::array::{Array, RecordBatch};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::{DataType, Schema};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use xform_core::source::SourceOptions;

use crate::library::{fixture, keep, keep_all, read, read_in, smiles_column};

/// The rows as arrow-rs itself reads them from the file.
fn plain_read(file: &str) -> RecordBatch {
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(fixture(file)).unwrap()).unwrap();
    let schema = Arc::clone(builder.schema());
    let batches: Vec<RecordBatch> = builder.build().unwrap().map(Result::unwrap).collect();
    concat_batches(&schema, &batches).unwrap()
}

#[test]
fn every_type_of_every_writer() {
    for file in ["pyarrow-kept.parquet", "polars-kept.parquet", "duckdb-kept.parquet"] {
        let expected = plain_read(file);
        for max_rows in [1, 3, 50_000] {
            let library = read_in(&fixture(file), &keep_all(), max_rows).unwrap();
            for field in &library.columns.kept {
                let name = field.name().strip_prefix("source_").unwrap();
                let (index, original) = expected.schema_ref().column_with_name(name).unwrap();
                let found = library.rows.column_by_name(field.name()).unwrap();
                assert_eq!(field.metadata(), original.metadata());
                assert_eq!(field.is_nullable(), original.is_nullable());
                // Columns that are carried as bare values are compared in `tests/shard/types.rs`.
                if ["decimal", "decimal256", "interval"].contains(&name) {
                    continue;
                }
                let wanted = cast(expected.column(index), field.data_type()).unwrap();
                assert_eq!(found, &wanted, "{file}: {name} by {max_rows}");
                if !format!("{}", original.data_type()).contains("Dictionary") {
                    assert_eq!(field.data_type(), original.data_type(), "{file}: {name}");
                }
            }
        }
    }
}

#[test]
fn all_means_every_column_but_smiles_and_id_in_file_order() {
    let library = read(&fixture("pyarrow-kept.parquet"), &keep_all()).unwrap();
    let file = plain_read("pyarrow-kept.parquet").schema();
    let names: Vec<&str> = file.fields().iter().skip(2).map(|field| field.name().as_str()).collect();
    let kept: Vec<&str> = library.columns.kept.iter().map(|field| field.name().as_str()).collect();
    assert_eq!(kept.len(), names.len());
    assert!(kept.iter().zip(&names).all(|(kept, name)| *kept == format!("source_{name}")));
    assert!(kept.contains(&"source_xf_name"));
    let unit = HashMap::from([("unit".to_owned(), "Da".to_owned())]);
    assert_eq!(library.columns.kept.last().unwrap().metadata(), &unit);
    assert_eq!(library.columns.smiles, "smiles");
    assert_eq!(library.columns.id.as_ref().unwrap().data_type(), &DataType::Int64);
    assert_eq!(library.column("id")[1].as_deref(), Some("10000000000"));
    assert_eq!(library.column("id")[4], None);
}

#[test]
fn named_columns_come_in_the_order_given() {
    let library = read(&fixture("pyarrow-kept.parquet"), &keep(&["map", "smiles", "bool", "map"])).unwrap();
    let names: Vec<&str> = library.columns.kept.iter().map(|field| field.name().as_str()).collect();
    assert_eq!(names, ["source_map", "source_smiles_2", "source_bool"]);
    assert_eq!(library.column("source_smiles_2")[0].as_deref(), Some("CCO"));
    assert_eq!(library.column("source_smiles_2")[1], None);
}

#[test]
fn dictionaries_are_carried_as_their_values() {
    let library = read(&fixture("pyarrow-kept.parquet"), &keep_all()).unwrap();
    let schema: &Schema = library.rows.schema_ref();
    let data_type = |name: &str| schema.field_with_name(name).unwrap().data_type().clone();
    assert_eq!(data_type("source_dictionary"), DataType::Utf8);
    assert_eq!(data_type("source_dictionary_of_numbers"), DataType::Int64);
    assert_eq!(library.column("source_dictionary")[5].as_deref(), Some("t2"));
}

/// Chunks outlive the batch that they were cut from, so each must hold only its own rows.
#[test]
fn chunks_hold_their_own_rows_only() {
    let mut options = smiles_column("utf8");
    options.keep_columns = keep_all().keep_columns;
    for (file, options) in [
        ("pyarrow-kept.parquet", keep_all()),
        ("polars-kept.parquet", keep_all()),
        ("pyarrow-strings.parquet", options),
    ] {
        let mut source = crate::library::open(&fixture(file), &options).unwrap();
        while let Some(chunk) = source.next_chunk(1).unwrap() {
            for (field, array) in chunk.columns.schema().fields().iter().zip(chunk.columns.columns()) {
                // One row takes at most a few hundred bytes, while the batch's buffers have kilobytes.
                let bytes = array.get_buffer_memory_size();
                assert!(bytes <= 512, "{file}: {} holds {bytes} bytes", field.name());
                assert_eq!(array.offset(), 0);
            }
        }
    }
}

#[test]
fn text_that_is_none_in_nested_columns_ends_the_run() {
    let file = fixture("pyarrow-not-utf8-nested.parquet");
    assert_eq!(read(&file, &SourceOptions::default()).unwrap().smiles.len(), 10, "unless it is left out");
    let error = read(&file, &keep_all()).unwrap_err();
    assert_eq!(error.code(), "XFORM_INPUT_CORRUPT");
}
