//! From the chunks of a table to rows for files: rows that the condition and the limit let through, divided by partition
//! and by number.

use std::collections::HashMap;
use std::ffi::OsString;

use arrow::array::Array;
use arrow::util::display::{ArrayFormatter, FormatOptions};

use super::chosen::ChosenRows;
use super::names::Names;
use super::plan::Plan;
use crate::error::Error;
use crate::options::ExportInput;
use crate::source::Chunk;
use crate::writers::{Rows, in_utc};

/// Files that are open at the same time, at most.
pub const MAX_PARTITIONS: usize = 256;

/// Rows of a chunk for one file.
#[derive(Debug)]
pub struct Portion {
    /// The number of the partition, from 0.
    pub partition: usize,
    /// The name of the file.
    pub name: OsString,
    /// The rows.
    pub rows: Rows,
}

/// Divides rows.
pub struct Router<'a> {
    plan: &'a Plan,
    names: &'a Names,
    max_rows_per_file: u64,
    /// The rows to admit, if they were chosen before.
    chosen: Option<ChosenRows>,
    /// Rows that may still be let through.
    left: u64,
    /// Partitions by their value, each with the number of its rows so far.
    partitions: HashMap<Option<String>, (usize, u64)>,
    /// Rows that the table has given.
    pub read: u64,
    /// Rows that the condition took out.
    pub filtered: u64,
}

impl<'a> Router<'a> {
    /// A router for rows of that plan, or for those of them that were chosen before.
    pub fn new(input: &ExportInput, plan: &'a Plan, names: &'a Names, chosen: Option<Vec<u64>>) -> Self {
        Self {
            plan,
            names,
            max_rows_per_file: input.max_rows_per_file.unwrap_or(u64::MAX),
            chosen: chosen.map(ChosenRows::new),
            left: input.limit.unwrap_or(u64::MAX),
            partitions: HashMap::new(),
            read: 0,
            filtered: 0,
        }
    }

    /// Whether no more rows are wanted.
    pub fn is_done(&self) -> bool {
        self.left == 0 || self.chosen.as_ref().is_some_and(ChosenRows::is_done)
    }

    /// How many of the next rows need not be read.
    pub fn gap(&self) -> u64 {
        self.chosen.as_ref().map_or(0, |chosen| chosen.gap(self.read))
    }

    /// Passes over rows that were not read.
    pub fn skip(&mut self, rows: u64) {
        self.read += rows;
        self.filtered += rows;
    }

    /// The rows of the next chunk.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for too many partitions; internal ones.
    pub fn route(&mut self, chunk: Chunk) -> Result<Vec<Portion>, Error> {
        let (met, rows) = self.admitted(chunk)?;
        let mut portions: Vec<(usize, OsString, Vec<u32>)> = Vec::new();
        let mut places: HashMap<(usize, u64), usize> = HashMap::new();
        for (row, value) in met.iter().zip(self.values(&rows, &met)?) {
            let (partition, number) = self.file(&value)?;
            let place = *places.entry((partition, number)).or_insert_with(|| {
                portions.push((partition, self.names.name(value.as_deref(), number), Vec::new()));
                portions.len() - 1
            });
            portions[place].2.push(*row);
        }
        let portion = |(partition, name, picked)| {
            let mut rows = rows.take(picked).map_err(broken)?;
            let wanted: Vec<usize> = (0..self.plan.schema.fields().len()).collect();
            rows.columns = rows.columns.project(&wanted).map_err(broken)?;
            Ok(Portion { partition, name, rows })
        };
        portions.into_iter().map(portion).collect()
    }

    /// The rows of a chunk, and the positions of those that the condition and the limit let through.
    fn admitted(&mut self, chunk: Chunk) -> Result<(Vec<u32>, Rows), Error> {
        let count = chunk.smiles.len() as u32;
        let mut met = match (&mut self.chosen, &self.plan.filter) {
            (Some(chosen), _) => chosen.take(self.read, count),
            (None, None) => (0..count).collect(),
            (None, Some(filter)) => filter.met(&chunk.columns, &|column| self.plan.place(column))?,
        };
        let mut read = count;
        if met.len() as u64 >= self.left {
            met.truncate(self.left as usize);
            read = met.last().map_or(0, |last| last + 1);
        }
        let rows = Rows {
            ids: self.plan.id.map(|id| chunk.columns.column(id).clone()),
            columns: chunk.columns,
            smiles: chunk.smiles,
            positions: (self.read..self.read + u64::from(count)).collect(),
        };
        self.left -= met.len() as u64;
        self.read += u64::from(read);
        self.filtered += u64::from(read) - met.len() as u64;
        Ok((met, rows))
    }

    /// For each of the rows at `met`, the value that decides its partition.
    fn values(&self, rows: &Rows, met: &[u32]) -> Result<Vec<Option<String>>, Error> {
        let Some(partition) = self.plan.partition else { return Ok(vec![None; met.len()]) };
        let array = in_utc(rows.columns.column(partition)).map_err(broken)?;
        let options = FormatOptions::default();
        let shown = ArrayFormatter::try_new(&array, &options).map_err(broken)?;
        let value = |&row: &u32| match array.is_null(row as usize) {
            true => Ok(None),
            false => shown.value(row as usize).try_to_string().map(Some),
        };
        met.iter().map(value).collect::<Result<_, _>>().map_err(broken)
    }

    /// Partition and number of the file for the next row with that value.
    fn file(&mut self, value: &Option<String>) -> Result<(usize, u64), Error> {
        if !self.partitions.contains_key(value) {
            let next = self.partitions.len();
            if next == MAX_PARTITIONS {
                let reason = format!(
                    "has more than {MAX_PARTITIONS} values, and each has an open file; choose another column, or divide the \
                     rows with `where` first"
                );
                return Err(ExportInput::partition_by.refuse(reason));
            }
            self.partitions.insert(value.clone(), (next, 0));
        }
        let Some((partition, rows)) = self.partitions.get_mut(value) else {
            return Err(Error::internal("a partition without rows"));
        };
        *rows += 1;
        Ok((*partition, (*rows - 1) / self.max_rows_per_file + 1))
    }
}

fn broken(error: arrow::error::ArrowError) -> Error {
    Error::internal(format!("dividing rows: {error}"))
}
