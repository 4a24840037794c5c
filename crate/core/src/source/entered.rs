//! A text file of one row per line that is entered anywhere: a reader gets the first lines of the file, by which its
//! layout is judged, and then the lines of a window.

use std::io::{BufRead, Cursor, Read};
use std::path::Path;

use super::detect::Input;
use super::identified::Identified;
use super::packing::Packing;
use super::peek::peek;
use super::sample::SAMPLE_LINES;
use super::unchanged::Unchanged;
use super::{Delimiter, InputFormat, MAX_ROW_BYTES, ReadsAsSmiles, Source, SourceOptions};
use crate::error::Error;
use crate::stable_file::{StableFile, unreadable};

/// Lines before every window: those by which the layout is judged, and the one that shows that there are more.
const HEAD_LINES: usize = SAMPLE_LINES + 1;
/// Longer first lines are not repeated before each window.
const MAX_HEAD_BYTES: usize = 1 << 16;

/// A text file that can be read from any line on.
pub struct EnteredText {
    file: StableFile,
    options: SourceOptions,
    head: Vec<u8>,
    /// Rows among these lines.
    head_rows: u64,
}

/// Whole lines of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lines {
    /// Where the first one begins.
    pub start: u64,
    /// The end of the last one.
    pub end: u64,
}

impl EnteredText {
    /// The `file` if each of its lines is a row: `None` if it is packed or short, or if a row may have several lines.
    ///
    /// # Errors
    /// Those of [`super::read`].
    pub fn of(
        file: &StableFile,
        options: &SourceOptions,
        reads_as_smiles: &ReadsAsSmiles<'_>,
    ) -> Result<Option<Self>, Error> {
        let stream = Box::new(file.reader());
        let peeked = peek(stream, MAX_HEAD_BYTES).map_err(|error| unreadable(file.path(), error))?;
        let Some(head) = head_of(&peeked.head) else { return Ok(None) };
        if options.molblock_column.is_some() || !is_table(file.path(), head, options)? {
            return Ok(None);
        }
        let mut entered =
            Self { file: file.clone(), options: options.clone(), head: head.to_vec(), head_rows: 0 };
        let all = Lines { start: head.len() as u64, end: file.bytes() };
        let layout = entered.open(all, reads_as_smiles)?.columns().layout.clone();
        let Some(layout) = layout else { return Ok(None) };
        // An empty line is a row of SMILES text, but not of a table.
        let is_row = |line: &&[u8]| layout.delimiter == Delimiter::Blank || !line.trim_ascii().is_empty();
        let lines = head.split_inclusive(|&byte| byte == b'\n').filter(is_row).count();
        entered.head_rows = (lines - usize::from(layout.header)) as u64;
        Ok(Some(entered))
    }

    /// Bytes of the file.
    pub fn bytes(&self) -> u64 {
        self.file.bytes()
    }

    /// The lines that begin between `start` and `end`, of which the first line of the file is none.
    ///
    /// # Errors
    /// Those of a file that cannot be read.
    pub fn lines(&self, start: u64, end: u64) -> Result<Lines, Error> {
        let start = self.line_after(start)?;
        Ok(Lines { start, end: self.line_after(end)?.max(start) })
    }

    /// The rows in `lines`.
    ///
    /// # Errors
    /// Those of [`super::read`].
    pub fn rows(&self, lines: Lines, reads_as_smiles: &ReadsAsSmiles<'_>) -> Result<Box<dyn Source>, Error> {
        let mut source = self.open(lines, reads_as_smiles)?;
        source.skip(self.head_rows, &|| Ok(()))?;
        Ok(source)
    }

    fn open(&self, lines: Lines, reads_as_smiles: &ReadsAsSmiles<'_>) -> Result<Box<dyn Source>, Error> {
        let window = self.file.from(lines.start).take(lines.end - lines.start);
        let stream = Box::new(Cursor::new(self.head.clone()).chain(window));
        let source = Identified::open(self.file.path(), stream, None, &self.options, reads_as_smiles);
        let source = source.map_err(|error| self.file.or_changed(error))?;
        Ok(Box::new(Unchanged::new(Box::new(source), self.file.clone())))
    }

