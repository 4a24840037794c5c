//! The tables of a run while they grow: products are judged, then written or deferred, and rejects are logged; at the
//! end the deferred products are settled, and on request the parents of repeated products are listed. A run fills the
//! tables with its engine's results ([`crate::pipeline::commit`]), a merge with what the runs of shards have written
//! ([`crate::merge()`]). Because both use this code, they give the same bytes. A cluster fills them with rows that are
//! already judged ([`crate::gather()`]).
//!
//! Memory: what the writer of parts, the logs and the deduplication hold, each with its own bound.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use arrow::array::RecordBatch;

use crate::dedup::{Dedup, DedupKey, DedupReport, Identity, Keys, Verdict, check_key_log, key_log_path};
use crate::disk::Disk;
use crate::error::Error;
use crate::journal::Commit;
use crate::memory::Counters;
use crate::output::folder::OutputFolder;
use crate::output::frames::FrameReader;
use crate::output::open_rows::open_log_path;
use crate::output::part::Part;
use crate::output::parts::{Buffering, PartWriter, PartsPlan};
use crate::output::products::transforms_of;
use crate::output::row_log::{LoggedRows, LoggedTable, Mark, RowLog};
use crate::output::{Rows, TableSchema, table_error};
use crate::parents::{Found, Member, Parents};
use crate::profile::ParentFigures;
use crate::totals::Totals;

const REJECTS_LOG: &str = "rejects.arrow";
const DEFERRED_LOG: &str = "deferred.arrow";

/// Parameters of the tables.
#[derive(Clone, Copy)]
pub struct TablesPlan<'a> {
    /// Their folder.
    pub folder: &'a OutputFolder,
    /// The folder for spilled data.
    pub spill_folder: &'a Path,
    /// The columns of the products.
    pub product_schema: &'a Arc<TableSchema>,
    /// The columns of the rejects.
    pub reject_schema: &'a Arc<TableSchema>,
    /// When rows move from the buffer to the encoder.
    pub buffering: Buffering,
    /// Value bytes of a part.
    pub part_bytes: u64,
    /// What repeated products are recognised by, if the rows that gave them are to be listed.
    pub parents: Option<DedupKey>,
}

impl<'a> TablesPlan<'a> {
    fn parts(&self) -> PartsPlan<'a> {
        PartsPlan {
            disk: self.folder.disk(),
            folder: self.folder.work(),
            schema: self.product_schema,
            part_bytes: self.part_bytes,
            buffering: self.buffering,
        }
    }
}

/// The tables.
pub struct Tables {
    disk: Disk,
    work_folder: PathBuf,
    product_schema: Arc<TableSchema>,
    reject_schema: Arc<TableSchema>,
    products: PartWriter,
    rejects: RowLog,
    deferred: RowLog,
    parents: Option<Parents>,
    dedup: Box<dyn Dedup>,
    keys: Vec<Keys>,
    totals: Totals,
    /// The figures of the parents up to the last call of [`Tables::take_new_figures`].
    figures: ParentFigures,
    /// Those since then.
    new_figures: ParentFigures,
}

/// The durable state.
#[derive(Debug, Clone, Copy)]
pub struct Marks {
    /// The log of the open part.
    pub open: Mark,
    /// The log of the rejects.
    pub rejects: Mark,
    /// The log of the deferred rows.
    pub deferred: Mark,
    /// Length of the key log in bytes.
    pub key_bytes: u64,
}

/// The final state of the tables, and the places of their rows.
pub struct Settled {
    /// All counts.
    pub totals: Totals,
    /// The figures of the parents.
    pub figures: ParentFigures,
    /// The deduplication.
    pub dedup: DedupReport,
    /// The parts of the products, in order.
    pub parts: Vec<Part>,
    /// The columns of the products.
    pub product_schema: Arc<TableSchema>,
    /// The rejects.
    pub rejects: LoggedTable,
    /// The rows of products that more than one row gave, if they were to be listed.
    pub parents: Option<LoggedTable>,
    /// Bytes that were spilled to disk, not counting parts and rejects.
    pub scratch_bytes: u64,
    /// The most products that waited for the encoder.
    pub peak_buffered_products: usize,
}

