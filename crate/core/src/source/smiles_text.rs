//! SMILES text: one row per line, with SMILES, blanks and id, or with the id first. Only a header is skipped, which
//! RDKit's `SmilesWriter` writes by default: an empty line is a row without SMILES.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef};

use super::columns::choose;
use super::format::TextReader;
use super::lines::LineFeeds;
use super::rows::text_chunk;
use super::sniff::Found;
use super::{Chunk, InputColumns, MAX_ROW_BYTES, Source, SourceOptions, TEXT_BUFFER_BYTES};
use crate::error::Error;

type Lines = BufReader<LineFeeds<Box<dyn Read + Send>>>;

/// A file of SMILES lines.
pub(super) struct SmilesTextSource {
    path: PathBuf,
    text: Lines,
    columns: InputColumns,
    schema: SchemaRef,
    /// Which of the two parts of a line is the SMILES.
    smiles: usize,
    /// For each output column, which part it is.
    outputs: Vec<usize>,
    line: Vec<u8>,
    rows: u64,
}

impl SmilesTextSource {
    pub(super) fn open(
        path: &Path,
        text: TextReader,
        found: Found,
        options: &SourceOptions,
    ) -> Result<Self, Error> {
        let names = if found.by_content.smiles == Some(1) { ["id", "smiles"] } else { ["smiles", "id"] };
        let fields: Fields = names.into_iter().map(|name| Field::new(name, DataType::Utf8, true)).collect();
        let choice = choose(path, &fields, options, found.by_content)?;
        let (columns, outputs) = InputColumns::new(&fields, &choice);
        let has_header = found.layout.header;
        let columns = InputColumns { layout: Some(found.layout), ..columns };
        let mut source = Self {
            path: path.to_owned(),
            text: BufReader::with_capacity(TEXT_BUFFER_BYTES, LineFeeds::new(text)),
            schema: Arc::new(Schema::new(columns.fields())),
            columns,
            smiles: choice.smiles,
            outputs,
            line: Vec::new(),
            rows: 0,
        };
        if has_header {
            source.read_line()?;
        }
        Ok(source)
    }

    /// Reads the next line without its end; `false` after the last one.
    fn read_line(&mut self) -> Result<bool, Error> {
        self.line.clear();
        let read = Read::take(&mut self.text, MAX_ROW_BYTES).read_until(b'\n', &mut self.line);
        let read = read.map_err(|error| self.corrupt(error.to_string()))?;
        if read as u64 == MAX_ROW_BYTES && self.line.last() != Some(&b'\n') {
            return Err(self.corrupt(format!("a line of more than {} MiB", MAX_ROW_BYTES >> 20)));
        }
        if self.line.last() == Some(&b'\n') {
            self.line.pop();
        }
        Ok(read > 0)
    }

    fn corrupt(&self, reason: String) -> Error {
        Error::InputCorrupt { path: self.path.clone(), row: self.rows, reason }
    }
}

impl Source for SmilesTextSource {
    fn columns(&self) -> &InputColumns {
        &self.columns
    }

    fn total_rows(&self) -> Option<u64> {
        None
    }

    fn next_chunk(&mut self, max_rows: usize) -> Result<Option<Chunk>, Error> {
        let schema = Arc::clone(&self.schema);
        text_chunk(max_rows, &schema, |rows, others| {
            if !self.read_line()? {
                return Ok(false);
            }
            let (first, rest) = split_line(&self.line);
            let pieces = [first, rest];
            rows.push(Some(pieces[self.smiles]));
            for (index, &piece) in self.outputs.iter().enumerate() {
                others.push(index, pieces[piece]);
            }
            self.rows += 1;
            Ok(true)
        })
    }
}

/// The first word of a line and the rest, which is the id if the SMILES comes first. A CXSMILES extension directly
/// after the SMILES belongs to it, as in `MolFromSmiles`.
pub(super) fn split_line(line: &[u8]) -> (&[u8], &[u8]) {
    let indent = line.iter().take_while(|&&byte| byte == b' ').count();
    // A tab before everything leaves the SMILES empty; spaces are an indentation.
    let line = &line[indent..];
    let end = line.iter().position(|&byte| is_blank(byte)).unwrap_or(line.len());
    let gap = line[end..].iter().take_while(|&&byte| is_blank(byte)).count();
    let rest = &line[end + gap..];
    let end = if end > 0 && rest.first() == Some(&b'|') { end + gap + extension_len(rest) } else { end };
    (line[..end].trim_ascii_end(), line[end..].trim_ascii())
}

fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// Length of the CXSMILES extension at the start of `text`; everything if the extension has no end. Atom labels are
/// enclosed in dollar signs and may contain any character.
fn extension_len(text: &[u8]) -> usize {
    let mut in_labels = false;
    for (index, &byte) in text.iter().enumerate().skip(1) {
        match byte {
            b'$' => in_labels = !in_labels,
            b'|' if !in_labels => return index + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(line: &str) -> (&str, &str) {
        let (smiles, id) = split_line(line.as_bytes());
        (std::str::from_utf8(smiles).unwrap(), std::str::from_utf8(id).unwrap())
    }

    #[test]
    fn a_line_is_smiles_blanks_id() {
        assert_eq!(split("CCO ethanol"), ("CCO", "ethanol"));
        assert_eq!(split("CCO\tethyl alcohol  "), ("CCO", "ethyl alcohol"));
        assert_eq!(split("CCO \t 7"), ("CCO", "7"));
        assert_eq!(split("CCO"), ("CCO", ""));
        assert_eq!(split("CCO   "), ("CCO", ""));
        assert_eq!(split("  CCO x"), ("CCO", "x"));
        assert_eq!(split(""), ("", ""));
        assert_eq!(split("   "), ("", ""));
        assert_eq!(split("\tCHEMBL25"), ("", "CHEMBL25"));
    }

    #[test]
    fn a_cxsmiles_extension_belongs_to_the_smiles() {
        assert_eq!(split("C[C@H](O)F |o1:1| id 1"), ("C[C@H](O)F |o1:1|", "id 1"));
        assert_eq!(split("CC |$a;b$|"), ("CC |$a;b$|", ""));
        assert_eq!(split("CC |$a|b;$,o1:1|\tx"), ("CC |$a|b;$,o1:1|", "x"));
        assert_eq!(split("CC |o1:1|x"), ("CC |o1:1|", "x"));
        // No end: MolFromSmiles refuses it, so it must receive the complete row.
        assert_eq!(split("CC |o1:1 x"), ("CC |o1:1 x", ""));
        assert_eq!(split("CC id |o1:1|"), ("CC", "id |o1:1|"));
        assert_eq!(split("\t|x| y"), ("", "|x| y"));
    }
}
