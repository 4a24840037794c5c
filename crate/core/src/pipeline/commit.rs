//! The commit of a run: counts, removes duplicates, hands rows to the tables.

use std::sync::atomic::Ordering;

use arrow::error::ArrowError;

use super::{Finished, Sink};
use crate::dedup::{Dedup, DedupCounts, DedupReport, Keys, Verdict};
use crate::engine::Products;
use crate::error::Error;
use crate::memory::Counters;
use crate::output::folder::{OutputFolder, SealedFile};
use crate::output::products::ProductTable;
use crate::output::rejects::RejectTable;
use crate::output::table::{Buffering, TableWriter};
use crate::output::{PRODUCTS_FILE, REJECTS_FILE};
use crate::source::InputColumns;
use crate::sums::{RowCounts, Sums, Tally};
use crate::transform::Transform;

/// Everything that is counted, deduplicated and written.
pub struct ProductSink<'a> {
    product_table: ProductTable,
    reject_table: RejectTable,
    products: TableWriter,
    rejects: TableWriter,
    dedup: Box<dyn Dedup>,
    keys: Vec<Keys>,
    tallies: Vec<Tally>,
    kept: Vec<DedupCounts>,
    row_counts: RowCounts,
    counters: &'a Counters,
}

/// What a sink has counted, and its two files, complete under temporary names.
pub struct Sealed {
    /// Sums by transform.
    pub sums: Vec<Sums>,
    /// Rows once.
    pub row_counts: RowCounts,
    /// The deduplication.
    pub dedup: DedupReport,
    /// Products written, and their file.
    pub products: (u64, SealedFile),
    /// Reject records written, and their file.
    pub rejects: (u64, SealedFile),
    /// The most products that waited for the encoder.
    pub peak_buffered_products: usize,
}

impl<'a> ProductSink<'a> {
    /// A sink that writes to `folder`.
    pub fn create(
        folder: &OutputFolder,
        columns: &InputColumns,
        transforms: &[Transform],
        dedup: Box<dyn Dedup>,
        buffering: Buffering,
        counters: &'a Counters,
    ) -> Result<Self, Error> {
        let product_table = ProductTable::new(columns, transforms);
        let reject_table = RejectTable::new(columns, transforms);
        Ok(Self {
            products: TableWriter::create(folder, PRODUCTS_FILE, product_table.schema(), buffering)?,
            rejects: TableWriter::create(folder, REJECTS_FILE, reject_table.schema(), buffering)?,
            product_table,
            reject_table,
            dedup,
            keys: transforms.iter().map(|transform| Keys::new(&transform.name)).collect(),
            tallies: vec![Tally::default(); transforms.len()],
            kept: vec![DedupCounts::default(); transforms.len()],
            row_counts: RowCounts::default(),
            counters,
        })
    }

    /// Products judged so far.
    pub fn products_seen(&self) -> u64 {
        self.kept.iter().map(|counts| counts.kept + counts.left_out).sum()
    }

    /// Products written so far.
    pub fn products_kept(&self) -> u64 {
        self.products.rows()
    }

    /// Reject records so far.
    pub fn reject_records(&self) -> u64 {
        self.rejects.rows()
    }

    /// Checks the sums against the `rows_read` and completes both files. `templates` are the product templates of
    /// each transform.
    pub fn seal(
        self,
        rows_read: u64,
        transforms: &[Transform],
        templates: &[u64],
        metadata: &parquet::file::metadata::KeyValue,
    ) -> Result<Sealed, Error> {
        let dedup = self.dedup.report();
        let lossy = dedup.bloom.is_some();
        let sums: Vec<Sums> = self
            .tallies
            .iter()
            .zip(&self.kept)
            .map(|(&tally, &counts)| Sums::new(rows_read, tally, counts, lossy))
            .collect();
        for ((sums, transform), &templates) in sums.iter().zip(transforms).zip(templates) {
            if let Some(broken) = sums.broken(templates) {
                return Err(Error::internal(format!("transform {:?}: {broken}", transform.name)));
            }
        }
        if self.row_counts.total() != rows_read {
            let reason = format!("{} rows have an outcome of {rows_read} read", self.row_counts.total());
            return Err(Error::internal(reason));
        }
        let peak_buffered_products = self.products.peak_waiting_rows();
        let rejects = (self.rejects.rows(), self.rejects.seal(metadata.clone())?);
        let products = (self.products.rows(), self.products.seal(metadata.clone())?);
        Ok(Sealed { sums, row_counts: self.row_counts, dedup, products, rejects, peak_buffered_products })
    }

    /// Positions of the products that are written.
    fn judge(&mut self, products: &Products) -> Vec<usize> {
        let mut kept = Vec::with_capacity(products.len());
        for (index, &transform) in products.transform.iter().enumerate() {
            let transform = usize::from(transform);
            let verdict = self.dedup.judge(self.keys[transform].of(products.smiles.get(index)));
            self.kept[transform].add(verdict);
            if verdict == Verdict::New {
                kept.push(index);
            }
        }
        kept
    }
}

impl Sink for ProductSink<'_> {
    fn commit(&mut self, finished: &Finished) -> Result<(), Error> {
        let (micro_batch, output) = (&finished.micro_batch, &finished.output);
        let (first_row, chunk) = (micro_batch.first_row, &micro_batch.chunk);
        if output.rows.len() != chunk.smiles.len() || output.tallies.len() != self.tallies.len() {
            return Err(Error::internal(format!("the engine lost rows after row {first_row}")));
        }
        output.rows.iter().for_each(|&row| self.row_counts.add(row));
        for (sum, &tally) in self.tallies.iter_mut().zip(&output.tallies) {
            *sum += tally;
        }
        let kept = self.judge(&output.products);
        let rows = self.product_table.rows(first_row, chunk, &output.products, &kept).map_err(table_error)?;
        self.products.push(rows)?;
        if !(chunk.faults.is_empty() && output.failures.is_empty()) {
            let rows = self.reject_table.rows(first_row, chunk, &output.failures).map_err(table_error)?;
            self.rejects.push(rows)?;
        }
        self.counters.dedup.store(self.dedup.memory_bytes(), Ordering::Relaxed);
        let writers = self.products.memory_bytes() + self.rejects.memory_bytes();
        self.counters.writer.store(writers, Ordering::Relaxed);
        Ok(())
    }
}

fn table_error(error: ArrowError) -> Error {
    Error::internal(format!("making output rows: {error}"))
}
