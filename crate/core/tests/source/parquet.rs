//! Parquet of every string type, codec and writer.

use std::fs::File;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, Int64Array, ListArray, RecordBatch, StringArray};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use xform_core::engine::RejectCode;
use xform_core::source::SourceOptions;

use crate::library::{SMILES, fixture, keep_all, read, smiles_column};

fn assert_strings(file: &str, column: &str) {
    let library = read(&fixture(file), &smiles_column(column)).unwrap();
    assert_eq!(library.values(), SMILES, "{file}: {column}");
    let codes: Vec<_> = library.faults.iter().map(|(row, code, _)| (*row, *code)).collect();
    assert_eq!(codes, [(1, RejectCode::Null), (3, RejectCode::Empty), (8, RejectCode::Null)]);
    let mut ids: Vec<_> = (0..9).map(|i| Some(format!("M{i}"))).collect();
    ids.push(None);
    assert_eq!(library.column("id"), ids, "{file}: id");
    assert_eq!(library.total_rows, Some(10));
}

/// About 70 million values in one row group, packed into a few kilobytes: to skip rows, the decoder would unpack all
/// of them.
#[test]
fn rows_before_a_list_are_passed_over_batch_by_batch() {
    const ROWS: usize = 1024;
    const BATCHES: usize = 17;
    let values = ListArray::new(
        Arc::new(Field::new_list_field(DataType::Int32, false)),
        OffsetBuffer::from_lengths(std::iter::repeat_n(4096, ROWS)),
        Arc::new(Int32Array::from_value(7, 4096 * ROWS)),
        None,
    );
    let values: ArrayRef = Arc::new(values);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lists.parquet");
    let batch = |first: usize| {
        let smiles = StringArray::from_iter_values((first..first + ROWS).map(|row| format!("C{row}")));
        RecordBatch::try_from_iter([("smiles", Arc::new(smiles) as ArrayRef), ("bits", Arc::clone(&values))])
            .unwrap()
    };
    let mut writer = ArrowWriter::try_new(File::create(&path).unwrap(), batch(0).schema(), None).unwrap();
    (0..BATCHES).for_each(|index| writer.write(&batch(index * ROWS)).unwrap());
    assert_eq!(writer.close().unwrap().num_row_groups(), 1);

    let mut source = crate::library::open(&path, &keep_all()).unwrap();
    let skipped = BATCHES * ROWS - 3;
    source.skip(skipped as u64, &|| Ok(())).unwrap();
    let chunk = source.next_chunk(50_000).unwrap().unwrap();
    assert_eq!((chunk.smiles.len(), chunk.smiles.get(0)), (3, format!("C{skipped}").as_bytes()));
    let mut source = crate::library::open(&path, &keep_all()).unwrap();
    let stopped = source.skip(skipped as u64, &|| Err(xform_core::Error::internal("asked to stop")));
    assert!(stopped.unwrap_err().to_string().contains("asked to stop"));
}

#[test]
fn string_types_of_pyarrow() {
    for column in [
        "utf8",
        "large_utf8",
        "utf8_view",
        "binary",
        "large_binary",
        "dictionary_int8",
        "dictionary_uint8",
        "dictionary_int16",
        "dictionary_uint16",
        "dictionary_int32",
        "dictionary_uint32",
        "dictionary_int64",
        "dictionary_large",
    ] {
        assert_strings("pyarrow-strings.parquet", column);
    }
}

#[test]
fn string_types_of_polars_and_duckdb() {
    for column in ["utf8", "categorical", "enum", "binary"] {
        assert_strings("polars-strings.parquet", column);
    }
    for column in ["utf8", "enum", "binary"] {
        assert_strings("duckdb-strings.parquet", column);
    }
}

#[test]
fn encodings_and_page_versions() {
    for encoding in ["plain", "delta-byte-array", "delta-length-byte-array"] {
        for column in ["utf8", "large_utf8", "binary"] {
            assert_strings(&format!("pyarrow-{encoding}.parquet"), column);
        }
    }
}

