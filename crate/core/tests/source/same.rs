//! The places where chunks are cut have no effect.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, BinaryArray, Int32Array, RecordBatch};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;
use xform_core::source::CHUNK_TEXT_BYTES;

use crate::library::{keep_all, open, read_in};

/// SMILES, faults of each kind, and values near the size of a chunk.
fn value() -> impl Strategy<Value = Option<Vec<u8>>> {
    prop_oneof![
        6 => "[CNO()=1]{1,40}".prop_map(|text| Some(text.into_bytes())),
        1 => Just(None),
        1 => Just(Some(Vec::new())),
        1 => prop::collection::vec(any::<u8>(), 0..20).prop_map(Some),
        1 => (1..2 * CHUNK_TEXT_BYTES).prop_map(|len| Some(vec![b'C'; len])),
    ]
}

fn write_parquet(folder: &Path, values: &[Option<Vec<u8>>], group_rows: usize) -> PathBuf {
    let path = folder.join("l.parquet");
    let smiles: ArrayRef = Arc::new(values.iter().map(Option::as_deref).collect::<BinaryArray>());
    let extra: ArrayRef = Arc::new(Int32Array::from_iter_values(0..values.len() as i32));
    let columns = [("smiles", Arc::clone(&smiles)), ("extra", extra), ("mol_id", smiles)];
    let batch = RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, true)));
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(group_rows))
        .set_data_page_row_count_limit(7)
        .set_write_batch_size(5)
        .build();
    let batch = batch.unwrap();
    let mut writer =
        ArrowWriter::try_new(File::create(&path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    path
}

fn write_csv(folder: &Path, values: &[Option<Vec<u8>>]) -> PathBuf {
    let path = folder.join("l.csv");
    let mut writer = csv::Writer::from_path(&path).unwrap();
    writer.write_record(["smiles", "n_id", "extra"]).unwrap();
    for (row, value) in values.iter().enumerate() {
        let value = value.as_deref().unwrap_or_default();
        writer.write_record([value, row.to_string().as_bytes(), value]).unwrap();
    }
    writer.flush().unwrap();
    path
}

fn write_lines(folder: &Path, values: &[Option<Vec<u8>>]) -> PathBuf {
    let path = folder.join("l.smi");
    let lines = values.iter().map(|value| [value.as_deref().unwrap_or_default(), b" id\n"].concat());
    std::fs::write(&path, lines.collect::<Vec<_>>().concat()).unwrap();
    path
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn chunks_are_only_cuts(
        values in prop::collection::vec(value(), 1..120),
        group_rows in 1_usize..200,
        max_rows in 0_usize..150,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let paths = [
            write_parquet(folder.path(), &values, group_rows),
            write_csv(folder.path(), &values),
            write_lines(folder.path(), &values),
        ];
        for path in &paths {
            let whole = read_in(path, &keep_all(), usize::MAX).unwrap();
            let cut = read_in(path, &keep_all(), max_rows).unwrap();
            prop_assert_eq!(&whole, &cut);
            if path.extension().is_some_and(|extension| extension != "smi") {
                prop_assert_eq!(whole.smiles.len(), values.len());
            }
        }
    }

    #[test]
    fn rows_after_a_skip_are_the_same_wherever_it_begins(
        values in prop::collection::vec(value(), 1..120),
        group_rows in 1_usize..50,
        steps in prop::collection::vec((0_usize..60, 1_usize..20), 1..12),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let paths = [
            write_parquet(folder.path(), &values, group_rows),
            write_csv(folder.path(), &values),
            write_lines(folder.path(), &values),
        ];
        for path in &paths {
            let whole = read_in(path, &keep_all(), usize::MAX).unwrap().smiles;
            let mut source = open(path, &keep_all()).unwrap();
            let mut row = 0;
            for &(skipped, max_rows) in &steps {
                let skipped = skipped.min(whole.len() - row);
                source.skip(skipped as u64, &|| Ok(())).unwrap();
                row += skipped;
                let Some(chunk) = source.next_chunk(max_rows).unwrap() else {
                    prop_assert_eq!(row, whole.len());
                    break;
                };
                for text in 0..chunk.smiles.len() {
                    prop_assert_eq!(chunk.smiles.get(text), whole[row].as_bytes());
                    row += 1;
                }
            }
        }
    }

    #[test]
    fn parquet_gives_back_what_was_written(values in prop::collection::vec(value(), 1..120)) {
        let folder = tempfile::tempdir().unwrap();
        let library = read_in(&write_parquet(folder.path(), &values, 50), &keep_all(), 37).unwrap();
        let lossy: Vec<Option<String>> = values
            .iter()
            .map(|value| value.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned()))
            .collect();
        let read: Vec<Option<String>> = library.values().iter().map(|value| value.map(str::to_owned)).collect();
        prop_assert_eq!(read, lossy);
        prop_assert_eq!(library.total_rows, Some(values.len() as u64));
    }
}
