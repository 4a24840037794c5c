//! The way of a batch: source, micro-batches, bounded channel, workers, ordered commit.
//!
//! One thread reads, `workers` threads run the engine, and the calling thread commits in the order of the input.
//! [`flow::Flow`] bounds what is held, whatever the length of the library, the batch size or the number of batches in
//! flight:
//!
//! ```text
//! input budget + output budget + (workers + 1) micro-batches and their output + what the sink holds
//! ```

pub mod commit;
pub mod flow;
mod threads;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded, unbounded};

use self::flow::{Flow, InFlight};
pub use self::threads::{Finished, MicroBatch};
use self::threads::{read, work};
use crate::engine::Engine;
use crate::error::Error;
use crate::filter::Filter;
use crate::journal::{Quarantine, RowDigest};
use crate::output::folder::crash_record;
use crate::recheck::Recheck;
use crate::source::Source;
use crate::spawn::{guarded, spawn};

/// How long the commit waits for a result before it checks whether it should stop.
const TICK: Duration = Duration::from_millis(50);

/// The parameters of a run.
#[derive(Clone, Copy)]
pub struct Plan<'a> {
    /// Library rows that the source skips, and that were committed before.
    pub first_row: u64,
    /// Rows of a batch.
    pub batch_rows: usize,
    /// Threads that run the engine.
    pub workers: usize,
    /// The permits: an empty flow, which the run closes at its end.
    pub flow: &'a Flow,
    /// Rows to skip.
    pub quarantine: &'a Quarantine,
    /// Whether the engine is fast, and what is rechecked.
    pub recheck: &'a Recheck,
    /// Takes out products that are not wanted, if there is one.
    pub filter: Option<&'a Filter>,
    /// Folder in which the workers record which molecule they are processing.
    pub in_hand: Option<&'a Path>,
}

/// Takes finished micro-batches in the order of the input.
pub trait Sink {
    /// Takes the next one.
    fn commit(&mut self, finished: &Finished) -> Result<(), Error>;

    /// Makes its state durable if that is due. Called after each micro-batch, and at intervals while none arrives, so
    /// that a molecule that takes long does not delay what was done before it.
    fn make_durable(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

/// Passes a library through an engine into a sink. `row_digest` is the digest of the rows before the first one, to
/// which the others are added; without it no digest is kept. Returns the peaks of the amounts in flight.
///
/// `on_tick` is called with the sink and the amounts in flight, at least every 50 ms; an error from it stops the run.
pub fn run<S: Sink>(
    plan: Plan<'_>,
    source: &mut dyn Source,
    row_digest: Option<RowDigest>,
    engine: &dyn Engine,
    sink: &mut S,
    on_tick: &mut dyn FnMut(&S, InFlight) -> Result<(), Error>,
) -> Result<InFlight, Error> {
    let flow = plan.flow;
    let (work_sender, work_receiver) = bounded(2 * plan.workers);
    // Its length is bounded by the flow's output budget.
    let (result_sender, result_receiver) = unbounded();
    thread::scope(|scope| {
        let reader = spawn(scope, "xform-reader", move || {
            let read = guarded("the reader", || read(source, row_digest, plan, flow, &work_sender));
            if read.is_err() {
                flow.close();
            }
            read
        })?;
        for index in 0..plan.workers {
            let (receiver, sender) = (work_receiver.clone(), result_sender.clone());
            let record = plan.in_hand.map(|folder| crash_record(folder, index));
            let spawned = spawn(scope, &format!("xform-worker-{index}"), move || {
                if let Err(error) =
                    guarded("a worker", || work(engine, record.as_deref(), plan, &receiver, &sender))
                {
                    let _ = sender.send(Err(error));
                }
            });
            if let Err(error) = spawned {
                flow.close();
                return Err(error);
            }
        }
        drop((work_receiver, result_sender));

        let mut line = Line { flow, sink, on_tick, waiting: BTreeMap::new(), next: 0, rows: plan.first_row };
        let committed = guarded("the commit", || line.commit_all(&result_receiver));
        let (rows_committed, left) = (line.rows, line.waiting.len());
        flow.close();
        let read = reader.join().unwrap_or_else(|_| Err(Error::internal("the reader panicked")));
        committed?;
        let rows_read = read?;
        if rows_read != rows_committed || left > 0 {
            let reason =
                format!("{rows_read} rows read, {rows_committed} committed, {left} micro-batches left over");
            return Err(Error::internal(reason));
        }
        Ok(flow.in_flight())
    })
}

/// The commit: puts results back in the order of the input.
struct Line<'a, S> {
    flow: &'a Flow,
    sink: &'a mut S,
    on_tick: &'a mut dyn FnMut(&S, InFlight) -> Result<(), Error>,
    waiting: BTreeMap<u64, Finished>,
    next: u64,
    rows: u64,
}

impl<S: Sink> Line<'_, S> {
    fn commit_all(&mut self, results: &Receiver<Result<Finished, Error>>) -> Result<(), Error> {
        while let ControlFlow::Continue(arrived) = next_result(results)? {
            match arrived {
                Some(finished) => {
                    self.waiting.insert(finished.micro_batch.sequence, finished);
                    self.commit_ready()?;
                }
                None => self.sink.make_durable()?,
            }
            (self.on_tick)(self.sink, self.flow.in_flight())?;
        }
        Ok(())
    }

    fn commit_ready(&mut self) -> Result<(), Error> {
        while let Some(finished) = self.waiting.remove(&self.next) {
            self.sink.commit(&finished)?;
            self.sink.make_durable()?;
            self.next += 1;
            self.rows += finished.micro_batch.chunk.smiles.len() as u64;
            let MicroBatch { input_bytes, ends_batch, .. } = finished.micro_batch;
            self.flow.commit(input_bytes, finished.output_bytes, ends_batch);
        }
        Ok(())
    }
}

/// The next result; `None` if none came within a tick; breaks when all workers have ended.
fn next_result(
    results: &Receiver<Result<Finished, Error>>,
) -> Result<ControlFlow<(), Option<Finished>>, Error> {
    match results.recv_timeout(TICK) {
        Ok(result) => Ok(ControlFlow::Continue(Some(result?))),
        Err(RecvTimeoutError::Timeout) => Ok(ControlFlow::Continue(None)),
        Err(RecvTimeoutError::Disconnected) => Ok(ControlFlow::Break(())),
    }
}

#[cfg(test)]
mod tests;
