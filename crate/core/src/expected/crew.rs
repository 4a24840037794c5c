//! The threads that send rows through the engine and the filter of a run.
//!
//! The threads are not waited for without end: an engine cannot be interrupted, and a molecule may take for ever. They own
//! what they use, so they can be left behind.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};

use super::reading::Piece;
use crate::engine::{Engine, EngineOutput};
use crate::error::Error;
use crate::filter::Filter;
use crate::platform::own_thread_seconds;
use crate::recheck::Recheck;
use crate::spawn::{guarded, spawn_owned};

/// Pieces that are read ahead for each thread.
const AHEAD: usize = 3;
/// How long to wait for a result before checking whether to stop.
const TICK: Duration = Duration::from_millis(50);
/// How long the threads may take, after the time for the sample is over, for what they have in hand.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the threads do to rows.
#[derive(Clone)]
pub struct Steps {
    /// The engine.
    pub engine: Arc<dyn Engine>,
    /// The condition that products must meet, if there is one.
    pub filter: Option<Arc<Filter>>,
    /// Whether the engine is fast, and what is rechecked.
    pub recheck: Recheck,
}

/// Rows with what became of them.
pub struct Done {
    /// The rows.
    pub piece: Piece,
    /// The results.
    pub output: EngineOutput,
    /// CPU time of the thread.
    pub cpu_seconds: f64,
}

/// How the work on rows ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// All rows were tried.
    All,
    /// The time was over.
    Late,
    /// The time was over, and a molecule still keeps a thread busy.
    Stuck,
}

/// The threads.
pub struct Crew {
    work: Sender<Piece>,
    done: Receiver<Result<Done, Error>>,
    threads: usize,
}

impl Crew {
    /// Starts `threads` threads.
    ///
    /// # Errors
    /// The system does not start a thread.
    pub fn start(steps: &Steps, threads: usize) -> Result<Self, Error> {
        let (work, pieces) = unbounded();
        let (results, done) = unbounded();
        for index in 0..threads {
            let (steps, pieces, results) = (steps.clone(), pieces.clone(), results.clone());
            spawn_owned(&format!("xform-worker-{index}"), move || {
                if let Err(error) = guarded("a worker", || steps.follow(&pieces, &results)) {
                    // Without a receiver, nobody needs it.
                    let _ = results.send(Err(error));
                }
            })?;
        }
        Ok(Self { work, done, threads })
    }

    /// Sends the pieces that `next` gives through the threads, and passes the results to `take_in` in the same order, until
    /// there are no more or `deadline` has passed.
    ///
    /// # Errors
    /// Those of `next`, of `take_in`, of `stop_check` and of the engine.
    pub fn try_all(
        &self,
        deadline: Instant,
        stop_check: &dyn Fn() -> Result<(), Error>,
        next: &mut dyn FnMut() -> Result<Option<Piece>, Error>,
        take_in: &mut dyn FnMut(Done) -> Result<(), Error>,
    ) -> Result<End, Error> {
        let (mut in_hand, mut waiting, mut due) = (0, BTreeMap::new(), None);
        let mut end = None;
        let mut latest = Instant::now();
        loop {
            stop_check()?;
            while end.is_none() && in_hand < self.threads * (1 + AHEAD) {
                if Instant::now() >= deadline {
                    end = Some(End::Late);
                    break;
                }
                let Some(piece) = next()? else {
                    end = Some(End::All);
                    break;
                };
                due.get_or_insert(piece.sequence);
                in_hand += usize::from(self.work.send(piece).is_ok());
            }
            if let Some(end) = end.filter(|_| in_hand == 0) {
                return Ok(end);
            }
            match self.done.recv_timeout(TICK) {
                Ok(done) => {
                    let done = done?;
                    (in_hand, latest) = (in_hand - 1, Instant::now());
                    waiting.insert(done.piece.sequence, done);
                }
                Err(RecvTimeoutError::Timeout) if Instant::now() >= deadline.max(latest) + PATIENCE => {
                    return Ok(End::Stuck);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(Error::internal("the workers have ended")),
            }
            while let Some(done) = due.and_then(|sequence| waiting.remove(&sequence)) {
                due = due.map(|sequence| sequence + 1);
                take_in(done)?;
            }
        }
    }
}

impl Steps {
    /// The work of a thread: as that of a run's worker.
    fn follow(&self, pieces: &Receiver<Piece>, results: &Sender<Result<Done, Error>>) -> Result<(), Error> {
        let mut worker = self.engine.worker(None)?;
        for mut piece in pieces {
            let before = own_thread_seconds();
            let mut output = self.recheck.run(&mut *worker, piece.first_row, &piece.chunk.smiles, &[])?;
            if let Some(difference) = output.rechecked.difference.take() {
                return Err(Error::RecheckDiffers(difference));
            }
            if let Some(smiles) = output.smiles.take() {
                piece.chunk.smiles = smiles.into();
            }
            if let Some(filter) = &self.filter {
                filter.apply(&|row| piece.source_row(row) as i64, &piece.chunk, &mut output)?;
            }
            let cpu_seconds = own_thread_seconds() - before;
            if results.send(Ok(Done { piece, output, cpu_seconds })).is_err() {
                break;
            }
        }
        Ok(())
    }
}
