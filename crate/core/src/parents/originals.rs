//! The products that were written at once, read back from the parts by their positions.
//!
//! Memory: a record batch, and its rows as bytes.

use std::path::Path;

use arrow::row::Rows as EncodedRows;

use super::ParentTable;
use crate::disk::Disk;
use crate::error::Error;
use crate::output::assemble::read_part;
use crate::output::part::Part;
use crate::output::read_back::{Batches, WrittenFile};
use crate::output::table_error;

/// The rows of the parts, read at ascending positions.
pub struct Originals<'a> {
    disk: &'a Disk,
    folder: &'a Path,
    parts: std::slice::Iter<'a, Part>,
    /// The rest of a part that is being read.
    batches: Option<Batches>,
    /// The latest batch, and the position of its first row.
    rows: Option<(u64, EncodedRows)>,
    /// Rows of the parts that were opened or skipped.
    parts_end: u64,
    /// Rows of the batches that were read or skipped.
    end: u64,
}

impl<'a> Originals<'a> {
    /// The rows of `parts`, which are in `folder`.
    pub fn new(disk: &'a Disk, folder: &'a Path, parts: &'a [Part]) -> Self {
        Self { disk, folder, parts: parts.iter(), batches: None, rows: None, parts_end: 0, end: 0 }
    }

    /// The row at `position`, as `table` encodes it; no lower than the one before.
    pub fn at(&mut self, position: u64, table: &ParentTable) -> Result<&[u8], Error> {
        while position >= self.end {
            self.advance(position, table)?;
        }
        let row = self.rows.as_ref().and_then(|(first, rows)| {
            let row = usize::try_from(position.checked_sub(*first)?).ok()?;
            (row < rows.num_rows()).then(|| rows.row(row).data())
        });
        row.ok_or_else(|| Error::internal(format!("product {position} was read before")))
    }

    /// Reads the next batch, or opens the part that has row `position`.
    fn advance(&mut self, position: u64, table: &ParentTable) -> Result<(), Error> {
        if let Some(batch) = self.batches.as_mut().and_then(Iterator::next).transpose()? {
            let first = self.end;
            self.end += batch.num_rows() as u64;
            if position < self.end {
                self.rows = Some((first, table.encode(&batch).map_err(table_error)?));
            }
            return Ok(());
        }
        let missing = || Error::internal(format!("product {position} of {} was repeated", self.parts_end));
        let part = self.parts.next().ok_or_else(missing)?;
        (self.end, self.batches) = (self.parts_end, None);
        self.parts_end += part.rows;
        if position < self.parts_end {
            // No byte is used before it is checked.
            read_part(self.disk, self.folder, part)?;
            let file = WrittenFile::open(self.disk, &Part::path(self.folder, part.index))?;
            self.batches = Some(file.batches_of(&table.columns())?);
        } else {
            self.end = self.parts_end;
        }
        Ok(())
    }
}
