//! The reader and the workers: the threads beside the commit.

use std::path::Path;

use crossbeam_channel::{Receiver, Sender};

use super::Plan;
use super::flow::Flow;
use crate::engine::{Engine, EngineOutput};
use crate::error::Error;
use crate::journal::RowDigest;
use crate::source::{Chunk, Source};

/// A chunk of the library on its way to a worker.
pub struct MicroBatch {
    /// Position in the library, counted in micro-batches.
    pub sequence: u64,
    /// Its first row's position in the library.
    pub first_row: u64,
    /// The rows.
    pub chunk: Chunk,
    /// Digest of all rows up to the last of these, if a digest is kept.
    pub row_digest: Option<String>,
    /// Bytes of the rows, as the flow counts them.
    pub input_bytes: u64,
    /// Whether it is the last of its batch.
    pub ends_batch: bool,
}

/// A micro-batch with its results.
pub struct Finished {
    /// The rows.
    pub micro_batch: MicroBatch,
    /// The results.
    pub output: EngineOutput,
    /// Bytes of the output, as the flow counts them.
    pub output_bytes: u64,
}

/// Reads the library to its end, or until the flow is closed. Returns the number of rows read, including those before
/// the first one.
pub fn read(
    source: &mut dyn Source,
    mut row_digest: Option<RowDigest>,
    plan: Plan<'_>,
    flow: &Flow,
    work: &Sender<MicroBatch>,
) -> Result<u64, Error> {
    let (mut sequence, mut rows, mut left_in_batch) = (0, plan.first_row, 0);
    loop {
        if left_in_batch == 0 {
            if !flow.acquire_batch() {
                return Ok(rows);
            }
            left_in_batch = plan.batch_rows;
        }
        let Some(chunk) = source.next_chunk(left_in_batch)? else { return Ok(rows) };
        let (count, first_row) = (chunk.smiles.len(), rows);
        let input_bytes = chunk.memory_bytes() as u64;
        left_in_batch -= count;
        rows += count as u64;
        if let Some(digest) = &mut row_digest {
            digest.add(&chunk)?;
        }
        let row_digest = row_digest.as_ref().map(RowDigest::value);
        let ends_batch = left_in_batch == 0;
        let micro_batch = MicroBatch { sequence, first_row, chunk, row_digest, input_bytes, ends_batch };
        if !flow.acquire_input(input_bytes) || work.send(micro_batch).is_err() {
            return Ok(rows);
        }
        sequence += 1;
    }
}

/// Runs the engine on micro-batches until there are no more, or until the flow is closed.
pub fn work(
    engine: &dyn Engine,
    crash_record: Option<&Path>,
    plan: Plan<'_>,
    work: &Receiver<MicroBatch>,
    results: &Sender<Result<Finished, Error>>,
) -> Result<(), Error> {
    let Plan { flow, quarantine, recheck, filter, .. } = plan;
    let mut worker = engine.worker(crash_record)?;
    for mut micro_batch in work {
        if flow.is_closed() {
            break;
        }
        let (first_row, smiles) = (micro_batch.first_row, &micro_batch.chunk.smiles);
        let skips = quarantine.skips(first_row, smiles.len());
        let mut output = recheck.run(&mut *worker, first_row, smiles, &skips)?;
        // From here on, nobody has to know how the library is written.
        if let Some(smiles) = output.smiles.take() {
            micro_batch.chunk.smiles = smiles.into();
        }
        if let Some(filter) = filter {
            let source_row = |row| (first_row + u64::from(row)) as i64;
            filter.apply(&source_row, &micro_batch.chunk, &mut output)?;
        }
        let output_bytes = output.memory_bytes() as u64;
        if !flow.acquire_output(micro_batch.sequence, output_bytes)
            || results.send(Ok(Finished { micro_batch, output, output_bytes })).is_err()
        {
            break;
        }
    }
    Ok(())
}
