//! Text with one kind of line end, whatever kind the file has.

use std::io::{self, BufRead, BufReader, Read};

/// Text in which every line ends with a line feed.
///
/// A carriage return ends a line too, as in files of old Macs; several of them before a line feed form one line end
/// with it. A reader that knows only line feeds would read such a file as one row and put all other molecules into
/// its id.
pub(super) struct LineFeeds<T> {
    text: BufReader<T>,
    /// Carriage returns that were read and may still turn out to belong to a line feed.
    returns: usize,
}

impl<T: Read> LineFeeds<T> {
    pub(super) fn new(text: BufReader<T>) -> Self {
        Self { text, returns: 0 }
    }

    /// Counts the carriage returns that come next. Returns whether a line feed follows, which forms one line end with
    /// them.
    fn read_returns(&mut self) -> io::Result<()> {
        loop {
            let ahead = self.text.fill_buf()?;
            let count = ahead.iter().take_while(|&&byte| byte == b'\r').count();
            if count == 0 {
                // The line feed alone ends the line.
                if ahead.first() == Some(&b'\n') {
                    self.returns = 0;
                }
                return Ok(());
            }
            self.text.consume(count);
            self.returns += count;
        }
    }
}

impl<T: Read> Read for LineFeeds<T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.returns == 0 {
            self.read_returns()?;
        }
        if self.returns > 0 {
            let count = self.returns.min(buffer.len());
            buffer[..count].fill(b'\n');
            self.returns -= count;
            return Ok(count);
        }
        let ahead = self.text.fill_buf()?;
        let plain = ahead.iter().position(|&byte| byte == b'\r').unwrap_or(ahead.len());
        let count = plain.min(buffer.len());
        buffer[..count].copy_from_slice(&ahead[..count]);
        self.text.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &[u8], buffer: usize) -> Vec<u8> {
        let mut read = Vec::new();
        LineFeeds::new(BufReader::with_capacity(buffer, text)).read_to_end(&mut read).unwrap();
        read
    }

    #[test]
    fn every_kind_of_line_end_is_a_line_feed() {
        for (text, expected) in [
            ("a\nb", "a\nb"),
            ("a\r\nb\r\n", "a\nb\n"),
            ("a\rb\r", "a\nb\n"),
            ("a\r\rb", "a\n\nb"),
            ("a\r\r\nb", "a\nb"),
            ("a\n\rb", "a\n\nb"),
            ("\r\n\r\n", "\n\n"),
            ("", ""),
        ] {
            assert_eq!(read(text.as_bytes(), 64), expected.as_bytes(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn where_buffers_end_changes_nothing(text in "[ab\r\n]{0,40}", buffer in 1_usize..8) {
            prop_assert_eq!(read(text.as_bytes(), buffer), read(text.as_bytes(), 64));
        }
    }
}
