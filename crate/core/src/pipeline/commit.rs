//! The commit of a run: counts, recognises duplicates, passes rows to the tables, and makes all of that durable at
//! intervals.

use std::path::PathBuf;
use std::time::Instant;

use super::{Finished, Sink};
use crate::dedup::{Dedup, DedupKey, Identities, Verdict};
use crate::engine::Products;
use crate::error::Error;
use crate::journal::{Commit, Found, Header, InputMark, Manifest};
use crate::known::{self, Known};
use crate::library::{Library, LibraryFile};
use crate::memory::Counters;
use crate::output::folder::{MANIFEST_FILE, OutputFolder, is_isolation_file};
use crate::output::parts::Buffering;
use crate::output::products::ProductTable;
use crate::output::rejects::RejectTable;
use crate::output::table_error;
use crate::profile::{ProfiledRows, Recorder};
use crate::progress::Pace;
use crate::tables::{Settled, Tables, TablesPlan};
use crate::totals::Totals;

/// Parameters of a sink.
pub struct SinkPlan<'a> {
    /// The output folder of the run.
    pub folder: &'a OutputFolder,
    /// The folder for spilled data.
    pub spill_folder: PathBuf,
    /// Makes rows of products.
    pub product_table: ProductTable,
    /// Makes rows of rejects.
    pub reject_table: RejectTable,
    /// Finds what products are recognised by.
    pub identities: Identities,
    /// Known molecules, which are left out.
    pub known: Known,
    /// Totals of no rows yet.
    pub totals: Totals,
    /// Number of library rows before the first row of this run.
    pub rows_before: u64,
    /// When rows move from the buffer to the encoder.
    pub buffering: Buffering,
    /// The run's header in the manifest.
    pub header: Header,
    /// The library, of whose files it notes rows and SHA-256s.
    pub library: Library,
    /// The first row of the library that a digest covers.
    pub digest_from: u64,
    /// Digest of the rows from there to the first one of this run, if a digest is kept.
    pub row_digest: Option<String>,
    /// Receives the number of bytes held.
    pub counters: &'a Counters,
    /// Has the timeline of the run.
    pub recorder: &'a Recorder,
    /// How often the sink makes its state durable.
    pub pace: Pace,
    /// What repeated products are recognised by, if the rows that gave them are to be listed.
    pub parents: Option<DedupKey>,
}

impl SinkPlan<'_> {
    fn tables(&self) -> TablesPlan<'_> {
        TablesPlan {
            folder: self.folder,
            spill_folder: &self.spill_folder,
            product_schema: self.product_table.schema(),
            reject_schema: self.reject_table.schema(),
            buffering: self.buffering,
            part_bytes: self.pace.part_bytes,
            parents: self.parents,
        }
    }
}

/// Counts, deduplicates and writes the results.
pub struct ProductSink<'a> {
    plan: SinkPlan<'a>,
    tables: Tables,
    /// The committed rows that the manifest records.
    durable_rows: u64,
    manifest: Option<Manifest>,
    committed_parts: usize,
    /// Files whose rows the manifest has, and files whose SHA-256 it has.
    noted_files: (usize, usize),
    begun: Instant,
    latest_commit: Instant,
    /// A row is half processed: the current state matches no row boundary, and must not be committed.
    is_torn: bool,
}

impl<'a> ProductSink<'a> {
    /// A sink for a new run.
    pub fn create(plan: SinkPlan<'a>, dedup: Box<dyn Dedup>) -> Result<Self, Error> {
        Ok(Self {
            tables: Tables::create(plan.tables(), dedup, plan.totals.clone())?,
            plan,
            durable_rows: 0,
            manifest: None,
            committed_parts: 0,
            noted_files: (0, 0),
            begun: Instant::now(),
            latest_commit: Instant::now(),
            is_torn: false,
        })
    }

    /// A sink for a run that continues from the manifest in `found`; `dedup` has been resumed from there.
    pub fn resume(plan: SinkPlan<'a>, dedup: Box<dyn Dedup>, found: Found) -> Result<Self, Error> {
        let (disk, work) = (plan.folder.disk(), plan.folder.work());
        plan.folder.clear(|name| {
            name == MANIFEST_FILE
                || is_isolation_file(name)
                || Tables::owns(name, &found.latest)
                || (plan.spill_folder == work && (Tables::spills(name) || known::is_key_file(name)))
        })?;
        let manifest = Manifest::resume(disk, &work.join(MANIFEST_FILE), &found, &plan.header)?;
        let latest = found.latest;
        Ok(Self {
            tables: Tables::resume(plan.tables(), dedup, &latest)?,
            manifest: Some(manifest),
            plan,
            durable_rows: latest.totals.rows,
            committed_parts: latest.parts.len(),
            noted_files: (latest.file_rows.len(), latest.file_sha256s.len()),
            begun: Instant::now(),
            latest_commit: Instant::now(),
            is_torn: false,
        })
    }

    /// The tables that it fills.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// Rows of this run committed so far; the rows before its first are not among them.
    pub fn rows(&self) -> u64 {
        self.tables.totals().rows
    }

