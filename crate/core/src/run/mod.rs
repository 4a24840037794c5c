//! A run, stage by stage: begin, send every row through the pipeline, confirm the input, settle, publish.
//!
//! [`beginning`] finds the first row that is still to do, and `rows` does everything from there on. This module has
//! what a run shares with one whose rows a cluster makes ([`crate::gather()`]).

mod beginning;
mod known;
mod rows;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crossbeam_channel::bounded;

use self::beginning::Beginning;
use self::rows::Rows;
use crate::error::Error;
use crate::input_hash::InputHash;
use crate::job::Job;
use crate::journal::QuarantineCounts;
use crate::library::Library;
use crate::memory::Budgets;
use crate::options::ApplyOptions;
use crate::output::folder::{DIFFERENCE_FILE, MANIFEST_FILE, OutputFolder, Visit, known_quarantines};
use crate::pipeline::flow::{Flow, InFlight};
use crate::progress::Phase;
use crate::publish::{self, Closing};
use crate::session::Session;
use crate::shard::ShardRows;
use crate::source::{ColumnNames, missing_rows};
use crate::spawn::spawn;
use crate::summary::{SourceFiles, Summary};
use crate::tables::Settled;

/// What the stages of a run share.
pub struct Run<'a> {
    /// Its options.
    pub options: &'a ApplyOptions,
    /// Its caller, clock and memory.
    pub session: &'a Session<'a>,
}

impl Run<'_> {
    /// Performs the run.
    pub fn perform(&self, mut job: Job) -> Result<Summary, Error> {
        job.known.hash(&|| self.session.stop_if_asked(0))?;
        let folder =
            OutputFolder::enter(&self.session.control.disk, &Visit::of(self.options, job.library.paths()))?;
        if folder.is_finished() {
            let shape = job.shape(self.options);
            return publish::finished(self.session, folder, &shape, || self.input_sha256(&job.library));
        }
        match self.all_rows(&mut job, &folder).and_then(|closing| self.publish(&folder, closing)) {
            Ok(summary) => Ok(publish::close(folder, summary)),
            Err(error) => {
                let work = folder.work();
                let is_kept = [MANIFEST_FILE, DIFFERENCE_FILE].iter().any(|name| work.join(name).exists());
                if !is_kept && known_quarantines(work).is_empty() {
                    // Nothing was committed or found out, so nothing can be resumed. The current error matters more than
                    // a failure here.
                    let _ = folder.leave();
                }
                Err(error)
            }
        }
    }

    fn input_sha256(&self, library: &Library) -> Result<String, Error> {
        for file in library.files() {
            file.hash(&|| self.session.control.is_cancelled())?;
            self.session.stop_if_asked(0)?;
        }
        library.sha256().map(str::to_owned).ok_or_else(|| Error::internal("the input was not hashed"))
    }

    /// Gives the files their final names.
    pub fn publish(&self, folder: &OutputFolder, closing: Closing) -> Result<Summary, Error> {
        self.session.stop_if_asked(closing.settled.totals.rows)?;
        publish::publish(self.session, folder, closing)
    }

    /// Hashes the input and watches the memory in parallel with the stages.
    fn all_rows(&self, job: &mut Job, folder: &OutputFolder) -> Result<Closing, Error> {
        let flow = Flow::new(self.options.max_in_flight, Budgets::each(job.memory.budget_bytes));
        let observe = |used_bytes| {
            // Once the pipeline has ended, budgets no longer hold anything up.
            if !flow.is_closed() {
                flow.set_budgets(self.session.governor.observe(used_bytes));
            }
        };
        let library = job.library.clone();
        library.stop_with(flow.closing());
        self.watched(&library, observe, |input_hash| self.stages(job, folder, &flow, input_hash))
    }

    /// Does `work` while other threads hash the `library` and watch the memory, which is passed to `observe`.
    pub fn watched<T>(
        &self,
        library: &Library,
        observe: impl Fn(u64) + Sync,
        work: impl FnOnce(&InputHash<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let ended = AtomicBool::new(false);
        let (stop_watch, watch_stopped) = bounded::<()>(0);
        thread::scope(|scope| {
            let input_hash = InputHash::start(scope, library, &ended)?;
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

    fn stages(
        &self,
        job: &mut Job,
        folder: &OutputFolder,
        flow: &Flow,
        input_hash: &InputHash<'_>,
    ) -> Result<Closing, Error> {
        let beginning = Beginning::find(self, job, folder, input_hash)?;
        let (shard, rows_resumed) = (beginning.shard, beginning.rows_resumed());
        let (known, known_files) = self.known(job, folder, &beginning.spill_folder, rows_resumed)?;
        let mut rows = Rows::open(self, beginning, job, folder, known)?;
        let in_flight = rows.pass(job, self.options, flow)?;
        self.check_shard(job, shard, rows.sink.rows())?;
        if job.library.sha256().is_none() {
            rows.sink.commit_all(false)?;
        }
        let rows_read = rows.sink.rows();
        let stop_check = || self.session.stop_if_asked(rows_read);
        job.library.drain(&stop_check)?;
        let input_sha256 = input_hash.wait(&stop_check)?;
        job.library.confirm(&stop_check)?;
        rows.sink.commit_all(true)?;
        rows.report(in_flight, Phase::Publishing);
        let quarantined = rows.quarantine.counts();
        let settled = rows.sink.settle(rows_read, job.engine.product_templates(), &stop_check)?;
        let rows_resumed = self.session.rows_resumed(rows_resumed);
        let closing = self.closing(job, settled, input_sha256, shard);
        Ok(Closing { rows_resumed, quarantined, in_flight, shard, known_files, ..closing })
    }

    /// A shard has as many rows as it had in the library when the run began.
    fn check_shard(&self, job: &Job, shard: Option<ShardRows>, rows: u64) -> Result<(), Error> {
        let Some(shard) = shard.filter(|shard| shard.rows() != rows) else { return Ok(()) };
        let reason = format!("it had {} rows when the run began, but ends earlier", shard.library_rows);
        let row = shard.first_row + rows;
        let path = job.library.paths().last().unwrap_or(Path::new("")).to_owned();
        Err(Error::InputCorrupt { path, row, reason })
    }

    /// What to publish if this process has done all rows.
    pub fn closing(
        &self,
        job: &Job,
        settled: Settled,
        input_sha256: &str,
        shard: Option<ShardRows>,
    ) -> Closing {
        let library_rows = shard.map_or(settled.totals.rows, |shard| shard.library_rows);
        let missing = missing_rows(&self.options.skip_rows, library_rows);
        let missing = missing.map(|missing| format!("--skip-rows: {missing}"));
        Closing {
            shape: job.shape(self.options),
            library_rows,
            input_sha256: input_sha256.to_owned(),
            source_files: SourceFiles::of(&job.library),
            engine: job.engine.version(),
            columns: ColumnNames::from(job.source.columns()),
            rows_resumed: 0,
            settled,
            quarantined: QuarantineCounts::default(),
            restarts: self.session.control.predecessors.restarts.clone(),
            in_flight: InFlight::default(),
            earlier_seconds: 0.0,
            options: self.options.clone(),
            shard,
            merged: Vec::new(),
            warnings: job.warnings.iter().cloned().chain(missing).collect(),
            notices: job.notices.clone(),
            rules_skipped: job.rules_skipped,
            known_files: Vec::new(),
        }
    }

    fn refuse(&self, reason: impl Into<String>) -> Error {
        Error::ResumeRefused { path: self.options.outdir.clone(), reason: reason.into() }
    }
}
