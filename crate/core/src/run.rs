//! A run: begins or goes on, sends every row through the pipeline, settles, publishes.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crossbeam_channel::bounded;
use serde_json::Value;

use crate::engine::Engine;
use crate::error::Error;
use crate::input_hash::InputHash;
use crate::job::{Job, make_dedup};
use crate::journal::{self, Commit, Fingerprint, Found, Header, InputMark, Quarantine, RowDigest};
use crate::options::ApplyOptions;
use crate::output::folder::{
    CLAIM_FILE, IN_HAND_FOLDER, MANIFEST_FILE, OutputFolder, QUARANTINE_FILE, SUPERVISOR_FILES, Visit,
    clear_folder,
};
use crate::output::parts::Buffering;
use crate::output::products::ProductTable;
use crate::output::rejects::RejectTable;
use crate::pipeline::commit::{ProductSink, SinkPlan};
use crate::pipeline::flow::{Budgets, Flow, Held};
use crate::pipeline::{self, Passed, Plan};
use crate::progress::{Phase, Throttle};
use crate::publish::{self, Closing};
use crate::session::{Reached, Session};
use crate::shard::ShardRows;
use crate::source::{Source, Window, hash_file, missing_rows};
use crate::spawn::spawn;
use crate::stable_file::StableFile;
use crate::summary::{ColumnNames, Summary};
use crate::tables::{Settled, Tables};

const OTHER_INPUT: &str = "the input is not the file that the run started with";

/// What the steps of a run share.
pub struct Run<'a> {
    /// What it was told.
    pub options: &'a ApplyOptions,
    /// Its caller, clock and memory.
    pub session: &'a Session<'a>,
}

/// All rows, done.
pub struct Done {
    /// What the pipeline came to, in rows of this run.
    pub passed: Passed,
    /// What the sink came to.
    pub settled: Settled,
    /// SHA-256 of the input, in hex.
    pub input_sha256: String,
    /// Rows that an earlier run had committed.
    pub rows_resumed: u64,
    /// Rows that were left out.
    pub quarantine: Quarantine,
    /// The part of the library that was read, if it was not all of it.
    pub shard: Option<ShardRows>,
}

