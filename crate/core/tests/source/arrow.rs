//! Arrow IPC of several writers, whole, in pieces and damaged: the rows are those of the same table in Parquet.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, FixedSizeBinaryArray, Int64Array, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Decimal128Type, Field, Int64Type, Schema, UnionFields, UnionMode};
use arrow::ipc::writer::{FileWriter, StreamWriter};
use arrow::record_batch::RecordBatch;
use xform_core::ErrorClass;
use xform_core::engine::RejectCode;
use xform_core::source::{InputFormat, KeepColumns, SourceOptions, read_stream};

use crate::library::{fixture, keep_all, open, read, read_in, read_source, reads_as_smiles, smiles_column};
use crate::packing::packed_in_every_way;

/// Files, and the Parquet file of the same table, with the column of their SMILES.
const PAIRS: [(&str, &str, &str); 6] = [
    ("pyarrow-strings.arrow", "pyarrow-strings.parquet", "utf8"),
    ("pyarrow-strings.arrows", "pyarrow-strings.parquet", "dictionary_int8"),
    ("pyarrow-kept.arrows", "pyarrow-kept.parquet", "smiles"),
    ("pyarrow-kept.feather", "pyarrow-kept.parquet", "smiles"),
    ("polars-kept.arrow", "polars-kept.parquet", "smiles"),
    ("polars-strings.arrow", "polars-strings.parquet", "utf8"),
];

fn all_with(smiles: &str) -> SourceOptions {
    SourceOptions { keep_columns: KeepColumns::All, ..smiles_column(smiles) }
}

/// The unscaled values of decimals, as Parquet keeps them and a run carries them over.
fn unscaled(decimals: &ArrayRef, width: i32) -> ArrayRef {
    let first = size_of::<i128>() - usize::try_from(width).unwrap();
    let values = decimals.as_primitive::<Decimal128Type>().iter();
    let values = values.map(|value| value.map(|value| value.to_be_bytes()[first..].to_vec()));
    Arc::new(FixedSizeBinaryArray::try_from_sparse_iter_with_size(values, width).unwrap())
}

/// Whether the columns have the same names and values, whatever the parts of nested types are called.
fn assert_same_columns(found: &RecordBatch, expected: &RecordBatch, file: &str) {
    assert_eq!(found.num_columns(), expected.num_columns(), "{file}");
    for (field, (array, wanted)) in
        expected.schema().fields().iter().zip(found.columns().iter().zip(expected.columns()))
    {
        let array = match (array.data_type(), wanted.data_type()) {
            (own, other) if own == other => Arc::clone(array),
            (DataType::Decimal128(..), DataType::FixedSizeBinary(width)) => unscaled(array, *width),
            (_, other) => cast(array, other).unwrap(),
        };
        assert_eq!(&array, wanted, "{file}: {}", field.name());
    }
}

/// 128-bit integers of polars.
#[test]
fn a_type_that_arrow_does_not_have_refuses_the_file() {
    let error = read(&fixture("polars-types.arrow"), &SourceOptions::default()).unwrap_err();
    assert_eq!(error.code(), "XFORM_INPUT_UNREADABLE");
    assert!(error.to_string().contains("bit width of 128"), "{error}");
}

#[test]
fn the_rows_are_those_of_the_same_table_in_parquet() {
    for (arrow, parquet, smiles) in PAIRS {
        let expected = read(&fixture(parquet), &all_with(smiles)).unwrap();
        for max_rows in [1, 4, 50_000] {
            let library = read_in(&fixture(arrow), &all_with(smiles), max_rows).unwrap();
            assert_eq!(library.columns.format, InputFormat::Arrow);
            assert_eq!(library.smiles, expected.smiles, "{arrow}");
            assert_eq!(library.faults, expected.faults, "{arrow}");
            assert_same_columns(&library.rows, &expected.rows, arrow);
        }
    }
}

#[test]
fn every_column_of_text_holds_the_smiles() {
    for file in ["pyarrow-strings.arrow", "pyarrow-strings.arrows", "polars-strings.arrow"] {
        let every = read(&fixture(file), &all_with("utf8")).unwrap();
        let names = every.columns.kept.iter().map(|field| field.name().strip_prefix("source_").unwrap());
        for name in names.filter(|name| !name.ends_with("categories")) {
            let library = read(&fixture(file), &smiles_column(name)).unwrap();
            assert_eq!(library.values(), crate::library::SMILES, "{file}: {name}");
        }
    }
}

