//! The first lines of a text file, examined before any of it is read as rows.

use std::io::{self, BufRead, Read};
use std::path::Path;

use super::MAX_ROW_BYTES;
use super::peek::{Failed, TextReader, rejoined};
use crate::error::Error;

/// Number of lines by which the layout of a table is judged.
pub(super) const SAMPLE_LINES: usize = 100;

/// How much of a file is examined.
#[derive(Clone, Copy)]
pub(super) struct Extent {
    /// Number of lines.
    pub lines: usize,
    /// Lines beyond this many bytes are not examined, except the first one.
    pub bytes: usize,
}

impl Extent {
    /// That of tables.
    pub(super) const TABLE: Self = Self { lines: SAMPLE_LINES, bytes: 1 << 20 };
}

/// The first lines of a text file.
pub(super) struct Sample {
    text: Vec<u8>,
    max_lines: usize,
    /// Whether the file continues after the sample.
    is_cut: bool,
}

impl Sample {
    /// Reads the first lines of `text`, and returns a reader that still contains them.
    ///
    /// # Errors
    /// [`Error::InputCorrupt`] if the first line is longer than a row may be.
    pub(super) fn take(
        path: &Path,
        mut text: TextReader,
        extent: Extent,
    ) -> Result<(Self, TextReader), Error> {
        let (mut head, mut failure, mut is_all) = (Vec::new(), None, false);
        let mut ends = 0;
        while ends < extent.lines && (ends == 0 || head.len() < extent.bytes) {
            if head.len() as u64 > MAX_ROW_BYTES {
                let reason = format!("a line of more than {} MiB", MAX_ROW_BYTES >> 20);
                return Err(Error::InputCorrupt { path: path.to_owned(), row: 0, reason });
            }
            match text.fill_buf() {
                Ok([]) => is_all = true,
                Ok(ahead) => {
                    ends += line_ends(ahead);
                    head.extend_from_slice(ahead);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => failure = Some(error),
            }
            if is_all || failure.is_some() {
                break;
            }
            let read = text.buffer().len();
            text.consume(read);
        }
        let sampled = if is_all { head.len() } else { end_of_lines(&head, extent.lines) };
        let is_cut = !is_all || sampled < head.len();
        let sample = Self { text: head[..sampled].to_vec(), is_cut, max_lines: extent.lines };
        let rest: Box<dyn Read + Send> = match failure {
            None => Box::new(text),
            Some(error) => Box::new(Failed(Some(error))),
        };
        Ok((sample, rejoined(head, rest)))
    }

    /// The lines, without their ends and without blank ones.
    pub(super) fn lines(&self) -> impl Iterator<Item = &[u8]> {
        let lines = self.text.split(|&byte| byte == b'\n' || byte == b'\r');
        lines.filter(|line| !line.trim_ascii().is_empty()).take(self.max_lines)
    }

    /// The text of the sample's lines.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Whether the file continues after the sample.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }
}

/// Number of line ends in `text`, of the kind that is more frequent.
fn line_ends(text: &[u8]) -> usize {
    let count = |end: u8| text.iter().filter(|&&byte| byte == end).count();
    count(b'\n').max(count(b'\r'))
}

/// The end of the last complete line of the sample.
fn end_of_lines(text: &[u8], lines: usize) -> usize {
    let feeds = text.contains(&b'\n');
    let is_end = |byte: u8| byte == if feeds { b'\n' } else { b'\r' };
    let ends = text.iter().enumerate().filter(|(_, byte)| is_end(**byte)).map(|(index, _)| index + 1);
    ends.take(lines).last().unwrap_or(text.len())
}