impl Run<'_> {
    /// Does all of it.
    pub fn perform(&self, mut job: Job) -> Result<Summary, Error> {
        let folder = OutputFolder::enter(&self.session.control.disk, &Visit::of(self.options))?;
        if folder.is_finished() {
            let shape = job.shape(self.options);
            return publish::finished(self.session, folder, &shape, || self.input_sha256(&job.input));
        }
        let done = match self.all_rows(&mut job, &folder) {
            Ok(done) => done,
            Err(error) => {
                if !folder.work().join(MANIFEST_FILE).exists() {
                    // Nothing was committed: there is nothing to go on from. The error at hand matters more.
                    let _ = folder.leave();
                }
                return Err(error);
            }
        };
        let summary = self.publish(&folder, job, done)?;
        Ok(publish::close(folder, summary))
    }

    fn input_sha256(&self, input: &StableFile) -> Result<String, Error> {
        let sha256 = hash_file(input, || self.session.control.is_cancelled())?;
        self.session.stop_if_asked(0)?;
        sha256.ok_or_else(|| Error::internal("the input was not hashed"))
    }

    /// Gives what was done its final names.
    pub fn publish(&self, folder: &OutputFolder, job: Job, done: Done) -> Result<Summary, Error> {
        self.session.stop_if_asked(done.passed.rows_committed)?;
        publish::publish(self.session, folder, self.closing(job, done))
    }

    /// Hashes the input and watches the memory beside the pipeline.
    fn all_rows(&self, job: &mut Job, folder: &OutputFolder) -> Result<Done, Error> {
        let flow = Flow::new(self.options.max_in_flight, Budgets::each(job.memory.budget_bytes));
        let observe = |used_bytes| {
            // When the pipeline is done, budgets hold nothing up any more.
            if !flow.is_closed() {
                flow.set_budgets(self.session.governor.observe(used_bytes));
            }
        };
        let input = job.input.clone();
        self.watched(&input, observe, |input_hash| self.settled_rows(job, folder, &flow, input_hash))
    }

    /// Does `work` while others hash the `input` and watch the memory, of which `observe` hears.
    pub fn watched<T>(
        &self,
        input: &StableFile,
        observe: impl Fn(u64) + Sync,
        work: impl FnOnce(&InputHash<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let (ended, input_sha256) = (AtomicBool::new(false), OnceLock::new());
        let (stop_watch, watch_stopped) = bounded::<()>(0);
        thread::scope(|scope| {
            let input_hash = InputHash::start(scope, input, &input_sha256, &ended)?;
            let watching = spawn(scope, "xform-watch", || {
                let stopped = watch_stopped;
                self.session.watch.run(&self.session.counters, &stopped, &observe);
            })
            .inspect_err(|_| ended.store(true, Ordering::Relaxed))?;
            let done = work(&input_hash);
            ended.store(true, Ordering::Relaxed);
            drop(stop_watch);
            let _ = watching.join();
            done
        })
    }

    fn settled_rows(
        &self,
        job: &mut Job,
        folder: &OutputFolder,
        flow: &Flow,
        input_hash: &InputHash<'_>,
    ) -> Result<Done, Error> {
        let shape = job.shape(self.options);
        let shard = job.shard_rows(self.options, &|| self.session.stop_if_asked(0))?;
        let rows_before = shard.map_or(0, |shard| shard.first_row);
        let found = self.committed_before(folder, &job.input, &shape, rows_before, input_hash)?;
        let rows_resumed = found.as_ref().map_or(0, |found| found.latest.rows);
        let is_whole_input = found.as_ref().is_some_and(|found| found.latest.is_whole_input);
        let spill_folder = match &found {
            Some(found) => self.spilled_before(folder, &found.latest)?,
            None => folder.begin_spill(self.options.scratch.as_deref())?,
        };
        let row_digest = self.pass_over(job, rows_before, found.as_ref().map(|found| &found.latest))?;
        let rows_total = shard.map(|shard| shard.rows()).or(job.source.total_rows());
        let rows_left = shard.map_or(u64::MAX, |shard| shard.rows().saturating_sub(rows_resumed));
        let header = Header::new(shape, Fingerprint::of(&job.input)?);
        if found.is_none() {
            self.begin_anew(folder, &header)?;
        }
        let quarantine = Quarantine::read(&folder.work().join(QUARANTINE_FILE))?;
        let sink_plan = SinkPlan {
            folder,
            spill_folder: &spill_folder,
            product_table: ProductTable::new(job.source.columns(), &job.transforms)?,
            reject_table: RejectTable::new(job.source.columns(), &job.transforms)?,
            names: job.names(),
            rows_before,
            buffering: Buffering {
                flush_interval: self.options.flush_interval,
                buffer_bytes: job.memory.budget_bytes,
            },
            header,
            input_sha256: input_hash.place(),
            row_digest: row_digest.as_ref().map(RowDigest::value),
            counters: &self.session.counters,
            pace: self.session.control.pace,
        };
        let resumed_bytes = found.as_ref().map(|found| found.latest.key_bytes);
        let pace = self.session.control.pace;
        let dedup = make_dedup(self.options, pace, folder.disk(), &spill_folder, resumed_bytes, &|| {
            self.session.stop_if_asked(rows_resumed)
        })?;
        let mut sink = match found {
            None => ProductSink::create(sink_plan, dedup)?,
            Some(found) => ProductSink::resume(sink_plan, dedup, found)?,
        };
        let in_hand = self.crash_records(folder)?;
        let plan = Plan {
            first_row: rows_before + rows_resumed,
            batch_rows: self.options.batch_size,
            workers: self.options.workers,
            flow,
            quarantine: &quarantine,
            in_hand: in_hand.as_deref(),
        };
        let passed = if is_whole_input {
            Passed { rows_read: rows_resumed, rows_committed: rows_resumed, held: Held::default() }
        } else {
            let mut source = Window::new(&mut *job.source, rows_left);
            let rows =
                Rows { source: &mut source, digest: row_digest, resumed: rows_resumed, total: rows_total };
            self.pipeline(plan, rows, &*job.engine, &mut sink)?
        };
        if let Some(shard) = shard.filter(|shard| shard.rows() != passed.rows_read) {
            let reason = format!("it had {} rows when the run began, and ends before", shard.library_rows);
            let row = rows_before + passed.rows_read;
            return Err(Error::InputCorrupt { path: self.options.input.clone(), row, reason });
        }
        let go_on = || self.session.stop_if_asked(passed.rows_committed);
        if input_hash.place().get().is_none() {
            sink.commit_all(false)?;
        }
        let input_sha256 = input_hash.wait(&go_on)?;
        job.input.confirm(&go_on)?;
        sink.commit_all(true)?;
        self.session.report(reached(&sink, rows_resumed, passed.held, rows_total, Phase::Publishing));
        let settled = sink.settle(passed.rows_read, job.engine.product_templates(), &go_on)?;
        Ok(Done { passed, settled, input_sha256: input_sha256.to_owned(), rows_resumed, quarantine, shard })
    }

    fn closing(&self, job: Job, done: Done) -> Closing {
        let Done { passed, settled, input_sha256, rows_resumed, quarantine, shard } = done;
        let library_rows = shard.map_or(passed.rows_read, |shard| shard.library_rows);
        let missing = missing_rows(&self.options.skip_rows, library_rows);
        let warnings =
            job.warnings.iter().cloned().chain(missing.map(|missing| format!("--skip-rows: {missing}")));
        let warnings = warnings.collect();
        Closing {
            shape: job.shape(self.options),
            library_rows,
            input_sha256,
            engine: job.engine.version(),
            names: job.names(),
            columns: ColumnNames::from(job.source.columns()),
            rows: passed.rows_read,
            rows_resumed: self.session.rows_resumed(rows_resumed),
            settled,
            quarantined: quarantine.counts(),
            restarts: self.session.control.predecessors.restarts.clone(),
            held: passed.held,
            earlier_seconds: 0.0,
            options: self.options.clone(),
            shard,
            merged: Vec::new(),
            warnings,
        }
    }

    /// What an interrupted run into this folder has left, if this one is to go on with it and may.
    fn committed_before(
        &self,
        folder: &OutputFolder,
        input: &StableFile,
        shape: &Value,
        rows_before: u64,
        input_hash: &InputHash<'_>,
    ) -> Result<Option<Found>, Error> {
        let path = folder.work().join(MANIFEST_FILE);
        if !self.options.resume || !path.exists() {
            return Ok(None);
        }
        let found = Found::read(folder.disk(), &path)?.map_err(|reason| self.refuse(reason))?;
        let Some(found) = found else { return Ok(None) };
        if let Some(difference) = journal::difference_on_resume(&found.header.shape, shape) {
            return Err(self.refuse(difference));
        }
        let committed = rows_before..rows_before + found.latest.rows;
        let newly_skipped = journal::newly_skipped(&found.header.shape, shape);
        if let Some(row) = newly_skipped.range(committed).next() {
            return Err(self.refuse(format!("row {row} of --skip-rows is committed already; leave it out")));
        }
        let is_other = match &found.latest.input {
            _ if found.header.input != Fingerprint::of(input)? => true,
            InputMark::Sha256(recorded) => {
                input_hash.wait(&|| self.session.stop_if_asked(found.latest.rows))? != recorded
            }
            InputMark::Rows(_) => false,
        };
        if is_other { Err(self.refuse(OTHER_INPUT)) } else { Ok(Some(found)) }
    }

    /// Goes to the first row that is still to do, after `rows_before` rows that are not of this run. Gives the digest of this run's
    /// rows before it, unless the file's SHA-256, by which it is known better, lets them be skipped.
    fn pass_over(
        &self,
        job: &mut Job,
        rows_before: u64,
        latest: Option<&Commit>,
    ) -> Result<Option<RowDigest>, Error> {
        let go_on = || self.session.stop_if_asked(0);
        if let Some(Commit { input: InputMark::Sha256(_), rows, is_whole_input, .. }) = latest {
            if !is_whole_input {
                job.source.skip(rows_before + rows, &go_on)?;
            }
            return Ok(None);
        }
        job.source.skip(rows_before, &go_on)?;
        let mut digest = RowDigest::new(job.source.columns())?;
        let Some(Commit { input: InputMark::Rows(expected), rows, .. }) = latest else {
            return Ok(Some(digest));
        };
        let mut done = Window::new(&mut *job.source, *rows);
        let mut read = 0;
        while let Some(chunk) = done.next_chunk(usize::MAX)? {
            digest.add(&chunk)?;
            read += chunk.smiles.len() as u64;
            go_on()?;
        }
        if read != *rows || digest.value() != *expected {
            return Err(self.refuse(OTHER_INPUT));
        }
        Ok(Some(digest))
    }

    /// Where the interrupted run has spilled. All files that `latest` tells of are there.
    fn spilled_before(&self, folder: &OutputFolder, latest: &Commit) -> Result<PathBuf, Error> {
        let noted = folder.noted_spill_folder()?;
        if let Some(noted) = &noted
            && !folder.is_own_spill_folder(noted)?
        {
            let noted = noted.display();
            return Err(
                self.refuse(format!("its scratch folder {noted} is gone or of another output folder"))
            );
        }
        let spill_folder = noted.unwrap_or_else(|| folder.work().to_owned());
        match Tables::fault(folder.work(), &spill_folder, latest) {
            Some(fault) => Err(self.refuse(fault)),
            None => Ok(spill_folder),
        }
    }

    /// Removes what a run has left from which nothing can be gone on. The quarantine stays where it is of this very run: its
    /// supervisor begins anew too where nothing was committed.
    fn begin_anew(&self, folder: &OutputFolder, header: &Header) -> Result<(), Error> {
        let (disk, work) = (folder.disk(), folder.work());
        let claim = work.join(CLAIM_FILE);
        let is_own = self.options.resume && journal::is_claimed(disk, &claim, header);
        folder.clear(|name| is_own && (name == CLAIM_FILE || SUPERVISOR_FILES.contains(&name)))?;
        // Only a supervisor writes a quarantine.
        if self.options.isolate && !is_own {
            journal::claim(disk, work, &claim, header)?;
        }
        Ok(())
    }

    fn refuse(&self, reason: impl Into<String>) -> Error {
        Error::ResumeRefused { path: self.options.outdir.clone(), reason: reason.into() }
    }

    /// The folder of the crash records, empty, if a supervisor watches.
    fn crash_records(&self, folder: &OutputFolder) -> Result<Option<PathBuf>, Error> {
        if !self.options.isolate {
            return Ok(None);
        }
        let path = folder.work().join(IN_HAND_FOLDER);
        folder.disk().create_folder(&path)?;
        clear_folder(folder.disk(), &path, |_| false)?;
        Ok(Some(path))
    }

    fn pipeline(
        &self,
        plan: Plan<'_>,
        rows: Rows<'_>,
        engine: &dyn Engine,
        sink: &mut ProductSink<'_>,
    ) -> Result<Passed, Error> {
        let Rows { source, digest, resumed: rows_resumed, total: rows_total } = rows;
        let mut throttle = Throttle::new();
        // The pipeline counts rows of the library, all else those of this run.
        let rows_before = plan.first_row - rows_resumed;
        let mut on_tick = |sink: &ProductSink, rows: u64, held: Held| {
            self.session.counters.in_flight.store(held.input_bytes + held.output_bytes, Ordering::Relaxed);
            if throttle.is_due() {
                self.session.report(reached(sink, rows_resumed, held, rows_total, Phase::Reading));
            }
            self.session.stop_if_asked(rows - rows_before)
        };
        let passed = pipeline::run(plan, source, digest, engine, sink, &mut on_tick);
        if passed.is_err() {
            // What can still be made durable is; that it failed matters more than that this failed too.
            let _ = sink.commit_all(false);
        }
        let Passed { rows_read, rows_committed, held } = passed?;
        let passed =
            Passed { rows_read: rows_read - rows_before, rows_committed: rows_committed - rows_before, held };
        self.session.stop_if_asked(passed.rows_committed)?;
        Ok(passed)
    }
}

/// The rows of a run that are still to do.
struct Rows<'a> {
    source: &'a mut dyn Source,
    /// Digest of those before them.
    digest: Option<RowDigest>,
    /// Rows that an earlier run had committed.
    resumed: u64,
    /// All rows of the run, where that is known.
    total: Option<u64>,
}

fn reached(
    sink: &ProductSink,
    rows_resumed: u64,
    held: Held,
    rows_total: Option<u64>,
    phase: Phase,
) -> Reached {
    let tables = sink.tables();
    Reached {
        phase,
        rows_total,
        rows: sink.rows(),
        rows_resumed,
        products: tables.products_seen(),
        unique: tables.products_kept(),
        rejects: tables.reject_records(),
        held,
    }
}
