//! Reports progress, and notices a stop.

use std::cell::RefCell;
use std::path::Path;
use std::time::Instant;

use super::summary::{SamplePhase, SamplingProgress};
use crate::control::Control;
use crate::error::Error;
use crate::progress::Throttle;

/// The caller of a sample, on its own thread.
pub struct Watch<'a> {
    control: &'a Control,
    on_progress: &'a dyn Fn(SamplingProgress),
    /// Where nothing is written if the caller stops: the output, or the table if there is none.
    path: &'a Path,
    started: Instant,
    throttle: RefCell<Throttle>,
}

impl<'a> Watch<'a> {
    /// From now on.
    pub fn new(control: &'a Control, on_progress: &'a dyn Fn(SamplingProgress), path: &'a Path) -> Self {
        Self { control, on_progress, path, started: Instant::now(), throttle: RefCell::default() }
    }

    /// Reports that `rows` of `rows_total` have passed, at most every 200 ms.
    ///
    /// # Errors
    /// [`Error::Cancelled`] if the caller has requested a stop.
    pub fn step(&self, phase: SamplePhase, rows: u64, rows_total: u64) -> Result<(), Error> {
        self.cancel_check()(rows)?;
        if self.throttle.borrow_mut().is_due() {
            let elapsed_seconds = self.elapsed_seconds();
            (self.on_progress)(SamplingProgress { phase, rows_total, rows, elapsed_seconds });
        }
        Ok(())
    }

    /// Notices a stop after so many rows, on any thread.
    pub fn cancel_check(&self) -> impl Fn(u64) -> Result<(), Error> + Send + Sync + 'a {
        let (control, path) = (self.control, self.path);
        move |rows| match control.is_cancelled() {
            true => Err(Error::Cancelled { rows, path: path.to_owned(), advice: "rerun the same command" }),
            false => Ok(()),
        }
    }

    /// Seconds since the beginning.
    pub fn elapsed_seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }
}
