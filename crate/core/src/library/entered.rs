//! A library that is entered anywhere, without reading what comes before.

use super::Library;
use crate::error::Error;
use crate::source::{EnteredText, Lines, Source};

/// A library of one text file, read from any line on.
pub struct EnteredLibrary {
    library: Library,
    text: EnteredText,
}

impl Library {
    /// The library if it is one text file, not packed, each of whose lines is a row.
    ///
    /// # Errors
    /// Those of the source.
    pub fn entered(&self) -> Result<Option<EnteredLibrary>, Error> {
        let [file] = self.files() else { return Ok(None) };
        let Some(stable) = file.stable()?.filter(|_| !self.is_several()) else { return Ok(None) };
        let text = EnteredText::of(&stable, &self.shared.options, &file.verdicts_again())?;
        Ok(text.map(|text| EnteredLibrary { library: self.clone(), text }))
    }
}

impl EnteredLibrary {
    /// Bytes of the file.
    pub fn bytes(&self) -> u64 {
        self.text.bytes()
    }

    /// The lines that begin between these two bytes of the file, without its first line.
    ///
    /// # Errors
    /// Those of a file that cannot be read.
    pub fn lines(&self, start: u64, end: u64) -> Result<Lines, Error> {
        self.text.lines(start, end)
    }

    /// The rows in `lines`.
    ///
    /// # Errors
    /// Those of the source.
    pub fn rows(&self, lines: Lines) -> Result<Box<dyn Source>, Error> {
        let [file] = self.library.files() else { return Err(Error::internal("a text file was expected")) };
        self.text.rows(lines, &file.verdicts_again())
    }
}