#[test]
fn dictionaries_grow_and_are_replaced() {
    for file in ["pyarrow-deltas.arrows", "pyarrow-replaced.arrows"] {
        let library = read(&fixture(file), &SourceOptions::default()).unwrap();
        let expected = [Some("C"), Some("CC"), Some("CC"), Some("CCC"), Some("C"), Some("CCCC"), None];
        assert_eq!(library.values(), expected, "{file}");
    }
}

#[test]
fn a_value_that_is_not_utf8_costs_its_row() {
    let library = read(&fixture("pyarrow-not-utf8.arrow"), &keep_all()).unwrap();
    assert_eq!(library.smiles, ["CCO", "", "N"]);
    assert_eq!(library.faults, [(1, RejectCode::NotUtf8, Some("C\u{fffd}C".to_owned()))]);
    assert_eq!((library.column("source_text")[1].as_deref(), library.replaced), (Some("C\u{fffd}C"), 1));
}

fn table(rows: std::ops::Range<i64>) -> RecordBatch {
    let smiles: ArrayRef =
        Arc::new(rows.clone().map(|row| Some("C".repeat(1 + row as usize % 7))).collect::<StringArray>());
    let id: ArrayRef = Arc::new(Int64Array::from_iter_values(rows));
    RecordBatch::try_from_iter([("smiles", smiles), ("id", id)]).unwrap()
}

/// A stream or file of batches with these rows.
fn written(is_file: bool, ends: &[i64]) -> Vec<u8> {
    let (schema, mut bytes) = (table(0..0).schema(), Vec::new());
    let starts = [0].into_iter().chain(ends.iter().copied());
    let batches: Vec<RecordBatch> = starts.zip(ends).map(|(start, &end)| table(start..end)).collect();
    if is_file {
        let mut writer = FileWriter::try_new(&mut bytes, &schema).unwrap();
        batches.iter().for_each(|batch| writer.write(batch).unwrap());
        writer.finish().unwrap();
    } else {
        let mut writer = StreamWriter::try_new(&mut bytes, &schema).unwrap();
        batches.iter().for_each(|batch| writer.write(batch).unwrap());
        writer.finish().unwrap();
    }
    bytes
}

fn file(name: &str, content: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    (folder, path)
}

#[test]
fn where_batches_end_changes_nothing() {
    let (_one, whole) = file("l.arrow", &written(true, &[5000]));
    let expected = read(&whole, &keep_all()).unwrap();
    for is_file in [true, false] {
        let (_other, cut) = file("l.arrow", &written(is_file, &[1, 1, 700, 701, 3000, 5000]));
        let library = read_in(&cut, &keep_all(), 333).unwrap();
        assert_eq!(library, expected);
        for skipped in [0, 1, 2, 699, 700, 701, 2999, 4999, 5000] {
            let mut source = open(&cut, &keep_all()).unwrap();
            source.skip(skipped, &|| Ok(())).unwrap();
            let chunk = source.next_chunk(1).unwrap();
            let id = chunk.map(|chunk| chunk.columns.column(0).as_primitive::<Int64Type>().value(0));
            assert_eq!(id, (skipped < 5000).then_some(skipped as i64));
        }
    }
}

#[test]
fn no_rows_and_no_end_mark() {
    for is_file in [true, false] {
        let (_folder, path) = file("l.arrow", &written(is_file, &[0]));
        assert_eq!(read(&path, &keep_all()).unwrap().smiles.len(), 0);
    }
    let whole = written(false, &[10]);
    let (_folder, path) = file("l.arrow", &whole[..whole.len() - 8]);
    assert_eq!(read(&path, &keep_all()).unwrap().smiles.len(), 10, "a stream may end without a mark");
}

#[test]
fn a_pipe_and_packed_files_give_the_same_rows() {
    let content = written(true, &[10, 20]);
    let (_folder, path) = file("l.arrow", &content);
    let expected = read(&path, &keep_all()).unwrap();
    let stream = Box::new(std::io::Cursor::new(content.clone()));
    let source = read_stream(Path::new("-"), stream, &keep_all(), &reads_as_smiles).unwrap();
    let piped = read_source(source, 100).unwrap();
    assert_eq!((&piped.smiles, &piped.rows), (&expected.smiles, &expected.rows));
    for (extension, packed) in packed_in_every_way(&content) {
        let (_folder, path) = file(&format!("l.arrow.{extension}"), &packed);
        assert_eq!(read(&path, &keep_all()).unwrap(), expected, "{extension}");
    }
}

