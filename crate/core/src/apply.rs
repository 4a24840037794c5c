//! The two entry points of the pipeline: a run, and the check whether one can start.

use std::path::Path;
use std::thread;

use crate::engine::{Batch, Engine, EngineOutput};
use crate::error::Error;
use crate::explanation::NamedExplanation;
use crate::job::{Job, MakeEngine};
use crate::journal::Quarantine;
use crate::options::ApplyOptions;
use crate::output::folder::{OutputFolder, QUARANTINE_FILE, Visit, WORK_FOLDER};
use crate::output::metadata::TOOL;
use crate::progress::Control;
use crate::run::Run;
use crate::session::{Session, Start};
use crate::source::ColumnNames;
use crate::spawn::spawn;
use crate::summary::{CheckReport, Summary};

/// Transforms a library: reads `options.input`, writes the products, the rejects and the summary to `options.outdir`,
/// and returns the summary. With `options.resume` it continues an interrupted run; if a run has already finished in
/// that folder, it returns that run's summary.
///
/// # Errors
/// Any [`Error`]; then there is no summary, and therefore no result.
pub fn apply(options: &ApplyOptions, make_engine: &MakeEngine, control: &Control) -> Result<Summary, Error> {
    let start = Start::now(options.isolate);
    let job = Job::prepare(options, make_engine)?;
    let session = Session::new(start, &options.outdir, control, job.memory, "--resume continues from there");
    Run { options, session: &session }.perform(job)
}

/// Checks options, transforms and input as [`apply`] would, without writing anything.
///
/// # Errors
/// Those with which [`apply`] would refuse to start.
pub fn check(options: &ApplyOptions, make_engine: &MakeEngine) -> Result<CheckReport, Error> {
    checked(options, make_engine).map(|(report, _)| report)
}

/// Like [`check`], and explains how the engine carries out each transform.
///
/// # Errors
/// Those of [`check`].
pub fn explain(options: &ApplyOptions, make_engine: &MakeEngine) -> Result<CheckReport, Error> {
    let (report, engine) = checked(options, make_engine)?;
    let names = report.transforms.iter().cloned();
    let explained = names.zip(engine.explain()?);
    let explanation = explained.map(|(name, explanation)| NamedExplanation { name, explanation }).collect();
    Ok(CheckReport { explanation: Some(explanation), ..report })
}

fn checked(
    options: &ApplyOptions,
    make_engine: &MakeEngine,
) -> Result<(CheckReport, Box<dyn Engine>), Error> {
    let job = Job::prepare(options, make_engine)?;
    OutputFolder::check(&Visit::of(options))?;
    let report = CheckReport {
        tool: TOOL,
        engine: job.engine.version(),
        transforms: job.names(),
        columns: ColumnNames::from(job.source.columns()),
        rows: match (job.source.total_rows(), options.shard) {
            (Some(total), Some(shard)) => Some(shard.rows(total)).map(|rows| rows.end - rows.start),
            (total, _) => total,
        },
        options: options.clone(),
        warnings: job.warnings,
        explanation: None,
    };
    Ok((report, job.engine))
}

/// Runs the engine on one row of the input, except for what is in quarantine, with a crash record at `crash_record`.
/// Returns if the process survives the row.
///
/// # Errors
/// Those with which [`apply`] would refuse to start; an input without that row.
pub fn try_row(
    options: &ApplyOptions,
    make_engine: &MakeEngine,
    source_row: u64,
    crash_record: &Path,
) -> Result<(), Error> {
    let mut job = Job::prepare(options, make_engine)?;
    job.source.skip(source_row, &|| Ok(()))?;
    let chunk = job.source.next_chunk(1)?;
    let chunk = chunk.ok_or_else(|| Error::internal(format!("the input has no row {source_row}")))?;
    let quarantine = options.outdir.join(WORK_FOLDER).join(QUARANTINE_FILE);
    let skips = Quarantine::read(&quarantine)?.skips(source_row, 1);
    let engine = &*job.engine;
    thread::scope(|scope| {
        let worker = spawn(scope, "xform-try", move || {
            let batch = Batch { first_row: source_row, smiles: &chunk.smiles, skips: &skips };
            engine.worker(Some(crash_record))?.run(batch, &mut EngineOutput::default())
        })?;
        worker.join().unwrap_or_else(|_| Err(Error::internal("the worker panicked")))
    })
}
