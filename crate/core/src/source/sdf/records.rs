//! The records of an SDF, cut into mol block and data items.
//!
//! A mol block goes up to `M  END`. Data items are read as RDKit's `SDMolSupplier` reads them: a line after an empty one that
//! begins with `>` begins the next, and of several with the same name the last one counts. RDKit cuts a value at an empty
//! line within it and drops the data items after it; here it has all its lines. Blank lines before a title, which RDKit would
//! take for the title, are skipped if the counts line shows where the block begins.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::ops::Range;

use crate::source::lines::LineFeeds;
use crate::source::text::Records;
use crate::source::{MAX_ROW_BYTES, TEXT_BUFFER_BYTES, Unlisted};

/// Ends a record.
const RECORD_END: &[u8] = b"$$$$";
/// Ends a mol block.
const BLOCK_END: &[u8] = b"M  END";
/// Lines of a mol block before its counts line.
const HEADER_LINES: usize = 3;
/// Where the counts line has the version.
const VERSION: Range<usize> = 34..39;

/// The records of an SDF.
pub(crate) struct SdfRecords<T> {
    lines: BufReader<LineFeeds<T>>,
    /// Lines read so far.
    line: u64,
    /// The record without its end; each line ends with a line feed.
    text: Vec<u8>,
    /// The line of the file at which its mol block begins, from 1.
    first_line: u64,
    block: Range<usize>,
    title: Range<usize>,
    /// Name and value of each data item.
    items: Vec<(Range<usize>, Range<usize>)>,
    /// The data items that are columns.
    columns: HashMap<Vec<u8>, usize>,
    /// By column.
    values: Vec<Range<usize>>,
    /// Whether data items that are not columns are counted.
    counts_others: bool,
}

impl<T: Read> SdfRecords<T> {
    /// Those of `text`, from the first; without columns.
    pub(super) fn new(text: BufReader<T>) -> Self {
        Self {
            lines: BufReader::with_capacity(TEXT_BUFFER_BYTES, LineFeeds::new(text)),
            line: 0,
            text: Vec::new(),
            first_line: 1,
            block: 0..0,
            title: 0..0,
            items: Vec::new(),
            columns: HashMap::new(),
            values: Vec::new(),
            counts_others: false,
        }
    }

    /// Makes columns of the data items with these `names`; with `counts_others`, all others are counted.
    pub(super) fn name_columns(&mut self, names: Vec<Vec<u8>>, counts_others: bool) {
        self.values = vec![0..0; names.len()];
        self.columns = names.into_iter().enumerate().map(|(index, name)| (name, index)).collect();
        self.counts_others = counts_others;
    }

    /// The names of the data items of the record that was read.
    pub(super) fn names(&self) -> impl Iterator<Item = &[u8]> {
        self.items.iter().map(|(name, _)| &self.text[name.clone()])
    }

    /// Bytes of that record.
    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Reads the lines up to the record's end, or that of the file; `false` if there are none but blank ones.
    fn read_lines(&mut self) -> Result<bool, String> {
        self.text.clear();
        self.first_line = self.line + 1;
        loop {
            let begin = self.text.len();
            let room = MAX_ROW_BYTES - begin as u64;
            let read = Read::take(&mut self.lines, room).read_until(b'\n', &mut self.text);
            let read = read.map_err(|error| error.to_string())?;
            let has_end = self.text.ends_with(b"\n");
            if read as u64 == room && !(has_end && read > 0) {
                return Err(format!("a record of more than {} MiB", MAX_ROW_BYTES >> 20));
            }
            if read == 0 {
                return Ok(!self.text.trim_ascii().is_empty());
            }
            if !has_end {
                self.text.push(b'\n');
            }
            self.line += 1;
            if self.text[begin..].starts_with(RECORD_END) {
                self.text.truncate(begin);
                return Ok(true);
            }
        }
    }

    /// Finds the mol block and the data items.
    fn cut(&mut self) {
        let begin = self.pass_blank_lines();
        let lines = Lines { text: &self.text, at: begin };
        let title = lines.clone().next().unwrap_or(begin..begin);
        self.title = trimmed(&self.text, title);
        let ends_block = |line: &Range<usize>| self.text[line.clone()].starts_with(BLOCK_END);
        let mut block = lines.clone();
        let end = match block.find(ends_block) {
            Some(_) => block.at,
            // RDKit says what is missing.
            None => lines
                .skip(HEADER_LINES)
                .find(|line| is_header(&self.text[line.clone()]))
                .map_or(self.text.len(), |line| line.start),
        };
        self.block = begin..end;
        self.cut_items(end);
    }

