//! The known molecules of a dry run, as far as there is time for them.

use std::cell::Cell;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::control::Control;
use crate::error::Error;
use crate::job::Job;
use crate::known::{Known, KnownPlan, Unguarded};
use crate::options::ApplyOptions;

/// Time for the keys of known molecules.
const KNOWN_TIME: Duration = Duration::from_secs(10);

/// The known molecules of a run.
pub struct KnownMolecules {
    /// The molecules.
    pub known: Known,
    /// Time to make their keys.
    pub seconds: f64,
    /// Whether there was not enough time for that.
    pub is_late: bool,
    /// Has the keys while they are in use.
    _folder: Option<TempDir>,
}

impl KnownMolecules {
    /// Makes their keys, in a temporary folder, if there is enough time.
    ///
    /// # Errors
    /// Those of the files and of the engine.
    pub fn find(
        job: &mut Job,
        options: &ApplyOptions,
        control: &Control,
        stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let (started, mut found) =
            (Instant::now(), Self { known: Known::default(), seconds: 0.0, is_late: false, _folder: None });
        if options.exclude.is_empty() {
            return Ok(found);
        }
        let is_late = Cell::new(false);
        let timed = || {
            stop_check()?;
            is_late.set(started.elapsed() > KNOWN_TIME);
            if is_late.get() { Err(Error::internal("there is no time for known molecules")) } else { Ok(()) }
        };
        let folder = tempfile::tempdir()
            .map_err(|error| Error::output("create a folder in", &std::env::temp_dir(), error))?;
        let made = job.known.hash(&timed).and_then(|()| {
            let plan = KnownPlan {
                disk: &control.disk,
                engine: &*job.engine,
                key: options.dedup_key,
                standardize: options.standardize,
                workers: options.workers,
                folder: folder.path(),
                spill_folder: folder.path(),
                safeguard: &Unguarded,
                stop_check: &timed,
            };
            plan.open(&job.known)
        });
        match made {
            Err(_) if is_late.get() => found.is_late = true,
            made => found.known = made?.0,
        }
        found.seconds = started.elapsed().as_secs_f64();
        found._folder = Some(folder);
        Ok(found)
    }
}
