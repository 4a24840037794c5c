//! Text that unpacks to far more than its size.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::measure::Process;

/// `count` times `unit`, compressed.
fn bomb(unit: &[u8], count: u64) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let block = unit.repeat(1 << 16);
    let mut left = count * unit.len() as u64;
    while left > 0 {
        let part = left.min(block.len() as u64);
        io::copy(&mut block.as_slice().take(part), &mut encoder).unwrap();
        left -= part;
    }
    encoder.flush().unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_bomb_of_rows_is_read_row_by_row() {
    let process = Process::alone();
    const ROWS: u64 = 20_000_000;
    let reading = process.read("bomb.smi.gz", &bomb(b"\n", ROWS));
    assert_eq!(*reading.within(16).rows.as_ref().unwrap(), ROWS);
    let mut csv = bomb(b"smiles,id\n", 1);
    csv.extend(bomb(b",\n", ROWS / 10));
    assert_eq!(*process.read("bomb.csv.gz", &csv).within(16).rows.as_ref().unwrap(), ROWS / 10);
}

#[test]
fn a_bomb_of_one_row_is_refused() {
    let process = Process::alone();
    for (name, head, unit, words) in [
        ("bomb.smi.gz", "C a\n", b"C", "a line of more than 16 MiB"),
        ("bomb.csv.gz", "smiles,id\n", b"C", "a row of more than 16 MiB"),
        ("bomb.csv.gz", "smiles,id\n", b"\"", "a row of more than 16 MiB"),
        ("bomb.tsv.gz", "smiles\tid\n", b"\t", "a row of more than 16 MiB"),
    ] {
        let reading = process.read(name, &bomb(unit, 256 << 20));
        assert!(reading.within(700).refused().contains("a line of more than 16 MiB"), "{reading:?}");
        let second = [bomb(head.as_bytes(), 1), bomb(unit, 256 << 20)].concat();
        let reading = process.read(name, &second);
        assert!(reading.within(700).refused().contains(words), "{reading:?}");
    }
}

#[test]
fn a_header_of_a_million_columns_is_refused() {
    let process = Process::alone();
    let reading = process.read("bomb.csv.gz", &bomb(b"a,", 1 << 20));
    assert!(reading.within(160).refused().contains("1048577 columns, more than 65536"), "{reading:?}");
    let widest = [b"smiles".to_vec(), b",".repeat(65_535), b"\nC".to_vec(), b",".repeat(65_535)].concat();
    let reading = process.read("wide.csv", &widest);
    assert_eq!(*reading.within(160).rows.as_ref().unwrap(), 1, "names that repeat are numbered");
}

/// Rows just below the limit are read one by one.
#[test]
fn rows_of_many_megabytes_do_not_add_up() {
    let process = Process::alone();
    let row = [vec![b'C'; 15 << 20], b" id\n".to_vec()].concat();
    // 360 MiB of text. The process grows by 150 to 166 MiB, whatever the number of rows.
    let reading = process.read("long.smi", &row.repeat(24));
    assert_eq!(*reading.within(240).rows.as_ref().unwrap(), 24);
}