impl Tables {
    /// Empty tables. `totals` are those of no rows, or of rows whose products have already been judged elsewhere.
    pub fn create(plan: TablesPlan<'_>, dedup: Box<dyn Dedup>, totals: Totals) -> Result<Self, Error> {
        let (disk, work) = (plan.folder.disk(), plan.folder.work());
        let (products, rejects) = (plan.product_schema, plan.reject_schema);
        let deferred = plan.spill_folder.join(DEFERRED_LOG);
        Self::begin(
            plan,
            PartWriter::create(plan.parts())?,
            RowLog::create(disk, &work.join(REJECTS_LOG), rejects.rows())?,
            RowLog::create(disk, &deferred, products.rows())?,
            dedup,
            totals,
        )
    }

    /// The tables in the state of `latest`; `dedup` has been resumed from there.
    pub fn resume(plan: TablesPlan<'_>, dedup: Box<dyn Dedup>, latest: &Commit) -> Result<Self, Error> {
        let (disk, work) = (plan.folder.disk(), plan.folder.work());
        let (products, rejects) = (plan.product_schema, plan.reject_schema);
        let deferred = plan.spill_folder.join(DEFERRED_LOG);
        let tables = Self::begin(
            plan,
            PartWriter::resume(plan.parts(), latest.parts.clone(), latest.open)?,
            RowLog::resume(disk, &work.join(REJECTS_LOG), rejects.rows(), latest.rejects)?,
            RowLog::resume(disk, &deferred, products.rows(), latest.deferred)?,
            dedup,
            latest.totals.clone(),
        )?;
        Ok(Self { figures: latest.parents.clone(), ..tables })
    }

    fn begin(
        plan: TablesPlan<'_>,
        products: PartWriter,
        rejects: RowLog,
        deferred: RowLog,
        dedup: Box<dyn Dedup>,
        totals: Totals,
    ) -> Result<Self, Error> {
        let disk = plan.folder.disk();
        let parents = |key| Parents::new(disk, plan.spill_folder, plan.product_schema, key);
        Ok(Self {
            disk: disk.clone(),
            work_folder: plan.folder.work().to_owned(),
            parents: plan.parents.map(parents).transpose()?,
            product_schema: Arc::clone(plan.product_schema),
            reject_schema: Arc::clone(plan.reject_schema),
            products,
            rejects,
            deferred,
            dedup,
            keys: totals.transforms.iter().map(|transform| Keys::new(&transform.name)).collect(),
            totals,
            figures: ParentFigures::default(),
            new_figures: ParentFigures::default(),
        })
    }

    /// Whether the file with that name in the work folder belongs to the tables in the state of `latest`.
    pub fn owns(name: &str, latest: &Commit) -> bool {
        let is = |path: PathBuf| path.file_name().is_some_and(|file| file == name);
        let folder = Path::new("");
        name == REJECTS_LOG
            // A log without a committed row is recreated.
            || (latest.open.rows > 0 && is(open_log_path(folder, latest.parts.len() as u32)))
            || latest.parts.iter().any(|part| is(Part::path(folder, part.index)))
    }

    /// Why tables cannot be resumed from `latest`, in words: a file that it refers to is missing or too short. Logs
    /// may be longer.
    pub fn fault(work: &Path, spill_folder: &Path, latest: &Commit) -> Option<String> {
        let open = open_log_path(work, latest.parts.len() as u32);
        let logs = [
            (open, latest.open.end.bytes),
            (work.join(REJECTS_LOG), latest.rejects.end.bytes),
            (spill_folder.join(DEFERRED_LOG), latest.deferred.end.bytes),
            (key_log_path(spill_folder), latest.key_bytes),
        ];
        let parts = latest.parts.iter().map(|part| (Part::path(work, part.index), part.bytes, part.bytes));
        // A log without a committed byte may have no file.
        let logs =
            logs.into_iter().filter(|&(_, bytes)| bytes > 0).map(|(path, bytes)| (path, bytes, u64::MAX));
        parts.chain(logs).find_map(|(path, least, most)| {
            let found = match path.symlink_metadata() {
                Ok(found) if (least..=most).contains(&found.len()) => return None,
                Ok(found) => format!("has {} bytes, but at least {least} were written", found.len()),
                Err(error) => format!("cannot be found: {error}"),
            };
            Some(format!("{} {found}", path.display()))
        })
    }

