//! The first rows of a library (`--limit`).

use super::{Chunk, InputColumns, Source, Window};
use crate::error::Error;

/// A library that ends after a number of rows, if it does not end earlier.
pub struct Limited {
    source: Box<dyn Source>,
    rows: u64,
    left: u64,
}

impl Limited {
    /// The first `rows` rows of `source`, which must be at its first row.
    pub fn new(source: Box<dyn Source>, rows: u64) -> Self {
        Self { source, rows, left: rows }
    }
}

impl Source for Limited {
    fn columns(&self) -> &InputColumns {
        self.source.columns()
    }

    fn total_rows(&self) -> Option<u64> {
        self.source.total_rows().map(|total| total.min(self.rows))
    }

    fn next_chunk(&mut self, max_rows: usize) -> Result<Option<Chunk>, Error> {
        let chunk = Window::new(&mut *self.source, self.left).next_chunk(max_rows)?;
        self.left -= chunk.as_ref().map_or(0, |chunk| chunk.smiles.len() as u64);
        Ok(chunk)
    }

    fn skip(&mut self, rows: u64, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        self.left = self.left.saturating_sub(rows);
        self.source.skip(rows, stop_check)
    }
}
