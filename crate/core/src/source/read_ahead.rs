//! Text that is read twice: once to learn what is in it, and then from its start again.

use std::collections::VecDeque;
use std::io::{self, BufReader, Read};

use super::TEXT_BUFFER_BYTES;
use super::peek::TextReader;

/// A reader that keeps what it hands out.
pub(super) struct ReadAhead {
    text: TextReader,
    kept: VecDeque<Vec<u8>>,
    failure: Option<io::Error>,
}

impl ReadAhead {
    pub(super) fn new(text: TextReader) -> Self {
        Self { text, kept: VecDeque::new(), failure: None }
    }

    /// The text from its start; an error comes again at its place.
    pub(super) fn again(self) -> TextReader {
        let again = Again { kept: self.kept, at: 0, failure: self.failure, rest: self.text };
        BufReader::with_capacity(TEXT_BUFFER_BYTES, Box::new(again))
    }
}

impl Read for ReadAhead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.text.read(buffer) {
            Ok(count) => {
                self.kept.push_back(buffer[..count].to_vec());
                Ok(count)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                let copy = io::Error::new(error.kind(), error.to_string());
                self.failure = Some(error);
                Err(copy)
            }
        }
    }
}

/// What was kept, each piece until it has been read, then the rest.
struct Again {
    kept: VecDeque<Vec<u8>>,
    /// Bytes of the first piece that have been read.
    at: usize,
    failure: Option<io::Error>,
    rest: TextReader,
}

impl Read for Again {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(piece) = self.kept.front() {
            let left = &piece[self.at..];
            if left.is_empty() {
                self.kept.pop_front();
                self.at = 0;
                continue;
            }
            let count = left.len().min(buffer.len());
            buffer[..count].copy_from_slice(&left[..count]);
            self.at += count;
            return Ok(count);
        }
        match self.failure.take() {
            Some(error) => Err(error),
            None => self.rest.read(buffer),
        }
    }
}
