//! The commit of a run: counts, recognises duplicates, hands rows to the tables, and makes all of that durable now
//! and then.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::Ordering;
use std::time::Instant;

use arrow::error::ArrowError;

use super::{Finished, Sink};
use crate::dedup::{Dedup, DedupCounts, DedupReport, Keys, Verdict};
use crate::engine::Products;
use crate::error::Error;
use crate::journal::{Commit, Found, Header, Manifest};
use crate::memory::Counters;
use crate::output::folder::{MANIFEST_FILE, OutputFolder, QUARANTINE_FILE};
use crate::output::parts::{Buffering, Part, PartWriter, open_log_path};
use crate::output::products::ProductTable;
use crate::output::rejects::RejectTable;
use crate::output::row_log::{LoggedRows, Mark, RowLog};
use crate::progress::Pace;
use crate::sums::{RowCounts, Sums, Tally};
use crate::transform::Transform;

const REJECTS_LOG: &str = "rejects.arrow";
const DEFERRED_LOG: &str = "deferred.arrow";

/// What a sink is made for.
pub struct SinkPlan<'a> {
    /// Where the run lies.
    pub folder: &'a OutputFolder,
    /// Where it spills.
    pub spill_folder: &'a Path,
    /// Makes rows of products.
    pub product_table: ProductTable,
    /// Makes rows of rejects.
    pub reject_table: RejectTable,
    /// The transforms of the run.
    pub transforms: &'a [Transform],
    /// When rows leave the buffer.
    pub buffering: Buffering,
    /// What the run is, for the manifest.
    pub header: Header,
    /// SHA-256 of the input, once it is known.
    pub input_sha256: &'a OnceLock<String>,
    /// Told of the bytes held.
    pub counters: &'a Counters,
    /// How often it makes itself durable.
    pub pace: Pace,
}

/// Everything that is counted, deduplicated and written.
pub struct ProductSink<'a> {
    plan: SinkPlan<'a>,
    products: PartWriter,
    rejects: RowLog,
    deferred: RowLog,
    dedup: Box<dyn Dedup>,
    keys: Vec<Keys>,
    tallies: Vec<Tally>,
    kept: Vec<DedupCounts>,
    row_counts: RowCounts,
    rows: u64,
    replaced_values: u64,
    manifest: Option<Manifest>,
    committed_parts: usize,
    begun: Instant,
    latest_commit: Instant,
    /// A row is half done: what is held fits no cursor, and must not be committed.
    is_torn: bool,
}

/// What a sink has counted, and where its rows lie.
pub struct Settled {
    /// Sums by transform.
    pub sums: Vec<Sums>,
    /// Rows once.
    pub row_counts: RowCounts,
    /// The deduplication.
    pub dedup: DedupReport,
    /// The parts of the products, in their order.
    pub parts: Vec<Part>,
    /// The columns of the products.
    pub product_table: ProductTable,
    /// The columns of the rejects.
    pub reject_table: RejectTable,
    /// The log of the rejects, and how far it goes.
    pub rejects: (PathBuf, Mark),
    /// Bytes that were spilled to disk, beside parts and rejects.
    pub scratch_bytes: u64,
    /// The most products that waited for the encoder.
    pub peak_buffered_products: usize,
    /// Values of carried columns that were not UTF-8.
    pub replaced_values: u64,
}

impl<'a> ProductSink<'a> {
    /// A sink for a run that begins.
    pub fn create(plan: SinkPlan<'a>, dedup: Box<dyn Dedup>) -> Result<Self, Error> {
        let (disk, work) = (plan.folder.disk(), plan.folder.work());
        let schema = plan.product_table.schema();
        let products = PartWriter::create(disk, work, schema, plan.pace.part_bytes, plan.buffering)?;
        let rejects = RowLog::create(disk, &work.join(REJECTS_LOG), plan.reject_table.schema())?;
        let deferred = RowLog::create(disk, &plan.spill_folder.join(DEFERRED_LOG), schema)?;
        let transforms = plan.transforms.len();
        Ok(Self {
            keys: plan.transforms.iter().map(|transform| Keys::new(&transform.name)).collect(),
            plan,
            products,
            rejects,
            deferred,
            dedup,
            tallies: vec![Tally::default(); transforms],
            kept: vec![DedupCounts::default(); transforms],
            row_counts: RowCounts::default(),
            rows: 0,
            replaced_values: 0,
            manifest: None,
            committed_parts: 0,
            begun: Instant::now(),
            latest_commit: Instant::now(),
            is_torn: false,
        })
    }

