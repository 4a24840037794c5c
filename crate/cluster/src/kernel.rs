//! The kernel in an executor: separate threads that run RDKit.
//!
//! RDKit parses by recursion, and molecules too deep for the thread's stack are refused. An executor must refuse the
//! same molecules as a run on one machine, so its kernels have the stacks of that run's workers, not those of
//! DataFusion's threads. A thread is created when all others are busy, and then kept: there are as many as parallel
//! tasks. Each keeps the kernels of the last few specifications, because RDKit's objects may not leave the thread
//! that created them.

use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{Array, ArrayRef, BinaryArray, Int64Array, StringArray};
use crossbeam_channel::{Receiver, Sender, bounded};
use xform_core::dedup::{Identities, Keys};
use xform_core::engine::{EngineOutput, SmilesBatch, Worker};
use xform_core::filter::Filter;
use xform_core::source::{Chunk, check_smiles};
use xform_core::{Error, Recheck, legacy, spawn_owned};
use xform_rdkit::RdkitEngine;

use crate::carried::Carried;
use crate::entries::EntryBuilder;
use crate::spec::{Spec, Versions};

/// Number of kernels that a thread keeps, for jobs that run at the same time.
const KEPT_KERNELS: usize = 4;

/// Threads that wait for work.
static IDLE: Mutex<Vec<Sender<Job>>> = Mutex::new(Vec::new());

/// What a filter needs of the parents beside their SMILES.
pub struct Parents {
    /// Position in the library.
    pub source_rows: Int64Array,
    /// Id and kept columns, packed.
    pub carried: BinaryArray,
}

struct Job {
    spec: Arc<str>,
    smiles: StringArray,
    parents: Option<Parents>,
    answer: Sender<Result<ArrayRef, Error>>,
}

/// A list of entries for each of `smiles`; `spec` is the JSON of a [`Spec`]. A filter in it requires `parents`.
///
/// # Errors
/// An invalid specification, and internal errors. A bad molecule is an entry.
pub fn apply(spec: &str, smiles: StringArray, parents: Option<Parents>) -> Result<ArrayRef, Error> {
    let idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let thread = idle.map_or_else(start, Ok)?;
    let (answer, answered) = bounded(1);
    let job = Job { spec: spec.into(), smiles, parents, answer };
    thread.send(job).map_err(|_| Error::internal("a thread of the kernel is gone"))?;
    // A thread that panics drops `answer`, and is not used again.
    let entries = answered.recv().map_err(|_| Error::internal("a thread of the kernel panicked"))?;
    IDLE.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
    entries
}

fn start() -> Result<Sender<Job>, Error> {
    let (sender, receiver) = bounded(1);
    spawn_owned("xform-kernel", move || serve(&receiver))?;
    Ok(sender)
}

fn serve(jobs: &Receiver<Job>) {
    let mut kernels: Vec<Kernel> = Vec::new();
    for Job { spec, smiles, parents, answer } in jobs {
        let kernel = kernel(&mut kernels, &spec);
        let entries = kernel.and_then(|kernel| kernel.entries(&smiles, parents.as_ref()));
        // The requester may have been stopped in the meantime.
        let _ = answer.send(entries);
    }
}

/// The kernel of a specification; the most recent one is last.
fn kernel<'a>(kernels: &'a mut Vec<Kernel>, spec: &Arc<str>) -> Result<&'a mut Kernel, Error> {
    match kernels.iter().position(|kernel| kernel.spec == *spec) {
        Some(place) => kernels[place..].rotate_left(1),
        None => {
            if kernels.len() == KEPT_KERNELS {
                kernels.remove(0);
            }
            kernels.push(Kernel::new(spec)?);
        }
    }
    kernels.last_mut().ok_or_else(|| Error::internal("no kernel"))
}

struct Kernel {
    spec: Arc<str>,
    worker: Box<dyn Worker>,
    recheck: Recheck,
    filter: Option<(Filter, Carried)>,
    identities: Identities,
    keys: Vec<Keys>,
}

impl Kernel {
    fn new(text: &Arc<str>) -> Result<Self, Error> {
        let spec: Spec = serde_json::from_str(text)
            .map_err(|error| Error::internal(format!("not the JSON of transforms and limits: {error}")))?;
        let here = Versions::of_this()?;
        if let Some(wanted) = spec.versions.filter(|wanted| *wanted != here) {
            let reason =
                format!("is {here}, but the job requires {wanted}; run the same version on all machines");
            return Err(Error::Environment { what: "this executor".to_owned(), reason });
        }
        let engine = Box::new(RdkitEngine::new(&spec.transforms, &spec.engine)?);
        let mut engine = legacy::around(engine, &spec.transforms, spec.engine.legacy)?;
        let identities = Identities::among(&engine.columns(), spec.dedup_key);
        let identities =
            identities.ok_or_else(|| Error::internal("products without what they are recognised by"))?;
        let filter = spec.filter.map(|filter| {
            let columns = filter.columns()?;
            let by = Filter::new(&filter.text, &columns, &spec.transforms, &mut *engine)?;
            Ok::<_, Error>((by, Carried::new(&columns)?))
        });
        Ok(Self {
            filter: filter.transpose()?,
            spec: Arc::clone(text),
            worker: engine.worker(None)?,
            recheck: spec.recheck,
            identities,
            keys: spec.transforms.iter().map(|transform| Keys::new(&transform.name)).collect(),
        })
    }

    /// One call of the kernel per row: the result must depend only on the row, and the kernel counts per call.
    fn entries(&mut self, smiles: &StringArray, parents: Option<&Parents>) -> Result<ArrayRef, Error> {
        let mut entries = EntryBuilder::default();
        for row in 0..smiles.len() {
            let text = if smiles.is_valid(row) { smiles.value(row).as_bytes() } else { &[] };
            let mut batch = SmilesBatch::default();
            // A value that cannot be SMILES text is an empty row for the kernel, as in a run.
            batch.push(check_smiles(text).unwrap_or(b""));
            let mut output = self.recheck.run(&mut *self.worker, 0, &batch, &[])?;
            self.filter_row(row, batch, parents, &mut output)?;
            entries.push_row(&output, &self.identities, &self.keys)?;
        }
        entries.finish()
    }

    /// Takes the products of a row that do not meet the filter out of its `output`.
    fn filter_row(
        &self,
        row: usize,
        smiles: SmilesBatch,
        parents: Option<&Parents>,
        output: &mut EngineOutput,
    ) -> Result<(), Error> {
        let Some((filter, carried)) = &self.filter else { return Ok(()) };
        let parents =
            parents.ok_or_else(|| Error::internal("a filter without the columns of the parents"))?;
        let columns = carried.unpack(&[parents.carried.value(row)])?;
        let chunk = Chunk { smiles, faults: Vec::new(), columns, replaced: 0, unlisted: Default::default() };
        filter.apply(&|_| parents.source_rows.value(row), &chunk, output)
    }
}
