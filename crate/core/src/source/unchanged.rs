//! A source whose file must not change. If the file has changed, that is the error, whatever the reader reports.

use super::{Chunk, InputColumns, Source};
use crate::error::Error;
use crate::stable_file::StableFile;

/// A source, and the file that it reads.
pub(super) struct Unchanged {
    source: Box<dyn Source>,
    file: StableFile,
}

impl Unchanged {
    pub(super) fn new(source: Box<dyn Source>, file: StableFile) -> Self {
        Self { source, file }
    }
}

impl Source for Unchanged {
    fn columns(&self) -> &InputColumns {
        self.source.columns()
    }

    fn total_rows(&self) -> Option<u64> {
        self.source.total_rows()
    }

    fn next_chunk(&mut self, max_rows: usize) -> Result<Option<Chunk>, Error> {
        self.source.next_chunk(max_rows).map_err(|error| self.file.or_changed(error))
    }

    fn skip(&mut self, rows: u64, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        self.source.skip(rows, stop_check).map_err(|error| self.file.or_changed(error))
    }
}
