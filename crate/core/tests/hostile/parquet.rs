//! Parquet files that claim, or unpack to, far more than their size.

use std::io::Write;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use flate2::Compression;
use flate2::write::GzEncoder;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression as Codec;
use parquet::file::properties::WriterProperties;

use crate::craft::*;
use crate::measure::{Process, Reading};

const TWO_GIB: i64 = i32::MAX as i64;

impl Process {
    fn parquet(&self, file: File) -> Reading {
        self.read("hostile.parquet", &file.bytes())
    }

    #[track_caller]
    fn assert_refused(&self, file: File, words: &str) {
        let reading = self.parquet(file);
        assert!(reading.within(32).refused().contains(words), "{reading:?}");
    }
}

fn one_page(pages: Vec<u8>) -> File {
    File { pages, ..File::default() }
}

/// The files written here are read if they make no false claims.
#[test]
fn an_honest_file_is_read() {
    let process = Process::alone();
    let value = b"\x02\0\0\0CC";
    assert_eq!(process.parquet(one_page(page(6, 1, PLAIN, value))).rows.unwrap(), 1);
    let pages = [dictionary(6, 1, value), page(3, 3, RLE_DICTIONARY, &[1, 6, 0])].concat();
    let file = File { pages, rows: 3, values: 3, has_dictionary: true, ..File::default() };
    assert_eq!(process.parquet(file).rows.unwrap(), 3);
    let empty =
        File { pages: page(6, 5, DELTA_LENGTH_BYTE_ARRAY, &zeros(5)), rows: 5, values: 5, ..File::default() };
    assert_eq!(process.parquet(empty).rows.unwrap(), 5);
}

/// pyarrow reads each of these; some are from writers that no longer exist.
#[test]
fn what_other_readers_make_sense_of_is_not_called_cut_off() {
    let process = Process::alone();
    let value = b"\x02\0\0\0CC";
    let plain = || page(6, 1, PLAIN, value);
    let words = || dictionary(6, 1, value);
    let indices = || page(3, 3, RLE_DICTIONARY, &[1, 6, 0]);
    let with_dictionary = || {
        let (data_offset, pages) = (4 + words().len() as i64, [words(), indices()].concat());
        File { pages, rows: 3, values: 3, has_dictionary: true, data_offset, ..File::default() }
    };
    let no_values = || File { rows: 0, values: 0, ..with_dictionary() };
    for (what, rows, file) in [
        ("a dictionary", 3, with_dictionary()),
        (
            "the dictionary's offset is missing",
            3,
            File { has_dictionary: false, data_offset: 4, ..with_dictionary() },
        ),
        ("both pages at one offset", 3, File { data_offset: 4, ..with_dictionary() }),
        ("offset 0 of no dictionary", 1, File { dictionary_offset: Some(0), ..one_page(plain()) }),
        ("no dictionary, after the page", 1, File { dictionary_offset: Some(400), ..one_page(plain()) }),
        ("a size without the dictionary's header", 3, File { size_error: -13, ..with_dictionary() }),
        ("a size that is not followed by a page", 1, one_page([plain(), vec![b'x'; 20]].concat())),
        ("no values, no pages", 0, File { rows: 0, values: 0, data_offset: 0, ..File::default() }),
        ("no values, a dictionary", 0, no_values()),
        ("a page of an index", 1, one_page([index(), plain()].concat())),
        (
            "another count in the file than in the row groups",
            1,
            File { file_rows: Some(9), ..one_page(plain()) },
        ),
    ] {
        let reading = process.parquet(file);
        assert_eq!(reading.rows.as_ref().ok(), Some(&rows), "{what}: {reading:?}");
    }
}

#[test]
fn a_page_that_claims_gigabytes_is_refused() {
    let process = Process::alone();
    for codec in [UNCOMPRESSED, SNAPPY, GZIP, BROTLI, LZ4, ZSTD, LZ4_RAW] {
        let file = File { codec, ..one_page(page(TWO_GIB, 1, PLAIN, b"\x02\0\0\0CC")) };
        process.assert_refused(file, "a page of 2047 MiB");
    }
    let pages = [dictionary(TWO_GIB, 1, b"\x02\0\0\0CC"), page(3, 3, RLE_DICTIONARY, &[1, 6, 0])].concat();
    process.assert_refused(
        File { has_dictionary: true, codec: SNAPPY, ..one_page(pages) },
        "a page of 2047 MiB",
    );
}

#[test]
fn a_page_that_unpacks_to_more_than_it_says_is_refused() {
    let process = Process::alone();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    let mut brotli = Vec::new();
    let mut packed = brotli::CompressorWriter::new(&mut brotli, 1 << 16, 1, 22);
    let mut lz4 = lz4_flex::frame::FrameEncoder::new(Vec::new());
    for _ in 0..300 {
        let block = vec![0; 1 << 20];
        gzip.write_all(&block).unwrap();
        packed.write_all(&block).unwrap();
        lz4.write_all(&block).unwrap();
    }
    drop(packed);
    for (codec, content) in [(GZIP, gzip.finish().unwrap()), (BROTLI, brotli), (LZ4, lz4.finish().unwrap())] {
        process.assert_refused(
            File { codec, ..one_page(page(1000, 1, PLAIN, &content)) },
            "larger than it claims",
        );
    }
}