    /// Makes everything up to the last row durable, so that a resumed run continues from there. Does nothing if a row
    /// is half processed.
    pub fn commit_all(&mut self, is_whole_input: bool) -> Result<(), Error> {
        if self.is_torn || (self.rows() == 0 && self.manifest.is_none() && !is_whole_input) {
            return Ok(());
        }
        self.is_torn = true;
        if is_whole_input {
            self.tables.end_part()?; // its rows need no log then
        }
        let marks = self.tables.commit()?;
        let (library, noted) = (&self.plan.library, self.noted_files);
        let next_row = self.plan.rows_before + self.rows();
        let files = (library.files_within(next_row).max(noted.0), library.files_hashed().max(noted.1));
        let done = library.files()[noted.0..files.0].iter().filter_map(LibraryFile::rows);
        let hashed = library.files()[noted.1..files.1].iter().filter_map(LibraryFile::sha256);
        let commit = Commit {
            totals: self.tables.totals().clone(),
            parents: self.tables.take_new_figures(),
            timeline: self.plan.recorder.take_new(),
            is_whole_input,
            input: self.input_mark(next_row, files.1)?,
            file_rows: done.collect(),
            file_sha256s: hashed.map(str::to_owned).collect(),
            open: marks.open,
            parts: self.tables.parts()[self.committed_parts..].to_vec(),
            rejects: marks.rejects,
            deferred: marks.deferred,
            key_bytes: marks.key_bytes,
        };
        let (disk, work) = (self.plan.folder.disk(), self.plan.folder.work());
        if self.manifest.is_none() {
            let path = work.join(MANIFEST_FILE);
            self.manifest = Some(Manifest::create(disk, &path, &self.plan.header)?);
            disk.sync_folder(self.plan.folder.path())?;
        }
        disk.sync_folder(&self.plan.spill_folder)?;
        disk.sync_folder(work)?;
        if let Some(manifest) = &mut self.manifest {
            manifest.commit(commit)?;
        }
        self.committed_parts = self.tables.parts().len();
        self.noted_files = files;
        self.tables.committed()?;
        (self.latest_commit, self.durable_rows) = (Instant::now(), self.rows());
        self.is_torn = false;
        Ok(())
    }

    /// What is known of the input up to row `next_row`, whose first `hashed` files are recognised by their SHA-256.
    fn input_mark(&self, next_row: u64, hashed: usize) -> Result<InputMark, Error> {
        if self.plan.library.files_with(next_row) <= hashed {
            return Ok(InputMark::Files);
        }
        let digest = self.plan.row_digest.clone();
        let digest = digest.ok_or_else(|| Error::internal("nothing is known of the input"))?;
        Ok(InputMark::Rows { first_row: self.plan.digest_from, digest })
    }

    /// After the last row: settles the deferred rows, and checks the counts against `rows_read`. See
    /// [`Tables::settle`].
    pub fn settle(
        self,
        rows_read: u64,
        templates: &[u64],
        stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<Settled, Error> {
        self.tables.settle(rows_read, Some(templates), stop_check)
    }

    /// Positions of the products to write, and of those to defer.
    fn judge(&mut self, products: &Products) -> Result<(Vec<usize>, Vec<usize>), Error> {
        let (mut kept, mut deferred) = (Vec::with_capacity(products.len()), Vec::new());
        for (index, &transform) in products.transform.iter().enumerate() {
            let transform = usize::from(transform);
            let product = self.plan.identities.of(products.smiles.get(index), &products.columns, index);
            if self.plan.known.contains(product)? {
                self.tables.count_known(transform, 1);
                continue;
            }
            match self.tables.judge(transform, product)? {
                Verdict::New => kept.push(index),
                Verdict::Deferred => deferred.push(index),
                Verdict::Seen => {}
            }
        }
        Ok((kept, deferred))
    }

    fn take_in(&mut self, finished: &Finished) -> Result<(), Error> {
        let (micro_batch, output) = (&finished.micro_batch, &finished.output);
        let (first_row, chunk) = (micro_batch.first_row, &micro_batch.chunk);
        if output.rows.len() != chunk.smiles.len()
            || output.tallies.len() != self.plan.totals.transforms.len()
            || first_row != self.plan.rows_before + self.rows()
        {
            return Err(Error::internal(format!("the engine lost rows after row {first_row}")));
        }
        let totals = self.tables.totals_mut();
        totals.add_rows(&output.rows);
        totals.rechecks += output.rechecked.counts;
        totals.charged += output.rechecked.charged;
        totals.add_products(&output.tallies, &output.filtered, &output.products.transform);
        totals.replaced_values += chunk.replaced;
        totals.unlisted.add(&chunk.unlisted);
        let has_id = self.plan.product_table.has_id();
        let rows = ProfiledRows { first_row, chunk, has_id, output };
        self.tables.new_figures().add_rows(&rows).map_err(table_error)?;
        let (kept, deferred) = self.judge(&output.products)?;
        let (table, tables) = (&self.plan.product_table, &mut self.tables);
        table.rows(first_row, chunk, &output.products, &kept, |rows| tables.push(rows))?;
        table.rows(first_row, chunk, &output.products, &deferred, |rows| tables.defer(&rows))?;
        if !(chunk.faults.is_empty() && output.failures.is_empty()) {
            let rows =
                self.plan.reject_table.rows(first_row, chunk, &output.failures).map_err(table_error)?;
            self.tables.push_rejects(&rows)?;
        }
        self.plan.row_digest.clone_from(&micro_batch.row_digest);
        Ok(())
    }
}

impl Sink for ProductSink<'_> {
    fn commit(&mut self, finished: &Finished) -> Result<(), Error> {
        if let Some(difference) = &finished.output.rechecked.difference {
            return Err(Error::RecheckDiffers(difference.clone()));
        }
        self.is_torn = true;
        self.take_in(finished)?;
        self.is_torn = false;
        self.tables.count_memory(self.plan.counters, self.plan.known.memory_bytes());
        Ok(())
    }

    fn make_durable(&mut self) -> Result<(), Error> {
        let is_due = self.rows() > self.durable_rows
            && self.latest_commit.elapsed() >= self.plan.pace.interval(self.begun.elapsed());
        if is_due { self.commit_all(false) } else { Ok(()) }
    }
}