#[test]
fn an_id_keeps_its_type() {
    let id = |file: &str, column: &str| {
        let mut options = smiles_column("utf8");
        options.id_column = Some(column.to_owned());
        let library = read(&fixture(file), &options).unwrap();
        assert_eq!(library.column(column), SMILES.map(|text| text.map(str::to_owned)), "{file}: {column}");
        library.columns.id.unwrap().data_type().clone()
    };
    let pyarrow = "pyarrow-strings.parquet";
    assert_eq!(id(pyarrow, "utf8"), DataType::Utf8);
    assert_eq!(id(pyarrow, "large_utf8"), DataType::LargeUtf8);
    assert_eq!(id(pyarrow, "utf8_view"), DataType::Utf8View);
    // A dictionary is Arrow's way to hold strings, not a Parquet type.
    assert_eq!(id(pyarrow, "dictionary_int8"), DataType::Utf8);
    assert_eq!(id(pyarrow, "dictionary_large"), DataType::LargeUtf8);
    let library = read(&fixture("pyarrow-none.parquet"), &SourceOptions::default()).unwrap();
    assert_eq!(library.columns.id.unwrap().data_type(), &DataType::Int64);
}

#[test]
fn codecs_of_three_writers() {
    let expected: Vec<String> = (0..300).map(|i| "C".repeat(1 + i % 7) + "O").collect();
    let ids: Vec<_> = (0..300).map(|i| Some(i.to_string())).collect();
    for (writer, codecs) in [
        ("pyarrow", ["none", "snappy", "gzip", "lz4", "brotli", "zstd"].as_slice()),
        ("polars", &["uncompressed", "snappy", "gzip", "lz4", "brotli", "zstd"]),
        ("duckdb", &["uncompressed", "snappy", "gzip", "lz4", "lz4_raw", "brotli", "zstd"]),
    ] {
        for codec in codecs {
            let file = format!("{writer}-{codec}.parquet");
            let library = read(&fixture(&file), &SourceOptions::default()).unwrap();
            assert_eq!(library.smiles, expected, "{file}");
            assert_eq!(library.column("id"), ids, "{file}");
        }
    }
}

/// The framed LZ4 of Hadoop, which none of the three writers produces any more.
#[test]
fn the_old_lz4() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.parquet");
    let smiles: ArrayRef = Arc::new(StringArray::from_iter_values((0..500).map(|i| "C".repeat(1 + i % 9))));
    let id: ArrayRef = Arc::new(Int64Array::from_iter_values(0..500));
    let batch = RecordBatch::try_from_iter([("smiles", smiles), ("id", id)]).unwrap();
    let properties = WriterProperties::builder().set_compression(Compression::LZ4).build();
    let mut writer =
        ArrowWriter::try_new(File::create(&path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let library = read(&path, &SourceOptions::default()).unwrap();
    assert_eq!(library.smiles.len(), 500);
    assert_eq!(library.smiles[499], "CCCCC");
}

#[test]
fn what_is_not_utf8_is_a_fault_of_its_row() {
    let expected = [
        (1, RejectCode::NotUtf8, Some("C\u{fffd}C".to_owned())),
        (2, RejectCode::NotUtf8, Some("\u{fffd}".to_owned())),
        (3, RejectCode::NulByte, Some("C\0O".to_owned())),
        (4, RejectCode::Null, None),
        (5, RejectCode::Empty, Some(String::new())),
        (6, RejectCode::NotUtf8, Some("\u{fffd}\u{fffd}\u{fffd}".to_owned())),
        (8, RejectCode::NotUtf8, Some("\u{fffd}".to_owned())),
    ];
    for encoding in ["", "-plain", "-delta-byte-array", "-delta-length-byte-array"] {
        let file = fixture(&format!("pyarrow-not-utf8{encoding}.parquet"));
        for column in ["smiles", "large"] {
            let library = read(&file, &smiles_column(column)).unwrap();
            assert_eq!(library.faults, expected, "{encoding} {column}");
            assert_eq!(library.smiles, ["CCO", "", "", "", "", "", "", "é", "", "N"]);
            assert_eq!(library.column("id")[1].as_deref(), Some("b\u{fffd}"), "an id is repaired");
            assert_eq!(library.replaced, 1, "and counted");
        }
    }
}

#[test]
fn a_parquet_file_is_known_by_its_first_bytes() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["library", "library.smi", "library.csv.gz"] {
        let path = folder.path().join(name);
        std::fs::copy(fixture("pyarrow-zstd.parquet"), &path).unwrap();
        assert_eq!(read(&path, &SourceOptions::default()).unwrap().total_rows, Some(300));
    }
}

#[test]
fn no_rows_are_a_library() {
    for file in ["pyarrow-no-rows.parquet", "duckdb-no-rows.parquet"] {
        let library = read(&fixture(file), &SourceOptions::default()).unwrap();
        assert_eq!((library.smiles.len(), library.total_rows), (0, Some(0)), "{file}");
        assert_eq!(library.columns.id.unwrap().name(), "id");
    }
}
