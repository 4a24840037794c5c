//! How text is read that is not what its name promises: separators, headers, and the columns used.

use std::path::PathBuf;

use tempfile::TempDir;
use xform_core::Error;
use xform_core::engine::SmilesBatch;
use xform_core::source::{Delimiter, KeepColumns, SourceOptions};

use crate::library::{Library, fixture, keep_all, read, read_with, reads_as_smiles, smiles_column};
use crate::text::gzip;

fn file(name: &str, content: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

fn library(name: &str, content: &str, options: &SourceOptions) -> Result<Library, String> {
    let (_folder, path) = file(name, content.as_bytes());
    let library = read(&path, options).map_err(|error| {
        assert_eq!(error.code(), "XFORM_INPUT_COLUMN", "{error}");
        error.to_string().replace(&path.display().to_string(), name)
    })?;
    let (_folder, path) = file(&format!("{name}.gz"), &gzip(content.as_bytes()));
    assert_eq!(read(&path, options).as_ref().ok(), Some(&library), "packed");
    Ok(library)
}

fn plain(name: &str, content: &str) -> Result<Library, String> {
    library(name, content, &SourceOptions::default())
}

fn layout(library: &Library) -> (Delimiter, bool) {
    let layout = library.columns.layout.as_ref().unwrap();
    (layout.delimiter, layout.header)
}

/// Name and values of the id column, if there is one.
fn ids(library: &Library) -> Option<(String, Vec<String>)> {
    let name = library.columns.id.as_ref()?.name().clone();
    let values = library.column(&name).into_iter().map(|value| value.unwrap_or_default()).collect();
    Some((name, values))
}

fn some_ids(name: &str, values: &[&str]) -> Option<(String, Vec<String>)> {
    Some((name.to_owned(), values.iter().map(|value| (*value).to_owned()).collect()))
}

fn options(delimiter: Option<Delimiter>, header: Option<bool>) -> SourceOptions {
    SourceOptions { delimiter, header, ..Default::default() }
}

#[test]
fn ids_first_without_a_header_are_ids() {
    for (name, blank, delimiter) in
        [("l.txt", "\t", Delimiter::Tab), ("l.smi", " ", Delimiter::Blank), ("l.tsv", "\t", Delimiter::Tab)]
    {
        let text = format!("702{blank}CCO\n887{blank}CO\n996{blank}Oc1ccccc1\n");
        let library = plain(name, &text).unwrap();
        assert_eq!(library.smiles, ["CCO", "CO", "Oc1ccccc1"], "{name}");
        assert_eq!(layout(&library), (delimiter, false));
        assert_eq!(ids(&library).unwrap().1, ["702", "887", "996"]);
    }
    let named = plain("l.txt", "ID SMILES\n702 CCO\n").unwrap();
    assert_eq!(
        (named.smiles.as_slice(), ids(&named)),
        (["CCO".to_owned()].as_slice(), some_ids("id", &["702"]))
    );
}

#[test]
fn no_line_of_a_table_without_a_header_is_lost() {
    let rows = ["Cc1ccccc1O,M1,108.1", "CCO,M2,46.1", "Oc1ccccc1C=O,M3,122.1"].join("\n");
    for (name, byte, delimiter) in [
        ("l.csv", ",", Delimiter::Comma),
        ("l.tsv", "\t", Delimiter::Tab),
        ("l.csv", ";", Delimiter::Semicolon),
        ("l.csv", "\t", Delimiter::Tab),
        ("l.tsv", ",", Delimiter::Comma),
        ("l.txt", "\t", Delimiter::Tab),
        ("l.smi", ",", Delimiter::Comma),
        ("l.smi", ";", Delimiter::Semicolon),
    ] {
        let library = plain(name, &rows.replace(',', byte)).unwrap();
        assert_eq!(library.smiles, ["Cc1ccccc1O", "CCO", "Oc1ccccc1C=O"], "{name} {byte:?}");
        assert_eq!(layout(&library), (delimiter, false), "{name} {byte:?}");
        assert_eq!(library.columns.smiles, "column_1");
        assert_eq!(ids(&library), some_ids("column_2", &["M1", "M2", "M3"]), "{name} {byte:?}");
    }
    let decimals = plain("l.csv", "CCO;M1;46,1\nCO;M2;32,0\n").unwrap();
    assert_eq!(
        (layout(&decimals), ids(&decimals)),
        ((Delimiter::Semicolon, false), some_ids("column_2", &["M1", "M2"]))
    );
    let one = plain("l.csv", "CCO,M1").unwrap();
    assert_eq!(
        (one.smiles.as_slice(), ids(&one)),
        (["CCO".to_owned()].as_slice(), some_ids("column_2", &["M1"]))
    );
    let lone = plain("l.csv", "CCO\nCN\n").unwrap();
    assert_eq!((lone.smiles.len(), ids(&lone)), (2, None));
}

#[test]
fn without_a_header_the_id_is_the_first_other_column_with_distinct_values() {
    let library = library("l.csv", "x,CCO,7,a\nx,CN,7,b\nx,CS,8,c\n", &keep_all()).unwrap();
    assert_eq!(ids(&library), some_ids("column_4", &["a", "b", "c"]));
    assert_eq!(
        library.columns.kept.iter().map(|field| field.name()).collect::<Vec<_>>(),
        ["source_column_1", "source_column_3"]
    );
    assert_eq!(ids(&plain("l.csv", "CCO,a\nCN,a\n").unwrap()), None);
    assert_eq!(ids(&plain("l.csv", "CCO,\nCN,a\n").unwrap()), None, "a row without an id");
}

#[test]
fn a_separator_is_found_by_the_names_in_the_first_line() {
    for (name, header, delimiter) in [
        ("l.csv", "name;smiles;mw", Delimiter::Semicolon),
        ("l.csv", "name\tSMILES\tmw", Delimiter::Tab),
        ("l.csv", "name|smiles|mw", Delimiter::Pipe),
        ("l.tsv", "name,Smiles,mw", Delimiter::Comma),
        ("l.txt", "name\tsmiles\tmw", Delimiter::Tab),
        ("l.smi", "name,smiles,mw", Delimiter::Comma),
        ("l.txt", "name smiles mw", Delimiter::Space),
    ] {
        let byte = char::from(delimiter.byte().unwrap()).to_string();
        let rows = "M1,Cc1ccccc1O,108.1\nM2,CCO,46.1\n".replace(',', &byte);
        let library = plain(name, &format!("{header}\n{rows}")).unwrap();
        assert_eq!(library.smiles, ["Cc1ccccc1O", "CCO"], "{name} {header}");
        assert_eq!(layout(&library), (delimiter, true), "{name} {header}");
        assert!(library.columns.smiles.eq_ignore_ascii_case("smiles"));
        assert_eq!(plain(name, header).unwrap().smiles.len(), 0, "a header alone is a library");
    }
}

#[test]
fn a_table_with_smiles_first_does_not_put_its_other_columns_into_the_id() {
    let table = "smiles\tcode\tmw\nCc1ccccc1O\tM1\t108.1\nCCO\tM2\t46.1\n";
    for name in ["l.txt", "l.smi", "l.smiles"] {
        let library = library(name, table, &keep_all()).unwrap();
        assert_eq!((library.smiles.len(), ids(&library)), (2, None));
        assert_eq!(library.column("source_code"), [Some("M1".to_owned()), Some("M2".to_owned())]);
        let headless = plain(name, table.split_once('\n').unwrap().1).unwrap();
        assert_eq!(ids(&headless), some_ids("column_2", &["M1", "M2"]));
    }
    let blanks = plain("l.smi", "SMILES Name MolWt\nCCO M1 46.1\nCO M2 32.0\n").unwrap();
    assert_eq!((layout(&blanks), ids(&blanks)), ((Delimiter::Space, true), None));
}

/// A file that was already read correctly is still read the same way, to the byte of the output.
#[test]
fn lines_of_smiles_blank_name_stay_that() {
    for text in [
        "CCO ethanol\nCO methyl alcohol\n",
        "CCO\tethanol\nCO\tmethyl alcohol\n",
        "SMILES Name \nCCO ethanol\nCO methyl alcohol\n",
        "smiles\tzinc_id\nCCO\tethanol\nCO\tmethyl alcohol\n",
    ] {
        for name in ["l.smi", "l.txt"] {
            let library = plain(name, text).unwrap();
            assert_eq!(library.smiles, ["CCO", "CO"], "{text:?}");
            assert_eq!(ids(&library), some_ids("id", &["ethanol", "methyl alcohol"]), "{text:?}");
            assert_eq!(layout(&library).0, Delimiter::Blank);
            assert!(library.columns.layout.unwrap().as_named);
        }
    }
    let odd = plain("l.smi", "Structure_SMILES ID\nCCO CN\nnot_smiles CO\nCO N\n").unwrap();
    assert_eq!(odd.smiles, ["Structure_SMILES", "CCO", "not_smiles", "CO"], "a bad line is a reject");
    assert_eq!(ids(&odd).unwrap().1, ["ID", "CN", "CO", "N"], "names that read as SMILES are names");
    let extensions = plain("l.smi", "C[C@H](O)F |o1:1| a\nCC |$x;y$,o1:1| b\n").unwrap();
    assert_eq!(ids(&extensions), some_ids("id", &["a", "b"]));
}

/// The molecules themselves are judged later, when the run can record which one is being processed.
#[test]
fn molecules_of_smiles_text_are_not_judged_beforehand() {
    let judge = |texts: &SmilesBatch| {
        assert!((0..texts.len()).all(|row| !texts.get(row).starts_with(b"CC")), "a molecule was judged");
        reads_as_smiles(texts)
    };
    for text in ["CCO a\nCC b\n", "CCO\ta\nCC\tb\n", "CCO\nCC\n", "CO\ta\t1\nCC\tb\t2\n", "smiles,n\nCC,1\n"]
    {
        let (_folder, path) = file("l.smi", text.as_bytes());
        read_with(&path, &SourceOptions::default(), &judge).unwrap();
    }
    let (_folder, path) = file("l.csv", b"a,structure\n1,CC\n");
    read_with(&path, &SourceOptions::default(), &judge).unwrap();
}

#[test]
fn a_header_of_unknown_names_is_found_by_the_column_below_it() {
    let library = plain("l.csv", "compound,mol\nM1,CCO\nM2,CO\n").unwrap();
    assert_eq!(
        (library.smiles.as_slice(), layout(&library)),
        (["CCO".to_owned(), "CO".to_owned()].as_slice(), (Delimiter::Comma, true))
    );
    assert_eq!(library.columns.smiles, "mol");
    let semicolons = plain("l.csv", "compound_id;mol\nM1;CCO\nM2;CO\n").unwrap();
    assert_eq!(layout(&semicolons), (Delimiter::Semicolon, true));
    assert_eq!(ids(&semicolons), some_ids("compound_id", &["M1", "M2"]));
    // One bad row in twenty does not cast doubt on the column, two do.
    let rows = |bad: usize| "m,CCO\n".repeat(20 - bad) + &"m,xx\n".repeat(bad);
    assert_eq!(plain("l.csv", &format!("n,mol\n{}", rows(1))).unwrap().smiles.len(), 20);
    assert!(plain("l.csv", &format!("n,mol\n{}", rows(2))).unwrap_err().contains("none is certain"));
}

#[test]
fn the_known_names_count_in_their_order() {
    for (header, smiles) in [
        ("structure,canonical_smiles,smiles", "smiles"),
        ("structure,Canonical_SMILES,n", "Canonical_SMILES"),
        ("n, STRUCTURE ,x", " STRUCTURE "),
    ] {
        assert_eq!(plain("l.csv", &format!("{header}\nCC,CN,CO\n")).unwrap().columns.smiles, smiles);
    }
    let message = plain("l.csv", "structure,n,Structure\nC,1,N\n").unwrap_err();
    assert!(message.contains("\"structure\" (column 1), \"Structure\" (column 3)"), "{message}");
}

#[test]
fn what_is_not_certain_is_an_error_that_names_the_options() {
    let flags = ["--smiles-column", "--header", "--no-header", "--delimiter"];
    for (name, text) in [
        ("l.csv", "name,mol\nM1,xx\nM2,yy\n"),
        ("l.csv", "CNS,mol\n1,CCO\n2,CO\n"),
        ("l.csv", "a,b"),
        ("l.tsv", "a\tb\n"),
    ] {
        let message = plain(name, text).unwrap_err();
        assert!(flags.iter().all(|flag| message.contains(flag)), "{message}");
    }
    let message = plain("l.csv", "n,mol,smi\n1,CCO,OCC\n2,CO,OC\n").unwrap_err();
    assert!(
        message.contains("2 columns could hold the SMILES by its 3 lines: 2 (\"mol\"), 3 (\"smi\")"),
        "{message}"
    );
    let message = plain("l.csv", "CCO,OCC\nCO,OC\n").unwrap_err();
    assert!(message.contains("2 columns could hold the SMILES by its 2 lines: 1, 2;"), "{message}");
    let message = plain("l.txt", "a\tCCO\tOCC\nb\tCO\tOC\n").unwrap_err();
    assert!(message.contains("2 columns could hold the SMILES by its 2 lines: 2, 3;"), "{message}");
}

#[test]
fn options_decide_what_content_does_not() {
    let text = "name,mol\nM1,xx\nM2,CO\n";
    let by_number = |header| SourceOptions { header, ..smiles_column("2") };
    let library_of = |options: &SourceOptions| library("l.csv", text, options);
    let headed = library_of(&by_number(Some(true))).unwrap();
    assert_eq!(
        (headed.smiles.as_slice(), headed.columns.smiles.as_str()),
        (["xx".to_owned(), "CO".to_owned()].as_slice(), "mol")
    );
    let headless = library_of(&by_number(Some(false))).unwrap();
    assert_eq!((headless.smiles.len(), headless.columns.smiles.as_str()), (3, "column_2"));
    assert_eq!(
        library_of(&smiles_column("mol")).unwrap().smiles.len(),
        2,
        "a name in the first line makes it a header"
    );
    let message = library_of(&by_number(None)).unwrap_err();
    assert!(message.contains("column 2 does not show whether the first line names the columns"), "{message}");
    let message = library_of(&smiles_column("9")).unwrap_err();
    assert!(message.contains("no column \"9\"; its string columns are \"name\", \"mol\""), "{message}");
    let skipped = library("l.smi", "CCO a\nCO b\n", &options(None, Some(true))).unwrap();
    assert_eq!(skipped.smiles, ["CO"]);
    assert!(!skipped.columns.layout.unwrap().as_named);
    let kept = library("l.smi", "smiles id\nCO b\n", &options(None, Some(false))).unwrap();
    assert_eq!(kept.smiles, ["smiles", "CO"]);
    let lines = library("l.csv", "CCO a\nCO b\n", &options(Some(Delimiter::Blank), None)).unwrap();
    assert_eq!(ids(&lines), some_ids("id", &["a", "b"]));
    let bars = library("l.txt", "CCO|a\nCO|b\n", &options(Some(Delimiter::Pipe), None)).unwrap();
    assert_eq!(ids(&bars), some_ids("column_2", &["a", "b"]));
    let unknown = library("l.dat", "a;smiles\n1;CCO\n", &options(Some(Delimiter::Semicolon), None)).unwrap();
    assert_eq!(unknown.smiles, ["CCO"]);
}

#[test]
fn an_exact_name_beats_a_number() {
    let text = "2,1\nCCO,a\nCO,b\n";
    let options = SourceOptions { id_column: Some("1".to_owned()), ..smiles_column("2") };
    let library = library("l.csv", text, &options).unwrap();
    assert_eq!((library.columns.smiles.as_str(), ids(&library)), ("2", some_ids("1", &["a", "b"])));
    let options = SourceOptions { id_column: Some("2".to_owned()), ..Default::default() };
    let library = read(&fixture("pyarrow-none.parquet"), &options).unwrap();
    assert!(library.columns.id.is_some());
}

#[test]
fn a_line_ends_with_lf_crlf_or_cr() {
    let expected = plain("l.smi", "CCO M1\nCO M2\nC M3\n").unwrap();
    for text in [
        "CCO M1\rCO M2\rC M3\r",
        "CCO M1\r\nCO M2\r\nC M3",
        "CCO M1\rCO M2\nC M3\r\n",
        "CCO M1\r\r\nCO M2\rC M3",
    ] {
        assert_eq!(plain("l.smi", text).unwrap(), expected, "{text:?}");
    }
    let csv = plain("l.csv", "smiles,id\rCCO,M1\rCO,M2\r").unwrap();
    assert_eq!((csv.smiles.len(), ids(&csv)), (2, some_ids("id", &["M1", "M2"])));
    let many = (0..300).map(|row| format!("{row}\tCCO\r")).collect::<String>();
    assert_eq!(plain("l.txt", &many).unwrap().smiles.len(), 300);
}

/// Only the first lines are examined, however long the file; but a first line of any length is.
#[test]
fn the_first_hundred_lines_decide() {
    let ids = |count: usize| (0..count).map(|row| format!("m{row},CCO\n")).collect::<String>();
    let text = ids(100) + &"CN,m\n".repeat(1_000);
    assert_eq!(plain("l.csv", &text).unwrap().columns.smiles, "column_2");
    assert!(plain("l.csv", &(ids(90) + &"CN,m\n".repeat(1_000))).is_err());
    let wide = format!("{},smiles\n{},CCO\n", "x".repeat(3 << 20), "y".repeat(3 << 20));
    assert_eq!(plain("l.csv", &wide).unwrap().smiles, ["CCO"]);
}

#[test]
fn options_of_text_are_refused_for_parquet() {
    for (options, option) in
        [(options(Some(Delimiter::Tab), None), "delimiter"), (options(None, Some(true)), "header")]
    {
        let error: Error = read(&fixture("pyarrow-none.parquet"), &options).unwrap_err();
        assert_eq!(error.code(), "XFORM_INVALID_OPTION");
        assert!(error.to_string().starts_with(option), "{error}");
    }
}

/// All options at their limits, and files with one line, no line, or blank lines.
#[test]
fn small_files_get_an_answer() {
    for content in ["\n", "C", "C\n", ",\n", "\t\n", "\"", "\"\n\n", "smiles", "a,b\n\n\n", "\r", "|", ";;;"]
    {
        for name in ["l.smi", "l.csv", "l.tsv"] {
            for header in [None, Some(true), Some(false)] {
                for keep_columns in [KeepColumns::None, KeepColumns::All] {
                    for smiles in [None, Some("1"), Some("2"), Some("0"), Some("smiles")] {
                        let smiles_column = smiles.map(str::to_owned);
                        let keep_columns = keep_columns.clone();
                        let options =
                            SourceOptions { header, smiles_column, keep_columns, ..Default::default() };
                        let (_folder, path) = file(name, content.as_bytes());
                        if let Err(error) = read(&path, &options) {
                            assert_eq!(error.class(), xform_core::ErrorClass::Input, "{error}");
                        }
                    }
                }
            }
        }
    }
}
