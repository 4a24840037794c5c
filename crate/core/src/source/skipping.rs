//! Rows that a run is told to skip (`--skip-rows`): they become rejects before any engine sees them.

use std::collections::BTreeSet;

use super::rows::shown;
use super::{Chunk, Fault, InputColumns, Source};
use crate::codes::RejectCode;
use crate::error::Error;
use crate::strings::SmilesBatch;

/// A library in which the rows with the given numbers are [`RejectCode::Skipped`], whatever they contain.
pub struct Skipping {
    source: Box<dyn Source>,
    rows: BTreeSet<u64>,
    next_row: u64,
}

impl Skipping {
    /// `source`, which must be at its first row, without `rows`.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] if the library is known to be shorter.
    pub fn new(source: Box<dyn Source>, rows: BTreeSet<u64>) -> Result<Self, Error> {
        if let Some(reason) = source.total_rows().and_then(|total| missing_rows(&rows, total)) {
            return Err(Error::invalid_option("skip_rows", reason));
        }
        Ok(Self { source, rows, next_row: 0 })
    }
}

/// Describes which of `rows` are not in a library of `total` rows; `None` if all are.
pub fn missing_rows(rows: &BTreeSet<u64>, total: u64) -> Option<String> {
    let row = rows.range(total..).next()?;
    Some(format!("there is no row {row} in the library; it has {total} rows, and the first is row 0"))
}

impl Source for Skipping {
    fn columns(&self) -> &InputColumns {
        self.source.columns()
    }

    fn total_rows(&self) -> Option<u64> {
        self.source.total_rows()
    }

    fn next_chunk(&mut self, max_rows: usize) -> Result<Option<Chunk>, Error> {
        let Some(mut chunk) = self.source.next_chunk(max_rows)? else { return Ok(None) };
        let first_row = self.next_row;
        self.next_row += chunk.smiles.len() as u64;
        let skipped = self.rows.range(first_row..self.next_row).map(|row| (row - first_row) as u32);
        let skipped: BTreeSet<u32> = skipped.collect();
        if !skipped.is_empty() {
            leave_out(&mut chunk, &skipped);
        }
        Ok(Some(chunk))
    }

    fn skip(&mut self, rows: u64, stop_check: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        self.next_row += rows;
        self.source.skip(rows, stop_check)
    }
}

fn leave_out(chunk: &mut Chunk, skipped: &BTreeSet<u32>) {
    let (smiles, faults) = (std::mem::take(&mut chunk.smiles), std::mem::take(&mut chunk.faults));
    let (mut own, others): (Vec<_>, Vec<_>) =
        faults.into_iter().partition(|fault| skipped.contains(&fault.row));
    let mut kept = SmilesBatch::of(smiles.notation());
    let mut keep = |row: u32, text: &[u8]| match smiles.lines().get(row as usize) {
        Some(&line) => kept.push_at(text, line),
        None => kept.push(text),
    };
    for row in 0..smiles.len() as u32 {
        let text = smiles.get(row as usize);
        if !skipped.contains(&row) {
            keep(row, text);
            continue;
        }
        keep(row, b"");
        match own.iter_mut().find(|fault| fault.row == row) {
            Some(fault) => (fault.code, fault.reason) = (RejectCode::Skipped, None),
            None => own.push(Fault {
                row,
                code: RejectCode::Skipped,
                text: shown(smiles.notation(), text),
                reason: None,
            }),
        }
    }
    chunk.smiles = kept;
    chunk.faults = others;
    chunk.faults.append(&mut own);
    chunk.faults.sort_by_key(|fault| fault.row);
}
