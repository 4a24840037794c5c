//! The two entry points of the pipeline: a run, and the check whether one can start.

use crate::control::Control;
use crate::engine::Engine;
use crate::error::Error;
use crate::events::{Event, emit};
use crate::explanation::NamedExplanation;
use crate::job::Job;
use crate::make_engine::MakeEngine;
use crate::options::ApplyOptions;
use crate::output::folder::{OutputFolder, Visit};
use crate::output::metadata::TOOL;
use crate::run::Run;
use crate::session::{Session, Start};
use crate::source::ColumnNames;
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
    announce(&job, options, control)?;
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
    Ok((report_on(&job, options)?, job.engine))
}

/// Reports what the run will do, if its caller wants to know. The library is not opened again for that, because a stream
/// cannot be.
pub fn announce(job: &Job, options: &ApplyOptions, control: &Control) -> Result<(), Error> {
    if control.announces {
        control.notify(&Event::Started { report: &report_on(job, options)? });
    }
    Ok(())
}

fn report_on(job: &Job, options: &ApplyOptions) -> Result<CheckReport, Error> {
    OutputFolder::check(&Visit::of(options, job.library.paths()))?;
    Ok(CheckReport {
        tool: TOOL,
        engine: job.engine.version(),
        transforms: job.names(),
        columns: ColumnNames::from(job.source.columns()),
        files: job.library.is_several().then_some(job.library.files().len() as u64),
        rows: match (job.source.total_rows(), options.shard) {
            (Some(total), Some(shard)) => Some(shard.rows(total)).map(|rows| rows.end - rows.start),
            (total, _) => total,
        },
        options: options.clone(),
        warnings: job.warnings.clone(),
        notices: job.notices.clone(),
        rules_skipped: job.rules_skipped,
        explanation: None,
    })
}

/// Does `run` and [`emit`]s its events, except a failure.
///
/// # Errors
/// Those of `run`.
pub fn narrate(control: Control, run: impl FnOnce(&Control) -> Result<Summary, Error>) -> Result<(), Error> {
    let summary = run(&Control { on_event: Some(Box::new(emit)), ..control })?;
    emit(&Event::Done { summary: &summary });
    Ok(())
}
