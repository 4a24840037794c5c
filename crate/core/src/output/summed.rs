//! A quick checksum of the data that passes through. It shows whether a file that is read back is the one that was
//! written. SHA-256, which is also computed then, takes about twenty times as long.

use std::fmt;
use std::io::{self, Read, Write};

use xxhash_rust::xxh3::Xxh3;

/// A writer or reader, and the checksum of the data so far.
pub struct Summed<T> {
    inner: T,
    sum: Xxh3,
}

impl<T> Summed<T> {
    /// Wraps `inner`, with no data so far.
    pub fn new(inner: T) -> Self {
        Self { inner, sum: Xxh3::new() }
    }

    /// The wrapped writer or reader.
    pub fn get_ref(&self) -> &T {
        &self.inner
    }

    /// The checksum so far.
    pub fn sum(&self) -> u64 {
        self.sum.digest()
    }
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.sum.update(&buffer[..read]);
        Ok(read)
    }
}

impl<T: fmt::Debug> fmt::Debug for Summed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Summed").field(&self.inner).finish()
    }
}
