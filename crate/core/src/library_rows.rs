//! Some rows of a library, for what is tried and not run.

use std::path::Path;

use serde::Serialize;

use crate::codes::RejectCode;
use crate::engine::Engine;
use crate::error::Error;
use crate::options::ApplyOptions;
use crate::source::{self, Chunk, Source, count_rows};
use crate::strings::Notation;

/// A row of a library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LibraryRow {
    /// Its position.
    pub source_row: u64,
    /// Its text; empty for a null.
    pub source_smiles: String,
    /// Why an engine cannot be asked.
    #[serde(skip)]
    pub fault: Option<RejectCode>,
}

/// A library whose rows are taken here and there.
pub struct Library<'a> {
    /// Its file.
    pub path: &'a Path,
    /// How it is read.
    pub options: &'a ApplyOptions,
    /// Decides what is a SMILES where no name does.
    pub engine: &'a dyn Engine,
    /// Called now and then; an error stops the reading.
    pub stop_check: &'a dyn Fn() -> Result<(), Error>,
}

impl Library<'_> {
    /// The first `count` rows.
    ///
    /// # Errors
    /// Those of [`source::open`] and of a damaged file.
    pub fn first(&self, count: u64) -> Result<Vec<LibraryRow>, Error> {
        self.at(0..count)
    }

    /// At most `count` rows, spread evenly, and the number of rows of the library.
    ///
    /// # Errors
    /// Those of [`source::open`] and of a damaged file.
    pub fn evenly(&self, count: u64) -> Result<(Vec<LibraryRow>, u64), Error> {
        let source = self.open()?;
        let total = match source.total_rows() {
            Some(total) => total,
            None => count_rows(&mut *self.open()?, self.stop_check)?,
        };
        let taken = count.min(total);
        // Wide, because the product of two numbers of rows may not fit.
        let row = |index: u64| (u128::from(index) * u128::from(total) / u128::from(taken.max(1))) as u64;
        Ok((self.at((0..taken).map(row))?, total))
    }

    fn open(&self) -> Result<Box<dyn Source>, Error> {
        source::open(self.path, &self.options.source(), &|texts| self.engine.reads_as_smiles(texts))
    }

    /// The rows at these positions, which ascend, as far as the library has them.
    fn at(&self, positions: impl Iterator<Item = u64>) -> Result<Vec<LibraryRow>, Error> {
        let (mut source, mut next, mut rows) = (self.open()?, 0, Vec::new());
        for position in positions {
            (self.stop_check)()?;
            source.skip(position - next, self.stop_check)?;
            let Some(chunk) = source.next_chunk(1)? else { break };
            rows.push(self.row(position, chunk)?);
            next = position + 1;
        }
        Ok(rows)
    }

    /// The only row of `chunk`.
    fn row(&self, source_row: u64, chunk: Chunk) -> Result<LibraryRow, Error> {
        if let Some(fault) = chunk.faults.into_iter().next() {
            let source_smiles = fault.text.unwrap_or_default();
            return Ok(LibraryRow { source_row, source_smiles, fault: Some(fault.code) });
        }
        let (smiles, fault) = match chunk.smiles.notation() {
            Notation::Smiles => (chunk.smiles.get(0).to_vec(), None),
            Notation::MolBlock => {
                let read = self.engine.read_rows(&chunk.smiles)?;
                let fault = read.failures.first().map(|failure| failure.code);
                (read.smiles.get(0).to_vec(), fault)
            }
        };
        let source_smiles = String::from_utf8_lossy(&smiles).into_owned();
        Ok(LibraryRow { source_row, source_smiles, fault })
    }
}
