//! SDF, cut into records without chemistry: what RDKit's `SDMolSupplier` reads in the files of several programs, as
//! `scripts/oracle/main.py sdf` has recorded it, and every edge of a record.

use std::collections::BTreeMap;
use std::path::PathBuf;

use arrow::array::AsArray;
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use tempfile::TempDir;
use xform_core::engine::{Notation, RejectCode};
use xform_core::source::{ColumnTypes, KeepColumns, SourceOptions, Unlisted};

use crate::library::{Library, keep, keep_all, open, read, read_in};
use crate::text::gzip;

const FILES: [&str; 9] = [
    "rdkit-2d.sdf",
    "rdkit-3d.sdf",
    "rdkit-v3000.sdf",
    "openbabel.sdf",
    "pubchem.sdf",
    "chembl.sdf",
    "crlf.sdf",
    "no-end.sdf",
    "edges.sdf",
];

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixture/sdf").join(name)
}

/// Title and data items of each record of a file, as Python has them.
fn expected(file: &str) -> Vec<(String, bool, BTreeMap<String, String>)> {
    let table = std::fs::read_to_string(fixture("expected.tsv")).unwrap();
    let rows = table.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    let of_file = rows.filter(|row| row[0] == file);
    of_file
        .map(|row| (row[1].to_owned(), row[2].starts_with('('), serde_json::from_str(row[3]).unwrap()))
        .collect()
}

fn text(name: &str, content: &str, options: &SourceOptions) -> Library {
    bytes(name, content.as_bytes(), options)
}

fn bytes(name: &str, content: &[u8], options: &SourceOptions) -> Library {
    let (_folder, path) = file(name, content);
    read(&path, options).unwrap()
}

