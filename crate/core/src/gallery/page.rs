//! The file of a page: the template, with the data in it as JSON, gzipped, in base64.
//!
//! The molecules come first and are packed as they are added, so a page needs no memory for them.

use std::io::{self, Write};

use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::STANDARD;
use base64::write::EncoderWriter;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use super::molecule::Molecule;
use super::values::ShownColumn;
use crate::error::Error;
use crate::writers::Sink;

/// Where a template has its data.
const DATA: &str = "<!--data-->";
/// What surrounds them.
const BEFORE: &str = "<script type=\"application/octet-stream\" id=\"data\">";
const AFTER: &str = "</script>";

/// The HTML of a page, around its data.
#[derive(Debug, Clone, Copy)]
pub struct Template<'a> {
    before: &'a str,
    after: &'a str,
}

impl<'a> Template<'a> {
    /// The template in `html`.
    ///
    /// # Errors
    /// An internal error if it does not have exactly one place for data.
    pub fn new(html: &'a str) -> Result<Self, Error> {
        match html.split_once(DATA) {
            Some((before, after)) if !after.contains(DATA) => Ok(Self { before, after }),
            _ => Err(Error::internal(format!("the template of the page does not have one {DATA}"))),
        }
    }

    /// Its bytes, without data.
    pub fn bytes(&self) -> u64 {
        (self.before.len() + BEFORE.len() + AFTER.len() + self.after.len()) as u64
    }
}

/// What a page says of itself; `GalleryData` in `src/pages/gallery/data.ts`, except for its molecules.
#[derive(Debug, Clone, Serialize)]
pub struct PageFacts<'a> {
    /// Name of the folder or file.
    pub title: &'a str,
    /// Rows of the table that meet the condition.
    pub rows: u64,
    /// Molecules in all pages.
    pub shown: u64,
    /// The columns of their values.
    pub columns: &'a [&'a ShownColumn],
    /// The SMARTS that are sought.
    pub queries: &'a [String],
    /// Which page this is.
    pub page: PageNumber,
    /// Names of the numbered pages; empty if there is one page.
    pub files: &'a [String],
    /// Name of the index; `None` in the index, and if there is one page.
    pub index: Option<&'a str>,
}

/// The number of a page, from 1, and how many there are; 0 for the index of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PageNumber {
    /// Its number.
    pub number: u64,
    /// How many there are.
    pub of: u64,
}

/// A page that is being written.
pub struct Page<'a> {
    data: GzEncoder<Counting<EncoderWriter<'static, GeneralPurpose, Sink>>>,
    template: Template<'a>,
    molecules: u64,
}

impl<'a> Page<'a> {
    /// Begins a page.
    pub fn begin(mut sink: Sink, template: Template<'a>) -> io::Result<Self> {
        sink.write_all(template.before.as_bytes())?;
        sink.write_all(BEFORE.as_bytes())?;
        let packed = Counting { to: EncoderWriter::new(sink, &STANDARD), bytes: 0 };
        let mut data = GzEncoder::new(packed, Compression::default());
        data.write_all(b"{\"molecules\":[")?;
        Ok(Self { data, template, molecules: 0 })
    }

    /// Bytes of the file so far, without the data that are still being packed.
    pub fn bytes(&self) -> u64 {
        self.template.bytes() + self.data.get_ref().bytes.div_ceil(3) * 4
    }

    /// Adds a molecule.
    pub fn add(&mut self, molecule: &Molecule) -> io::Result<()> {
        let comma: &[u8] = if self.molecules > 0 { b"," } else { b"" };
        self.data.write_all(comma)?;
        serde_json::to_writer(&mut self.data, molecule)?;
        self.molecules += 1;
        Ok(())
    }

    /// Ends the page, and returns its number of molecules.
    pub fn finish(mut self, facts: &PageFacts<'_>) -> io::Result<(Sink, u64)> {
        let facts = serde_json::to_string(facts)?;
        // The molecules and the facts are one object.
        let facts = facts.strip_prefix('{').unwrap_or_default();
        write!(self.data, "],{facts}")?;
        let mut sink = self.data.finish()?.to.finish()?;
        sink.write_all(AFTER.as_bytes())?;
        sink.write_all(self.template.after.as_bytes())?;
        sink.flush()?;
        Ok((sink, self.molecules))
    }
}

/// Counts what is written.
struct Counting<W> {
    to: W,
    bytes: u64,
}

impl<W: Write> Write for Counting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_has_one_place_for_data() {
        assert_eq!(
            Template::new("<p><!--data--></p>").unwrap().bytes(),
            (7 + BEFORE.len() + AFTER.len()) as u64
        );
        for broken in ["<p></p>", "<!--data--><!--data-->"] {
            assert!(Template::new(broken).is_err());
        }
    }
}
