//! Some rows of a library, for what is tried and not run.

use std::path::PathBuf;

use serde::Serialize;

use crate::codes::RejectCode;
use crate::engine::Engine;
use crate::error::Error;
use crate::library::Library;
use crate::options::ApplyOptions;
use crate::source::Chunk;
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
pub struct LibraryRows<'a> {
    library: Library,
    engine: &'a dyn Engine,
    /// Called now and then; an error stops the reading.
    stop_check: &'a dyn Fn() -> Result<(), Error>,
}

impl<'a> LibraryRows<'a> {
    /// The library that `given` names, which is read as `options` say. The `engine` decides what is a SMILES where no name
    /// does.
    ///
    /// # Errors
    /// Those of [`Library::open`].
    pub fn open(
        given: &[PathBuf],
        options: &ApplyOptions,
        engine: &'a dyn Engine,
        stop_check: &'a dyn Fn() -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let library = Library::open(given, &options.source(), &|texts| engine.reads_as_smiles(texts))?;
        Ok(Self { library, engine, stop_check })
    }

    /// The first `count` rows.
    ///
    /// # Errors
    /// Those of a damaged file.
    pub fn first(&self, count: u64) -> Result<Vec<LibraryRow>, Error> {
        self.at(0..count)
    }

    /// At most `count` rows, spread evenly, and the number of rows of the library.
    ///
    /// # Errors
    /// [`Error::InputUnreadable`] for a stream, and those of a damaged file.
    pub fn evenly(&self, count: u64) -> Result<(Vec<LibraryRow>, u64), Error> {
        if let Some(path) = self.library.paths().find(|_| self.library.is_stream()) {
            let reason =
                "it is a stream, and a sample needs its number of rows first; save it to a file".to_owned();
            return Err(Error::InputUnreadable { path: path.to_owned(), reason });
        }
        let total = self.library.count_rows(self.stop_check)?;
        let taken = count.min(total);
        // Wide, because the product of two numbers of rows may not fit.
        let row = |index: u64| (u128::from(index) * u128::from(total) / u128::from(taken.max(1))) as u64;
        Ok((self.at((0..taken).map(row))?, total))
    }

    /// The rows at these positions, which ascend, as far as the library has them.
    fn at(&self, positions: impl Iterator<Item = u64>) -> Result<Vec<LibraryRow>, Error> {
        let (mut source, mut next, mut rows) = (self.library.source()?, 0, Vec::new());
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