    /// Where the first line begins that begins at `at` or later, except the first line of the file.
    fn line_after(&self, at: u64) -> Result<u64, Error> {
        if at >= self.bytes() {
            return Ok(self.bytes());
        }
        let before = at.saturating_sub(1);
        let (mut text, mut rest) = (self.file.from(before), Vec::new());
        let read = Read::take(&mut text, MAX_ROW_BYTES).read_until(b'\n', &mut rest);
        let read = read.map_err(|error| self.file.or_changed(unreadable(self.file.path(), error)))?;
        Ok(before + read as u64)
    }
}

/// The first lines of a file that begins with `text`; `None` if they do not show that each line is a row.
fn head_of(text: &[u8]) -> Option<&[u8]> {
    let mut ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(index, _)| index + 1);
    let head = &text[..ends.nth(HEAD_LINES - 1)?];
    // A quoted field may contain line ends, and a carriage return may be one.
    let is_plain = Packing::of(head).is_none() && !head.contains(&b'"');
    let lone_return = head.windows(2).any(|pair| pair[0] == b'\r' && pair[1] != b'\n');
    (is_plain && !lone_return).then_some(head)
}

fn is_table(path: &Path, head: &[u8], options: &SourceOptions) -> Result<bool, Error> {
    let format = Input::open(path, Box::new(Cursor::new(head.to_vec())), options)?.format;
    Ok(format.is_none_or(InputFormat::is_table))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::open_file;
    use super::*;

    /// The SMILES and ids of a source.
    fn rows_of(mut source: Box<dyn Source>) -> Vec<String> {
        let mut rows = Vec::new();
        while let Some(chunk) = source.next_chunk(100).unwrap() {
            for row in 0..chunk.smiles.len() {
                let smiles = String::from_utf8_lossy(chunk.smiles.get(row)).into_owned();
                rows.push(format!("{smiles} {:?}", chunk.columns.slice(row, 1).columns()));
            }
        }
        rows
    }

    fn entered(name: &str, text: &str) -> (tempfile::TempDir, Option<EnteredText>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        let file = open_file(&path).unwrap();
        let entered = EnteredText::of(&file, &SourceOptions::default(), &judge).unwrap();
        (folder, entered)
    }

    fn judge(texts: &crate::strings::SmilesBatch) -> Result<Vec<bool>, Error> {
        Ok((0..texts.len()).map(|row| texts.get(row).starts_with(b"C")).collect())
    }

    fn lines(line: fn(usize) -> String) -> String {
        (0..1_000).map(line).collect()
    }

    #[test]
    fn windows_have_the_rows_of_the_file() {
        let files = [
            ("a.smi", lines(|row| format!("C{} id{row}\n", "C".repeat(row % 30)))),
            ("b.smi", lines(|row| format!("SMILES Name\nC id{row}\n")).replacen("SMILES Name\n", "", 0)),
            ("c.csv", format!("id,smiles\r\n{}", lines(|row| format!("{row},C{}\r\n", "C".repeat(row % 9))))),
            ("d.tsv", format!("\u{feff}smiles\tid\n{}", lines(|row| format!("C\t{row}\n\n")))),
        ];
        for (name, text) in files {
            let (folder, entered) = entered(name, &text);
            let entered = entered.unwrap();
            let whole =
                super::super::open(&folder.path().join(name), &SourceOptions::default(), &judge).unwrap();
            let (whole, bytes) = (rows_of(whole), text.len() as u64);
            let mut found = Vec::new();
            for window in [0, 1, 777, 5_000, bytes - 3, bytes].windows(2) {
                let lines = entered.lines(window[0], window[1]).unwrap();
                found.extend(rows_of(entered.rows(lines, &judge).unwrap()));
            }
            // The first line belongs to no window, be it a header or a row.
            let skipped = whole.len() - found.len();
            assert!(skipped <= 1, "{name}: {skipped}");
            assert_eq!(found, whole[skipped..], "{name}");
        }
    }

    #[test]
    fn what_may_have_rows_of_several_lines_is_not_entered() {
        let quoted = format!("id,smiles\n{}", lines(|row| format!("\"{row}\n\",C\n")));
        let (short, old) = ("C 1\n".repeat(50), "C 1\r".repeat(500));
        for (name, text) in [("a.csv", &quoted), ("b.smi", &short), ("c.smi", &old)] {
            assert!(entered(name, text).1.is_none(), "{name}");
        }
    }
}
