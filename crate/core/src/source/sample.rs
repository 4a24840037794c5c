//! The first lines of a text file, examined before any of it is read as rows.

use std::io::{self, BufRead, Read};
use std::path::Path;

use super::MAX_ROW_BYTES;
use super::peek::{Failed, TextReader, rejoined};
use crate::error::Error;

/// Number of lines by which a layout is judged.
pub(super) const SAMPLE_LINES: usize = 100;
/// Lines beyond this many bytes are not examined, except the first one.
const SAMPLE_BYTES: usize = 1 << 20;

/// The first lines of a text file.
pub(super) struct Sample {
    text: Vec<u8>,
    /// Whether the file continues after the sample.
    is_cut: bool,
}

impl Sample {
    /// Reads the first lines of `text`, and returns a reader that still contains them.
    ///
    /// # Errors
    /// [`Error::InputCorrupt`] if the first line is longer than a row may be.
    pub(super) fn take(path: &Path, mut text: TextReader) -> Result<(Self, TextReader), Error> {
        let (mut head, mut failure, mut is_all) = (Vec::new(), None, false);
        let mut ends = 0;
        while ends < SAMPLE_LINES && (ends == 0 || head.len() < SAMPLE_BYTES) {
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
        let sampled = if is_all { head.len() } else { end_of_lines(&head) };
        let sample = Self { text: head[..sampled].to_vec(), is_cut: !is_all || sampled < head.len() };
        let rest: Box<dyn Read + Send> = match failure {
            None => Box::new(text),
            Some(error) => Box::new(Failed(Some(error))),
        };
        Ok((sample, rejoined(head, rest)))
    }

    /// The lines, without their ends and without blank ones.
    pub(super) fn lines(&self) -> impl Iterator<Item = &[u8]> {
        let lines = self.text.split(|&byte| byte == b'\n' || byte == b'\r');
        lines.filter(|line| !line.trim_ascii().is_empty()).take(SAMPLE_LINES)
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
fn end_of_lines(text: &[u8]) -> usize {
    let feeds = text.contains(&b'\n');
    let is_end = |byte: u8| byte == if feeds { b'\n' } else { b'\r' };
    let ends = text.iter().enumerate().filter(|(_, byte)| is_end(**byte)).map(|(index, _)| index + 1);
    ends.take(SAMPLE_LINES).last().unwrap_or(text.len())
}
