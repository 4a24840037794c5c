//! Merges shards into one result, with the bytes and the counts of a single run over the whole library.
//!
//! # Why the bytes are the same
//!
//! Call a product's key *known* if it has appeared before in total order. Each run judges the products of its rows in
//! total order. A shard therefore leaves out exactly the products that are known within the shard (`exact`), and
//! writes the rest: first the rows that its filter had certainly not seen, then those that it had deferred, both in
//! total order. Put back into total order ([`order`]), and one shard after the other, these rows are the stream of
//! the single run without the products that are known within a shard. Leaving these out does not change the verdict
//! on any other product:
//!
//! - `exact`: whether a product is deferred depends on the filter, and the filter's content on the set of keys before
//!   it, however often each appeared. The key of a product that was left out has appeared before it, in the same
//!   shard. Every other product therefore finds the same filter and gets the same verdict. The products left out
//!   would have been deferred, and settled as duplicates: they are not in the output, and without their numbers the
//!   other deferred rows keep their order.
//! - `bloom`: if a shard's filter mistook a product for a duplicate, products before it in that shard had set all its
//!   bits. The filter of the single run holds these bits and more, so it classifies the product as a duplicate as
//!   well, and the product sets no new bit. This requires filters of the same size, which the shards' metadata
//!   guarantees.
//! - `none`: no product is left out.
//!
//! Whether a product is a known molecule (`exclude`) does not depend on other products: the shards have left out those that
//! the single run leaves out, before any of the above, and have counted them.
//!
//! With `--parents`, a shard also lists the rows that it has left out. [`crate::parents`] shows why the table of parents
//! has the same bytes, too.
//!
//! The remaining rows go through the same code as in a run ([`Tables`], then [`publish`]), where cutting and encoding
//! depend only on the rows. A row's size, which decides where parts are cut, is a function of its values, and these
//! are read as they were written. All counts add up except `unique`: the products that the shards left out and those
//! that the merge leaves out are together those that the single run leaves out.
//!
//! # Bounds
//!
//! The memory is that of a run without a pipeline: the deduplication, the writers' budget, and for one shard at a
//! time two readers, each with a batch of rows and a page of each column. The keys of all shards are compared by
//! partitions of their hash, one at a time ([`crate::dedup`]). The counts of each shard take a few kilobytes.
//!
//! A merge cannot be resumed: after a kill, it is simply rerun. If it had finished, its summary is returned again. It
//! does not run RDKit on any molecule and does not need the library.

mod order;
mod shards;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use arrow::array::AsArray;
use crossbeam_channel::bounded;

use self::order::InOrder;
use self::shards::{ShardFolder, Shards};
use crate::control::Control;
use crate::dedup::{DedupReport, Identities, Verdict};
use crate::error::Error;
use crate::job::{dedup_plan, memory_bounds};
use crate::options::{ApplyOptions, Command, Given, MergeInput, TargetMemory};
use crate::output::folder::{Entry, MERGE_FILE, OutputFolder, Visit};
use crate::output::parts::Buffering;
use crate::output::read_back::{WrittenFile, reject_rows};
use crate::output::{SUMMARY_FILE, table_error};
use crate::parents::Groups;
use crate::pipeline::flow::InFlight;
use crate::progress::{Phase, Throttle};
use crate::publish::{self, Closing};
use crate::session::{Reached, Session, Start};
use crate::spawn::spawn;
use crate::summary::{MergedShard, Summary};
use crate::tables::{Settled, Tables, TablesPlan};

/// The options of a merge.
#[derive(Debug, Clone)]
pub struct MergeOptions {
    /// The output folders of all shards, in any order.
    pub shards: Vec<PathBuf>,
    /// Folder for the merged files; created if missing.
    pub outdir: PathBuf,
    /// Folder for data spilled to disk; `None` for one inside the output folder.
    pub scratch: Option<PathBuf>,
    /// Memory that the process should stay below.
    pub target_memory: TargetMemory,
    /// Replace the files of an earlier run or merge.
    pub force: bool,
}

