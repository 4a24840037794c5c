//! Files that people pass by mistake: each is called what it is, with what to do.

use std::fs;

use xform_core::source::SourceOptions;

use crate::library::{open, read};
use crate::packing::packed_in_every_way;

/// First bytes of files, and what the message must contain.
const FILES: &[(&[u8], &str, &str)] = &[
    (b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0[Content_Types].xml", "spreadsheet", "CSV"),
    (b"PK\x03\x04\x14\0\0\0\0\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "spreadsheet", "CSV"),
    (b"PK\x03\x04\x14\0\0\0\x08\0library.smi", "ZIP archive", "unpack"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0", "spreadsheet (.xls)", "CSV"),
    (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF", "SDF"),
    (br"{\rtf1\ansi CCO}", "rich text", "plain text"),
    (b"VjCD0100\x04\x03\x02\x01\0\0\0", "CDX", "obabel"),
    (b"7z\xbc\xaf\x27\x1c\0\x04", "7z archive", "7z x"),
    (b"Rar!\x1a\x07\x01\0", "RAR archive", "unrar x"),
    (b"\x04\x22\x4d\x18\x64\x40\xa7", "lz4", "lz4 -d"),
    (b"LZIP\x01\x0c", "lzip", "lzip -d"),
    (b"\x1f\x9d\x90C\x86", "compress", "gzip -d"),
    (b"FEA1\0\0\0\0", "Feather of version 1", "pyarrow"),
    (b"SQLite format 3\0\x10\0", "SQLite", "sqlite3"),
    (b"\x12\x34\x56\x78\x9a\xbc\xde\xf0DUCK\x40\0\0\0", "DuckDB", "copy"),
    (b"\x89HDF\r\n\x1a\n\0", "HDF5", "Parquet"),
    (b"ORC\n\x0b\n\x03\0\0\0", "ORC", "Parquet"),
    (b"Obj\x01\x04\x14avro.codec", "Avro", "Parquet"),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "an image", "not recognised"),
    (b"\xff\xfes\0m\0i\0", "UTF-16", "UTF-8"),
    (b"PARE\x2e\0\0\0PARE", "encrypted", "without encryption"),
    (b"<!DOCTYPE html>\n<html><head><title>404 Not Found</title>", "a web page", "download"),
    (b"\n  <HTML lang=en>", "a web page", "download"),
    (b"<?xml version=\"1.0\"?>\n<!DOCTYPE CDXML SYSTEM \"x\"><CDXML>", "CDXML", "obabel"),
    (b"<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>", "XML", "download"),
    (b"<cml><molecule id=\"m1\">", "XML", "obabel"),
    (b"# made by x\n@<TRIPOS>MOLECULE\nethanol\n 9 8 0 0 0\n", "mol2", "obabel"),
    (b"$RXN\n\n  Mrv2014\n\n  1  1\n", "reaction file", "SMILES"),
    (b"HEADER    HYDROLASE                               01-JAN-00   1ABC\n", "it is PDB", "obabel"),
    (b"data_1ABC\n#\n_entry.id   1ABC\n", "mmCIF", "obabel"),
    (b"3\nwater\nO 0.000 0.000 0.117\nH 0.000 0.757 -0.469\nH 0.000 -0.757 -0.469\n", "XYZ", "obabel"),
    (b">sp|P1|X\nMKTAYIAKQR\n", "FASTA", "MolFromSequence"),
    (b"InChI=1S/CH4/h1H4\nInChI=1S/C2H6/c1-2/h1-2H3\n", "InChIs", "MolFromInchi"),
    (b"[\n  {\"smiles\": \"CCO\"},\n  {\"smiles\": \"CO\"}\n]\n", "JSON array", "jq -c '.[]'"),
    (b"[\"CCO\", \"CO\"]", "JSON array", "jq -c '.[]'"),
    (b"{\n  \"smiles\": \"CCO\"\n}\n", "over several lines", "jq -c ."),
];

#[test]
fn each_is_called_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for &(content, words, advice) in FILES {
        // Whatever the file is called, and when it is packed.
        let packed = packed_in_every_way(content)
            .into_iter()
            .map(|(extension, packed)| (format!("l.smi.{extension}"), packed));
        let named =
            ["l.csv", "l.smi", "l", "l.parquet", "l.sdf"].map(|name| (name.to_owned(), content.to_vec()));
        for (name, content) in named.into_iter().chain(packed) {
            let path = folder.path().join(&name);
            fs::write(&path, content).unwrap();
            let error =
                open(&path, &SourceOptions::default()).err().unwrap_or_else(|| panic!("{words} as {name}"));
            let message = error.to_string();
            assert_eq!(error.code(), "XFORM_INPUT_UNREADABLE", "{message}");
            assert!(message.contains(words) && message.contains(advice), "{name}: {message}");
        }
    }
}

#[test]
fn a_tar_archive_that_is_packed_is_a_tar_archive() {
    let mut tar = vec![0; 1024];
    tar[..11].copy_from_slice(b"library.smi");
    tar[257..262].copy_from_slice(b"ustar");
    let folder = tempfile::tempdir().unwrap();
    for (extension, packed) in packed_in_every_way(&tar) {
        let path = folder.path().join(format!("l.tar.{extension}"));
        fs::write(&path, packed).unwrap();
        let message = open(&path, &SourceOptions::default()).err().unwrap().to_string();
        assert!(message.contains("a tar archive; unpack it with `tar -xf`"), "{message}");
    }
}

/// Libraries that begin like one of these are read.
#[test]
fn libraries_are_not_mistaken() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("l.smi", "[Na+].[Cl-] salt\n[O] oxygen\n"),
        ("l.csv", "PARENT_ID,smiles\n1,CCO\n"),
        ("l.csv", "PAR1_ID,smiles\n1,CCO\n"),
        ("l.csv", "data_id,smiles\n1,CCO\n"),
        ("l.tsv", "InChI=1S/CH4/h1H4\tC\nInChI=1S/H2O/h1H2\tO\n"),
        ("l.smi", "O water\nB borane\n"),
        ("l.csv", "id,smiles\n1,CCO\n"),
        ("l.txt", "3\nCCO\nO 0.0 x\n"),
        ("l.csv", "InChI,smiles\nInChI=1S/CH4/h1H4,C\n"),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        read(&path, &SourceOptions::default()).unwrap_or_else(|error| panic!("{content:?}: {error}"));
    }
}