    /// A sink for a run that goes on from what was `found`; `dedup` has been resumed from there.
    pub fn resume(plan: SinkPlan<'a>, dedup: Box<dyn Dedup>, found: Found) -> Result<Self, Error> {
        let Found { latest, length, .. } = found;
        let (disk, work) = (plan.folder.disk(), plan.folder.work());
        let schema = plan.product_table.schema();
        let open_log = open_log_path(work, latest.parts.len() as u32);
        let parts: Vec<PathBuf> = latest.parts.iter().map(|part| Part::path(work, part.index)).collect();
        plan.folder.clear(|name| {
            let is = |path: &Path| path.file_name().is_some_and(|file| file == name);
            name == MANIFEST_FILE
                || name == QUARANTINE_FILE
                || name == REJECTS_LOG
                || is(&open_log)
                || parts.iter().any(|part| is(part))
                || (plan.spill_folder == work && is_spilled(name))
        })?;
        let committed_parts = latest.parts.len();
        Ok(Self {
            products: PartWriter::resume(
                disk,
                work,
                schema,
                plan.pace.part_bytes,
                plan.buffering,
                latest.parts,
                latest.open,
            )?,
            rejects: RowLog::resume(
                disk,
                &work.join(REJECTS_LOG),
                plan.reject_table.schema(),
                latest.rejects,
            )?,
            deferred: RowLog::resume(disk, &plan.spill_folder.join(DEFERRED_LOG), schema, latest.deferred)?,
            manifest: Some(Manifest::resume(disk, &work.join(MANIFEST_FILE), length)?),
            keys: plan.transforms.iter().map(|transform| Keys::new(&transform.name)).collect(),
            plan,
            dedup,
            tallies: latest.tallies,
            kept: latest.kept,
            row_counts: RowCounts { rejected_by_any: latest.rejected_rows, ..latest.row_counts },
            rows: latest.rows,
            replaced_values: latest.replaced_values,
            committed_parts,
            begun: Instant::now(),
            latest_commit: Instant::now(),
            is_torn: false,
        })
    }

    /// Products judged so far.
    pub fn products_seen(&self) -> u64 {
        self.kept.iter().map(|counts| counts.kept + counts.left_out).sum::<u64>() + self.deferred.rows()
    }

    /// Products written so far.
    pub fn products_kept(&self) -> u64 {
        self.products.rows()
    }

    /// Reject records so far.
    pub fn reject_records(&self) -> u64 {
        self.rejects.rows()
    }

    /// Rows committed so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Makes everything up to the latest row durable, so that a resumed run goes on from there. Does nothing where a row
    /// is half done.
    pub fn commit_all(&mut self, is_whole_input: bool) -> Result<(), Error> {
        if self.is_torn || (self.rows == 0 && self.manifest.is_none() && !is_whole_input) {
            return Ok(());
        }
        self.is_torn = true;
        let commit = Commit {
            rows: self.rows,
            is_whole_input,
            input_sha256: self.plan.input_sha256.get().cloned(),
            open: self.products.commit()?,
            parts: self.products.parts()[self.committed_parts..].to_vec(),
            rejects: self.rejects.commit()?,
            deferred: self.deferred.commit()?,
            key_bytes: self.dedup.commit()?,
            tallies: self.tallies.clone(),
            kept: self.kept.clone(),
            row_counts: self.row_counts,
            rejected_rows: self.row_counts.rejected_by_any,
            replaced_values: self.replaced_values,
        };
        let (disk, work) = (self.plan.folder.disk(), self.plan.folder.work());
        if self.manifest.is_none() {
            let path = work.join(MANIFEST_FILE);
            self.manifest = Some(Manifest::create(disk, &path, &self.plan.header)?);
            disk.sync_folder(self.plan.folder.path())?;
        }
        disk.sync_folder(self.plan.spill_folder)?;
        disk.sync_folder(work)?;
        if let Some(manifest) = &mut self.manifest {
            manifest.commit(commit)?;
        }
        self.committed_parts = self.products.parts().len();
        self.products.committed()?;
        self.latest_commit = Instant::now();
        self.is_torn = false;
        Ok(())
    }

    /// After the last row: settles the deferred rows, writes those that are unique, and checks the sums against the
    /// `rows_read`. `templates` are the product templates of each transform; `go_on` is asked now and then.
    pub fn settle(
        mut self,
        rows_read: u64,
        templates: &[u64],
        go_on: &dyn Fn() -> Result<(), Error>,
    ) -> Result<Settled, Error> {
        self.products.end_part()?;
        let deferred = self.deferred.commit()?;
        self.write_survivors(deferred, go_on)?;
        let rejects = self.rejects.commit()?;
        let dedup = self.dedup.report();
        let lossy = dedup.bloom.is_some();
        let sums: Vec<Sums> = self
            .tallies
            .iter()
            .zip(&self.kept)
            .map(|(&tally, &counts)| Sums::new(rows_read, tally, counts, lossy))
            .collect();
        for ((sums, transform), &templates) in sums.iter().zip(self.plan.transforms).zip(templates) {
            if let Some(broken) = sums.broken(Some(templates)) {
                return Err(Error::internal(format!("transform {:?}: {broken}", transform.name)));
            }
        }
        if self.row_counts.total() != rows_read {
            let reason = format!("{} rows have an outcome of {rows_read} read", self.row_counts.total());
            return Err(Error::internal(reason));
        }
        Ok(Settled {
            sums,
            row_counts: self.row_counts,
            scratch_bytes: dedup.key_bytes + if dedup.deferred > 0 { deferred.bytes } else { 0 },
            dedup,
            parts: self.products.parts().to_vec(),
            peak_buffered_products: self.products.peak_waiting_rows(),
            product_table: self.plan.product_table,
            reject_table: self.plan.reject_table,
            rejects: (self.rejects.path().to_owned(), rejects),
            replaced_values: self.replaced_values,
        })
    }

