//! In the output, a kept column or id has the type and, bit by bit, the values that it has in the input, whatever way
//! its rows took.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as PhysicalType};
use parquet::column::reader::ColumnReader;
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::file::properties::WriterProperties;
use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::SerializedFileReader;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::Type;
use xform_core::column_type::{Hint, Hints};
use xform_core::disk::Disk;
use xform_core::source::KeepColumns;
use xform_core::{ApplyOptions, Summary};

use crate::job::{Place, assert_same, pace};

/// Types that no Arrow type expresses completely, some in the form that older writers use.
const SCHEMA: &str = "message old {
    required binary smiles (UTF8);
    required fixed_len_byte_array(16) id (UUID);
    optional binary enum (ENUM);
    optional binary json (JSON);
    optional binary bson (BSON);
    optional binary utf8 (UTF8) = 7;
    optional fixed_len_byte_array(12) interval (INTERVAL);
    optional fixed_len_byte_array(2) half (FLOAT16);
    optional int32 small (DECIMAL(9, 2));
    optional int64 small_in_int64 (DECIMAL(5, 2));
    optional fixed_len_byte_array(16) small_in_16_bytes (DECIMAL(5, 2));
    optional fixed_len_byte_array(30) large (DECIMAL(60, 2));
    optional binary in_bytes (DECIMAL(20, 2));
    optional int32 date (DATE);
    optional int32 time (TIME(MILLIS, true));
    optional int64 local_time (TIME(MICROS, false));
    optional int64 nano_time (TIME(NANOS, true));
    optional int64 utc (TIMESTAMP(MILLIS, true));
    optional int64 local (TIMESTAMP(NANOS, false));
    optional int64 old_timestamp (TIMESTAMP_MICROS);
    optional int32 byte (INTEGER(8, false));
    optional int64 unsigned (UINT_64);
    optional boolean flag;
    optional float real;
    optional double double;
    required int32 required (INTEGER(16, true)) = 3;
    repeated int32 repeated;
    optional group two_level (LIST) { repeated binary element (ENUM); }
    optional group tuples (LIST) { repeated group array { required int64 time (TIME(MICROS, true)); } }
    required group bag (LIST) { repeated group bag { optional binary array_element (JSON); } }
    optional group map (MAP) { repeated group map { required binary key (ENUM); optional int32 value (DATE); } }
    optional group struct { optional group inner { required fixed_len_byte_array(16) uuid (UUID); } optional int64 n; }
}";
const ROWS: usize = 40;

/// Every third value of an optional column is null, and every fourth list is empty or has two elements.
fn write_old(path: &Path) {
    let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
    let mut writer =
        SerializedFileWriter::new(File::create(path).unwrap(), schema, Arc::new(WriterProperties::new()))
            .unwrap();
    let leaves = writer.schema_descr().columns().to_vec();
    let mut group = writer.next_row_group().unwrap();
    let mut leaf = 0;
    while let Some(mut column) = group.next_column().unwrap() {
        let of = &leaves[leaf];
        let (most_def, most_rep) = (of.max_def_level(), of.max_rep_level());
        let (mut defs, mut reps, mut count) = (Vec::new(), Vec::new(), 0);
        for row in 0..ROWS {
            let items = if most_rep > 0 && row % 4 == 1 { 2 } else { 1 };
            for item in 0..items {
                let def = if row % 3 == 2 { (row % 2) as i16 % (most_def + 1) } else { most_def };
                let def = if items == 2 { most_def } else { def };
                defs.push(def);
                reps.push(i16::from(item > 0));
                count += usize::from(def == most_def);
            }
        }
        let (defs, reps) = (Some(defs.as_slice()), Some(reps.as_slice()));
        let bytes = |value: usize, length: usize| -> Vec<u8> {
            (0..length).map(|byte| if byte == 0 { 0 } else { (value * 7 + byte * 3) as u8 }).collect()
        };
        match column.untyped() {
            ColumnWriter::BoolColumnWriter(writer) => {
                let values: Vec<bool> = (0..count).map(|value| value % 2 == 0).collect();
                writer.write_batch(&values, defs, reps)
            }
            ColumnWriter::Int32ColumnWriter(writer) => {
                let values: Vec<i32> = (0..count as i32).collect();
                writer.write_batch(&values, defs, reps)
            }
            ColumnWriter::Int64ColumnWriter(writer) => {
                let values: Vec<i64> = (0..count as i64).map(|value| value * 1_001).collect();
                writer.write_batch(&values, defs, reps)
            }
            ColumnWriter::FloatColumnWriter(writer) => {
                let values: Vec<f32> = (0..count).map(|value| value as f32 / 7.0).collect();
                writer.write_batch(&values, defs, reps)
            }
            ColumnWriter::DoubleColumnWriter(writer) => {
                let values: Vec<f64> = (0..count).map(|value| value as f64 / 7.0).collect();
                writer.write_batch(&values, defs, reps)
            }
            ColumnWriter::ByteArrayColumnWriter(writer) => {
                let value = |value: usize| match of.name() {
                    "in_bytes" => ByteArray::from(bytes(value, 1 + value % 9)),
                    _ => ByteArray::from(format!("C{value}").as_str()),
                };
                writer.write_batch(&(0..count).map(value).collect::<Vec<_>>(), defs, reps)
            }
            ColumnWriter::FixedLenByteArrayColumnWriter(writer) => {
                let length = of.type_length() as usize;
                let value = |value| FixedLenByteArray::from(bytes(value, length));
                writer.write_batch(&(0..count).map(value).collect::<Vec<_>>(), defs, reps)
            }
            ColumnWriter::Int96ColumnWriter(_) => unreachable!("none of these columns"),
        }
        .unwrap();
        column.close().unwrap();
        leaf += 1;
    }
    group.close().unwrap();
    writer.close().unwrap();
}

