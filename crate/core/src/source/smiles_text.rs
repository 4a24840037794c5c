//! SMILES text: one row per line, with SMILES, blanks and id, or with the id first. Only a header is skipped, which
//! RDKit's `SmilesWriter` writes by default: an empty line is a row without SMILES.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use super::lines::LineFeeds;
use super::peek::TextReader;
use super::smiles_line::split_line;
use super::sniff::Found;
use super::text::{Records, TextSource};
use super::{MAX_ROW_BYTES, SourceOptions, TEXT_BUFFER_BYTES};
use crate::error::Error;

/// Lines of two fields.
pub(super) struct SmilesLines {
    text: BufReader<LineFeeds<Box<dyn Read + Send>>>,
    line: Vec<u8>,
}

/// The file at `path`.
pub(super) fn open(
    path: &Path,
    text: TextReader,
    found: Found,
    options: &SourceOptions,
) -> Result<TextSource<SmilesLines>, Error> {
    let text = BufReader::with_capacity(TEXT_BUFFER_BYTES, LineFeeds::new(text));
    let names = if found.by_content.smiles == Some(1) { ["id", "smiles"] } else { ["smiles", "id"] };
    let has_header = found.layout.header;
    let lines = SmilesLines { text, line: Vec::new() };
    let mut source = TextSource::of_table(path, lines, names, found, options)?;
    if has_header {
        source.read()?;
    }
    Ok(source)
}

impl Records for SmilesLines {
    fn read(&mut self) -> Result<bool, String> {
        self.line.clear();
        let read = Read::take(&mut self.text, MAX_ROW_BYTES).read_until(b'\n', &mut self.line);
        let read = read.map_err(|error| error.to_string())?;
        if self.line.last() == Some(&b'\n') {
            self.line.pop();
        } else if read as u64 == MAX_ROW_BYTES {
            return Err(format!("a line of more than {} MiB", MAX_ROW_BYTES >> 20));
        }
        Ok(read > 0)
    }

    fn fields<'r>(&'r self) -> Result<impl Fn(usize) -> &'r [u8], String> {
        let (first, rest) = split_line(&self.line);
        Ok(move |position| [first, rest][position])
    }
}
