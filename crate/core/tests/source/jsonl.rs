//! JSON lines: the types of columns, values that do not fit, lines that are not objects.

use std::path::PathBuf;

use arrow::datatypes::DataType;
use proptest::prelude::*;
use tempfile::TempDir;
use xform_core::engine::RejectCode;
use xform_core::source::{InputFormat, SourceOptions};

use crate::library::{Library, keep, keep_all, open, read, read_in};

fn file(content: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.jsonl");
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

fn library(content: &str, options: &SourceOptions) -> Library {
    let (_folder, path) = file(content);
    read(&path, options).unwrap()
}

/// The reasons of the faults.
fn reasons(content: &str, options: &SourceOptions) -> Vec<String> {
    let (_folder, path) = file(content);
    let chunk = open(&path, options).unwrap().next_chunk(1000).unwrap().unwrap();
    chunk.faults.iter().map(|fault| fault.in_words().to_owned()).collect()
}

fn data_type(library: &Library, name: &str) -> DataType {
    library.rows.schema().field_with_name(name).unwrap().data_type().clone()
}

const LINES: &str = r#"{"id": 7, "smiles": "CCO", "mw": 46.1, "ok": true, "tags": ["a", 1], "name": "eth\u00e4nol"}

{"smiles": "C", "mw": 16, "id": 8, "mixed": 1}
  {"id": 9, "name": null, "mixed": "x", "mw": null}
{"id": 10, "smiles": null, "mixed": 2.50}
{"id": 11, "smiles": "", "ok": false, "nothing": null}
"#;

#[test]
fn columns_have_the_narrowest_type_that_keeps_their_values() {
    for content in [LINES.to_owned(), LINES.replace('\n', "\r\n"), LINES.trim_end().to_owned()] {
        let library = library(&content, &keep_all());
        assert_eq!(library.columns.format, InputFormat::Jsonl);
        assert_eq!(library.values(), [Some("CCO"), Some("C"), None, None, Some("")]);
        let codes: Vec<_> = library.faults.iter().map(|(row, code, _)| (*row, *code)).collect();
        assert_eq!(codes, [(2, RejectCode::Null), (3, RejectCode::Null), (4, RejectCode::Empty)]);
        for (name, expected) in [
            ("id", DataType::Int64),
            ("source_mw", DataType::Float64),
            ("source_ok", DataType::Boolean),
            ("source_tags", DataType::Utf8),
            ("source_name", DataType::Utf8),
            ("source_mixed", DataType::Utf8),
            ("source_nothing", DataType::Utf8),
        ] {
            assert_eq!(data_type(&library, name), expected, "{name}");
        }
        let texts = |name: &str| -> Vec<String> {
            library.column(name).into_iter().map(|value| value.unwrap_or_else(|| "-".to_owned())).collect()
        };
        assert_eq!(texts("source_mw"), ["46.1", "16.0", "-", "-", "-"]);
        assert_eq!(texts("source_tags"), ["[\"a\", 1]", "-", "-", "-", "-"]);
        assert_eq!(texts("source_mixed"), ["-", "1", "x", "2.50", "-"]);
        assert_eq!(texts("source_name")[0], "eth\u{e4}nol");
    }
}

#[test]
fn a_line_that_is_not_an_object_is_malformed() {
    let content = "{\"smiles\": \"CCO\"}\n[1]\n{\"smiles\": \"C\"\n\n{\"smiles\": \"C\", \"smiles\": \"N\"}\n{\"smiles\": \"O\"}";
    let library = library(content, &keep_all());
    assert_eq!(library.smiles, ["CCO", "", "", "", "O"]);
    let codes: Vec<_> =
        library.faults.iter().map(|(row, code, text)| (*row, *code, text.clone().unwrap())).collect();
    assert_eq!(codes[0], (1, RejectCode::Malformed, "[1]".to_owned()));
    assert_eq!(codes[1], (2, RejectCode::Malformed, "{\"smiles\": \"C\"".to_owned()));
    let reasons = reasons(content, &keep_all());
    assert!(
        reasons[0].starts_with("line 2 is not a JSON object: invalid type: sequence, expected an object"),
        "{reasons:?}"
    );
    assert!(reasons[1].starts_with("line 3 is not a JSON object: EOF"), "{reasons:?}");
    assert!(
        reasons[2].starts_with("line 5 is not a JSON object: the key \"smiles\" is there twice"),
        "{reasons:?}"
    );
}

/// Rows beyond those that show the types.
fn long(last: &str) -> String {
    let line = "{\"smiles\": \"CCO\", \"n\": 1, \"x\": 0.5, \"b\": true}\n";
    line.repeat(10_000) + last
}

#[test]
fn a_value_that_does_not_fit_rejects_its_row_if_it_is_carried_over() {
    for (value, reason) in [
        ("\"n\": 1.5", "line 10001, column \"n\": 1.5 is not a whole number of 64 bits"),
        ("\"n\": \"1\"", "line 10001, column \"n\": \"1\" is not a whole number of 64 bits"),
        (
            "\"x\": 9007199254740993",
            "line 10001, column \"x\": 9007199254740993 is not a number that float64 can keep",
        ),
        ("\"b\": 0", "line 10001, column \"b\": 0 is neither true nor false"),
    ] {
        let content = long(&format!("{{\"smiles\": \"CO\", {value}}}\n"));
        let library = library(&content, &keep_all());
        assert_eq!(library.faults, [(10_000, RejectCode::BadValue, Some("CO".to_owned()))], "{value}");
        assert_eq!(library.column("source_n")[10_000], None);
        let (_folder, path) = file(&content);
        let mut source = open(&path, &keep_all()).unwrap();
        source.skip(10_000, &|| Ok(())).unwrap();
        assert_eq!(source.next_chunk(1).unwrap().unwrap().faults[0].in_words(), reason);
        assert_eq!(read(&path, &SourceOptions::default()).unwrap().smiles.len(), 10_001);
        assert_eq!(read(&path, &SourceOptions::default()).unwrap().faults, [], "{value} is not carried over");
    }
    let kept = library(&long("{\"smiles\": \"CO\", \"n\": null, \"x\": 2}\n"), &keep(&["n", "x"]));
    assert_eq!((kept.faults.len(), kept.column("source_x")[10_000].as_deref()), (0, Some("2.0")));
}

#[test]
fn values_of_later_keys_are_counted() {
    let content = long("{\"smiles\": \"CO\", \"late\": 1, \"later\": 2, \"last\": null}\n");
    let (_folder, path) = file(&content);
    let unlisted = |options: &SourceOptions| {
        let mut source = open(&path, options).unwrap();
        source.skip(10_000, &|| Ok(())).unwrap();
        source.next_chunk(1).unwrap().unwrap().unlisted
    };
    let all = unlisted(&keep_all());
    assert_eq!((all.values, all.column.as_deref()), (2, Some("late")));
    assert_eq!(unlisted(&SourceOptions::default()).values, 0, "nothing was to be kept");
}

#[test]
fn smiles_are_found_by_content_if_no_key_names_them() {
    let found = library(
        "{\"a\": \"x1\", \"mol\": \"CCO\"}\n{\"a\": \"x2\", \"mol\": \"CC\"}\n",
        &SourceOptions::default(),
    );
    assert_eq!((found.columns.smiles.as_str(), found.smiles.len()), ("mol", 2));
    let (_folder, path) = file("{\"a\": \"CCO\", \"b\": \"CC\"}\n");
    let error = read(&path, &SourceOptions::default()).unwrap_err();
    assert_eq!(error.code(), "XFORM_INPUT_COLUMN");
    assert!(error.to_string().contains("its string columns are \"a\", \"b\""), "{error}");
}

#[test]
fn bytes_that_are_not_utf8_reject_their_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.jsonl");
    std::fs::write(&path, b"{\"smiles\": \"CCO\"}\n{\"smiles\": \"C\xff\"}\n{\"smiles\": \"N\\u0000\"}\n")
        .unwrap();
    let library = read(&path, &SourceOptions::default()).unwrap();
    let codes: Vec<_> = library.faults.iter().map(|(row, code, _)| (*row, *code)).collect();
    assert_eq!(codes, [(1, RejectCode::Malformed), (2, RejectCode::NulByte)]);
}

