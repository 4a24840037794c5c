//! The first bytes of a stream, examined before any of it is read as rows.

use std::io::{self, BufReader, Read};

use super::TEXT_BUFFER_BYTES;

/// A stream, unpacked and not empty.
pub(super) type TextReader = BufReader<Box<dyn Read + Send>>;

/// The first bytes of a stream.
pub(super) struct Peeked {
    /// As many bytes as were asked for, unless the stream ends or fails before.
    pub head: Vec<u8>,
    /// A reader that still contains them, and fails where the stream did.
    pub text: TextReader,
}

/// Reads the first `bytes` of `stream`.
///
/// # Errors
/// If not a single byte can be read.
pub(super) fn peek(mut stream: Box<dyn Read + Send>, bytes: usize) -> io::Result<Peeked> {
    let mut head = Vec::new();
    let rest: Box<dyn Read + Send> = match (&mut stream).take(bytes as u64).read_to_end(&mut head) {
        Ok(_) => stream,
        Err(error) if head.is_empty() => return Err(error),
        Err(error) => Box::new(Failed(Some(error))),
    };
    Ok(Peeked { text: rejoined(head.clone(), rest), head })
}

/// A reader of `head`, then of `rest`.
pub(super) fn rejoined(head: Vec<u8>, rest: Box<dyn Read + Send>) -> TextReader {
    let whole: Box<dyn Read + Send> = Box::new(io::Cursor::new(head).chain(rest));
    BufReader::with_capacity(TEXT_BUFFER_BYTES, whole)
}

/// A stream that failed while it was read.
pub(super) struct Failed(pub Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _buffer: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