    fn write_survivors(&mut self, mark: Mark, go_on: &dyn Fn() -> Result<(), Error>) -> Result<(), Error> {
        let mut survivors = self.dedup.settle(go_on)?;
        let mut next = survivors.next().transpose()?;
        let mut number = 0;
        let disk = self.plan.folder.disk();
        for rows in LoggedRows::open(disk, self.deferred.path(), self.plan.product_table.schema(), mark)? {
            go_on()?;
            let rows = rows?;
            let mut unique = Vec::new();
            for (index, transform) in
                self.plan.product_table.transforms_of(&rows.batch)?.into_iter().enumerate()
            {
                let verdict = if next == Some(number) { Verdict::New } else { Verdict::Seen };
                if verdict == Verdict::New {
                    unique.push(index as u32);
                    next = survivors.next().transpose()?;
                }
                self.kept[transform].add(verdict);
                number += 1;
            }
            self.products.push(rows.take(unique).map_err(table_error)?)?;
        }
        if let Some(lost) = next {
            return Err(Error::internal(format!(
                "deferred row {lost} of {number} was settled and is not there"
            )));
        }
        self.products.end_part()
    }

    /// Positions of the products that are written, and of those that are deferred.
    fn judge(&mut self, products: &Products) -> Result<(Vec<usize>, Vec<usize>), Error> {
        let (mut kept, mut deferred) = (Vec::with_capacity(products.len()), Vec::new());
        for (index, &transform) in products.transform.iter().enumerate() {
            let transform = usize::from(transform);
            let verdict = self.dedup.judge(self.keys[transform].of(products.smiles.get(index)))?;
            match verdict {
                Verdict::New => kept.push(index),
                Verdict::Deferred => deferred.push(index),
                Verdict::Seen => {}
            }
            self.kept[transform].add(verdict);
        }
        Ok((kept, deferred))
    }

    fn take_in(&mut self, finished: &Finished) -> Result<(), Error> {
        let (micro_batch, output) = (&finished.micro_batch, &finished.output);
        let (first_row, chunk) = (micro_batch.first_row, &micro_batch.chunk);
        if output.rows.len() != chunk.smiles.len()
            || output.tallies.len() != self.tallies.len()
            || first_row != self.rows
        {
            return Err(Error::internal(format!("the engine lost rows after row {first_row}")));
        }
        output.rows.iter().for_each(|&row| self.row_counts.add(row));
        for (sum, &tally) in self.tallies.iter_mut().zip(&output.tallies) {
            *sum += tally;
        }
        let (kept, deferred) = self.judge(&output.products)?;
        let rows = |positions| self.plan.product_table.rows(first_row, chunk, &output.products, positions);
        let (kept, deferred) = (rows(&kept).map_err(table_error)?, rows(&deferred).map_err(table_error)?);
        self.products.push(kept)?;
        self.deferred.push(&deferred)?;
        if !(chunk.faults.is_empty() && output.failures.is_empty()) {
            let rows =
                self.plan.reject_table.rows(first_row, chunk, &output.failures).map_err(table_error)?;
            self.rejects.push(&rows)?;
        }
        self.rows += chunk.smiles.len() as u64;
        self.replaced_values += chunk.replaced;
        Ok(())
    }
}

/// Whether a file of that name is spilled.
fn is_spilled(name: &str) -> bool {
    name == DEFERRED_LOG || Path::new(name) == crate::dedup::key_log_path(Path::new(""))
}

impl Sink for ProductSink<'_> {
    fn commit(&mut self, finished: &Finished) -> Result<(), Error> {
        self.is_torn = true;
        self.take_in(finished)?;
        self.is_torn = false;
        if self.latest_commit.elapsed() >= self.plan.pace.interval(self.begun.elapsed()) {
            self.commit_all(false)?;
        }
        self.plan.counters.dedup.store(self.dedup.memory_bytes(), Ordering::Relaxed);
        let writers =
            self.products.memory_bytes() + self.rejects.memory_bytes() + self.deferred.memory_bytes();
        self.plan.counters.writer.store(writers, Ordering::Relaxed);
        Ok(())
    }
}

fn table_error(error: ArrowError) -> Error {
    Error::internal(format!("making output rows: {error}"))
}
