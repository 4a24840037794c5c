//! Counts and writes the results that come back from elsewhere.

use std::path::{Path, PathBuf};

use super::faults::{FaultLog, Faults};
use crate::dedup::{DedupMode, Identities, KeepAll};
use crate::engine::{Failure, Products, Rechecked};
use crate::error::Error;
use crate::job::Job;
use crate::known::Known;
use crate::options::Order;
use crate::output::folder::OutputFolder;
use crate::output::parts::Buffering;
use crate::output::products::ProductTable;
use crate::output::rejects::RejectTable;
use crate::output::{Rows, table_error};
use crate::pipeline::flow::InFlight;
use crate::progress::{Phase, Throttle};
use crate::run::Run;
use crate::session::{Reached, Session};
use crate::source::{Chunk, Unlisted};
use crate::tables::{Settled, Tables, TablesPlan};
use crate::totals::Filtered;
use crate::totals::{RowResult, Tally, Totals};

const FAULTS_LOG: &str = "faults.arrow";

/// The rows of a run that are made elsewhere.
pub struct Gathered<'a> {
    session: &'a Session<'a>,
    folder: &'a OutputFolder,
    spill_folder: PathBuf,
    product_table: ProductTable,
    reject_table: RejectTable,
    identities: Identities,
    known: Known,
    totals: Totals,
    buffering: Buffering,
    dedup: DedupMode,
    faults: FaultLog,
    rows_read: u64,
    rows_total: Option<u64>,
    replaced_values: u64,
    unlisted: Unlisted,
    throttle: Throttle,
    filled: Option<Filled>,
}

/// The results of one attempt.
struct Filled {
    tables: Tables,
    faults: Faults,
    /// Number of rows with a tally for the transform.
    tallied: Vec<u64>,
}

impl<'a> Gathered<'a> {
    pub(super) fn create(
        run: &Run<'a>,
        folder: &'a OutputFolder,
        spill_folder: &Path,
        job: &Job,
        known: Known,
    ) -> Result<Self, Error> {
        let columns = job.source.columns();
        let product_table = ProductTable::new(columns, &job.transforms, &job.engine.columns())?;
        let product_table = match run.options.order {
            Order::Input => product_table.by_source_row(),
            Order::Key => product_table,
        };
        let reject_table = RejectTable::new(columns, &job.transforms)?;
        let faults =
            FaultLog::create(folder.disk(), spill_folder.join(FAULTS_LOG), reject_table.schema().rows())?;
        Ok(Self {
            session: run.session,
            folder,
            spill_folder: spill_folder.to_owned(),
            product_table,
            reject_table,
            identities: job.identities(run.options)?,
            known,
            totals: job.totals(false),
            buffering: job.buffering(run.options),
            dedup: run.options.dedup,
            faults,
            rows_read: 0,
            rows_total: job.source.total_rows(),
            replaced_values: 0,
            unlisted: Unlisted::default(),
            throttle: Throttle::new(),
            filled: None,
        })
    }

    /// Number of library rows read so far.
    pub fn rows_read(&self) -> u64 {
        self.rows_read
    }

    /// Number of library rows that came back, with or without products.
    pub fn rows_made(&self) -> u64 {
        self.filled.as_ref().map_or(0, |filled| filled.tables.totals().rows)
    }

