//! A part of a library: a shard may end before the library does.

use super::{Chunk, InputColumns, Source};
use crate::error::Error;

/// A limited number of the next rows of a source.
pub struct Window<'a> {
    source: &'a mut dyn Source,
    left: u64,
}

impl<'a> Window<'a> {
    /// At most `rows` rows of `source`, from its current position.
    pub fn new(source: &'a mut dyn Source, rows: u64) -> Self {
        Self { source, left: rows }
    }
}

impl Source for Window<'_> {
    fn columns(&self) -> &InputColumns {
        self.source.columns()
    }

    fn total_rows(&self) -> Option<u64> {
        self.source.total_rows()
    }

    fn next_chunk(&mut self, max_rows: usize) -> Result<Option<Chunk>, Error> {
        if self.left == 0 {
            return Ok(None);
        }
        let chunk = self.source.next_chunk(max_rows.min(usize::try_from(self.left).unwrap_or(usize::MAX)))?;
        self.left -= chunk.as_ref().map_or(0, |chunk| chunk.smiles.len() as u64);
        Ok(chunk)
    }
}

/// Counts the rows of a library with the same reader as in a run, so that both see the same rows. `stop_check` is called
/// between two chunks.
pub fn count_rows(source: &mut dyn Source, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<u64, Error> {
    let mut rows = 0;
    while let Some(chunk) = source.next_chunk(usize::MAX)? {
        rows += chunk.smiles.len() as u64;
        stop_check()?;
    }
    Ok(rows)
}
