//! A run whose rows are made elsewhere. It starts and ends like any other run; a [`Maker`] does the part in between.
//!
//! The maker reads the library, has its rows made (on a cluster, for example), and fills a [`Gathered`] with what
//! comes back: first the failures in the order of the rows, then the outcomes, then the products. It may start over
//! any number of times, because no file has its final name before everything is complete. The counts are checked
//! against one another as in any run: rows are counted when they are read, outcomes when they come back, and products
//! and their repeats separately.
//!
//! Memory: rows that wait for the encoder, one encoded part, one batch of the log of faulty rows.

mod faults;
mod sink;

use std::path::Path;

pub use self::sink::Gathered;
use crate::apply::announce;
use crate::control::Control;
use crate::dedup::DedupMode;
use crate::error::Error;
use crate::input_hash::InputHash;
use crate::job::Job;
use crate::make_engine::{EngineSettings, MakeEngine};
use crate::options::ApplyOptions;
use crate::output::folder::{OutputFolder, Visit};
use crate::publish::{Closing, close};
use crate::run::Run;
use crate::session::{Session, Start};
use crate::source::{InputColumns, Source};
use crate::summary::Summary;
use crate::transform::Transform;

/// Has the rows of a library made.
pub trait Maker {
    /// Reads the library to its end and fills `gathered`.
    ///
    /// # Errors
    /// Any [`Error`] ends the run, and no file of it is left.
    fn make(
        &mut self,
        task: &Task<'_>,
        source: &mut dyn Source,
        gathered: &mut Gathered<'_>,
    ) -> Result<(), Error>;
}

/// The job of a [`Maker`].
pub struct Task<'a> {
    /// The options in force.
    pub options: &'a ApplyOptions,
    /// The transforms, in file order.
    pub transforms: &'a [Transform],
    /// What the engine was told.
    pub settings: &'a EngineSettings,
    /// The columns used from the library.
    pub columns: InputColumns,
    /// A folder for the maker's own files, which is removed at the end.
    pub scratch: &'a Path,
    /// How the caller follows and stops the run.
    pub control: &'a Control,
}

/// Transforms a library as [`crate::apply`] does, with rows that `maker` has made elsewhere.
///
/// # Errors
/// Any [`Error`]; then there is no summary, and therefore no result. Options that require the rows to be made here
/// are refused: mol blocks, `resume`, `shard`, `isolate`, `parents` and a Bloom filter.
pub fn gather(
    options: &ApplyOptions,
    make_engine: &MakeEngine,
    control: &Control,
    maker: &mut dyn Maker,
) -> Result<Summary, Error> {
    let start = Start::now(false);
    refuse_what_cannot_be(options)?;
    let job = Job::prepare(options, make_engine)?;
    if !job.source.columns().notation.is_smiles() {
        let reason = "has mol blocks, which are not sent to a cluster; use `apply`, or `shard` and `merge`";
        return Err(ApplyOptions::input.refuse(reason));
    }
    announce(&job, options, control)?;
    let session =
        Session::new(start, &options.outdir, control, job.memory, "the same command starts it over");
    Run { options, session: &session }.gather(job, maker)
}

fn refuse_what_cannot_be(options: &ApplyOptions) -> Result<(), Error> {
    let refused = [
        (options.resume, ApplyOptions::resume, "a run on a cluster starts over; run the command without it"),
        (options.shard.is_some(), ApplyOptions::shard, "a run on a cluster processes the whole library"),
        (
            options.isolate,
            ApplyOptions::isolate,
            "the rows are made elsewhere, in the cluster's own processes",
        ),
        (options.parents, ApplyOptions::parents, "a cluster drops repeated products before they come back"),
    ];
    if let Some((_, option, reason)) = refused.into_iter().find(|(is_given, ..)| *is_given) {
        return Err(option.refuse(reason));
    }
    match reason_against(options.dedup) {
        Some(reason) => Err(ApplyOptions::dedup.refuse(reason)),
        None => Ok(()),
    }
}

/// Why a cluster does not support this mode; `None` if it does.
fn reason_against(mode: DedupMode) -> Option<String> {
    let reason = mode.facts().not_on_cluster?;
    let others = DedupMode::ALL.map(DedupMode::facts);
    let others = others.iter().filter(|facts| facts.not_on_cluster.is_none()).map(|facts| facts.name);
    Some(format!("{reason}; on a cluster use {}", others.collect::<Vec<_>>().join(" or ")))
}

impl Run<'_> {
    fn gather(&self, mut job: Job, maker: &mut dyn Maker) -> Result<Summary, Error> {
        job.known.hash(&|| self.session.stop_if_asked(0))?;
        let folder =
            OutputFolder::enter(&self.session.control.disk, &Visit::of(self.options, job.library.paths()))?;
        let scratch = folder.begin_spill(self.options.scratch.as_deref())?;
        match self.gather_into(&folder, &scratch, job, maker) {
            Ok(summary) => Ok(close(folder, summary)),
            Err(error) => {
                // The current error matters more than leftover files.
                let _ = folder.leave();
                Err(error)
            }
        }
    }

    fn gather_into(
        &self,
        folder: &OutputFolder,
        scratch: &Path,
        mut job: Job,
        maker: &mut dyn Maker,
    ) -> Result<Summary, Error> {
        // Removes the files of a killed run.
        folder.clear(|_| false)?;
        let library = job.library.clone();
        library.stop_with(&self.session.control.cancel);
        let closing = self.watched(
            &library,
            |_| {},
            |input_hash| self.gathered_rows(folder, scratch, &mut job, maker, input_hash),
        )?;
        self.publish(folder, closing)
    }

    fn gathered_rows(
        &self,
        folder: &OutputFolder,
        scratch: &Path,
        job: &mut Job,
        maker: &mut dyn Maker,
        input_hash: &InputHash<'_>,
    ) -> Result<Closing, Error> {
        let (known, known_files) = self.known(job, folder, scratch, 0)?;
        let mut gathered = Gathered::create(self, folder, scratch, job, known)?;
        let task = Task {
            options: self.options,
            transforms: &job.transforms,
            settings: &job.settings,
            columns: job.source.columns().clone(),
            scratch,
            control: self.session.control,
        };
        maker.make(&task, &mut *job.source, &mut gathered)?;
        gathered.stop_if_asked()?;
        job.library.drain(&|| gathered.stop_if_asked())?;
        let input_sha256 = input_hash.wait(&|| gathered.stop_if_asked())?;
        job.library.confirm(&|| gathered.stop_if_asked())?;
        let settled = gathered.settle(job.engine.product_templates())?;
        Ok(Closing { known_files, ..self.closing(job, settled, input_sha256, None) })
    }
}