/// The cells of a top-level column as stored in the file: levels and physical values of each row.
fn cells(path: &Path, root: usize) -> Vec<String> {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let mut rows: Vec<String> = Vec::new();
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let mut first = 0;
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).unwrap();
        let count = group.metadata().num_rows() as usize;
        rows.resize(first + count, String::new());
        for leaf in (0..schema.num_columns()).filter(|&leaf| schema.get_column_root_idx(leaf) == root) {
            let most_def = schema.column(leaf).max_def_level();
            let (mut defs, mut reps) = (Vec::new(), Vec::new());
            macro_rules! read {
                ($reader:expr) => {{
                    let mut values = Vec::new();
                    $reader.read_records(count, Some(&mut defs), Some(&mut reps), &mut values).unwrap();
                    values.iter().map(|value| format!("{value:?}")).collect::<Vec<String>>()
                }};
            }
            let values = match group.get_column_reader(leaf).unwrap() {
                ColumnReader::BoolColumnReader(mut reader) => read!(reader),
                ColumnReader::Int32ColumnReader(mut reader) => read!(reader),
                ColumnReader::Int64ColumnReader(mut reader) => read!(reader),
                ColumnReader::Int96ColumnReader(mut reader) => read!(reader),
                ColumnReader::FloatColumnReader(mut reader) => read!(reader),
                ColumnReader::DoubleColumnReader(mut reader) => read!(reader),
                ColumnReader::ByteArrayColumnReader(mut reader) => read!(reader),
                ColumnReader::FixedLenByteArrayColumnReader(mut reader) => read!(reader),
            };
            let levels = defs.len().max(reps.len()).max(values.len());
            let (mut row, mut value) = (first, values.into_iter());
            for level in 0..levels {
                let def = defs.get(level).copied().unwrap_or(0);
                let rep = reps.get(level).copied().unwrap_or(0);
                row += usize::from(level > 0 && rep == 0);
                let value = if def == most_def { value.next().unwrap() } else { "-".to_owned() };
                rows[row].push_str(&format!(
                    "{leaf_in_root} {rep} {def} {value}, ",
                    leaf_in_root = leaf - first_leaf(&schema, root)
                ));
            }
        }
        first += count;
    }
    rows
}

fn first_leaf(schema: &parquet::schema::types::SchemaDescriptor, root: usize) -> usize {
    (0..schema.num_columns()).find(|&leaf| schema.get_column_root_idx(leaf) == root).unwrap()
}

fn footer(path: &Path) -> parquet::file::metadata::ParquetMetaData {
    SerializedFileReader::new(File::open(path).unwrap()).unwrap().metadata().clone()
}

/// The types of the top-level columns, by name, and their fields in the Arrow schema.
fn types(path: &Path) -> HashMap<String, (usize, Arc<Type>, Hint)> {
    let footer = footer(path);
    let file = footer.file_metadata();
    let hints = Hints::of(file.key_value_metadata());
    let roots = file.schema_descr().root_schema().get_fields().iter().enumerate();
    let named = roots.map(|(index, root)| {
        (root.name().to_owned(), (index, Arc::clone(root), hints.get(index, root.name()).clone()))
    });
    named.collect()
}

/// A run over the file at `input` and one in shards; the products of both must have the same bytes.
fn products(input: &Path, kept: &[&str]) -> (Place, Summary) {
    let place = Place { input: input.to_owned(), pace: pace(1 << 6), ..Place::empty() };
    let keep = KeepColumns::Named(kept.iter().map(|name| (*name).to_owned()).collect());
    let options = |outdir: &str, shard| ApplyOptions {
        keep_columns: keep.clone(),
        kept_prefix: "".into(),
        ..place.options(outdir, shard)
    };
    let whole = place.run(&options("whole", None), Disk::default()).unwrap();
    let shards: Vec<PathBuf> = [1, 2]
        .map(|index| {
            let options = options(&format!("shard-{index}"), Some(xform_core::Shard { index, of: 2 }));
            place.run(&options, Disk::default()).unwrap();
            options.outdir
        })
        .to_vec();
    let merged = place.merge(&shards, "merged", Disk::default()).unwrap();
    assert_same(&whole, &merged, "types");
    (place, whole)
}

