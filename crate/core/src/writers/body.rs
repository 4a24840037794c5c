//! A file that is being written.

use std::io::{self, Write};

use super::compression::Packer;
use super::encoder::Content;
use super::sink::Sink;

/// A file that takes what encoders make.
pub trait Body {
    /// Adds the content of some rows.
    fn add(&mut self, content: Content) -> io::Result<()>;

    /// Writes what a file of the format ends with, and returns where it was written.
    fn finish(self: Box<Self>) -> io::Result<Sink>;
}

/// A file of text.
pub struct TextBody {
    packer: Box<dyn Packer>,
}

impl TextBody {
    /// A file that begins with `head`.
    pub fn begin(head: &[u8], mut packer: Box<dyn Packer>) -> io::Result<Box<dyn Body>> {
        packer.write_all(head)?;
        Ok(Box::new(Self { packer }))
    }
}

impl Body for TextBody {
    fn add(&mut self, content: Content) -> io::Result<()> {
        let Content::Text(text) = content else { return Err(io::Error::other("rows for a file of text")) };
        self.packer.write_all(&text)
    }

    fn finish(self: Box<Self>) -> io::Result<Sink> {
        self.packer.finish()
    }
}
