//! SMILES text: a row a line, SMILES, blanks, id. No line is passed over but a header, which RDKit's `SmilesWriter` writes by
//! default: an empty one is a row without SMILES.

use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef};

use super::columns::choose;
use super::format::TextReader;
use super::rows::text_chunk;
use super::{Chunk, InputColumns, MAX_ROW_BYTES, Source, SourceOptions};
use crate::error::Error;

/// A file of SMILES lines.
pub(super) struct SmilesTextSource {
    path: PathBuf,
    text: TextReader,
    columns: InputColumns,
    schema: SchemaRef,
    /// For each output column, whether it is the id (else it is the SMILES).
    outputs: Vec<bool>,
    line: Vec<u8>,
    /// Whether `line` is still to be read: the first line, which has been looked at.
    is_ahead: bool,
    rows: u64,
}

impl SmilesTextSource {
    pub(super) fn open(path: &Path, text: TextReader, options: &SourceOptions) -> Result<Self, Error> {
        let fields = Fields::from(vec![
            Field::new("smiles", DataType::Utf8, true),
            Field::new("id", DataType::Utf8, true),
        ]);
        let choice = choose(path, &fields, options)?;
        let (columns, indices) = InputColumns::new(&fields, &choice);
        let schema = Arc::new(Schema::new(columns.fields()));
        let outputs = indices.into_iter().map(|index| index == 1).collect();
        let path = path.to_owned();
        let (line, is_ahead) = (Vec::new(), false);
        let mut source = Self { path, text, columns, schema, outputs, line, is_ahead, rows: 0 };
        source.pass_header()?;
        Ok(source)
    }

    /// Passes over a first line that is a header: no SMILES begins with the word. Refuses that of a table, whose first
    /// column is something else.
    fn pass_header(&mut self) -> Result<(), Error> {
        let has_line = self.read_line()?;
        let is_smiles = |field: &[u8]| field.eq_ignore_ascii_case(b"smiles");
        let mut fields = self.line.split(|&byte| byte == b'\t').map(<[u8]>::trim_ascii);
        let first = fields.next().unwrap_or_default();
        if fields.any(|field| is_smiles(field) || field.to_ascii_lowercase().ends_with(b"_smiles"))
            && !is_smiles(first)
        {
            let reason =
                "its first line is the header of a table; name it .tsv, and the column with --smiles-column";
            return Err(Error::InputUnreadable { path: self.path.clone(), reason: reason.to_owned() });
        }
        self.is_ahead = has_line && !is_smiles(split_line(&self.line).0);
        Ok(())
    }

    /// Reads the next line without its end; `false` after the last.
    fn read_line(&mut self) -> Result<bool, Error> {
        if std::mem::take(&mut self.is_ahead) {
            return Ok(true);
        }
        self.line.clear();
        let read = Read::take(&mut self.text, MAX_ROW_BYTES).read_until(b'\n', &mut self.line);
        let read = read.map_err(|error| self.corrupt(error.to_string()))?;
        if read as u64 == MAX_ROW_BYTES && self.line.last() != Some(&b'\n') {
            return Err(self.corrupt(format!("a line of more than {} MiB", MAX_ROW_BYTES >> 20)));
        }
        if self.line.last() == Some(&b'\n') {
            self.line.pop();
        }
        if self.line.last() == Some(&b'\r') {
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
            let (smiles, id) = split_line(&self.line);
            rows.push(Some(smiles));
            for (index, &is_id) in self.outputs.iter().enumerate() {
                others.push(index, if is_id { id } else { smiles });
            }
            self.rows += 1;
            Ok(true)
        })
    }
}

/// SMILES and id of a line. A CXSMILES extension right after the SMILES belongs to it, as `MolFromSmiles` has it.
fn split_line(line: &[u8]) -> (&[u8], &[u8]) {
    let indent = line.iter().take_while(|&&byte| byte == b' ').count();
    // A tab ahead of everything leaves the SMILES empty; spaces are an indent.
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

/// Length of the CXSMILES extension at the start of `text`, all of it where the extension has no end. Atom labels
/// stand between dollar signs and may hold any character.
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
        // No end: MolFromSmiles refuses it, so the row must reach it whole.
        assert_eq!(split("CC |o1:1 x"), ("CC |o1:1 x", ""));
        assert_eq!(split("CC id |o1:1|"), ("CC", "id |o1:1|"));
        assert_eq!(split("\t|x| y"), ("", "|x| y"));
    }
}
