//! Compressed text: every compression, several members, and files that are cut off or damaged.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use bzip2::write::BzEncoder;
use liblzma::write::XzEncoder;
use tempfile::TempDir;
use xform_core::source::{PACKINGS, SourceOptions};
use xform_core::{Error, ErrorClass};

use crate::library::{keep_all, open, read, read_in};
use crate::text::gzip;

/// The content in each compression, with the extension of its files.
pub fn packed_in_every_way(content: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let pack = |extension: &str| match extension {
        "gz" => gzip(content),
        "bz2" => {
            let mut encoder = BzEncoder::new(Vec::new(), bzip2::Compression::default());
            encoder.write_all(content).unwrap();
            encoder.finish().unwrap()
        }
        "zst" => zstd::encode_all(content, 3).unwrap(),
        "xz" => {
            let mut encoder = XzEncoder::new(Vec::new(), 6);
            encoder.write_all(content).unwrap();
            encoder.finish().unwrap()
        }
        other => panic!("{other} is not tested"),
    };
    PACKINGS.iter().map(|packing| (packing.extension, pack(packing.extension))).collect()
}

fn file(name: &str, content: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    (folder, path)
}

fn lines(count: usize) -> Vec<u8> {
    let line = |row: usize| format!("{}O M{row}\n", "C".repeat(row * 7919 % 60));
    (0..count).map(line).collect::<String>().into_bytes()
}

#[test]
fn content_decides_and_names_do_not() {
    let text = lines(300);
    let (_folder, path) = file("l.smi", &text);
    let expected = read(&path, &keep_all()).unwrap();
    for (extension, packed) in packed_in_every_way(&text) {
        for name in
            [format!("l.smi.{extension}"), format!("L.SMI.{}", extension.to_uppercase()), "l.smi".to_owned()]
        {
            let (_folder, path) = file(&name, &packed);
            assert_eq!(read(&path, &keep_all()).unwrap(), expected, "{name} in {extension}");
        }
        let (_folder, path) = file(&format!("l.smi.{extension}"), &text);
        assert_eq!(read(&path, &keep_all()).unwrap(), expected, "unpacked, but called .{extension}");
    }
}

#[test]
fn members_are_read_one_after_the_other() {
    let text = lines(500);
    let (_folder, path) = file("l.smi", &text);
    let expected = read(&path, &keep_all()).unwrap();
    let (one, two) = (packed_in_every_way(&text[..1001]), packed_in_every_way(&text[1001..]));
    let empty = packed_in_every_way(b"");
    for (((extension, one), (_, two)), (_, empty)) in one.into_iter().zip(two).zip(empty) {
        let zeros = vec![0; 1 << 17];
        for parts in
            [vec![&one, &two], vec![&empty, &one, &empty, &two, &empty], vec![&one, &zeros, &two, &zeros]]
        {
            let content: Vec<u8> = parts.into_iter().flatten().copied().collect();
            let (_folder, path) = file("l.smi", &content);
            assert_eq!(read_in(&path, &keep_all(), 77).unwrap(), expected, "{extension}");
        }
        let (_folder, path) = file("l.smi", &[&one[..], &two, b"rest"].concat());
        assert_eq!(read(&path, &keep_all()).unwrap_err().code(), "XFORM_INPUT_CORRUPT", "{extension}");
        let (_folder, path) = file("l.smi", &empty);
        let error = read(&path, &keep_all()).unwrap_err();
        assert_eq!(error.code(), "XFORM_INPUT_UNREADABLE", "{error}");
        assert!(error.to_string().contains("the file is empty"), "{extension}: {error}");
    }
}

/// Rows before the damage come, then the error with the row reached, and nothing after it.
#[test]
fn a_truncated_file_ends_with_the_row_reached() {
    for (extension, packed) in packed_in_every_way(&lines(200_000)) {
        let (_folder, path) = file(&format!("l.smi.{extension}"), &packed[..packed.len() * 3 / 4]);
        let mut source = open(&path, &SourceOptions::default()).unwrap();
        let mut rows = 0;
        let error = loop {
            match source.next_chunk(50) {
                Ok(Some(chunk)) => rows += chunk.smiles.len() as u64,
                Ok(None) => panic!("{extension} is read to its end"),
                Err(error) => break error,
            }
        };
        let Error::InputCorrupt { row, .. } = &error else { panic!("{extension}: {error:?}") };
        assert!(*row > 1000 && *row >= rows && *row < rows + 50, "{extension}: row {row} after {rows}");
    }
}

#[test]
fn cut_or_damaged_anywhere_is_an_error_of_the_input() {
    let text = lines(200);
    for (extension, packed) in packed_in_every_way(&text) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("l.smi");
        // Fewer bytes do not show that the file is compressed.
        for end in 6..packed.len() {
            fs::write(&path, &packed[..end]).unwrap();
            let error = read(&path, &keep_all()).err().unwrap_or_else(|| panic!("{extension}, {end} bytes"));
            assert_eq!(error.class(), ErrorClass::Input, "{extension}, {end} bytes: {error}");
        }
        for at in (0..packed.len()).step_by(3) {
            let mut content = packed.clone();
            content[at] ^= 1 << (at % 8);
            fs::write(&path, content).unwrap();
            if let Err(error) = read(&path, &keep_all()) {
                assert_eq!(error.class(), ErrorClass::Input, "{extension}, byte {at}: {error}");
            }
        }
    }
}

#[test]
fn packed_twice_and_parquet_inside_are_refused() {
    let text = lines(10);
    let parquet = fs::read(crate::library::fixture("pyarrow-none.parquet")).unwrap();
    for ((extension, once), (_, around)) in
        packed_in_every_way(&text).into_iter().zip(packed_in_every_way(&parquet))
    {
        for (_, twice) in packed_in_every_way(&once) {
            let (_folder, path) = file("l.smi", &twice);
            let error = read(&path, &keep_all()).unwrap_err().to_string();
            assert!(error.contains("compressed more than once"), "{extension}: {error}");
        }
        let (_folder, path) = file("l.parquet", &around);
        let error = read(&path, &keep_all()).unwrap_err().to_string();
        assert!(error.contains("Parquet inside") && error.contains("unpack it"), "{extension}: {error}");
    }
}

/// What a stream says about its window must not decide how much memory it takes.
#[test]
fn a_window_of_gigabytes_is_refused() {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(31).unwrap();
    encoder.long_distance_matching(true).unwrap();
    encoder.write_all(&lines(50_000)).unwrap();
    let (_folder, path) = file("l.smi.zst", &encoder.finish().unwrap());
    let error = read(&path, &keep_all()).unwrap_err();
    assert_eq!(error.class(), ErrorClass::Input, "{error}");
}
