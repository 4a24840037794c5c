//! The format of a file: by content, by name, by option; and the same rows in all of them.

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::ipc::writer::FileWriter;
use parquet::arrow::ArrowWriter;
use xform_core::Error;
use xform_core::source::{InputFormat, PACKINGS, Source, SourceOptions, read_stream};

use crate::documented::follows;
use crate::library::{open, read, reads_as_smiles};
use crate::packing::packed_in_every_way;

const ROWS: [(&str, &str); 6] = [
    ("CCO", "M1"),
    ("c1ccccc1O", "M2"),
    ("C[C@H](N)C(=O)O", "M3"),
    ("[Cl-].[NH4+]", "M4"),
    ("CC(=O)Oc1ccccc1C(=O)O", "M5"),
    ("N#N", "M6"),
];

/// A mol block without atoms. Core passes mol blocks on as text; the tests of chemistry read them.
fn mol_block(id: &str) -> String {
    format!("{id}\n  test\n\n  0  0  0  0  0  0  0  0  0  0999 V2000\nM  END\n")
}

/// The text of each row with its id, as a format gives them.
fn expected(format: InputFormat) -> Vec<(String, String)> {
    let text = |smiles: &str, id| match format {
        InputFormat::Sdf => mol_block(id),
        _ => smiles.to_owned(),
    };
    ROWS.map(|(smiles, id)| (text(smiles, id), id.to_owned())).to_vec()
}

/// The library in a format.
fn written(format: InputFormat) -> Vec<u8> {
    let table = |separator: char, header: &str| {
        let lines = ROWS.iter().map(|(smiles, id)| format!("{smiles}{separator}{id}\n"));
        format!("{header}{}", lines.collect::<String>()).into_bytes()
    };
    let batch = || {
        let smiles: ArrayRef = Arc::new(StringArray::from_iter_values(ROWS.iter().map(|(smiles, _)| smiles)));
        let id: ArrayRef = Arc::new(StringArray::from_iter_values(ROWS.iter().map(|(_, id)| id)));
        RecordBatch::try_from_iter([("smiles", smiles), ("id", id)]).unwrap()
    };
    match format {
        InputFormat::Smi => table(' ', ""),
        InputFormat::Csv => table(',', "smiles,id\n"),
        InputFormat::Tsv => table('\t', "smiles\tid\n"),
        InputFormat::Jsonl => {
            let line = |(smiles, id): &(&str, &str)| {
                serde_json::json!({ "smiles": smiles, "id": id }).to_string() + "\n"
            };
            ROWS.iter().map(line).collect::<String>().into_bytes()
        }
        InputFormat::Parquet => {
            let mut writer = ArrowWriter::try_new(Vec::new(), batch().schema(), None).unwrap();
            writer.write(&batch()).unwrap();
            writer.into_inner().unwrap()
        }
        InputFormat::Arrow => {
            let mut bytes = Vec::new();
            let mut writer = FileWriter::try_new(&mut bytes, &batch().schema()).unwrap();
            writer.write(&batch()).unwrap();
            writer.finish().unwrap();
            drop(writer);
            bytes
        }
        InputFormat::Sdf => {
            ROWS.iter().map(|(_, id)| mol_block(id) + "$$$$\n").collect::<String>().into_bytes()
        }
    }
}

fn rows(mut source: Box<dyn Source>) -> Result<Vec<(String, String)>, Error> {
    let mut rows = Vec::new();
    while let Some(chunk) = source.next_chunk(100)? {
        let format = arrow::util::display::FormatOptions::new();
        let ids = arrow::util::display::ArrayFormatter::try_new(chunk.columns.column(0), &format).unwrap();
        let smiles = |row| String::from_utf8(chunk.smiles.get(row).to_vec()).unwrap();
        rows.extend((0..chunk.smiles.len()).map(|row| (smiles(row), ids.value(row).to_string())));
    }
    Ok(rows)
}

/// What comes of reading, in words of the documentation.
fn outcome(all: &[(String, String)], read: Result<Vec<(String, String)>, Error>) -> &'static str {
    match read {
        Ok(rows) if rows == all => "same rows",
        Ok(rows) if all.starts_with(&rows) => "fewer rows",
        Ok(_) => "other rows",
        Err(Error::InputUnreadable { .. }) => "refused",
        Err(Error::InputCorrupt { .. }) => "ends with an error",
        Err(_) => "another error",
    }
}

