//! The rows of a run on their way from the source to the tables.

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use super::Run;
use super::beginning::{Beginning, RowsDigested};
use crate::error::Error;
use crate::events::Event;
use crate::isolation::{self, RowFiles, RowWatch};
use crate::job::{Job, dedup_plan};
use crate::journal::{self, Quarantine, RowDigest};
use crate::known::Known;
use crate::options::ApplyOptions;
use crate::output::folder::{
    DIFFERENCE_FILE, GIVEN_UP_FILE, IN_HAND_FOLDER, OutputFolder, QUARANTINE_FILE, clear_folder,
};
use crate::output::products::ProductTable;
use crate::output::rejects::RejectTable;
use crate::pipeline::commit::{ProductSink, SinkPlan};
use crate::pipeline::flow::{Flow, InFlight};
use crate::pipeline::{self, Plan};
use crate::progress::{Phase, Throttle};
use crate::recheck::Recheck;
use crate::session::{Reached, Session};
use crate::source::Window;

/// The rows that are still to do, and the sink for their results.
pub struct Rows<'a> {
    session: &'a Session<'a>,
    folder: &'a OutputFolder,
    /// Takes the engine's results.
    pub sink: ProductSink<'a>,
    /// Rows to skip.
    pub quarantine: Quarantine,
    /// Whether the engine is fast, and what is rechecked.
    recheck: Recheck,
    /// Position in the library of the first of these rows.
    first_row: u64,
    /// Rows of this run before it.
    rows_resumed: u64,
    /// All rows of this run, if that is known.
    rows_total: Option<u64>,
    /// The maximum number of rows left.
    rows_left: u64,
    /// Digest of some of the rows before them, if one is kept.
    row_digest: Option<RowDigest>,
    /// The folder of the crash records, if there is a supervisor.
    in_hand: Option<PathBuf>,
}

impl<'a> Rows<'a> {
    /// Opens the sink at the place where the run begins.
    pub fn open(
        run: &'a Run<'a>,
        beginning: Beginning,
        job: &Job,
        folder: &'a OutputFolder,
        known: Known,
    ) -> Result<Self, Error> {
        let (rows_resumed, rows_left) = (beginning.rows_resumed(), beginning.rows_left());
        let first_row = beginning.rows_before() + rows_resumed;
        let rows_of_shard = beginning.shard.map(|shard| shard.rows());
        let read = |name: &str| Quarantine::read(folder.disk(), &folder.work().join(name));
        let (quarantine, given_up) = (read(QUARANTINE_FILE)?, read(GIVEN_UP_FILE)?);
        let (sink, row_digest) = run.open_sink(beginning, job, folder, known)?;
        Ok(Self {
            session: run.session,
            folder,
            sink,
            quarantine,
            recheck: run.options.recheck_plan().without(given_up.source_rows()),
            first_row,
            rows_resumed,
            rows_total: rows_of_shard.or(job.source.total_rows()),
            rows_left,
            row_digest,
            in_hand: run.crash_records(folder)?,
        })
    }