impl MergeOptions {
    /// The defaults.
    pub fn new(shards: Vec<PathBuf>, outdir: impl Into<PathBuf>) -> Self {
        let target_memory = TargetMemory::default();
        Self { shards, outdir: outdir.into(), scratch: None, target_memory, force: false }
    }

    /// The options in `json`; see [`Given::read`].
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for an option that a merge does not have, or for an invalid value.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        let both = |given: &mut Given| Ok((MergeInput::read(given)?, ApplyOptions::read(given)?));
        let (MergeInput { shards }, of_run) = Given::read(Command::Merge, json, both)?;
        let ApplyOptions { outdir, scratch, target_memory, force, .. } = of_run;
        Ok(Self { shards, outdir, scratch, target_memory, force })
    }

    fn validate(&self) -> Result<(), Error> {
        if self.shards.is_empty() {
            return Err(MergeInput::shards.refuse("name the output folders of all shards"));
        }
        ApplyOptions::target_memory.check(&self.target_memory)
    }

    /// The options of the run over the whole library to which the result is equal.
    fn of_whole(&self, shards: &Shards) -> ApplyOptions {
        let of_shard = shards.first().summary.options.clone();
        ApplyOptions {
            shard: None,
            outdir: self.outdir.clone(),
            scratch: self.scratch.clone(),
            target_memory: self.target_memory,
            force: self.force,
            resume: false,
            ..of_shard
        }
    }
}

/// Merges the shards of a library: writes to `options.outdir` the same files as one run over the whole library, and
/// returns the summary.
///
/// # Errors
/// The five `Shard…` errors if the shards do not form a complete set, and those of any output. After an error there
/// is no summary, and therefore no result.
pub fn merge(options: &MergeOptions, control: &Control) -> Result<Summary, Error> {
    let start = Start::now(false);
    options.validate()?;
    let shards = Shards::open(&control.disk, &options.shards)?;
    let of_whole = options.of_whole(&shards);
    let memory = memory_bounds(&of_whole)?;
    let when_stopped = "the same command starts the merge over";
    let session = Session::new(start, &options.outdir, control, memory, when_stopped);
    let (stop_watch, watch_stopped) = bounded::<()>(0);
    thread::scope(|scope| {
        spawn(scope, "xform-watch", || {
            let stopped = watch_stopped;
            session.watch.run(&session.counters, &stopped, |_| {});
        })?;
        let merged =
            Merge { session: &session, shards, options: of_whole, budget_bytes: memory.budget_bytes }
                .perform();
        drop(stop_watch);
        merged
    })
}

struct Merge<'a> {
    session: &'a Session<'a>,
    shards: Shards,
    options: ApplyOptions,
    budget_bytes: u64,
}