/// Compares all columns except the SMILES; returns the number of products.
fn assert_kept(input: &Path, except: &[&str]) -> usize {
    let of_input = types(input);
    let mut names: Vec<&str> = of_input.keys().map(String::as_str).collect();
    names.retain(|name| *name != "smiles" && *name != "id" && !except.contains(name));
    let (_place, summary) = products(input, &names);
    let output = summary.output_dir.join("products.parquet");
    let of_output = types(&output);
    let source_rows = cells(&output, of_output["source_row"].0);
    let source_rows: Vec<usize> = source_rows
        .iter()
        .map(|cell| cell.trim_matches([',', ' ']).rsplit(' ').next().unwrap().parse().unwrap())
        .collect();
    let id = of_input.contains_key("id").then_some("id");
    for name in names.into_iter().chain(id) {
        let (root, declared, hint) = &of_input[name];
        let (found_root, found, found_hint) = &of_output[if name == "id" { "source_id" } else { name }];
        if name == "id" {
            assert_eq!(found.get_basic_info().repetition(), Repetition::OPTIONAL);
            assert_eq!(
                found.get_basic_info().logical_type_ref(),
                declared.get_basic_info().logical_type_ref()
            );
            assert_eq!(found.get_physical_type(), declared.get_physical_type());
        } else {
            assert_eq!(found, declared, "{name}");
            if *hint != Hint::None {
                assert_eq!(found_hint, hint, "{name}");
            }
        }
        let (cells, found) = (cells(input, *root), cells(&output, *found_root));
        let is_id_without_nulls =
            name == "id" && declared.get_basic_info().repetition() == Repetition::REQUIRED;
        for (cell, &row) in found.iter().zip(&source_rows) {
            let cell = if is_id_without_nulls { cell.replace(" 0 1 ", " 0 0 ") } else { cell.clone() };
            assert_eq!(cell, cells[row], "{name} of row {row}");
        }
    }
    source_rows.len()
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixture/source/{name}.parquet"))
}

#[test]
fn types_that_arrow_has_not_come_out_as_they_went_in() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.parquet");
    write_old(&path);
    assert!(assert_kept(&path, &[]) > ROWS);
}

#[test]
fn types_of_three_writers_come_out_as_they_went_in() {
    for (name, except) in [
        ("pyarrow-types", [].as_slice()),
        ("pyarrow-kept", &["xf_name"]),
        ("duckdb-types", &[]),
        ("duckdb-kept", &[]),
        ("polars-types", &["huge"]),
        ("polars-kept", &[]),
    ] {
        assert!(assert_kept(&fixture(name), except) > 0, "{name}");
    }
}

/// The fixture's columns are INT96: 0001-01-01, null and 9999-12-31; the last column has nanoseconds.
#[test]
fn int96_timestamps_come_out_as_microseconds() {
    int96("pyarrow-int96", true);
    int96("pyarrow-int96-alone", false);
}

fn int96(input: &str, has_zone: bool) {
    let input = fixture(input);
    let (_place, summary) = products(&input, &["old", "zone", "list", "struct", "parts"]);
    let output = summary.output_dir.join("products.parquet");
    let types = types(&output);
    let source_rows = cells(&output, types["source_row"].0);
    let micros = |is_utc| LogicalType::timestamp(is_utc, TimeUnit::MICROS);
    let (first, last) = ("-62135596800000000", "253402300799999999");
    for (name, is_utc, expected) in [
        ("old", false, [format!("0 0 1 {first}, "), "0 0 0 -, ".into(), format!("0 0 1 {last}, ")]),
        ("zone", has_zone, [format!("0 0 1 {first}, "), "0 0 0 -, ".into(), format!("0 0 1 {last}, ")]),
        ("parts", false, ["0 0 1 0, ".into(), "0 0 0 -, ".into(), "0 0 1 -1, ".into()]),
    ] {
        let (root, declared, _) = &types[name];
        assert_eq!(declared.get_physical_type(), PhysicalType::INT64, "{name}");
        assert_eq!(declared.get_basic_info().logical_type_ref(), Some(&micros(is_utc)), "{name}");
        for (cell, source_row) in cells(&output, *root).iter().zip(&source_rows) {
            let row: usize = source_row.trim_matches([',', ' ']).rsplit(' ').next().unwrap().parse().unwrap();
            assert_eq!(cell, &expected[row], "{name} of row {row}");
        }
    }
    for name in ["list", "struct"] {
        let (root, ..) = &types[name];
        let all = cells(&output, *root).concat();
        assert!(all.contains(first) && all.contains(last), "{name}: {all}");
    }
    let (of_list, of_struct) = (&types["list"].1, &types["struct"].1);
    let item = &of_list.get_fields()[0].get_fields()[0];
    for leaf in [item, &of_struct.get_fields()[0]] {
        assert_eq!(leaf.get_physical_type(), PhysicalType::INT64);
        assert_eq!(leaf.get_basic_info().logical_type_ref(), Some(&micros(false)));
    }
    assert_eq!(summary.totals.replaced_values, 2, "two timestamps lost a part of a microsecond");
    assert!(summary.warnings.iter().any(|warning| warning.contains("microsecond")), "{:?}", summary.warnings);
}
