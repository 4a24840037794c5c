//! Checking the transforms of an engine.

use std::thread;

use xform_core::findings::Diagnosis;
use xform_core::transform::Transform;
use xform_core::{Error, spawn};
use xform_rdkit_sys::check_transform;

use crate::{compile_error, convert, spec};

/// Fewer transforms are checked by the calling thread: each takes about 0.1 ms, so that a thread would cost more.
const SHARE: usize = 200;

/// The number of product templates of a transform, and what a review finds.
type Checked = (u64, Vec<Diagnosis>);

/// Checks `transforms`, thousands of them in several threads.
///
/// # Errors
/// That of the first transform that RDKit cannot use.
pub fn all(transforms: &[Transform]) -> Result<Vec<Checked>, Error> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let share = transforms.len().div_ceil(cores).max(SHARE);
    if transforms.len() <= share {
        return some(transforms);
    }
    thread::scope(|scope| {
        let start = |part| spawn(scope, "xform-rules", move || some(part));
        let threads: Vec<_> = transforms.chunks(share).map(start).collect::<Result<_, _>>()?;
        let panicked = |_| Error::internal("checking the transforms panicked");
        let parts = threads.into_iter().map(|thread| thread.join().map_err(panicked)?);
        Ok(parts.collect::<Result<Vec<_>, Error>>()?.into_iter().flatten().collect())
    })
}

fn some(transforms: &[Transform]) -> Result<Vec<Checked>, Error> {
    transforms.iter().map(one).collect()
}

fn one(transform: &Transform) -> Result<Checked, Error> {
    let info = check_transform(&spec(transform)).map_err(|error| compile_error(error, transform))?;
    Ok((info.product_templates as u64, convert::diagnoses(info.findings, &info.warnings)?))
}