#[test]
fn cut_off_anywhere_is_an_error_of_the_input() {
    for (is_file, name) in [(true, "l.arrow"), (false, "l.arrows")] {
        let whole = written(is_file, &[40, 80]);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        let mut read_to_an_end = 0;
        for end in (1..whole.len()).step_by(7) {
            fs::write(&path, &whole[..end]).unwrap();
            match read(&path, &keep_all()) {
                Ok(library) => {
                    assert!([0, 40, 80].contains(&library.smiles.len()), "{name}, {end} bytes");
                    read_to_an_end += usize::from(library.smiles.len() < 80);
                }
                Err(error) => assert_eq!(error.class(), ErrorClass::Input, "{name}, {end} bytes: {error}"),
            }
        }
        assert!(!is_file || read_to_an_end == 0, "a file has an end mark");
    }
}

#[test]
fn bits_flipped_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flipped.arrow");
    let files = PAIRS.map(|(file, ..)| file).into_iter().chain(["pyarrow-deltas.arrows"]);
    for name in files {
        let whole = fs::read(fixture(name)).unwrap();
        for at in (0..whole.len()).step_by(3) {
            let mut content = whole.clone();
            content[at] ^= 1 << (at % 8);
            fs::write(&path, content).unwrap();
            if let Err(error) = read_in(&path, &keep_all(), 50) {
                assert_eq!(error.class(), ErrorClass::Input, "{name}, byte {at}: {error}");
            }
        }
    }
}

/// A message that claims gigabytes has none of them.
#[test]
fn sizes_that_are_lies_take_no_memory() {
    let whole = written(false, &[40]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lies.arrow");
    let huge = [&b"\xff\xff\xff\xff\xff\xff\xff\x7f"[..], &[0; 64]].concat();
    fs::write(&path, &huge).unwrap();
    assert!(read(&path, &keep_all()).unwrap_err().to_string().contains("impossible length"));
    // Every 8 bytes that could be a length or an offset, as 2^62.
    for at in (0..whole.len() - 8).step_by(8) {
        let mut content = whole.clone();
        content[at..at + 8].copy_from_slice(&(1_u64 << 62).to_le_bytes());
        fs::write(&path, content).unwrap();
        if let Err(error) = read(&path, &keep_all()) {
            assert_eq!(error.class(), ErrorClass::Input, "byte {at}: {error}");
        }
    }
}

#[test]
fn only_the_chosen_columns_are_read() {
    let mut bytes = Vec::new();
    let batch = table(0..1000);
    let text: ArrayRef = Arc::new(StringArray::from_iter_values((0..1000).map(|row| "x".repeat(row))));
    let smiles = batch
        .schema()
        .fields()
        .iter()
        .zip(batch.columns())
        .map(|(field, array)| (field.name().clone(), Arc::clone(array)))
        .collect::<Vec<_>>();
    let all = [("unused".to_owned(), text)].into_iter().chain(smiles);
    let batch = RecordBatch::try_from_iter(all).unwrap();
    let mut writer = StreamWriter::try_new(&mut bytes, &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
    // The offsets of the unused text come before its x's.
    let first = bytes.windows(8).position(|window| window == b"xxxxxxxx").unwrap();
    bytes[first - 2000..first - 100].fill(0xff);
    let (_folder, path) = file("l.arrow", &bytes);
    assert_eq!(read(&path, &SourceOptions::default()).unwrap().smiles.len(), 1000);
    assert!(read(&path, &keep_all()).is_err());
}

#[test]
fn what_is_not_carried_over_is_refused_by_name() {
    let schema = Schema::new(vec![
        Field::new("smiles", DataType::Utf8, true),
        Field::new("u", DataType::Union(UnionFields::empty(), UnionMode::Sparse), true),
    ]);
    let mut bytes = Vec::new();
    StreamWriter::try_new(&mut bytes, &schema).unwrap().finish().unwrap();
    let (_folder, path) = file("l.arrow", &bytes);
    let error = open(&path, &keep_all()).err().unwrap();
    assert_eq!(error.code(), "XFORM_INPUT_COLUMN");
    assert!(error.to_string().contains("column \"u\" cannot be used"), "{error}");
    assert_eq!(open(&path, &SourceOptions::default()).unwrap().columns().smiles, "smiles");
}