    /// Sends the rows through the engine into the sink. Returns the peaks of what was in flight.
    pub fn pass(&mut self, job: &mut Job, options: &ApplyOptions, flow: &Flow) -> Result<InFlight, Error> {
        if self.rows_left == 0 {
            flow.close();
            return Ok(InFlight::default());
        }
        let plan = Plan {
            first_row: self.first_row,
            batch_rows: options.batch_size,
            workers: options.workers,
            flow,
            quarantine: &self.quarantine,
            recheck: &self.recheck,
            filter: job.filter.as_ref(),
            in_hand: self.in_hand.as_deref(),
        };
        let (session, rows_resumed, rows_total) = (self.session, self.rows_resumed, self.rows_total);
        let seen = self.sink.tables().products_seen();
        session.recorder.note(Phase::Reading, session.now(self.sink.rows(), seen));
        let mut throttle = Throttle::new();
        let mut on_tick = |sink: &ProductSink, in_flight: InFlight| {
            let bytes = in_flight.input_bytes + in_flight.output_bytes;
            session.counters.in_flight.store(bytes, Ordering::Relaxed);
            if throttle.is_due() {
                session.report(reached(sink, rows_resumed, rows_total, in_flight, Phase::Reading));
            }
            session.stop_if_asked(sink.rows())
        };
        let mut source = Window::new(&mut *job.source, self.rows_left);
        let digest = self.row_digest.take();
        let engine = &*job.engine;
        let files = RowFiles::of_library(self.folder.work());
        let watch = RowWatch::of_run(session.control, self.folder, files, options, engine)?;
        let in_flight = isolation::watched(watch, || {
            pipeline::run(plan, &mut source, digest, engine, &mut self.sink, &mut on_tick)
        });
        if let Err(error) = &in_flight {
            // Both make durable what they still can; the first error matters more than theirs.
            if let Error::RecheckDiffers(difference) = error {
                let (disk, work) = (self.folder.disk(), self.folder.work());
                let _ = journal::note_difference(disk, work, &work.join(DIFFERENCE_FILE), difference);
            }
            let _ = self.sink.commit_all(false);
        }
        let in_flight = in_flight?;
        self.session.stop_if_asked(self.sink.rows())?;
        Ok(in_flight)
    }

    /// Reports the progress of the run.
    pub fn report(&self, in_flight: InFlight, phase: Phase) {
        self.session.report(reached(&self.sink, self.rows_resumed, self.rows_total, in_flight, phase));
    }
}

fn reached(
    sink: &ProductSink,
    rows_resumed: u64,
    rows_total: Option<u64>,
    in_flight: InFlight,
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
        in_flight,
    }
}

impl<'a> Run<'a> {
    /// The sink, in the state from which the run continues, and the digest of the rows before it.
    fn open_sink(
        &'a self,
        beginning: Beginning,
        job: &Job,
        folder: &'a OutputFolder,
        known: Known,
    ) -> Result<(ProductSink<'a>, Option<RowDigest>), Error> {
        let (rows_before, rows_resumed) = (beginning.rows_before(), beginning.rows_resumed());
        let Beginning { found, spill_folder, row_digest, header, .. } = beginning;
        let pace = self.session.control.pace;
        let dedup = dedup_plan(self.options, pace.filter_bits).make(
            folder.disk(),
            &spill_folder,
            found.as_ref().map(|found| found.latest.key_bytes),
            &|| self.session.stop_if_asked(rows_resumed),
        )?;
        let columns = job.source.columns();
        let plan = SinkPlan {
            folder,
            spill_folder,
            product_table: ProductTable::new(columns, &job.transforms, &job.engine.columns())?
                .by_source_row(),
            reject_table: RejectTable::new(columns, &job.transforms)?,
            identities: job.identities(self.options)?,
            known,
            totals: job.totals(self.options.dedup.facts().is_lossy),
            rows_before,
            buffering: job.buffering(self.options),
            header,
            library: job.library.clone(),
            digest_from: row_digest.as_ref().map_or(0, |rows| rows.first_row),
            row_digest: row_digest.as_ref().map(|rows| rows.digest.value()),
            counters: &self.session.counters,
            recorder: &self.session.recorder,
            pace,
            parents: self.options.parents.then_some(self.options.dedup_key),
        };
        let sink = match found {
            None => ProductSink::create(plan, dedup)?,
            Some(found) => {
                self.session.continue_timeline(found.latest.timeline.clone());
                ProductSink::resume(plan, dedup, found)?
            }
        };
        Ok((sink, row_digest.map(|RowsDigested { digest, .. }| digest)))
    }

    /// The folder of the crash records, emptied, if there is a supervisor.
    pub(super) fn crash_records(&self, folder: &OutputFolder) -> Result<Option<PathBuf>, Error> {
        if !self.options.isolate {
            return Ok(None);
        }
        let path = folder.work().join(IN_HAND_FOLDER);
        folder.disk().create_folder(&path)?;
        clear_folder(folder.disk(), &path, |_| false)?;
        self.session.control.notify(&Event::Begun);
        Ok(Some(path))
    }
}