    /// An error if the caller has requested a stop.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub fn stop_if_asked(&self) -> Result<(), Error> {
        self.session.stop_if_asked(self.rows_read)
    }

    /// Records the next chunk of the library: counts its rows and keeps its faults. Its other rows are made
    /// elsewhere; a faulty one is sent as an empty SMILES, which an engine rejects without a record.
    ///
    /// # Errors
    /// Those of the disk, and a caller's request to stop.
    pub fn read(&mut self, chunk: &Chunk) -> Result<(), Error> {
        if !chunk.faults.is_empty() {
            self.faults.push(&self.reject_table.rows(self.rows_read, chunk, &[]).map_err(table_error)?)?;
        }
        self.rows_read += chunk.smiles.len() as u64;
        self.replaced_values += chunk.replaced;
        self.unlisted.add(&chunk.unlisted);
        self.report();
        self.stop_if_asked()
    }

    /// Starts to fill, or starts over: the results of an earlier attempt are removed.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn begin(&mut self) -> Result<(), Error> {
        if let Some(earlier) = self.filled.take() {
            earlier.tables.discard()?;
        }
        let plan = TablesPlan {
            folder: self.folder,
            spill_folder: &self.spill_folder,
            product_schema: self.product_table.schema(),
            reject_schema: self.reject_table.schema(),
            buffering: self.buffering,
            part_bytes: self.session.control.pace.part_bytes,
            parents: None,
        };
        // The products have already been judged where they were made.
        let tables = Tables::create(plan, Box::new(KeepAll), self.totals.clone())?;
        self.filled = Some(Filled {
            tables,
            faults: self.faults.read()?,
            tallied: vec![0; self.totals.transforms.len()],
        });
        Ok(())
    }

    /// Adds failures, in the order of the rows of the library; row `i` of `chunk` is row `source_rows[i]` there.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn failures(
        &mut self,
        source_rows: &[i64],
        chunk: &Chunk,
        failures: &[Failure],
    ) -> Result<(), Error> {
        let source_row = |row: u32| source_rows[row as usize];
        let rows = self.reject_table.rows_of(&source_row, chunk, failures).map_err(table_error)?;
        let Filled { faults, tables, .. } = filled(&mut self.filled)?;
        faults.merge(rows, &mut |rows: &Rows| tables.push_rejects(rows))
    }

    /// Adds the outcome of a row, with the tallies of the transforms that found a site in it or rejected it, its
    /// recheck or trial, and what the filter took out.
    ///
    /// # Errors
    /// [`Error::RecheckDiffers`]; [`Error::Internal`] for a transform that does not exist.
    pub fn outcome(
        &mut self,
        row: RowResult,
        tallies: &[(usize, Tally)],
        rechecked: Rechecked,
        filtered: &Filtered,
    ) -> Result<(), Error> {
        if let Some(difference) = rechecked.difference {
            return Err(Error::RecheckDiffers(difference));
        }
        let filled = filled(&mut self.filled)?;
        let of_tallies =
            |count: fn(&Tally) -> u64| tallies.iter().map(|(_, tally)| count(tally)).sum::<u64>();
        let taken: u64 = filtered.by_clause.iter().sum();
        let products = of_tallies(|tally| tally.made).checked_sub(taken);
        let products =
            products.ok_or_else(|| Error::internal("a row loses products that it does not have"))?;
        filled.tables.new_figures().count(of_tallies(|tally| tally.sites), products);
        let totals = filled.tables.totals_mut();
        totals.add_rows(&[row]);
        totals.rechecks += rechecked.counts;
        totals.charged += rechecked.charged;
        totals.add_filtered(filtered);
        for &(transform, tally) in tallies {
            let Some(of_transform) = totals.transforms.get_mut(transform) else {
                return Err(Error::internal(format!("a tally of transform {transform}")));
            };
            of_transform.sums.tally += tally;
            filled.tallied[transform] += 1;
        }
        Ok(())
    }

    /// Adds products in the order of the output, product `i` being the first of `copies[i]` equal ones; row `i` of
    /// `chunk` is row `source_rows[i]` of the library.
    ///
    /// # Errors
    /// Those of the disk, and a caller's request to stop.
    pub fn products(
        &mut self,
        source_rows: &[i64],
        chunk: &Chunk,
        products: &Products,
        copies: &[u64],
    ) -> Result<(), Error> {
        let tables = &mut filled(&mut self.filled)?.tables;
        let mut unknown = Vec::with_capacity(products.len());
        for (index, (&transform, &copies)) in products.transform.iter().zip(copies).enumerate() {
            let transform = usize::from(transform);
            tables.totals_mut().transforms[transform].sums.products += copies;
            let product = self.identities.of(products.smiles.get(index), &products.columns, index);
            if self.known.contains(product)? {
                tables.count_known(transform, copies);
                continue;
            }
            tables.judge(transform, product)?;
            tables.count_left_out(transform, copies.saturating_sub(1));
            unknown.push(index);
        }
        let source_row = |row: u32| source_rows[row as usize];
        self.product_table.rows_of(&source_row, chunk, products, &unknown, |rows| tables.push(rows))?;
        // This is not resumed after a kill, so the logs of complete parts are not needed.
        tables.committed()?;
        tables.count_memory(&self.session.counters, self.known.memory_bytes());
        self.report();
        self.stop_if_asked()
    }

    fn report(&mut self) {
        if self.throttle.is_due() {
            let phase = if self.filled.is_some() { Phase::Publishing } else { Phase::Reading };
            self.report_now(phase);
        }
    }

    fn report_now(&self, phase: Phase) {
        let of_tables =
            |count: fn(&Tables) -> u64| self.filled.as_ref().map_or(0, |filled| count(&filled.tables));
        self.session.report(Reached {
            phase,
            rows_total: self.rows_total,
            rows: self.rows_read,
            rows_resumed: 0,
            products: of_tables(Tables::products_seen),
            unique: of_tables(Tables::products_kept),
            rejects: of_tables(Tables::reject_records),
            in_flight: InFlight::default(),
        });
    }

    /// Checks the counts and returns what is to be published.
    pub(super) fn settle(mut self, templates: &[u64]) -> Result<Settled, Error> {
        self.report_now(Phase::Publishing);
        let filled = self.filled.take().ok_or_else(|| Error::internal("nothing was gathered"))?;
        let Filled { mut tables, mut faults, tallied } = filled;
        faults.finish(&mut |rows: &Rows| tables.push_rejects(rows))?;
        let totals = tables.totals_mut();
        totals.replaced_values = self.replaced_values;
        totals.unlisted = self.unlisted;
        for (transform, tallied) in totals.transforms.iter_mut().zip(tallied) {
            transform.sums.tally.rows_no_site += totals.rows - tallied;
        }
        let stop_check = || self.session.stop_if_asked(self.rows_read);
        let mut settled = tables.settle(self.rows_read, Some(templates), &stop_check)?;
        settled.dedup.mode = self.dedup;
        Ok(settled)
    }
}

fn filled(filled: &mut Option<Filled>) -> Result<&mut Filled, Error> {
    filled.as_mut().ok_or_else(|| Error::internal("rows were gathered before the beginning"))
}
