//! The encoder of the open part, in a separate thread. Encoding and compression would otherwise be half of the
//! commit's work, which limits the number of cores that a run can use.
//!
//! Memory: the batches of one [`PartEncoder::push`], one record batch, one encoded part, and another part that has
//! not been taken yet.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;

use arrow::record_batch::RecordBatch;
use crossbeam_channel::{Receiver, Sender, bounded};

use super::TableSchema;
use super::encoder::Encoder;
use super::part::Part;
use crate::content::Content;
use crate::error::Error;
use crate::spawn::{guarded, spawn_owned};

/// The file of a part.
pub struct EncodedPart {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Their number and checksum.
    pub content: Content,
}

/// Encodes one part after another.
pub struct PartEncoder {
    /// `None` once the thread has been told to end.
    jobs: Option<Sender<Job>>,
    encoded: Receiver<EncodedPart>,
    memory_bytes: Arc<AtomicU64>,
    thread: Option<JoinHandle<Result<(), Error>>>,
}

enum Job {
    Encode(Vec<RecordBatch>),
    EndPart,
}

impl PartEncoder {
    /// Starts the thread; the first part that it encodes is part `index` in `folder`.
    pub fn start(folder: &Path, index: u32, schema: &Arc<TableSchema>) -> Result<Self, Error> {
        // The channel has no capacity: waiting rows stay with the caller, who counts them.
        let (jobs, job_receiver) = bounded(0);
        let (encoded_sender, encoded) = bounded(1);
        let memory_bytes = Arc::new(AtomicU64::new(0));
        let (folder, schema, counter) = (folder.to_owned(), Arc::clone(schema), Arc::clone(&memory_bytes));
        let thread = spawn_owned("xform-encode", move || {
            guarded("the encoder", || {
                encode(&folder, index, &schema, &job_receiver, &encoded_sender, &counter)
            })
        })?;
        Ok(Self { jobs: Some(jobs), encoded, memory_bytes, thread: Some(thread) })
    }

    /// Adds rows to the open part; waits until the rows before them are encoded.
    pub fn push(&mut self, batches: Vec<RecordBatch>) -> Result<(), Error> {
        self.send(Job::Encode(batches))
    }

    /// Ends the open part, which must be [taken](Self::take) before the next one ends.
    pub fn end_part(&mut self) -> Result<(), Error> {
        self.send(Job::EndPart)
    }

    /// The part that was ended; waits until it is encoded.
    pub fn take(&mut self) -> Result<EncodedPart, Error> {
        self.encoded.recv().map_err(|_| self.failure())
    }

    /// Heap bytes held.
    pub fn memory_bytes(&self) -> u64 {
        self.memory_bytes.load(Ordering::Relaxed)
    }

    fn send(&mut self, job: Job) -> Result<(), Error> {
        let sent = self.jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok());
        if sent { Ok(()) } else { Err(self.failure()) }
    }

    /// Why the thread ended before it was told to.
    fn failure(&mut self) -> Error {
        self.end().err().unwrap_or_else(|| Error::internal("the encoder has ended"))
    }

    fn end(&mut self) -> Result<(), Error> {
        self.jobs = None;
        let Some(thread) = self.thread.take() else { return Ok(()) };
        thread.join().unwrap_or_else(|_| Err(Error::internal("the encoder panicked")))
    }
}

impl Drop for PartEncoder {
    fn drop(&mut self) {
        // A caller that drops it midway has its own error to report, or needs no result.
        let _ = self.end();
    }
}

fn encode(
    folder: &Path,
    mut index: u32,
    schema: &TableSchema,
    jobs: &Receiver<Job>,
    encoded: &Sender<EncodedPart>,
    memory_bytes: &AtomicU64,
) -> Result<(), Error> {
    let begin = |index| {
        let path: PathBuf = Part::path(folder, index);
        Encoder::new(Vec::new(), &path, schema)
    };
    let mut encoder = begin(index)?;
    for job in jobs {
        match job {
            Job::Encode(batches) => batches.into_iter().try_for_each(|batch| encoder.push(batch))?,
            Job::EndPart => {
                index += 1;
                let bytes = std::mem::replace(&mut encoder, begin(index)?).finish()?;
                let content = Content::of_bytes(&bytes);
                if encoded.send(EncodedPart { bytes, content }).is_err() {
                    return Ok(());
                }
            }
        }
        memory_bytes.store(encoder.memory_bytes(), Ordering::Relaxed);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use arrow::array::{ArrayRef, StringArray};

    use super::*;
    use crate::output::Rows;

    fn rows(range: std::ops::Range<i64>) -> RecordBatch {
        Rows::of_source_rows(range.collect()).batch
    }

    #[test]
    fn parts_have_the_bytes_that_the_encoder_gives() {
        let (folder, schema) = (Path::new(""), Rows::schema_of_source_rows());
        let mut parts = PartEncoder::start(folder, 0, &schema).unwrap();
        for length in [20_000, 1] {
            parts.push(vec![rows(0..length / 2), rows(length / 2..length)]).unwrap();
            parts.end_part().unwrap();
            // The next part can be filled before this one is taken.
            parts.push(vec![rows(0..5)]).unwrap();
            let mut expected = Encoder::new(Vec::new(), folder, &schema).unwrap();
            expected.push(rows(0..length)).unwrap();
            let EncodedPart { bytes, content } = parts.take().unwrap();
            assert!(bytes == expected.finish().unwrap(), "{length} rows");
            assert_eq!(content, Content::of_bytes(&bytes));
            parts.end_part().unwrap();
            parts.take().unwrap();
        }
    }

    #[test]
    fn rows_that_cannot_be_encoded_are_an_error_for_whoever_comes_next() {
        let mut parts = PartEncoder::start(Path::new(""), 0, &Rows::schema_of_source_rows()).unwrap();
        let column: ArrayRef = Arc::new(StringArray::from(vec!["C"]));
        parts.push(vec![RecordBatch::try_from_iter([("smiles", column)]).unwrap()]).unwrap();
        let error = parts.end_part().and_then(|()| parts.take().map(drop)).unwrap_err();
        assert!(matches!(error, Error::Internal { .. }), "{error}");
        assert!(parts.push(vec![rows(0..1)]).is_err());
    }
}
