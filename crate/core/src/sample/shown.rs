//! Picked rows as JSON objects, for a caller who names no file.

use std::path::Path;

use arrow::array::UInt32Array;
use arrow::compute::take_record_batch;
use arrow::error::ArrowError;
use serde_json::value::RawValue;

use super::summary::SamplePhase;
use super::watch::Watch;
use crate::error::Error;
use crate::export::{ChosenRows, Plan};
use crate::options::ExportInput;
use crate::source::Table;
use crate::writers::json_objects;

/// A table that is ready to be read.
pub struct ShownTable {
    table: Table,
    plan: Plan,
}

impl ShownTable {
    /// The table at `path` with the columns that are asked for.
    ///
    /// # Errors
    /// Those of [`Plan::new`] and [`Table::open`].
    pub fn open(path: &Path, smiles_column: Option<&str>, export: &ExportInput) -> Result<Self, Error> {
        let mut plan = None;
        let table = Table::open(path, smiles_column, export.id_column.as_deref(), |columns| {
            Ok(plan.insert(Plan::new(export, columns)?).read.clone())
        })?;
        let plan = plan.ok_or_else(|| Error::internal("the columns of the table were not chosen"))?;
        Ok(Self { table, plan })
    }

    /// The names of these columns.
    pub fn columns(&self) -> Vec<String> {
        self.plan.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    /// The rows with these numbers, in the order of the table.
    ///
    /// # Errors
    /// Those of the table, [`Error::Cancelled`].
    pub fn rows(mut self, rows: Vec<u64>, watch: &Watch<'_>) -> Result<Vec<Box<RawValue>>, Error> {
        let total = self.table.rows();
        let wanted: Vec<usize> = (0..self.plan.schema.fields().len()).collect();
        let (mut chosen, mut first, mut objects) = (ChosenRows::new(rows), 0, Vec::new());
        while !chosen.is_done() {
            let step = || watch.step(SamplePhase::Writing, first, total);
            step()?;
            let gap = chosen.gap(first);
            if gap > 0 {
                self.table.skip(gap, &step)?;
            }
            first += gap;
            let Some(chunk) = self.table.next_chunk()? else { break };
            let count = chunk.smiles.len() as u32;
            let positions = chosen.take(first, count);
            first += u64::from(count);
            if !positions.is_empty() {
                let columns = chunk.columns.project(&wanted);
                let columns =
                    columns.and_then(|columns| take_record_batch(&columns, &UInt32Array::from(positions)));
                objects.extend(json_objects(&columns.map_err(broken)?)?);
            }
        }
        self.table.confirm(&|| watch.step(SamplePhase::Writing, first, total))?;
        Ok(objects)
    }
}

fn broken(error: ArrowError) -> Error {
    Error::internal(format!("reading the picked rows: {error}"))
}