/// The matrix of the documentation: what every format gives in every way in which a library may come.
#[test]
fn every_format_gives_the_same_rows_in_every_way() {
    let folder = tempfile::tempdir().unwrap();
    let ways: Vec<String> = ["a file", "of another name", "a pipe"]
        .map(str::to_owned)
        .into_iter()
        .chain(PACKINGS.iter().map(|packing| format!("`.{}`", packing.extension)))
        .chain(["`.gz` cut off".to_owned()])
        .collect();
    let mut table = vec![format!("|---|{}", "---|".repeat(ways.len()))];
    for format in InputFormat::ALL {
        let (all, content) = (expected(format), written(format));
        let facts = format.facts();
        let from_file = |name: &str, content: &[u8]| {
            let path = folder.path().join(name);
            fs::write(&path, content).unwrap();
            outcome(&all, open(&path, &SourceOptions::default()).and_then(rows))
        };
        let name = format!("l.{}", facts.extensions[0]);
        let stream = Box::new(Cursor::new(content.clone()));
        let options = SourceOptions { format: Some(format), ..SourceOptions::default() };
        let piped =
            read_stream(Path::new("standard input"), stream, &options, &reads_as_smiles).and_then(rows);
        let mut outcomes =
            vec![from_file(&name, &content), from_file("library", &content), outcome(&all, piped)];
        let packed = packed_in_every_way(&content);
        outcomes.extend(
            packed.iter().map(|(extension, packed)| from_file(&format!("{name}.{extension}"), packed)),
        );
        let gzipped = &packed[0].1;
        outcomes.push(from_file(&format!("{name}.gz"), &gzipped[..gzipped.len() - 9]));

        let outcome_of = |streams: bool| if streams { "same rows" } else { "refused" };
        assert_eq!(outcomes[..2], ["same rows"; 2], "{}", facts.title);
        let streamed = outcomes[2..outcomes.len() - 1].iter();
        assert!(
            streamed.clone().all(|outcome| *outcome == outcome_of(facts.streams)),
            "{}: {outcomes:?}",
            facts.title
        );
        assert!(
            ["refused", "ends with an error"].contains(outcomes.last().unwrap()),
            "{}: {outcomes:?}",
            facts.title
        );
        table.push(format!("| {} | {} |", facts.title, outcomes.join(" | ")));
    }
    follows(&format!("| format | {} |", ways.join(" | ")), &table);
}

#[test]
fn content_that_is_proven_or_clear_is_read_under_any_name_with_a_notice() {
    let folder = tempfile::tempdir().unwrap();
    for format in InputFormat::ALL {
        let content = written(format);
        let facts = format.facts();
        for (name, notice) in [
            ("library".to_owned(), Some("its name has no extension")),
            ("library.dat".to_owned(), Some("its name ends in .dat")),
            ("library.dat.gz".to_owned(), Some("its name ends in .dat")),
            (format!("library.{}", facts.extensions[0]), None),
        ] {
            let path = folder.path().join(&name);
            fs::write(&path, &content).unwrap();
            let library =
                read(&path, &SourceOptions::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(library.columns.format, format, "{name}");
            assert_eq!(library.smiles.len(), ROWS.len(), "{name}");
            match notice {
                None => assert_eq!(library.columns.notices, Vec::<String>::new()),
                Some(words) => {
                    let notice = &library.columns.notices[0];
                    let says = format!("but its content is {}", facts.title);
                    assert!(notice.contains(words) && notice.contains(&says), "{notice}");
                }
            }
        }
    }
    let path = folder.path().join("l.smi");
    fs::write(&path, written(InputFormat::Parquet)).unwrap();
    let library = read(&path, &SourceOptions::default()).unwrap();
    assert!(library.columns.notices[0].contains("its name ends in .smi, but its content is Parquet"));
}

#[test]
fn the_option_overrules_content_and_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.csv");
    fs::write(&path, "{\"smiles\": \"CCO\"}\n").unwrap();
    let as_format = |format| SourceOptions {
        format: Some(format),
        smiles_column: Some("1".to_owned()),
        header: None,
        ..SourceOptions::default()
    };
    assert_eq!(read(&path, &SourceOptions::default()).unwrap().smiles, ["CCO"]);
    let lines = read(&path, &as_format(InputFormat::Smi)).unwrap();
    assert_eq!((lines.columns.format, lines.smiles.len()), (InputFormat::Smi, 1));
    assert_ne!(lines.smiles, ["CCO"]);
    for (format, words) in
        [(InputFormat::Parquet, "no readable footer"), (InputFormat::Arrow, "impossible length")]
    {
        let error = read(&path, &as_format(format)).unwrap_err();
        assert_eq!(error.code(), "XFORM_INPUT_UNREADABLE");
        assert!(error.to_string().contains(words), "{error}");
    }
    let names: Vec<&str> = InputFormat::NAMED.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["parquet", "smi", "csv", "tsv", "sdf", "jsonl", "arrow"]);
}

#[test]
fn options_of_tables_are_refused_for_other_formats() {
    let folder = tempfile::tempdir().unwrap();
    for format in InputFormat::ALL.into_iter().filter(|format| !format.is_table()) {
        let content = written(format);
        let path = folder.path().join("l");
        fs::write(&path, content).unwrap();
        let options = SourceOptions { header: Some(true), ..SourceOptions::default() };
        let error = open(&path, &options).err().unwrap();
        assert_eq!(error.code(), "XFORM_INVALID_OPTION", "{error}");
        assert!(error.to_string().contains(format.facts().title), "{error}");
    }
}