    /// Checks the logs that `latest` refers to. A run that resumes from there also checks each of them when it reads
    /// it.
    pub fn check_logs(
        disk: &Disk,
        work: &Path,
        spill_folder: &Path,
        latest: &Commit,
        stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<(), Error> {
        let logs = [
            (open_log_path(work, latest.parts.len() as u32), latest.open),
            (work.join(REJECTS_LOG), latest.rejects),
            (spill_folder.join(DEFERRED_LOG), latest.deferred),
        ];
        for (path, mark) in logs.iter().filter(|(_, mark)| mark.end.bytes > 0) {
            FrameReader::open(disk, path, mark.end)?.check(stop_check)?;
        }
        match latest.key_bytes {
            0 => Ok(()),
            length => check_key_log(disk, &key_log_path(spill_folder), length, stop_check),
        }
    }

    /// Whether tables spill to a file with that name.
    pub fn spills(name: &str) -> bool {
        name == DEFERRED_LOG || Path::new(name) == key_log_path(Path::new(""))
    }

    /// Judges the next product in total order.
    pub fn judge(&mut self, transform: usize, product: Identity<'_>) -> Result<Verdict, Error> {
        let verdict = self.dedup.judge(self.keys[transform].of(product))?;
        self.totals.transforms[transform].sums.judge(verdict);
        Ok(verdict)
    }

    /// Counts products that are known molecules.
    pub fn count_known(&mut self, transform: usize, products: u64) {
        self.totals.transforms[transform].sums.known += products;
    }

    /// Counts products that had been left out before they arrived here.
    pub fn count_left_out(&mut self, transform: usize, products: u64) {
        self.totals.transforms[transform].sums.leave_out(products);
    }

    /// Adds rows of products that were judged new.
    pub fn push(&mut self, rows: Rows) -> Result<(), Error> {
        self.products.push(rows)
    }

    /// Adds rows of products that are to be settled.
    pub fn defer(&mut self, rows: &Rows) -> Result<(), Error> {
        self.deferred.push(rows)
    }

    /// Adds the repeats among the rows of a shard's table of parents, which the shard has left out of its products.
    pub fn push_left_out(&mut self, batch: &RecordBatch, members: &[Member]) -> Result<(), Error> {
        let repeats = || (0_u32..).zip(members).filter(|(_, member)| !member.is_first);
        repeats().try_for_each(|(_, member)| self.dedup.note_left_out(member.key))?;
        match &mut self.parents {
            Some(parents) => parents.push_left_out(batch, repeats().map(|(row, _)| row).collect()),
            None => Ok(()),
        }
    }

    /// Adds reject records.
    pub fn push_rejects(&mut self, rows: &Rows) -> Result<(), Error> {
        self.rejects.push(rows)
    }

    /// Products judged so far.
    pub fn products_seen(&self) -> u64 {
        self.totals.judged() + self.deferred.rows()
    }

    /// Products written so far.
    pub fn products_kept(&self) -> u64 {
        self.products.rows()
    }

    /// Reject records so far.
    pub fn reject_records(&self) -> u64 {
        self.rejects.rows()
    }

    /// The counts so far.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// The totals, for counts that are made outside the tables.
    pub fn totals_mut(&mut self) -> &mut Totals {
        &mut self.totals
    }

    /// The figures of parents that are not committed yet, to add others.
    pub fn new_figures(&mut self) -> &mut ParentFigures {
        &mut self.new_figures
    }

    /// The figures of parents since the last call, their lists as far as these parents stand out among all.
    pub fn take_new_figures(&mut self) -> ParentFigures {
        let mut new = std::mem::take(&mut self.new_figures);
        self.figures.absorb(&new);
        new.keep_listed_in(&self.figures);
        new
    }

    /// The complete parts.
    pub fn parts(&self) -> &[Part] {
        self.products.parts()
    }

    /// Ends the open part of the products.
    pub fn end_part(&mut self) -> Result<(), Error> {
        self.products.end_part()
    }

    /// Makes the tables durable.
    pub fn commit(&mut self) -> Result<Marks, Error> {
        Ok(Marks {
            open: self.products.commit()?,
            rejects: self.rejects.commit()?,
            deferred: self.deferred.commit()?,
            key_bytes: self.dedup.commit()?,
        })
    }

    /// The current state is final: a manifest covers it, or there is none. Removes the logs of complete parts.
    pub fn committed(&mut self) -> Result<(), Error> {
        self.products.committed()
    }

    /// Removes all files of the tables.
    pub fn discard(self) -> Result<(), Error> {
        self.products.discard()?;
        self.disk.remove(self.rejects.path())?;
        self.disk.remove(self.deferred.path())
    }

    /// Reports the bytes held; `known_bytes` are those of known molecules.
    pub fn count_memory(&self, counters: &Counters, known_bytes: u64) {
        counters.dedup.store(self.dedup.memory_bytes() + known_bytes, Ordering::Relaxed);
        let parents = self.parents.as_ref().map_or(0, Parents::memory_bytes);
        let logs = self.rejects.memory_bytes() + self.deferred.memory_bytes() + parents;
        let writers = self.products.memory_bytes() + logs;
        counters.writer.store(writers, Ordering::Relaxed);
    }

    /// After the last of the `rows_read`: settles the deferred rows, writes those that are unique, lists the parents of
    /// repeated products, and checks the counts. `templates` are the product templates of each transform, if known; `stop_check` is called now and then.
    pub fn settle(
        mut self,
        rows_read: u64,
        templates: Option<&[u64]>,
        stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<Settled, Error> {
        self.products.end_part()?;
        let deferred = self.deferred.commit()?;
        self.write_survivors(deferred, stop_check)?;
        let parents = self.list_parents(deferred, stop_check)?;
        let rejects = self.rejects.commit()?;
        let dedup = self.dedup.report();
        if self.totals.rows != rows_read {
            return Err(Error::internal(format!("{} of {rows_read} rows were counted", self.totals.rows)));
        }
        self.take_new_figures();
        if let Some(broken) = self.totals.broken(templates).or_else(|| self.figures.broken(&self.totals)) {
            return Err(Error::internal(broken));
        }
        let of_parents = parents.as_ref().map_or(0, |&(_, bytes)| bytes);
        let of_deferred = if dedup.deferred > 0 { deferred.end.bytes } else { 0 };
        Ok(Settled {
            totals: self.totals,
            figures: self.figures,
            scratch_bytes: dedup.key_bytes + of_deferred + of_parents,
            dedup,
            parts: self.products.parts().to_vec(),
            peak_buffered_products: self.products.peak_waiting_rows(),
            product_schema: self.product_schema,
            rejects: LoggedTable {
                schema: self.reject_schema,
                path: self.rejects.path().to_owned(),
                mark: rejects,
            },
            parents: parents.map(|(listed, _)| listed),
        })
    }

    /// Lists the rows of products that more than one row gave, if that was requested; also returns the bytes that were
    /// spilled.
    fn list_parents(
        &mut self,
        deferred: Mark,
        stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<Option<(LoggedTable, u64)>, Error> {
        let Some(parents) = self.parents.take() else { return Ok(None) };
        let found = Found {
            parts: self.products.parts(),
            folder: &self.work_folder,
            deferred: (self.deferred.path(), deferred),
            columns: self.product_schema.rows(),
        };
        parents.list(&found, &mut *self.dedup, stop_check).map(Some)
    }

    fn write_survivors(
        &mut self,
        mark: Mark,
        stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<(), Error> {
        let names = self.totals.names();
        let mut survivors = self.dedup.settle(stop_check)?;
        let mut next = survivors.next().transpose()?;
        let mut number = 0;
        for rows in LoggedRows::open(&self.disk, self.deferred.path(), self.product_schema.rows(), mark)? {
            stop_check()?;
            let rows = rows?;
            let mut unique = Vec::new();
            for (index, transform) in transforms_of(&names, &rows.batch)?.into_iter().enumerate() {
                let verdict = if next == Some(number) { Verdict::New } else { Verdict::Seen };
                if verdict == Verdict::New {
                    unique.push(index as u32);
                    next = survivors.next().transpose()?;
                }
                self.totals.transforms[transform].sums.judge(verdict);
                number += 1;
            }
            self.products.push(rows.take(unique).map_err(table_error)?)?;
        }
        if let Some(lost) = next {
            return Err(Error::internal(format!(
                "deferred row {lost} of {number} was settled and is missing"
            )));
        }
        self.products.end_part()
    }
}
