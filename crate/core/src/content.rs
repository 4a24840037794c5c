//! The content of a file, identified by size and SHA-256.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

use crate::error::Error;

/// Bytes read between two checks whether to stop: about a millisecond.
pub const BLOCK_BYTES: usize = 1 << 18;

/// Size and content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 in hex.
    pub sha256: String,
}

impl Content {
    /// The content `bytes`.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let mut running = RunningContent::default();
        running.add(bytes);
        running.content()
    }

    /// The content that `reader` yields.
    pub fn of(reader: &mut impl Read) -> io::Result<Self> {
        Self::of_unless(reader, &mut || false)
    }

    /// Like `of`; an error of kind [`io::ErrorKind::Interrupted`] if `stopped` returned true between two blocks.
    pub fn of_unless(reader: &mut impl Read, stopped: &mut dyn FnMut() -> bool) -> io::Result<Self> {
        let (mut running, mut block) = (RunningContent::default(), vec![0; BLOCK_BYTES]);
        loop {
            if stopped() {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let read = reader.read(&mut block)?;
            if read == 0 {
                break;
            }
            running.add(&block[..read]);
        }
        Ok(running.content())
    }

    /// Like `of`; the outer error is that of `stop_check`, which is called between two blocks.
    pub fn of_while(
        reader: &mut impl Read,
        stop_check: &mut dyn FnMut() -> Result<(), Error>,
    ) -> Result<io::Result<Self>, Error> {
        let mut asked = Ok(());
        let content = Self::of_unless(reader, &mut || {
            asked = stop_check();
            asked.is_err()
        });
        asked.map(|()| content)
    }
}

/// The content of what was read so far.
#[derive(Debug, Clone, Default)]
pub struct RunningContent {
    hash: Sha256,
    bytes: u64,
}

impl RunningContent {
    /// Adds what follows.
    pub fn add(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    /// The content up to here.
    pub fn content(&self) -> Content {
        let hash = self.hash.clone().finalize();
        Content { bytes: self.bytes, sha256: hash.iter().map(|byte| format!("{byte:02x}")).collect() }
    }
}

/// An error for a file that does not have the expected content.
pub fn changed() -> io::Error {
    damaged("its content differs from what was written")
}

/// An error for a file that does not have the expected content from that byte on.
pub fn changed_at(byte: u64) -> io::Error {
    damaged(&format!("from byte {byte} on it differs from what was written"))
}

/// An error that [`Error::reading`] reports as damage.
fn damaged(what: &str) -> io::Error {
    let text = format!("{what}; the disk or another program changed it");
    io::Error::new(io::ErrorKind::InvalidData, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_the_published_vectors() {
        for (text, sha256) in [
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ] {
            let content = Content { bytes: text.len() as u64, sha256: sha256.to_owned() };
            assert_eq!(Content::of_bytes(text.as_bytes()), content);
            assert_eq!(Content::of(&mut text.as_bytes()).unwrap(), content);
        }
    }
}
