//! A running digest of the rows of a library as they were parsed: SMILES, id and kept columns. As long as the SHA-256
//! of the file is not known, a resumed run uses it to recognise the rows that an earlier run has committed.
//!
//! It depends only on the rows, not on how they are divided into chunks.

use arrow::error::ArrowError;
use arrow::row::{RowConverter, SortField};
use xxhash_rust::xxh3::Xxh3;

use crate::error::Error;
use crate::source::{Chunk, InputColumns};

/// The digest of the rows so far.
pub struct RowDigest {
    hash: Xxh3,
    /// Encodes the columns other than the SMILES, if there are any.
    columns: Option<RowConverter>,
    /// The encoded rows of a chunk.
    encoded: Vec<u8>,
}

impl RowDigest {
    /// Without rows, for a library with these columns.
    pub fn new(columns: &InputColumns) -> Result<Self, Error> {
        let fields = columns.fields();
        let fields = fields.iter().map(|field| SortField::new(field.data_type().clone()));
        let columns = match fields.len() {
            0 => None,
            _ => Some(RowConverter::new(fields.collect()).map_err(encode_error)?),
        };
        Ok(Self { hash: Xxh3::new(), columns, encoded: Vec::new() })
    }

    /// Adds the next rows.
    pub fn add(&mut self, chunk: &Chunk) -> Result<(), Error> {
        let columns = self.columns.as_ref().map(|columns| columns.convert_columns(chunk.columns.columns()));
        let columns = columns.transpose().map_err(encode_error)?;
        let mut faults = chunk.faults.iter().peekable();
        self.encoded.clear();
        for row in 0..chunk.smiles.len() {
            match faults.next_if(|fault| fault.row as usize == row) {
                Some(fault) => {
                    self.push(fault.code.as_str().as_bytes());
                    self.push(fault.text.as_deref().unwrap_or_default().as_bytes());
                }
                None => {
                    self.push(b"");
                    self.push(chunk.smiles.get(row));
                }
            }
            if let Some(columns) = &columns {
                self.encoded.extend_from_slice(columns.row(row).data());
            }
        }
        self.hash.update(&self.encoded);
        Ok(())
    }

    /// The digest in hex.
    pub fn value(&self) -> String {
        format!("{:032x}", self.hash.digest128())
    }

    fn push(&mut self, text: &[u8]) {
        self.encoded.extend_from_slice(&(text.len() as u64).to_le_bytes());
        self.encoded.extend_from_slice(text);
    }
}

fn encode_error(error: ArrowError) -> Error {
    Error::internal(format!("the digest of the rows: {error}"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::path::Path;

    use super::*;
    use crate::source::{KeepColumns, SourceOptions, open};

    const TEXT: &str = "smiles,id,note\nCCO,a,x\nC\0C,b,\n,c,z\nCCN,d,\nCCCC,e,w\n";

    fn digest(folder: &Path, text: &str, max_rows: &[usize]) -> String {
        let path = folder.join("library.csv");
        std::fs::write(&path, text).unwrap();
        let options = SourceOptions { keep_columns: KeepColumns::All, ..SourceOptions::default() };
        let mut source = open(&path, &options, &|texts| Ok(vec![true; texts.len()])).unwrap();
        let mut digest = RowDigest::new(source.columns()).unwrap();
        let mut max_rows = max_rows.iter().cycle();
        while let Some(chunk) = source.next_chunk(*max_rows.next().unwrap()).unwrap() {
            digest.add(&chunk).unwrap();
        }
        digest.value()
    }

    #[test]
    fn it_depends_on_the_rows_and_not_on_the_chunks() {
        let folder = tempfile::tempdir().unwrap();
        let expected = digest(folder.path(), TEXT, &[100]);
        assert_eq!(expected.len(), 32);
        for max_rows in [&[1][..], &[2, 1], &[3]] {
            assert_eq!(digest(folder.path(), TEXT, max_rows), expected, "{max_rows:?}");
        }
    }

    #[test]
    fn it_depends_on_each_value() {
        let folder = tempfile::tempdir().unwrap();
        let changes = [
            ("CCO", "OCC"),
            (",a,", ",A,"),
            (",x", ",y"),
            ("b,\n", "b,-\n"),
            ("C\0C", "N\0C"),
            ("C\0C", "CC"),
            ("\n,c", "\n \t,c"),
            // The same text in other fields.
            ("CCCC,e,w", "CCC,Ce,w"),
            ("e,w", "ew,"),
            ("CCCC,e,w\n", ""),
        ];
        let texts = changes.map(|(from, to)| TEXT.replacen(from, to, 1)).into_iter().chain([TEXT.to_owned()]);
        let digests: Vec<String> = texts.map(|text| digest(folder.path(), &text, &[100])).collect();
        assert_eq!(digests.iter().collect::<HashSet<_>>().len(), digests.len(), "{digests:?}");
    }
}