    /// Skips blank lines before the title, if the counts line shows that they do not belong to the block. Returns where the
    /// block begins.
    fn pass_blank_lines(&mut self) -> usize {
        let blank = Lines { text: &self.text, at: 0 }
            .take_while(|line| self.text[line.clone()].trim_ascii().is_empty())
            .count();
        if blank == 0 {
            return 0;
        }
        let is_counts = |line: &Range<usize>| {
            let version = self.text[line.clone()].get(VERSION);
            matches!(version, Some(b"V2000" | b"V3000"))
        };
        let counts = Lines { text: &self.text, at: 0 }
            .take(blank + HEADER_LINES + 1)
            .position(|line| is_counts(&line));
        let passed = counts.map_or(0, |counts| counts.saturating_sub(HEADER_LINES).min(blank));
        self.first_line += passed as u64;
        let mut lines = Lines { text: &self.text, at: 0 };
        lines.by_ref().take(passed).for_each(drop);
        lines.at
    }

    fn cut_items(&mut self, begin: usize) {
        self.items.clear();
        let mut lines = Lines { text: &self.text, at: begin };
        let mut is_after_empty = true;
        while let Some(line) = lines.next() {
            let text = &self.text[line.clone()];
            if is_after_empty && is_header(text) {
                let name = name_in(text);
                self.items.push((line.start + name.start..line.start + name.end, lines.at..lines.at));
            } else if !text.is_empty()
                && let Some((_, value)) = self.items.last_mut()
            {
                value.end = line.end;
            }
            is_after_empty = text.is_empty();
        }
    }

    fn find_values(&mut self) {
        self.values.fill(0..0);
        for (name, value) in &self.items {
            if let Some(&column) = self.columns.get(&self.text[name.clone()]) {
                self.values[column] = value.clone();
            }
        }
    }
}

impl<T: Read + Send> Records for SdfRecords<T> {
    fn read(&mut self) -> Result<bool, String> {
        let is_record = self.read_lines()?;
        if is_record {
            self.cut();
            self.find_values();
        }
        Ok(is_record)
    }

    fn fields<'r>(&'r self) -> Result<impl Fn(usize) -> &'r [u8], String> {
        Ok(|position: usize| {
            let range = match position {
                0 => &self.block,
                1 => &self.title,
                _ => &self.values[position - 2],
            };
            &self.text[range.clone()]
        })
    }

    fn line(&self) -> Option<u64> {
        Some(self.first_line)
    }

    fn count_unlisted(&self, unlisted: &mut Unlisted) {
        if !self.counts_others {
            return;
        }
        for name in self.names().filter(|name| !self.columns.contains_key(*name)) {
            unlisted.count(&String::from_utf8_lossy(name));
        }
    }
}

/// The lines of a text, without the line feeds with which they end.
#[derive(Clone)]
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
}

impl Iterator for Lines<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let rest = &self.text[self.at..];
        let length = rest.iter().position(|&byte| byte == b'\n')?;
        let line = self.at..self.at + length;
        self.at = line.end + 1;
        Some(line)
    }
}

/// Whether the line begins a data item.
fn is_header(line: &[u8]) -> bool {
    line.first() == Some(&b'>')
}

/// The name in the header of a data item: between `<` and `>`, or all of it, as in `> DT12`.
fn name_in(header: &[u8]) -> Range<usize> {
    let begin = header.iter().position(|&byte| byte == b'<').map(|at| at + 1);
    let end =
        begin.and_then(|begin| header[begin..].iter().position(|&byte| byte == b'>').map(|at| begin + at));
    match begin.zip(end) {
        Some((begin, end)) if begin < end => begin..end,
        _ => trimmed(header, 1..header.len()),
    }
}

/// The range without blanks at its ends.
fn trimmed(text: &[u8], range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let begin = range.start + (part.len() - part.trim_ascii_start().len());
    begin..begin + part.trim_ascii().len()
}