#[test]
fn a_page_past_the_end_of_the_file_is_refused() {
    let process = Process::alone();
    // The column is as long as its pages; the page header claims more than is left.
    let mut pages = page(6, 1, PLAIN, b"\x02\0\0\0CC");
    pages.truncate(pages.len() - 3);
    process.parquet(one_page(pages)).within(32).refused();
}

#[test]
fn counts_that_no_page_can_hold_are_refused() {
    let process = Process::alone();
    let pages = dictionary(6, TWO_GIB, b"\x02\0\0\0CC");
    process.assert_refused(
        File { has_dictionary: true, ..one_page(pages) },
        "a dictionary of 2147483647 values",
    );
    for (encoding, streams) in [(DELTA_LENGTH_BYTE_ARRAY, 1), (DELTA_BYTE_ARRAY, 2)] {
        let content = zeros(1 << 40).repeat(streams);
        let pages = page(content.len() as i64, TWO_GIB, encoding, &content);
        let file = File { values: TWO_GIB, rows: TWO_GIB, ..one_page(pages) };
        process.assert_refused(file, "a page of 1099511627776 lengths");
    }
    let second = [zeros(4), zeros(1 << 40)].concat();
    let pages = page(second.len() as i64, 4, DELTA_BYTE_ARRAY, &second);
    process.assert_refused(File { values: 4, rows: 4, ..one_page(pages) }, "a page of 1099511627776 lengths");
}

/// A list of a thousand million values, in a few bytes.
#[test]
fn a_row_of_a_thousand_million_values_is_refused() {
    let process = Process::alone();
    let levels = |level: u8| {
        let mut run = Vec::new();
        write_number((1 << 30) << 1, &mut run);
        run.push(level);
        [(run.len() as u32).to_le_bytes().to_vec(), run].concat()
    };
    let content = [levels(1), levels(0)].concat();
    let pages = page(content.len() as i64, 1 << 30, PLAIN, &content);
    let file = File {
        schema: vec![
            root(2),
            leaf("smiles", BYTE_ARRAY, 0, REQUIRED),
            group("list", REPEATED, 1),
            leaf("item", BYTE_ARRAY, 0, OPTIONAL),
        ],
        path: &["list", "item"],
        values: 1 << 30,
        ..one_page(pages)
    };
    process.parquet(file).within(32).refused();
}

#[test]
fn a_schema_that_claims_too_much_is_refused() {
    let process = Process::alone();
    process.assert_refused(
        File { schema: vec![root(TWO_GIB), leaf("smiles", BYTE_ARRAY, 0, REQUIRED)], ..File::default() },
        "announces 2147483647 columns",
    );
    let mut wide = vec![root(70_000)];
    wide.extend((0..70_000).map(|_| leaf("smiles", BYTE_ARRAY, 0, REQUIRED)));
    process.assert_refused(File { schema: wide, ..File::default() }, "70001 columns");
    let mut deep = vec![root(1)];
    deep.extend((0..60_000).map(|_| group("x", OPTIONAL, 1)));
    deep.push(leaf("smiles", BYTE_ARRAY, 0, OPTIONAL));
    process.assert_refused(File { schema: deep, ..File::default() }, "nested more than 64 deep");
}

#[test]
fn a_footer_that_announces_row_groups_is_refused() {
    let process = Process::alone();
    for count in [40_000, i32::MAX as u64, u64::MAX] {
        let schema = List(vec![root(1), leaf("smiles", BYTE_ARRAY, 0, REQUIRED)]);
        let footer = Struct(vec![(1, Int(2)), (2, schema), (3, Long(1)), (4, Announced(count))]);
        let bytes = [b"PAR1".to_vec(), vec![0; 1 << 16], close(&footer)].concat();
        process.read("hostile.parquet", &bytes).within(32).refused();
    }
}

#[test]
fn more_row_groups_than_can_be_read_are_told_with_a_way_out() {
    let process = Process::alone();
    let schema = List(vec![root(1), leaf("smiles", BYTE_ARRAY, 0, REQUIRED)]);
    let groups = List((0..40_000).map(|_| Struct(vec![(2, Long(0)), (3, Long(0))])).collect());
    let footer = Struct(vec![(1, Int(2)), (2, schema), (3, Long(0)), (4, groups)]);
    let bytes = [b"PAR1".to_vec(), close(&footer)].concat();
    let reading = process.read("hostile.parquet", &bytes);
    let words = reading.within(32).refused();
    assert!(words.contains("40000 row groups, and at most 32767 can be read; write it again"), "{words}");
}

/// Rows that refer to one value of a dictionary together are as large as that value alone.
#[test]
fn a_value_that_many_rows_share_is_held_once() {
    let process = Process::alone();
    const ROWS: usize = 100;
    let smiles: ArrayRef = Arc::new(StringArray::from_iter_values((0..ROWS).map(|row| format!("C{row}"))));
    let large = "C".repeat(8 << 20);
    let kept: ArrayRef = Arc::new(StringArray::from_iter_values(std::iter::repeat_n(large.as_str(), ROWS)));
    let properties = WriterProperties::builder()
        .set_compression(Codec::ZSTD(Default::default()))
        .set_dictionary_page_size_limit(1 << 30)
        .build();
    let mut file = Vec::new();
    let batch = RecordBatch::try_from_iter([("smiles", smiles), ("kept", kept)]).unwrap();
    let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    drop(batch);
    let reading = process.read("shared.parquet", &file);
    assert_eq!(*reading.within(80).rows.as_ref().unwrap(), ROWS as u64);
}
