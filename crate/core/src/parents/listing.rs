//! Lists the rows of each group at the end of a run or merge.
//!
//! Memory: that of two [sorters](crate::sorter), a batch of rows, and what [`Originals`] and a log hold.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use arrow::datatypes::SchemaRef;

use super::ParentTable;
use super::originals::Originals;
use crate::dedup::{Dedup, DedupKey, LEFT_OUT, Original};
use crate::disk::Disk;
use crate::error::Error;
use crate::output::part::Part;
use crate::output::row_log::{LoggedRows, LoggedTable, Mark, RowLog};
use crate::output::{TableSchema, table_error};
use crate::sorter::{Sorted, Sorter};

/// The rows of the table, in order, until they get their final file.
const LISTED_LOG: &str = "parents.arrow";
/// Repeats that the shards of a merge have left out.
const LEFT_OUT_LOG: &str = "left-out.arrow";
/// Names of the sorters' files.
const BY_NUMBER: &str = "repeats-by-number";
const BY_PRODUCT: &str = "repeats-by-product";

/// Rows, and bytes of rows, that are decoded at a time.
const ROWS: usize = 1_024;
const ROW_BYTES: usize = 1 << 20;

/// Makes the table of parents.
pub struct Parents {
    disk: Disk,
    spill_folder: PathBuf,
    table: ParentTable,
    left_out: Option<RowLog>,
}

/// The places of a run's rows after all deferred ones were settled.
pub struct Found<'a> {
    /// The parts of the products, in order.
    pub parts: &'a [Part],
    /// Their folder.
    pub folder: &'a Path,
    /// The log of the deferred rows, and its end.
    pub deferred: (&'a Path, Mark),
    /// The columns of the deferred rows.
    pub columns: &'a SchemaRef,
}

impl Parents {
    /// Without rows; `products` are the columns of the products, which are recognised by `key`.
    pub fn new(
        disk: &Disk,
        spill_folder: &Path,
        products: &TableSchema,
        key: DedupKey,
    ) -> Result<Self, Error> {
        let (disk, spill_folder) = (disk.clone(), spill_folder.to_owned());
        Ok(Self { disk, spill_folder, table: ParentTable::of(products, key)?, left_out: None })
    }

    /// Adds repeats that a shard has left out, in the order in which they are noted ([`Dedup::note_left_out`]): the
    /// rows of `batch` at `positions`.
    pub fn push_left_out(&mut self, batch: &RecordBatch, positions: Vec<u32>) -> Result<(), Error> {
        let batch = take_record_batch(batch, &UInt32Array::from(positions)).map_err(table_error)?;
        let rows = self.table.rows(&batch).map_err(table_error)?;
        let log = match &mut self.left_out {
            Some(log) => log,
            none => {
                let path = self.spill_folder.join(LEFT_OUT_LOG);
                none.insert(RowLog::create(&self.disk, &path, self.table.schema().rows())?)
            }
        };
        log.push(&rows)
    }

    /// Heap bytes held.
    pub fn memory_bytes(&self) -> u64 {
        self.left_out.as_ref().map_or(0, RowLog::memory_bytes)
    }

