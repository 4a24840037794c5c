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
        notices: job.notices,
        rules_skipped: job.rules_skipped,
        explanation: None,
    };
    Ok((report, job.engine))
}

/// Does `run` and [`emit`]s its events, except a failure. With `reports`, the first event is the check report.
///
/// # Errors
/// Those of [`check`] and `run`.
pub fn narrate(
    options: &ApplyOptions,
    make_engine: &MakeEngine,
    reports: bool,
    control: Control,
    run: impl FnOnce(&Control) -> Result<Summary, Error>,
) -> Result<(), Error> {
    if reports {
        emit(&Event::Started { report: &check(options, make_engine)? });
    }
    let summary = run(&Control { on_event: Some(Box::new(emit)), ..control })?;
    emit(&Event::Done { summary: &summary });
    Ok(())
}
