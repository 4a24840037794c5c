//! The rows of a library, file after file.

use super::Library;
use super::columns::Adapter;
use crate::error::Error;
use crate::source::{Chunk, InputColumns, Source};

/// Reads the files of a library one after the other; each is opened when its turn comes.
pub(super) struct Chain {
    library: Library,
    /// The source of the first file, if it is open already.
    first: Option<Box<dyn Source>>,
    current: Option<Current>,
    /// The file after the current one.
    next: usize,
}

struct Current {
    source: Box<dyn Source>,
    adapter: Option<Adapter>,
    /// Rows that were read or skipped.
    rows: u64,
}

impl Chain {
    pub(super) fn new(library: Library, first: Option<Box<dyn Source>>) -> Self {
        Self { library, first, current: None, next: 0 }
    }

    /// Opens the next file, unless one is open; false after the last one.
    fn open_next(&mut self) -> Result<bool, Error> {
        if self.current.is_some() {
            return Ok(true);
        }
        let Some(file) = self.library.files().get(self.next) else { return Ok(false) };
        let shared = &self.library.shared;
        let source = match self.first.take().filter(|_| self.next == 0) {
            Some(source) => source,
            None => file.source(&shared.options)?,
        };
        let adapter = shared
            .is_several
            .then(|| Adapter::new(&shared.columns, file.path(), source.columns(), file.partitions()));
        self.current = Some(Current { source, adapter, rows: 0 });
        self.next += 1;
        Ok(true)
    }

    /// The next rows of the current file. At its end, `None`, and its number of rows is known.
    fn next_of_current(&mut self, max_rows: usize) -> Result<Option<Chunk>, Error> {
        let Some(current) = &mut self.current else { return Ok(None) };
        if let Some(chunk) = current.source.next_chunk(max_rows)? {
            current.rows += chunk.smiles.len() as u64;
            return match &current.adapter {
                Some(adapter) => adapter.adapt(chunk).map(Some),
                None => Ok(Some(chunk)),
            };
        }
        self.library.files()[self.next - 1].set_rows(current.rows);
        self.current = None;
        Ok(None)
    }

    /// Skips `rows` rows of the current file, or all that it has; returns the number of rows skipped.
    fn skip_in_current(
        &mut self,
        rows: u64,
        stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<u64, Error> {
        let known = self.library.files()[self.next - 1].rows();
        match (&mut self.current, known) {
            (Some(current), Some(known)) => {
                let left = known.saturating_sub(current.rows);
                let skipped = rows.min(left);
                if skipped < left {
                    current.source.skip(skipped, stop_check)?;
                    current.rows += skipped;
                } else {
                    self.current = None;
                }
                Ok(skipped)
            }
            _ => {
                stop_check()?;
                let chunk = self.next_of_current(usize::try_from(rows).unwrap_or(usize::MAX))?;
                Ok(chunk.map_or(0, |chunk| chunk.smiles.len() as u64))
            }
        }
    }

    /// Whether the next file can be passed over as a whole to skip `rows` rows.
    fn passes_next(&self, rows: u64) -> Option<u64> {
        let next = self.library.files().get(self.next).filter(|_| self.current.is_none())?;
        next.rows().filter(|&of_next| of_next <= rows)
    }
}

impl Source for Chain {
    fn columns(&self) -> &InputColumns {
        self.library.columns()
    }

    fn total_rows(&self) -> Option<u64> {
        self.library.files().iter().map(|file| file.rows()).sum()
    }

    fn next_chunk(&mut self, max_rows: usize) -> Result<Option<Chunk>, Error> {
        while self.open_next()? {
            if let Some(chunk) = self.next_of_current(max_rows)? {
                return Ok(Some(chunk));
            }
        }
        Ok(None)
    }

    fn skip(&mut self, mut rows: u64, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        while rows > 0 {
            if let Some(passed) = self.passes_next(rows) {
                (self.next, self.first, rows) = (self.next + 1, None, rows - passed);
                continue;
            }
            if !self.open_next()? {
                return Err(Error::internal(format!("the input ends {rows} rows early")));
            }
            rows -= self.skip_in_current(rows, stop_check)?;
        }
        Ok(())
    }
}
