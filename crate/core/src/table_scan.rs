//! A pass over the rows of a table that meet a condition, on the calling thread. Memory is that of a chunk.

use std::path::Path;

use arrow::array::{RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use arrow::error::ArrowError;

use crate::error::Error;
use crate::filter::TableFilter;
use crate::source::{Table, TableColumns};

/// A pass that has not begun.
pub struct TableScan {
    table: Table,
    /// The columns that were asked for, in a chunk.
    wanted: usize,
    /// Positions in the table of a chunk's columns.
    read: Vec<usize>,
    filter: Option<TableFilter>,
}

/// Rows of a chunk that meet the condition.
#[derive(Debug)]
pub struct Met {
    /// Their numbers in the table, from 0.
    pub rows: Vec<u64>,
    /// The columns that were asked for.
    pub columns: RecordBatch,
}

impl TableScan {
    /// A pass over the table at `path`, whose SMILES column may be named, for the rows that meet the condition `filter`.
    /// `choose` returns the positions of the columns to pass on.
    ///
    /// # Errors
    /// Those of [`Table::open`], [`Error::InvalidWhere`].
    pub fn open(
        path: &Path,
        smiles_column: Option<&str>,
        filter: Option<&str>,
        choose: impl FnOnce(&TableColumns) -> Result<Vec<usize>, Error>,
    ) -> Result<Self, Error> {
        let (mut wanted, mut read, mut condition) = (0, Vec::new(), None);
        let table = Table::open(path, smiles_column, None, |columns| {
            read = choose(columns)?;
            wanted = read.len();
            condition = filter.map(|text| TableFilter::new(text, &columns.fields)).transpose()?;
            let further = condition.iter().flat_map(TableFilter::columns);
            let further: Vec<usize> = further.filter(|column| !read.contains(column)).collect();
            read.extend(further);
            Ok(read.clone())
        })?;
        Ok(Self { table, wanted, read, filter: condition })
    }

    /// Rows of the table.
    pub fn rows(&self) -> u64 {
        self.table.rows()
    }

    /// Passes the rows on, in their order. `stop_check` gets the number of rows read so far. Returns how many rows did not meet
    /// the condition.
    ///
    /// # Errors
    /// Those of the table, of `take` and of `stop_check`.
    pub fn run(
        mut self,
        stop_check: &dyn Fn(u64) -> Result<(), Error>,
        take: &mut dyn FnMut(Met) -> Result<(), Error>,
    ) -> Result<u64, Error> {
        let (mut first, mut filtered) = (0, 0);
        let wanted: Vec<usize> = (0..self.wanted).collect();
        loop {
            stop_check(first)?;
            let Some(chunk) = self.table.next_chunk()? else { break };
            let count = chunk.smiles.len() as u64;
            let mut columns = chunk.columns.project(&wanted).map_err(broken)?;
            let mut rows: Vec<u64> = (first..first + count).collect();
            if let Some(filter) = &self.filter {
                let place = |column| self.read.iter().position(|&known| known == column).unwrap_or_default();
                let met = filter.met(&chunk.columns, &place)?;
                filtered += count - met.len() as u64;
                rows = met.iter().map(|&row| first + u64::from(row)).collect();
                if self.wanted > 0 {
                    columns = take_record_batch(&columns, &UInt32Array::from(met)).map_err(broken)?;
                }
            }
            take(Met { rows, columns })?;
            first += count;
        }
        self.table.confirm(&|| stop_check(first))?;
        Ok(filtered)
    }
}

fn broken(error: ArrowError) -> Error {
    Error::internal(format!("reading rows: {error}"))
}