fn file(name: &str, content: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

fn error(content: &[u8], options: &SourceOptions) -> (&'static str, String) {
    let (_folder, path) = file("l.sdf", content);
    let error = read(&path, options).unwrap_err();
    (error.code(), error.to_string())
}

/// A mol block without atoms, with this title.
fn block(title: &str) -> String {
    format!("{title}\n  test\n\n  0  0  0  0  0  0  0  0  0  0999 V2000\nM  END\n")
}

fn some(values: &[&str]) -> Vec<Option<String>> {
    values.iter().map(|value| (!value.is_empty()).then(|| (*value).to_owned())).collect()
}

#[test]
fn titles_and_data_are_those_of_python() {
    let (mut records, mut values) = (0, 0);
    for name in FILES {
        let library = read(&fixture(name), &keep_all()).unwrap();
        let expected = expected(name);
        assert_eq!(library.smiles.len(), expected.len(), "{name}");
        assert_eq!(library.columns.notation, Notation::MolBlock);
        let titles = library.column("title");
        for (row, (title, is_reject, data)) in expected.iter().enumerate() {
            if *is_reject {
                continue;
            }
            records += 1;
            assert_eq!(titles[row].as_deref().unwrap_or_default(), title, "{name} {row}");
            for field in library.columns.kept.iter().map(|field| field.name()) {
                let value = library.column(field)[row].clone().unwrap_or_default();
                let python = data.get(field.trim_start_matches("source_")).cloned().unwrap_or_default();
                assert_eq!(value, python, "{name} {row} {field}");
                values += usize::from(!value.is_empty());
            }
            let listed = data
                .keys()
                .filter(|key| !library.columns.kept.iter().any(|f| f.name() == &format!("source_{key}")));
            assert_eq!(listed.count(), 0, "{name} {row}");
        }
    }
    assert!(records > 240 && values > 400, "{records} records, {values} values");
}

#[test]
fn the_cuts_between_chunks_change_nothing() {
    for name in FILES {
        let whole = read(&fixture(name), &keep_all()).unwrap();
        for max_rows in [1, 2, 7] {
            assert_eq!(read_in(&fixture(name), &keep_all(), max_rows).unwrap(), whole, "{name} {max_rows}");
        }
    }
}

#[test]
fn line_ends_and_compression_change_nothing() {
    let content = std::fs::read_to_string(fixture("rdkit-2d.sdf")).unwrap();
    let expected = text("l.sdf", &content, &keep_all());
    for ends in ["\r\n", "\r", "\r\r\n"] {
        assert_eq!(
            text("l.sdf", &content.replace('\n', ends), &keep_all()).smiles,
            expected.smiles,
            "{ends:?}"
        );
    }
    assert_eq!(bytes("l.sdf.gz", &gzip(content.as_bytes()), &keep_all()).rows, expected.rows);
    assert_eq!(
        bytes("l.sdf", &[b"\xef\xbb\xbf", content.as_bytes()].concat(), &keep_all()).rows,
        expected.rows
    );
}

#[test]
fn a_row_is_the_mol_block_alone_and_has_its_line() {
    let content = format!("{}> <a>\n1\n\n$$$$\n{}$$$$\n", block("one"), block("two"));
    let (_folder, path) = file("l.sdf", content.as_bytes());
    let mut source = open(&path, &SourceOptions::default()).unwrap();
    let chunk = source.next_chunk(100).unwrap().unwrap();
    assert_eq!(chunk.smiles.get(0), block("one").as_bytes());
    assert_eq!(chunk.smiles.get(1), block("two").as_bytes());
    assert_eq!(chunk.smiles.lines(), [1, 10]);
    assert_eq!(chunk.smiles.notation(), Notation::MolBlock);
}

#[test]
fn blank_lines_between_records_are_skipped() {
    for blank in ["\n", "\n\n\n", " \n\t\n", "\r\n\r\n\r\n\r\n\r\n\r\n"] {
        let content = format!("{blank}{}$$$$\n{blank}{}$$$$\n{blank}", block("one"), block("two"));
        let library = text("l.sdf", &content, &SourceOptions::default());
        assert_eq!(library.column("title"), some(&["one", "two"]), "{blank:?}");
        assert_eq!(library.smiles, [block("one"), block("two")], "{blank:?}");
    }
    let (_folder, path) =
        file("l.sdf", format!("{}$$$$\n\n\n{}$$$$\n", block("one"), block("two")).as_bytes());
    let mut source = open(&path, &SourceOptions::default()).unwrap();
    assert_eq!(source.next_chunk(100).unwrap().unwrap().smiles.lines(), [1, 9], "the line of the title");
}

#[test]
fn a_blank_title_is_a_null_and_stays_in_its_block() {
    let content = format!("{}$$$$\n{}$$$$\n{}$$$$\n", block(""), block("  "), block(" two "));
    let library = text("l.sdf", &content, &SourceOptions::default());
    assert_eq!(library.column("title"), some(&["", "", "two"]));
    assert_eq!(library.smiles, [block(""), block("  "), block(" two ")]);
}

#[test]
fn a_record_without_its_end_is_read() {
    let whole = format!("{}> <a>\n1\n\n$$$$\n{}> <a>\n2", block("one"), block("two"));
    for end in ["", "\n", "\n\n", "\n\n$$$$", "\n\n$$$$\n", "\n\n$$$$ \n\n\n\n\n\n"] {
        let library = text("l.sdf", &format!("{whole}{end}"), &keep_all());
        assert_eq!(library.column("source_a"), some(&["1", "2"]), "{end:?}");
    }
}

#[test]
fn a_record_without_a_block_is_empty_and_is_a_row() {
    let content = format!("{}$$$$\n$$$$\n\n\n$$$$\n{}", block("one"), block("two"));
    let library = text("l.sdf", &content, &SourceOptions::default());
    assert_eq!(library.faults, [(1, RejectCode::Empty, None), (2, RejectCode::Empty, None)]);
    assert_eq!(library.column("title"), some(&["one", "", "", "two"]));
}

#[test]
fn a_block_without_its_end_goes_up_to_the_data() {
    let cut = block("one").replace("M  END\n", "");
    let content = format!("{cut}> <a>\n1\n\n$$$$\n{}", block("two"));
    let library = text("l.sdf", &content, &keep_all());
    assert_eq!(library.smiles, [cut, block("two")], "RDKit says what is missing");
    assert_eq!(library.column("source_a"), some(&["1", ""]));
}

#[test]
fn values_have_all_their_lines() {
    let data = "> <long>\none\n\ntwo\n> <three>\n\n\n> <empty>\n\n>  <x> (7)\nlast\n\n> DT12\nfield\n\n>\nnameless\n";
    let library = text("l.sdf", &format!("{}{data}", block("one")), &keep_all());
    let value = |name: &str| library.column(&format!("source_{name}"))[0].clone();
    assert_eq!(value("long").as_deref(), Some("one\n\ntwo\n> <three>"));
    assert_eq!(value("empty"), None);
    assert_eq!(value("x").as_deref(), Some("last"));
    assert_eq!(value("DT12").as_deref(), Some("field"));
    assert_eq!(value("").as_deref(), Some("nameless"));
}

#[test]
fn the_id_is_the_title_unless_an_option_names_a_data_item() {
    let content = format!("{}> <key>\n7\n\n$$$$\n", block("one"));
    let by = |column: &str| SourceOptions {
        id_column: Some(column.to_owned()),
        keep_columns: KeepColumns::All,
        ..SourceOptions::default()
    };
    let id = |library: &Library| library.columns.id.as_ref().unwrap().name().clone();
    assert_eq!(id(&text("l.sdf", &content, &keep_all())), "title");
    let library = text("l.sdf", &content, &by("key"));
    assert_eq!((id(&library).as_str(), library.column("key")), ("key", some(&["7"])));
    assert_eq!(library.column("source_title"), some(&["one"]));
    let (code, message) = error(content.as_bytes(), &by("nothing"));
    assert_eq!(code, "XFORM_INPUT_COLUMN", "{message}");
    assert!(message.contains(r#"the columns are "mol block", "title", "key""#), "{message}");
}

#[test]
fn data_that_only_later_records_have_is_counted_unless_it_is_named() {
    let mut content = format!("{}> <early>\n1\n\n$$$$\n", block("x")).repeat(10_000);
    content.push_str(&format!("{}> <late>\n2\n\n> <later>\n3\n\n$$$$\n", block("last")));
    let unlisted = |options: &SourceOptions| {
        let (_folder, path) = file("l.sdf", content.as_bytes());
        let mut source = open(&path, options).unwrap();
        let mut unlisted = Unlisted::default();
        while let Some(chunk) = source.next_chunk(1024).unwrap() {
            unlisted.add(&chunk.unlisted);
        }
        (source.columns().clone(), unlisted)
    };
    let (columns, counted) = unlisted(&keep_all());
    assert_eq!(columns.kept.iter().map(|field| field.name().as_str()).collect::<Vec<_>>(), ["source_early"]);
    assert_eq!((counted.values, counted.column.as_deref()), (2, Some("late")));

    let (columns, counted) = unlisted(&keep(&["later"]));
    assert_eq!(counted.values, 0);
    assert!(columns.warnings[0].starts_with("the kept column \"later\" is in none of the first records"));
    let library = text("l.sdf", &content, &keep(&["later"]));
    assert_eq!(library.column("source_later")[10_000].as_deref(), Some("3"));
}

#[test]
fn values_get_the_type_that_is_asked_for() {
    let values =
        [("1", "2.5"), (" -7 ", "1e3"), ("", ""), ("1.5", "1"), ("1", "high"), ("9999999999999999999", "0")];
    let records =
        values.map(|(int, float)| format!("{}> <count>\n{int}\n\n> <mass>\n{float}\n\n$$$$\n", block("x")));
    let options = SourceOptions {
        column_types: ColumnTypes::parse(&["count=int", "mass=float"]).unwrap(),
        ..keep_all()
    };
    let library = text("l.sdf", &records.concat(), &options);
    assert_eq!(library.rows.column_by_name("source_count").unwrap().data_type(), &DataType::Int64);
    let counts = library.rows.column_by_name("source_count").unwrap().as_primitive::<Int64Type>();
    assert_eq!(counts.iter().collect::<Vec<_>>(), [Some(1), Some(-7), None, None, Some(1), None]);
    let masses = library.rows.column_by_name("source_mass").unwrap().as_primitive::<Float64Type>();
    assert_eq!(
        masses.iter().collect::<Vec<_>>(),
        [Some(2.5), Some(1000.0), None, Some(1.0), None, Some(0.0)]
    );
    let bad = |row| (row, RejectCode::BadValue, None);
    assert_eq!(library.faults, [bad(3), bad(4), bad(5)], "a reject does not show its mol block");

    let table = SourceOptions {
        column_types: ColumnTypes::parse(&["id=int", "mass=float"]).unwrap(),
        ..keep(&["mass"])
    };
    let library = text("l.csv", "smiles,id,mass\nC,1,2\nCC,x,3\nCCC,2,y\n", &table);
    assert_eq!(library.columns.id.as_ref().unwrap().data_type(), &DataType::Int64);
    let bad = |row, smiles: &str| (row, RejectCode::BadValue, Some(smiles.to_owned()));
    assert_eq!(library.faults, [bad(1, "CC"), bad(2, "CCC")]);
}

#[test]
fn a_type_for_a_column_that_is_not_carried_is_refused() {
    let options = SourceOptions {
        column_types: ColumnTypes::parse(&["mass=float"]).unwrap(),
        ..SourceOptions::default()
    };
    let (code, message) = error(format!("{}> <mass>\n1\n\n", block("x")).as_bytes(), &options);
    assert_eq!(code, "XFORM_INPUT_COLUMN", "{message}");
    assert!(message.contains("\"mass\", which is neither the id nor a kept column"), "{message}");
    for bad in ["mass", "mass=", "mass=double", "=int"] {
        assert!(ColumnTypes::parse(&[bad]).is_err(), "{bad}");
    }
    assert!(ColumnTypes::parse(&["a=int", "a=float"]).is_err());
    assert_eq!(ColumnTypes::parse(&["a=b=int"]).unwrap().texts(), ["a=b=int"]);
}

#[test]
fn options_of_tables_are_refused() {
    let refused = |options: SourceOptions| error(block("x").as_bytes(), &options);
    let some = || Some("x".to_owned());
    for (options, name) in [
        (SourceOptions { smiles_column: some(), ..SourceOptions::default() }, "smiles_column"),
        (SourceOptions { molblock_column: some(), ..SourceOptions::default() }, "molblock_column"),
        (SourceOptions { header: Some(true), ..SourceOptions::default() }, "header"),
    ] {
        let (code, message) = refused(options);
        assert_eq!(code, "XFORM_INVALID_OPTION", "{message}");
        assert!(message.contains(name) && message.contains("SDF"), "{message}");
    }
}

#[test]
fn a_table_may_have_mol_blocks() {
    let quoted = |title: &str| format!("\"{}\"", block(title));
    let options =
        |column: &str| SourceOptions { molblock_column: Some(column.to_owned()), ..SourceOptions::default() };
    for (name, separator) in [("l.csv", ","), ("l.tsv", "\t")] {
        let rows = [
            ["id", "mol", "n"].join(separator),
            ["a", &quoted("one"), "1"].join(separator),
            ["b", &quoted("two"), "2"].join(separator),
        ];
        for column in ["mol", "2"] {
            let library = text(name, &format!("{}\n", rows.join("\n")), &options(column));
            assert_eq!(library.smiles, [block("one"), block("two")], "{name} {column}");
            assert_eq!(library.columns.notation, Notation::MolBlock);
            assert_eq!(library.column("id"), some(&["a", "b"]));
        }
        let (_folder, path) = file(name, rows.join("\n").as_bytes());
        let message = read(&path, &options("none")).unwrap_err().to_string();
        assert!(message.contains("no column \"none\""), "{message}");
    }
}

#[test]
fn bytes_that_are_not_utf8_are_replaced_and_a_nul_byte_is_a_fault() {
    let latin = [b"caf\xe9", block("").as_bytes(), b"> <a>\n\xb5\n\n$$$$\n"].concat();
    let nul = block("x").replace("test", "te\0st");
    let library = bytes("l.sdf", &[&latin[..], nul.as_bytes()].concat(), &keep_all());
    assert_eq!(library.smiles[0], block("caf\u{fffd}"));
    assert_eq!(library.column("title")[0].as_deref(), Some("caf\u{fffd}"));
    assert_eq!(library.replaced, 2);
    assert_eq!(library.faults, [(1, RejectCode::NulByte, None)]);
}

#[test]
fn a_record_has_a_size_limit_and_a_damaged_file_is_an_error() {
    let long = format!("{}> <a>\n{}", block("x"), "y".repeat(17 << 20));
    let (code, message) = error(long.as_bytes(), &keep_all());
    assert_eq!(code, "XFORM_INPUT_CORRUPT", "{message}");
    assert!(message.contains("a record of more than 16 MiB"), "{message}");

    let full = block("x") + &"y".repeat((16 << 20) - 1 - block("x").len()) + "\n";
    for end in ["", "$$$$\n"] {
        let (code, _) = error(format!("{full}{end}").as_bytes(), &SourceOptions::default());
        assert_eq!(code, "XFORM_INPUT_CORRUPT", "at the limit");
    }

    // Beyond the records that show the columns, and among them.
    for count in [20_000, 100] {
        let packed = gzip(format!("{}$$$$\n", block("x")).repeat(count).as_bytes());
        let (_folder, path) = file("l.sdf.gz", &packed[..packed.len() - 9]);
        for options in [SourceOptions::default(), keep_all()] {
            let error = read(&path, &options).unwrap_err();
            assert_eq!(error.code(), "XFORM_INPUT_CORRUPT", "{count} {error}");
        }
    }
}