    /// Lists all groups. Returns the table, and the bytes that were spilled to disk. `stop_check` is called now and
    /// then.
    pub fn list(
        mut self,
        found: &Found<'_>,
        dedup: &mut dyn Dedup,
        stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<(LoggedTable, u64), Error> {
        let left_out = self.left_out.as_mut().map(RowLog::commit).transpose()?;
        let numbers = Numbers::of(dedup, Sorter::new(&self.disk, &self.spill_folder, BY_NUMBER), stop_check)?;
        let mut spilled_bytes = numbers.sorted.spilled_bytes() + left_out.map_or(0, |mark| mark.end.bytes);
        let repeats = self.by_product(found, left_out, numbers, stop_check)?;
        spilled_bytes += repeats.spilled_bytes();
        let (path, mark) = self.write(found, repeats, stop_check)?;
        let schema = Arc::clone(self.table.schema());
        Ok((LoggedTable { schema, path, mark }, spilled_bytes + mark.end.bytes))
    }

    /// The repeats in the order of the table, and the first rows of groups among the deferred rows.
    fn by_product(
        &self,
        found: &Found<'_>,
        left_out: Option<Mark>,
        mut numbers: Numbers,
        stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<Sorted, Error> {
        let mut sorter = Sorter::new(&self.disk, &self.spill_folder, BY_PRODUCT);
        let mut add = |first: u64, path: &Path, columns: &SchemaRef, mark: Mark| {
            let mut next = first;
            for rows in LoggedRows::open(&self.disk, path, columns, mark)? {
                stop_check()?;
                let batch = rows?.batch;
                self.add(&batch, next, &mut numbers, &mut sorter)?;
                next += batch.num_rows() as u64;
            }
            Ok::<_, Error>(())
        };
        let (deferred, mark) = found.deferred;
        add(0, deferred, found.columns, mark)?;
        if let Some((log, mark)) = self.left_out.as_ref().zip(left_out) {
            add(LEFT_OUT, log.path(), self.table.schema().rows(), mark)?;
        }
        match numbers.next {
            Some((number, _)) => {
                Err(Error::internal(format!("row {number} repeats a product and is missing")))
            }
            None => sorter.sorted(stop_check),
        }
    }

    /// Adds those rows of `batch`, numbered from `first`, that belong to a group.
    fn add(
        &self,
        batch: &RecordBatch,
        first: u64,
        numbers: &mut Numbers,
        sorter: &mut Sorter,
    ) -> Result<(), Error> {
        let (mut positions, mut of_groups) = (Vec::new(), Vec::new());
        while let Some((number, original)) = numbers.next_below(first + batch.num_rows() as u64)? {
            positions.push((number - first) as u32);
            of_groups.push((original, original == Original::Deferred(number)));
        }
        let batch = take_record_batch(batch, &UInt32Array::from(positions)).map_err(table_error)?;
        let rows = self.table.encode(&batch).map_err(table_error)?;
        let mut record = Vec::new();
        for ((original, is_first), row) in of_groups.into_iter().zip(&rows) {
            record.clear();
            record.extend_from_slice(&original.to_bytes());
            record.push(u8::from(!is_first));
            record.extend_from_slice(row.data());
            sorter.push(&record)?;
        }
        Ok(())
    }

    /// Writes the table to a log.
    fn write(
        &self,
        found: &Found<'_>,
        repeats: Sorted,
        stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<(PathBuf, Mark), Error> {
        let path = self.spill_folder.join(LISTED_LOG);
        self.disk.remove(&path)?;
        let log = RowLog::create(&self.disk, &path, self.table.schema().rows())?;
        let mut listing =
            Listing { table: &self.table, log, rows: Vec::new(), bytes: 0, latest: String::new() };
        let mut originals = Originals::new(&self.disk, found.folder, found.parts);
        let mut latest = None;
        for record in repeats {
            let record = record?;
            let malformed = || Error::internal("a record of a repeat is too short");
            let (original, record) = record.split_first_chunk().ok_or_else(malformed)?;
            let (&is_repeat, row) = record.split_first().ok_or_else(malformed)?;
            let original = Original::from_bytes(*original);
            if latest.replace(original) != Some(original) {
                match original {
                    Original::AtOnce(position) => listing.push(true, originals.at(position, &self.table)?),
                    Original::Deferred(number) if is_repeat != 0 => {
                        return Err(Error::internal(format!(
                            "deferred row {number} was repeated and is missing"
                        )));
                    }
                    Original::Deferred(_) => {}
                }
            }
            listing.push(is_repeat == 0, row);
            if listing.is_full() {
                stop_check()?;
                listing.flush()?;
            }
        }
        listing.flush()?;
        Ok((path, listing.log.commit()?))
    }
}

/// The numbers of all rows of groups, ascending, each with the first row of its group.
struct Numbers {
    sorted: Sorted,
    next: Option<(u64, Original)>,
}

impl Numbers {
    fn of(
        dedup: &mut dyn Dedup,
        mut sorter: Sorter,
        stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let mut found = |number: u64, original: Original| {
            sorter.push(&[number.to_be_bytes(), original.to_bytes()].concat())
        };
        dedup.repeats(&mut found, stop_check)?;
        let mut numbers = Self { sorted: sorter.sorted(stop_check)?, next: None };
        numbers.advance()?;
        Ok(numbers)
    }

    /// The next number, if it is below `end`.
    fn next_below(&mut self, end: u64) -> Result<Option<(u64, Original)>, Error> {
        let next = self.next.filter(|&(number, _)| number < end);
        if next.is_some() {
            self.advance()?;
        }
        Ok(next)
    }

    fn advance(&mut self) -> Result<(), Error> {
        self.next =
            match self.sorted.next().transpose()?.as_deref().map(<[u8]>::as_chunks::<{ Original::BYTES }>) {
                None => None,
                Some((&[number, original], [])) => {
                    Some((u64::from_be_bytes(number), Original::from_bytes(original)))
                }
                Some(_) => return Err(Error::internal("a record of a repeat's number has the wrong length")),
            };
        Ok(())
    }
}

/// The rows of the table on their way to its log.
struct Listing<'a> {
    table: &'a ParentTable,
    log: RowLog,
    /// Rows as bytes, and whether each is the first of its group.
    rows: Vec<(bool, Vec<u8>)>,
    bytes: usize,
    /// The product id of the latest group.
    latest: String,
}

impl Listing<'_> {
    fn push(&mut self, is_first: bool, row: &[u8]) {
        self.bytes += row.len();
        self.rows.push((is_first, row.to_vec()));
    }

    fn is_full(&self) -> bool {
        self.rows.len() >= ROWS || self.bytes >= ROW_BYTES
    }

    fn flush(&mut self) -> Result<(), Error> {
        let rows = self.table.decode(&self.rows, &mut self.latest).map_err(table_error)?;
        (self.rows, self.bytes) = (Vec::new(), 0);
        self.log.push(&rows)
    }
}