#[test]
fn a_line_without_an_end_is_an_error_and_not_all_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.jsonl");
    std::fs::write(&path, format!("{{\"smiles\": \"{}\"}}\n", "C".repeat(17 << 20))).unwrap();
    let error = read(&path, &SourceOptions::default()).unwrap_err();
    assert_eq!(error.code(), "XFORM_INPUT_CORRUPT", "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn text_comes_back_and_chunks_are_only_cuts(
        texts in prop::collection::vec(proptest::option::of(any::<String>()), 1..60),
        max_rows in 1_usize..70,
    ) {
        let lines: Vec<String> = texts.iter().enumerate().map(|(row, text)| {
            serde_json::json!({ "smiles": "C", "id": row, "text": text }).to_string() + "\n"
        }).collect();
        let (_folder, path) = file(&lines.concat());
        let whole = read(&path, &keep_all()).unwrap();
        prop_assert_eq!(&whole, &read_in(&path, &keep_all(), max_rows).unwrap());
        prop_assert_eq!(whole.column("source_text"), texts);
    }

    #[test]
    fn any_lines_give_rows_or_an_error_of_the_input(lines in prop::collection::vec("[{}\\[\\]:,\"a1.n \\\\-]{0,20}", 0..20)) {
        let content = format!("{{\"smiles\": \"C\"}}\n{}\n", lines.join("\n"));
        let library = library(&content, &keep_all());
        let rows = lines.iter().filter(|line| !line.trim_ascii().is_empty()).count();
        prop_assert_eq!(library.smiles.len(), 1 + rows);
    }
}
