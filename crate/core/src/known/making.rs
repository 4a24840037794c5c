//! Makes the keys of a file of known molecules: one thread reads, several run the engine, and the calling thread sorts.
//!
//! Nothing of it is resumed after a kill. Keys are first collected in a log by partitions of their high bits, which are
//! then sorted one after the other, so that memory does not grow with the file.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use super::file::{KnownCounts, QuarantinedRow};
use super::inputs::KnownInput;
use super::sorted_keys::SortedKeysWriter;
use super::{KnownPlan, keys};
use crate::dedup::{DedupKey, Key, KeyKind, KeyLog, PARTITIONS};
use crate::engine::Engine;
use crate::error::Error;
use crate::source::{Chunk, Skipping, Source};
use crate::spawn::{guarded, spawn};

/// The log of the keys that are not sorted yet, in the spill folder.
const LOG_NAME: &str = "known-keys.bin";
/// How long to wait for keys before checking whether to stop.
const TICK: Duration = Duration::from_millis(50);

/// The keys of a chunk.
struct Made {
    keys: Vec<Key>,
    molecules: u64,
}

impl KnownPlan<'_> {
    /// Writes the distinct keys of the molecules of `input` that are not `quarantined`, ascending. Workers keep these crash
    /// `records`, if there are any.
    pub(super) fn make(
        &self,
        input: &KnownInput,
        quarantined: &[QuarantinedRow],
        records: &[PathBuf],
        writer: &mut SortedKeysWriter,
    ) -> Result<KnownCounts, Error> {
        let path = self.spill_folder.join(LOG_NAME);
        self.disk.remove(&path)?;
        let rows = quarantined.iter().map(|row| row.row).collect();
        let source = Skipping::new(input.source(self.engine)?, rows)?;
        let log = KeyLog::create(self.disk, &path)?;
        let made = self.make_with_log(input, source, records, writer, log);
        // A log that is left over is removed with its folder; the first error matters more.
        let removed = self.disk.remove(&path);
        let counts = made.and_then(|counts| removed.map(|()| counts))?;
        Ok(KnownCounts { quarantined_rows: quarantined.to_vec(), ..counts })
    }

    fn make_with_log(
        &self,
        input: &KnownInput,
        mut source: Skipping,
        records: &[PathBuf],
        writer: &mut SortedKeysWriter,
        mut log: KeyLog,
    ) -> Result<KnownCounts, Error> {
        let mut counts = KnownCounts::default();
        self.each_chunk(&mut source, records, &mut |made| {
            counts.molecules += made.molecules;
            counts.unreadable += made.molecules - made.keys.len() as u64;
            made.keys.into_iter().try_for_each(|key| log.push(KeyKind::Written, key, 0))
        })?;
        input.confirm(self.stop_check)?;
        log.flush()?;
        let mut sorted = Vec::new();
        for partition in 0..PARTITIONS {
            (self.stop_check)()?;
            sorted.clear();
            log.read(KeyKind::Written, partition, &mut |entries| {
                sorted.extend(entries.iter().map(|&(key, _)| key));
            })?;
            sorted.sort_unstable();
            sorted.dedup();
            sorted.iter().try_for_each(|&key| writer.push(key))?;
            counts.distinct += sorted.len() as u64;
        }
        Ok(counts)
    }

    /// Calls `take` with the keys of each chunk of `source`, in any order.
    fn each_chunk(
        &self,
        source: &mut dyn Source,
        records: &[PathBuf],
        take: &mut dyn FnMut(Made) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (engine, key, places) = (self.engine, self.key, 2 * self.workers);
        thread::scope(|scope| {
            let (chunk_sender, chunks) = bounded(places);
            let (made_sender, made) = bounded(places);
            let reader = spawn(scope, "xform-known-in", move || {
                guarded("the reader of known molecules", || read(source, &chunk_sender))
            })?;
            for index in 0..self.workers {
                let (chunks, sender) = (chunks.clone(), made_sender.clone());
                let record = records.get(index).map(PathBuf::as_path);
                spawn(scope, &format!("xform-known-{index}"), move || {
                    let work = || work(engine, key, record, &chunks, &sender);
                    if let Err(error) = guarded("a maker of known keys", work) {
                        let _ = sender.send(Err(error));
                    }
                })?;
            }
            drop((chunks, made_sender));
            let mut taken = 0;
            loop {
                match made.recv_timeout(TICK) {
                    Ok(found) => {
                        let found: Made = found?;
                        taken += found.molecules;
                        take(found)?;
                        (self.stop_check)()?;
                    }
                    Err(RecvTimeoutError::Timeout) => (self.stop_check)()?,
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            }
            let read = reader.join().unwrap_or_else(|_| Err(Error::internal("a reader panicked")))?;
            if read == taken {
                return Ok(());
            }
            Err(Error::internal(format!("{taken} of {read} known molecules were read")))
        })
    }
}

/// Makes the keys of `chunks`, each with the number of its first row, until there are no more, or nobody takes them.
fn work(
    engine: &dyn Engine,
    key: DedupKey,
    record: Option<&Path>,
    chunks: &Receiver<(u64, Chunk)>,
    made: &Sender<Result<Made, Error>>,
) -> Result<(), Error> {
    let (mut identifier, keys) = (engine.identifier(key, record)?, keys());
    for (first_row, chunk) in chunks {
        let molecules = chunk.smiles.len() as u64;
        let mut found = Vec::with_capacity(chunk.smiles.len());
        identifier.identify(first_row, &chunk.smiles, &mut |identity| {
            found.extend(identity.map(|identity| keys.of(identity)));
        })?;
        if made.send(Ok(Made { keys: found, molecules })).is_err() {
            break;
        }
    }
    Ok(())
}

/// Passes the chunks of `source` on until nobody takes them any more; returns the number of rows.
fn read(source: &mut dyn Source, chunks: &Sender<(u64, Chunk)>) -> Result<u64, Error> {
    let mut rows = 0;
    while let Some(chunk) = source.next_chunk(usize::MAX)? {
        let first_row = rows;
        rows += chunk.smiles.len() as u64;
        if chunks.send((first_row, chunk)).is_err() {
            break;
        }
    }
    Ok(rows)
}