impl Merge<'_> {
    fn perform(self) -> Result<Summary, Error> {
        let files = self.shards.files();
        let visit = Visit {
            entry: if self.options.force { Entry::Force } else { Entry::Merge },
            reads: files.iter().map(PathBuf::as_path).collect(),
            ..Visit::of(&self.options, [])
        };
        if visit.entry == Entry::Merge && self.has_finished() {
            let visit = Visit { entry: Entry::Resume, ..visit };
            let folder = OutputFolder::enter(&self.session.control.disk, &visit)?;
            let Shards { shape, input_sha256, .. } = &self.shards;
            return publish::finished(self.session, folder, shape, || Ok(input_sha256.clone()));
        }
        OutputFolder::check(&visit)?;
        let library_rows = self.shards.library_rows;
        self.session.recorder.continue_from(self.shards.timeline(), self.shards.seconds());
        self.session.report(reached(Phase::Checking, 0, library_rows, None));
        let mut throttle = Throttle::new();
        self.shards.check_content(&mut |rows| {
            if throttle.is_due() {
                self.session.report(reached(Phase::Checking, rows, library_rows, None));
            }
            self.session.stop_if_asked(0)
        })?;
        let folder = OutputFolder::enter(&self.session.control.disk, &visit)?;
        let spill_folder = folder.begin_spill(self.options.scratch.as_deref())?;
        match self.merge_into(&folder, &spill_folder) {
            Ok(summary) => Ok(publish::close(folder, summary)),
            Err(error) => {
                if folder.holds_nothing() {
                    // The current error matters more.
                    let _ = folder.leave();
                }
                Err(error)
            }
        }
    }

    /// Whether the folder holds a finished merge of these shards, according to its summary.
    fn has_finished(&self) -> bool {
        let text = std::fs::read(self.options.outdir.join(SUMMARY_FILE)).unwrap_or_default();
        let merged = Summary::parse(&text).map(|read| read.summary.merged).unwrap_or_default();
        let sources = self.shards.provenance();
        let same = |(one, other): (&MergedShard, &MergedShard)| one.is_same_source(other);
        merged.len() == sources.len() && merged.iter().zip(&sources).all(same)
    }

    fn merge_into(self, folder: &OutputFolder, spill_folder: &Path) -> Result<Summary, Error> {
        folder.clear(|_| false)?;
        folder.disk().create(&folder.work().join(MERGE_FILE))?.sync()?;
        folder.disk().sync_folder(folder.work())?;
        let mut settled = self.tables(folder, spill_folder)?;
        forget_sample(&mut settled.dedup);
        publish::publish(self.session, folder, self.closing(settled))
    }

    /// Passes the rows of all shards through the tables, and settles.
    fn tables(&self, folder: &OutputFolder, spill_folder: &Path) -> Result<Settled, Error> {
        let first = self.shards.first();
        let pace = self.session.control.pace;
        let dedup = dedup_plan(&self.options, pace.filter_bits).make(
            folder.disk(),
            spill_folder,
            None,
            &|| Ok(()),
        )?;
        let by_source_row = |file: &WrittenFile| Arc::clone(file.schema()).by_source_row();
        let plan = TablesPlan {
            folder,
            spill_folder,
            product_schema: &by_source_row(&first.products),
            reject_schema: &by_source_row(&first.rejects),
            buffering: Buffering {
                flush_interval: self.options.flush_interval,
                buffer_bytes: self.budget_bytes,
            },
            part_bytes: self.session.control.pace.part_bytes,
            parents: self.options.parents.then_some(self.options.dedup_key),
        };
        let mut tables = Tables::create(plan, dedup, self.shards.totals())?;
        *tables.new_figures() = self.shards.figures();
        let mut throttle = Throttle::new();
        for shard in self.shards.all() {
            let mut on_rows = |tables: &Tables, source_row: u64| {
                tables.count_memory(&self.session.counters, 0);
                if throttle.is_due() {
                    let total = self.shards.library_rows;
                    self.session.report(reached(Phase::Merging, source_row, total, Some(tables)));
                }
                self.session.stop_if_asked(source_row)
            };
            self.push_products(shard, &mut tables, &mut on_rows)?;
            self.push_parents(shard, &mut tables)?;
            self.push_rejects(shard, &mut tables)?;
        }
        let rows = self.shards.library_rows;
        self.session.report(reached(Phase::Publishing, rows, rows, Some(&tables)));
        tables.settle(rows, None, &|| self.session.stop_if_asked(rows))
    }

    fn push_products(
        &self,
        shard: &ShardFolder,
        tables: &mut Tables,
        on_rows: &mut dyn FnMut(&Tables, u64) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let damaged = || shard.damaged("its products do not have the columns of products");
        let identities = Identities::among(shard.products.schema().rows().fields(), self.options.dedup_key);
        let identities = identities.ok_or_else(damaged)?;
        let mut count = 0;
        for batch in InOrder::new(shard, &self.shards.names, self.options.dedup)? {
            let (batch, transforms) = batch?;
            let rows = shard.products.product_rows(batch).ok_or_else(damaged)?;
            let smiles = rows.batch.column_by_name("smiles").and_then(|column| column.as_string_opt::<i32>());
            let smiles = smiles.ok_or_else(damaged)?;
            let (mut new, mut deferred) = (Vec::with_capacity(transforms.len()), Vec::new());
            for (index, transform) in transforms.into_iter().enumerate() {
                let smiles = smiles.value(index).as_bytes();
                match tables.judge(transform, identities.of(smiles, rows.batch.columns(), index))? {
                    Verdict::New => new.push(index as u32),
                    Verdict::Deferred => deferred.push(index as u32),
                    Verdict::Seen => {}
                }
            }
            count += rows.source_rows.len() as u64;
            let source_row = rows.source_rows.last().map_or(0, |&row| row as u64);
            tables.defer(&rows.take(deferred).map_err(table_error)?)?;
            let new = if new.len() == rows.source_rows.len() { Ok(rows) } else { rows.take(new) };
            tables.push(new.map_err(table_error)?)?;
            // A merge is not resumed after a kill, so the logs of complete parts are not needed.
            tables.committed()?;
            on_rows(tables, source_row)?;
        }
        shard.check_count("products", count, shard.summary.files.products.rows)
    }

    /// Passes on the repeats that the shard has left out. Their products were judged before.
    fn push_parents(&self, shard: &ShardFolder, tables: &mut Tables) -> Result<(), Error> {
        let Some((parents, written)) = shard.parents.as_ref().zip(shard.summary.files.parents.as_ref())
        else {
            return Ok(());
        };
        let (mut groups, mut count) = (Groups::new(&self.shards.names, self.options.dedup_key), 0);
        for batch in parents.batches(parents.groups())? {
            let batch = batch?;
            let members = groups.members(&batch);
            let members = members.map_err(|reason| shard.damaged(&format!("its parents: {reason}")))?;
            count += members.len() as u64;
            tables.push_left_out(&batch, &members)?;
        }
        shard.check_count("parents", count, written.rows)
    }

    fn push_rejects(&self, shard: &ShardFolder, tables: &mut Tables) -> Result<(), Error> {
        let mut count = 0;
        for batch in shard.rejects.batches(shard.rejects.groups())? {
            let rows = reject_rows(batch?);
            let rows = rows.ok_or_else(|| shard.damaged("its rejects do not have the columns of rejects"))?;
            count += rows.source_rows.len() as u64;
            tables.push_rejects(&rows)?;
        }
        shard.check_count("rejects", count, shard.summary.files.rejects.rows)
    }

    fn closing(self, settled: Settled) -> Closing {
        let Self { shards, options, .. } = self;
        Closing {
            input_sha256: shards.input_sha256.clone(),
            source_files: shards.first().summary.source_files.clone(),
            library_rows: shards.library_rows,
            engine: shards.first().summary.engine.clone(),
            columns: shards.first().summary.columns.clone(),
            rows_resumed: shards.sum(|summary| summary.rows_resumed),
            settled,
            quarantined: shards.quarantined(),
            restarts: shards.restarts(),
            in_flight: InFlight::default(),
            earlier_seconds: shards.seconds(),
            options,
            shard: None,
            merged: shards.provenance(),
            warnings: shards.warnings(),
            // All shards have the same rules.
            notices: shards.first().summary.notices.clone(),
            rules_skipped: shards.first().summary.rules_skipped,
            known_files: shards.known_files(),
            shape: shards.shape,
        }
    }
}

/// A merge only sees what the shards have kept: that it lost none of that does not show what a shard lost.
fn forget_sample(dedup: &mut DedupReport) {
    if let Some(bloom) = &mut dedup.bloom {
        (bloom.sample, bloom.observed_false_positive_rate) = (0, None);
    }
}

fn reached(phase: Phase, rows: u64, rows_total: u64, tables: Option<&Tables>) -> Reached {
    let of_tables = |count: fn(&Tables) -> u64| tables.map_or(0, count);
    Reached {
        phase,
        rows_total: Some(rows_total),
        rows,
        rows_resumed: 0,
        products: of_tables(Tables::products_seen),
        unique: of_tables(Tables::products_kept),
        rejects: of_tables(Tables::reject_records),
        in_flight: InFlight::default(),
    }
}
