//! Files that cannot be read: the code, and a helpful message.

use std::fs;
use std::path::{Path, PathBuf};

use xform_core::source::SourceOptions;

use crate::library::{fixture, keep, keep_all, read, smiles_column};

fn assert_refused(path: &Path, options: &SourceOptions, code: &str, words: &str) {
    let error = match crate::library::open(path, options) {
        Ok(_) => panic!("{} is read", path.display()),
        Err(error) => error,
    };
    let message = error.to_string();
    assert_eq!(error.code(), code, "{message}");
    assert!(message.contains(words), "{message:?} does not say {words:?}");
    assert!(message.contains(&path.display().to_string()), "{message:?} does not name the file");
}

#[test]
fn files_that_are_no_library() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &[u8]| -> PathBuf {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    };
    let parquet = fs::read(fixture("pyarrow-none.parquet")).unwrap();
    let gzip = |content: &[u8]| crate::text::gzip(content);
    let unreadable = [
        (folder.path().to_owned(), "it is a directory"),
        (file("empty.parquet", b""), "the file is empty"),
        (file("empty.smi", b""), "the file is empty"),
        (file("empty.smi.gz", &gzip(b"")), "the file is empty"),
        (file("text.parquet", b"some text\nof any kind\n"), "it is not Parquet, as its name says"),
        (file("cut.parquet", &parquet[..parquet.len() / 2]), "no readable footer"),
        (file("head.parquet", b"PAR1"), "no readable footer"),
        (
            file("notes.xyz", b"some text\n"),
            "accepted are Parquet (.parquet, .pq), SMILES text (.smi, .smiles, ",
        ),
        (file("notes", b"some text\n"), "neither its content nor its name identifies its format"),
        (file("notes.gz", &gzip(b"some text\n")), "if it is one of them, pass --input-format"),
        (file("random.dat", b"\x01\x02\0\x03"), "neither its content nor its name identifies its format"),
        (file("inside.parquet.gz", &gzip(&parquet)), "unpack it"),
        (file("inside.csv.gz", &gzip(&parquet)), "unpack it"),
        (file("z.smi.zst", b"\x28\xb5\x2f\xfdrest"), "cannot unpack"),
        (file("head.arrow", b"ARROW1\0\0"), "it is truncated"),
        (file("broken.smi.gz", b"\x1f\x8b\x08\x00rubbish"), "cannot unpack"),
        (file("blank.csv", b"\n\n"), "no header"),
    ];
    for (path, words) in &unreadable {
        assert_refused(path, &SourceOptions::default(), "XFORM_INPUT_UNREADABLE", words);
    }
    for missing in ["none.parquet", "none/library.smi", "text.parquet/library.smi"] {
        let path = folder.path().join(missing);
        assert_refused(&path, &SourceOptions::default(), "XFORM_INPUT_NOT_FOUND", "no input file");
    }
}

#[test]
fn a_footer_that_is_rubbish_is_refused_and_does_not_panic() {
    let folder = tempfile::tempdir().unwrap();
    let parquet = fs::read(fixture("pyarrow-strings.parquet")).unwrap();
    let footer =
        u32::from_le_bytes(parquet[parquet.len() - 8..parquet.len() - 4].try_into().unwrap()) as usize;
    let start = parquet.len() - 8 - footer;
    for position in (start..parquet.len() - 4).step_by(7) {
        let mut content = parquet.clone();
        content[position] ^= 0x5a;
        let path = folder.path().join("rubbish.parquet");
        fs::write(&path, content).unwrap();
        // Some of these bytes are names or statistics; any result without a panic is fine.
        if let Err(error) = read(&path, &smiles_column("utf8")) {
            assert_eq!(error.class(), xform_core::ErrorClass::Input, "{error}");
        }
    }
}

#[test]
fn columns_that_cannot_be_chosen() {
    let none = SourceOptions::default();
    for (file, options, words) in [
        ("pyarrow-no-smiles.parquet", &none, "its string columns are \"mol\", \"name\""),
        ("pyarrow-no-smiles.parquet", &smiles_column("mass"), "of type Int64"),
        ("pyarrow-no-smiles.parquet", &smiles_column("x"), "no column \"x\""),
        ("pyarrow-same-name.parquet", &none, "2 columns could be \"smiles\""),
        ("pyarrow-same-name-other-case.parquet", &none, "name one with --smiles-column"),
        ("pyarrow-nested-smiles.parquet", &none, "nested"),
        ("pyarrow-nested-id.parquet", &none, "\"id\" cannot be the id: it is nested"),
        ("pyarrow-null-type.parquet", &none, "of type Null"),
        ("pyarrow-kept.parquet", &keep(&["nothing"]), "no column \"nothing\""),
    ] {
        assert_refused(&fixture(file), options, "XFORM_INPUT_COLUMN", words);
    }
    let other_case = fixture("pyarrow-same-name-other-case.parquet");
    assert_eq!(read(&other_case, &smiles_column("Smiles")).unwrap().smiles, ["C", "N"]);
    // `smiles` as a kept column next to the output's `smiles`.
    let mut options = smiles_column("Smiles");
    options.keep_columns = keep_all().keep_columns;
    assert_eq!(read(&other_case, &options).unwrap().columns.kept[0].name(), "source_smiles_2");
}
