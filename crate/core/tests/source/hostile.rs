//! Files damaged at random, with fixed seeds, and truncated anywhere: rows or a typed error, never a panic.

use std::fs;
use std::path::{Path, PathBuf};

use xform_core::ErrorClass;
use xform_core::engine::RejectCode;
use xform_core::source::SourceOptions;

use crate::library::{fixture, keep_all, read, read_in};

/// Pseudo-random numbers, the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

fn assert_answer(path: &Path, options: &SourceOptions, what: &str) {
    if let Err(error) = read_in(path, options, 50) {
        assert_eq!(error.class(), ErrorClass::Input, "{what}: {error}");
    }
}

fn fixtures() -> Vec<PathBuf> {
    let files = fs::read_dir(fixture("")).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|name| name == "parquet")).collect();
    files.sort();
    files
}

#[test]
fn bits_flipped_anywhere_in_parquet() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flipped.parquet");
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    for file in fixtures() {
        let whole = fs::read(&file).unwrap();
        for round in 0..60 {
            let mut content = whole.clone();
            for _ in 0..=chance.below(4) {
                let at = 4 + chance.below(content.len() - 8);
                content[at] ^= 1 << chance.below(8);
            }
            fs::write(&path, content).unwrap();
            assert_answer(&path, &keep_all(), &format!("{}, round {round}", file.display()));
        }
    }
}

#[test]
fn parquet_cut_off_anywhere_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.parquet");
    for name in ["pyarrow-snappy.parquet", "polars-kept.parquet", "duckdb-kept.parquet"] {
        let whole = fs::read(fixture(name)).unwrap();
        for end in (1..whole.len()).step_by(13) {
            fs::write(&path, &whole[..end]).unwrap();
            let error = read(&path, &keep_all()).unwrap_err();
            assert_eq!(error.code(), "XFORM_INPUT_UNREADABLE", "{name}, {end} bytes: {error}");
        }
        // The footer is intact but the pages are not: something in the middle is missing.
        for cut in (4..whole.len() / 2).step_by(101) {
            fs::write(&path, [&whole[..cut], &whole[cut + 50..]].concat()).unwrap();
            assert_answer(&path, &keep_all(), &format!("{name} without 50 bytes at {cut}"));
        }
    }
}

#[test]
fn rubbish_in_text() {
    let folder = tempfile::tempdir().unwrap();
    let pieces: [&[u8]; 16] = [
        b"smiles",
        b"id",
        b"CCO",
        b",",
        b"\t",
        b" ",
        b"\n",
        b"\r\n",
        b"\"",
        b"\0",
        b"\xff",
        b"\xc3",
        b"|",
        b"$",
        b"\xef\xbb\xbf",
        b"\x1f\x8b\x08",
    ];
    let mut chance = Chance(0x2545_f491_4f6c_dd1d);
    for round in 0..2_000 {
        let text: Vec<u8> = (0..chance.below(60)).flat_map(|_| pieces[chance.below(16)].to_vec()).collect();
        let text = if round % 2 == 0 { [b"id,smiles,smiles_id\n", text.as_slice()].concat() } else { text };
        for name in ["l.smi", "l.csv", "l.tsv"] {
            let path = folder.path().join(name);
            fs::write(&path, &text).unwrap();
            assert_answer(&path, &keep_all(), &format!("{name} of {text:?}"));
        }
    }
}

/// Long rows, and everything that may follow a SMILES, in one file: nothing moves to a different row.
#[test]
fn long_and_odd_rows_stand_between_good_ones() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.smi");
    let long = "C".repeat(1 << 20);
    let labels = format!("CC |${}$|", "|x y\t".repeat(1 << 16));
    let unclosed = format!("CC |{}", "$".repeat((1 << 16) + 1));
    let rows = ["CCO", &long, "N a\0b", "C\0C x", &labels, "N |o1:1|| x", &unclosed, "CO |", "O | x |", "F"];
    fs::write(&path, rows.join("\n")).unwrap();
    let library = read(&path, &SourceOptions::default()).unwrap();
    let expected =
        ["CCO", &long, "N", "C\0C", &labels, "N |o1:1|", &unclosed, "CO |", "O | x |", "F"].map(Some);
    assert_eq!(library.values(), expected);
    assert_eq!(library.faults, [(3, RejectCode::NulByte, Some("C\0C".to_owned()))]);
    let ids = library.column("id");
    assert_eq!([ids[2].as_deref(), ids[5].as_deref()], [Some("a\0b"), Some("| x")]);
}
