//! Files that are truncated or damaged.

use std::fs::{self, File};
use std::path::Path;

use parquet::file::reader::{FileReader, SerializedFileReader};
use xform_core::Error;
use xform_core::source::SourceOptions;

use crate::library::{fixture, open, read};

/// The file's bytes with a column chunk overwritten.
fn damaged(file: &str, group: usize, column: usize, byte: u8) -> Vec<u8> {
    let path = fixture(file);
    let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
    let (start, length) = reader.metadata().row_group(group).column(column).byte_range();
    let mut content = fs::read(path).unwrap();
    content[start as usize..(start + length) as usize].fill(byte);
    content
}

fn corrupt_row(path: &Path) -> u64 {
    let mut source = open(path, &SourceOptions::default()).unwrap();
    let mut rows = 0;
    loop {
        match source.next_chunk(50) {
            Ok(Some(chunk)) => rows += chunk.smiles.len() as u64,
            Ok(None) => panic!("{} is read to its end", path.display()),
            Err(error) => {
                let Error::InputCorrupt { row, path: named, .. } = &error else { panic!("{error:?}") };
                assert_eq!(named, path);
                assert!(*row >= rows && *row < rows + 50, "row {row} after {rows} rows in chunks");
                assert!(error.to_string().contains(&format!("past row {row}: ")));
                return *row;
            }
        }
    }
}

#[test]
fn a_damaged_page_ends_the_run_with_the_row_reached() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.parquet");
    for codec in ["none", "snappy", "gzip", "lz4", "brotli", "zstd"] {
        for byte in [0, 0xff, 0x15] {
            fs::write(&path, damaged(&format!("pyarrow-{codec}.parquet"), 1, 0, byte)).unwrap();
            let row = corrupt_row(&path);
            assert!(row <= 128, "{codec}: rows after the damaged group were read");
        }
    }
}

/// Every page of a file with one byte changed: an error or different text, never a panic or a lost row.
#[test]
fn single_bytes_do_not_lose_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flipped.parquet");
    for codec in ["none", "snappy", "zstd"] {
        let content = fs::read(fixture(&format!("pyarrow-{codec}.parquet"))).unwrap();
        for position in (4..content.len() * 2 / 3).step_by(11) {
            let mut flipped = content.clone();
            flipped[position] ^= 0x81;
            fs::write(&path, flipped).unwrap();
            match read(&path, &SourceOptions::default()) {
                Ok(library) => assert_eq!(library.smiles.len(), 300, "{codec}, byte {position}"),
                Err(error) => assert_eq!(error.class(), xform_core::ErrorClass::Input, "{error}"),
            }
        }
    }
}

/// Damage in a column that the run does not use does no harm.
#[test]
fn only_the_chosen_columns_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.parquet");
    // The first two columns are SMILES and id.
    let mut content = fs::read(fixture("pyarrow-kept.parquet")).unwrap();
    let reader = SerializedFileReader::new(File::open(fixture("pyarrow-kept.parquet")).unwrap()).unwrap();
    for group in reader.metadata().row_groups() {
        for column in &group.columns()[2..] {
            let (start, length) = column.byte_range();
            content[start as usize..(start + length) as usize].fill(0xff);
        }
    }
    fs::write(&path, content).unwrap();
    assert_eq!(read(&path, &SourceOptions::default()).unwrap().smiles.len(), 10);
    assert!(read(&path, &crate::library::keep_all()).is_err());
}

#[test]
fn cut_gzip_ends_the_run_with_the_row_reached() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.smi.gz");
    let text: String = (0..20_000).map(|i| format!("{}O M{i}\n", "C".repeat(i * 7919 % 60))).collect();
    let whole = crate::text::gzip(text.as_bytes());
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert!(corrupt_row(&path) > 1000);
}
