//! SMILES text, CSV and TSV, plain and gzipped.

use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;
use xform_core::engine::RejectCode;
use xform_core::source::{SourceOptions, hash_file, open_file};

use crate::library::{Library, fixture, keep, keep_all, read, smiles_column};

/// A file with zeros at its end (as from tapes) or between members gives the same text as with gzip.
#[test]
fn gzip_padded_with_zeros_is_read() {
    let expected = plain("l.smi", LINES);
    let (one, two) = (gzip(&LINES[..20]), gzip(&LINES[20..]));
    for zeros in [1, 512, 1 << 17] {
        let zeros = vec![0; zeros];
        assert_eq!(plain("l.smi.gz", &[&gzip(LINES)[..], &zeros].concat()), expected);
        assert_eq!(plain("l.smi.gz", &[&one[..], &zeros, &two, &zeros].concat()), expected);
    }
    let (code, message) = error("l.smi.gz", &[&gzip(LINES)[..], &[0; 9], b"rest"].concat(), &keep_all());
    assert_eq!(code, "XFORM_INPUT_CORRUPT", "{message}");
}

pub fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn file(name: &str, content: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

fn library(name: &str, content: &[u8], options: &SourceOptions) -> Library {
    let (_folder, path) = file(name, content);
    read(&path, options).unwrap()
}

fn plain(name: &str, content: &[u8]) -> Library {
    library(name, content, &SourceOptions::default())
}

fn error(name: &str, content: &[u8], options: &SourceOptions) -> (&'static str, String) {
    let (_folder, path) = file(name, content);
    let error = read(&path, options).unwrap_err();
    (error.code(), error.to_string())
}

fn owned(values: &[Option<&str>]) -> Vec<Option<String>> {
    values.iter().map(|value| value.map(str::to_owned)).collect()
}

const LINES: &[u8] =
    b"CCO ethanol\r\nC\t methane gas \n\n  \nC[C@H](O)F |o1:1| chiral\nN\n\tno smiles\nO water";

#[test]
fn smiles_lines() {
    let library = plain("l.smi", LINES);
    let smiles = ["CCO", "C", "", "", "C[C@H](O)F |o1:1|", "N", "", "O"];
    assert_eq!(library.values(), smiles.map(Some));
    let id = [
        Some("ethanol"),
        Some("methane gas"),
        None,
        None,
        Some("chiral"),
        None,
        Some("no smiles"),
        Some("water"),
    ];
    assert_eq!(library.column("id"), owned(&id));
    let faults: Vec<_> = library.faults.iter().map(|(row, code, _)| (*row, *code)).collect();
    assert_eq!(faults, [2, 3, 6].map(|row| (row, RejectCode::Empty)));
    assert_eq!((library.total_rows, library.columns.smiles.as_str()), (None, "smiles"));
}

#[test]
fn names_and_packing_do_not_matter() {
    let expected = plain("l.smi", LINES);
    let two_members = [gzip(&LINES[..20]), gzip(&LINES[20..])].concat();
    for (name, content) in [
        ("l.smiles", LINES.to_vec()),
        ("l.TXT", LINES.to_vec()),
        ("l.smi.gz", gzip(LINES)),
        ("l.SMI.GZ", two_members.clone()),
        ("l.smi", two_members),
        ("l.smi.gz", LINES.to_vec()),
        ("l.smi", [b"\xef\xbb\xbf", LINES].concat()),
        ("l.smi.gz", gzip(&[b"\xef\xbb\xbf", LINES].concat())),
    ] {
        assert_eq!(plain(name, &content), expected, "{name}");
    }
}

#[test]
fn smiles_lines_with_faults() {
    let library = plain("l.smi", b"C\xffC x\xff\nC\0 y\n\xc3\n");
    assert_eq!(
        library.faults,
        [
            (0, RejectCode::NotUtf8, Some("C\u{fffd}C".to_owned())),
            (1, RejectCode::NulByte, Some("C\0".to_owned())),
            (2, RejectCode::NotUtf8, Some("\u{fffd}".to_owned())),
        ]
    );
    assert_eq!(library.column("id"), owned(&[Some("x\u{fffd}"), Some("y"), None]));
    assert_eq!(library.replaced, 1);
}

#[test]
fn smiles_text_has_two_columns() {
    let kept = library("l.smi", b"CCO 7\n", &keep(&["id", "smiles"]));
    assert_eq!(kept.column("source_smiles_2"), owned(&[Some("CCO")]));
    assert!(library("l.smi", b"CCO 7\n", &keep_all()).columns.kept.is_empty());
    let (code, message) = error("l.smi", b"CCO 7\n", &smiles_column("mol"));
    assert_eq!(code, "XFORM_INPUT_COLUMN");
    assert!(message.contains("its string columns are \"smiles\", \"id\""), "{message}");
}

#[test]
fn a_line_without_end_is_refused() {
    let (code, message) = error("l.smi", &[b"C 1\n".as_slice(), &vec![b'C'; 17 << 20]].concat(), &keep_all());
    assert_eq!(code, "XFORM_INPUT_CORRUPT");
    assert!(message.contains("past row 1: a line of more than 16 MiB"), "{message}");
    let quote = [b"smiles\n\"".as_slice(), &vec![b'\n'; 17 << 20]].concat();
    let (code, message) = error("l.csv", &quote, &keep_all());
    assert_eq!(code, "XFORM_INPUT_CORRUPT");
    assert!(message.contains("is a quote never closed?"), "{message}");
}

#[test]
fn csv_with_quotes() {
    let text =
        b"Name,SMILES,cas_id\r\n\"a \"\"b\"\", c\",CCO,1\r\n\"two\nlines\",\"C,C\",\r\n,,3\r\nx,C |o1:1| n,4";
    let library = library("l.csv", text, &keep_all());
    assert_eq!(library.values(), [Some("CCO"), Some("C,C"), Some(""), Some("C |o1:1| n")]);
    assert_eq!(library.column("cas_id"), owned(&[Some("1"), None, Some("3"), Some("4")]));
    assert_eq!(
        library.column("source_Name"),
        owned(&[Some("a \"b\", c"), Some("two\nlines"), None, Some("x")])
    );
    assert_eq!(library.columns.smiles, "SMILES");
    assert_eq!(library.faults, [(2, RejectCode::Empty, Some(String::new()))]);
}

#[test]
fn tsv_and_csv_read_alike() {
    let csv = b"id,smiles,x\n1,CCO,a\n2,N,b b\n".as_slice();
    let expected = library("l.csv", csv, &keep_all());
    let tsv: Vec<u8> = csv.iter().map(|&byte| if byte == b',' { b'\t' } else { byte }).collect();
    for (name, content) in [
        ("l.tsv", tsv.clone()),
        ("l.tsv.gz", gzip(&tsv)),
        ("l.csv.gz", [gzip(&csv[..5]), gzip(&csv[5..])].concat()),
        ("l.csv", [b"\xef\xbb\xbf", csv].concat()),
    ] {
        let mut found = library(name, &content, &keep_all());
        found.columns.layout.clone_from(&expected.columns.layout);
        found.columns.format = expected.columns.format;
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn csv_bytes_that_are_no_text() {
    let library = library("l.csv", b"smiles,id,x\nC\xff,\xffa,\xffb\nC\0,b,c\n", &keep_all());
    let codes: Vec<_> = library.faults.iter().map(|(row, code, _)| (*row, *code)).collect();
    assert_eq!(codes, [(0, RejectCode::NotUtf8), (1, RejectCode::NulByte)]);
    assert_eq!(library.column("id"), owned(&[Some("\u{fffd}a"), Some("b")]));
    assert_eq!(library.replaced, 2);
}

#[test]
fn a_row_that_does_not_fit_the_header_is_a_reject() {
    for row in ["C,1,2", "C", "C,1,"] {
        let text = format!("smiles,id\nCC,0\n{row}\nN,2\n");
        let library = library("l.csv", text.as_bytes(), &keep_all());
        assert_eq!(library.values(), [Some("CC"), Some(row), Some("N")]);
        assert_eq!(library.faults, [(1, RejectCode::Malformed, Some(row.to_owned()))]);
        assert_eq!(library.column("id"), owned(&[Some("0"), None, Some("2")]));
    }
}

/// psql and R quote nothing in TSV: two names that start with a quote must not silently swallow the rows between
/// them.
#[test]
fn a_row_of_tsv_with_a_line_end_in_it_is_a_reject() {
    let library = library("l.tsv", b"smiles\tname\nCC\t\"a\nO\tb\nN\t\"c\nS\td\n", &keep_all());
    let all = "CC\ta\nO\tb\nN\tc";
    assert_eq!(library.values(), [Some("CC\ta\nO\tb\nN\tc"), Some("S")]);
    assert_eq!(library.faults, [(0, RejectCode::Malformed, Some(all.to_owned()))]);
}

#[test]
fn a_header_of_smiles_text_is_no_row() {
    for header in ["SMILES Name", "smiles zinc_id", "smiles", " Smiles\tid\r"] {
        let text = format!("{header}\nCCO ethanol\n");
        let library = plain("l.smi", text.as_bytes());
        assert_eq!((library.values(), library.column("id")), (vec![Some("CCO")], owned(&[Some("ethanol")])));
        assert_eq!(plain("l.smi", format!("{header}\n").as_bytes()).smiles.len(), 0);
    }
    let later = plain("l.smi", b"CCO a\nsmiles b\n");
    assert_eq!(later.values(), [Some("CCO"), Some("smiles")], "only the first line is looked at");
}

#[test]
fn csv_columns_are_chosen_as_in_parquet() {
    let (code, message) = error("l.csv", b"smiles,name\nC,a\n", &smiles_column("mol"));
    assert_eq!(code, "XFORM_INPUT_COLUMN");
    assert!(message.contains("its string columns are \"smiles\", \"name\""), "{message}");
    let (code, _) = error("l.csv", b"smiles,SMILES\nC,C\n", &SourceOptions::default());
    assert_eq!(code, "XFORM_INPUT_COLUMN");
    assert_eq!(plain("l.csv", b"smiles,id\n").smiles.len(), 0, "a header alone is a library");
    let renamed = library("l.csv", b"smiles,row\nC,a\n", &keep_all());
    assert_eq!(renamed.column("source_row_2"), owned(&[Some("a")]));
}

#[test]
fn the_hash_is_of_the_file_as_it_lies_there() {
    let hash = |path: &Path| hash_file(&open_file(path).unwrap(), || false).unwrap().unwrap();
    let (_folder, path) = file("l.smi", b"abc");
    assert_eq!(hash(&path), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(hash(&fixture("pyarrow-none.parquet")).len(), 64);
}
