//! Reading takes constant memory: a library in one row group takes no more than a small one. The test has a separate
//! process, because it measures the peak of the whole process.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use xform_core::source::{KeepColumns, SourceOptions, open};

const ROWS: usize = 300_000;

/// `ROWS` rows of 100 to 300 bytes in one row group; about 60 MB decoded.
fn write_one_row_group(path: &Path) {
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(ROWS))
        .set_compression(Compression::SNAPPY)
        .build();
    let batch = |first: usize| {
        let smiles: ArrayRef = Arc::new(StringArray::from_iter_values(
            (first..first + 10_000)
                .map(|row| format!("{}{}", "C".repeat(100 + row % 100), "N".repeat(row % 101))),
        ));
        let id: ArrayRef =
            Arc::new(StringArray::from_iter_values((first..first + 10_000).map(|row| format!("M{row}"))));
        RecordBatch::try_from_iter([("smiles", Arc::clone(&smiles)), ("id", id), ("kept", smiles)]).unwrap()
    };
    let mut writer =
        ArrowWriter::try_new(File::create(path).unwrap(), batch(0).schema(), Some(properties)).unwrap();
    for first in (0..ROWS).step_by(10_000) {
        writer.write(&batch(first)).unwrap();
    }
    assert_eq!(writer.close().unwrap().num_row_groups(), 1);
}

/// A line of /proc/self/status, in bytes.
fn status(key: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap();
    line.trim_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().unwrap() << 10
}

#[test]
fn one_large_row_group_stays_flat() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.parquet");
    write_one_row_group(&path);
    // Writing took memory; the measured peak is reset here.
    fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = status("VmRSS:");

    let options = SourceOptions { keep_columns: KeepColumns::All, ..Default::default() };
    let mut source = open(&path, &options, &|_| unreachable!("names decide")).unwrap();
    let (mut rows, mut bytes, mut largest) = (0, 0, 0);
    while let Some(chunk) = source.next_chunk(50_000).unwrap() {
        rows += chunk.smiles.len();
        bytes += chunk.smiles.bytes().len();
        largest = largest.max(chunk.memory_bytes());
    }
    let growth = status("VmHWM:").saturating_sub(before);
    assert_eq!(rows, ROWS);
    println!("{rows} rows, {bytes} bytes of SMILES: peak + {growth} bytes, largest chunk {largest} bytes");
    assert!(growth < 16 << 20, "reading {bytes} bytes of SMILES took {growth} bytes");
    assert!(largest < 64 << 10, "a chunk holds {largest} bytes");
}
