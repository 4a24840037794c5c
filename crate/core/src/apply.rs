//! The two entry points of the pipeline: a run, and the check whether one can start.

use std::time::Instant;

use serde::Deserialize;

use crate::control::Control;
use crate::error::Error;
use crate::events::{Event, emit};
use crate::expected::{SampleOptions, rehearse};
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

/// What a check reports besides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CheckDetail {
    /// Whether to explain how the engine carries out each transform.
    pub explain: bool,
    /// Rows to try, so that the report says what to expect; 0 for none.
    pub sample: u64,
    /// Chooses these rows.
    pub seed: u64,
}

/// Checks options, transforms and input as [`apply`] would, without writing anything.
///
/// With a sample, the first event is the report without it, and further ones say what to expect after a part of the sample. A
/// folder that holds an earlier run is then a warning.
///
/// # Errors
/// Those with which [`apply`] would refuse to start, and those of the rows that are tried.
pub fn check(
    options: &ApplyOptions,
    make_engine: &MakeEngine,
    detail: CheckDetail,
    control: &Control,
) -> Result<CheckReport, Error> {
    let started = Instant::now();
    let job = Job::prepare(options, make_engine)?;
    let occupied = match folder_check(&job, options) {
        Err(error @ Error::OutputExists { .. }) if detail.sample > 0 => Some(error.to_string()),
        checked => checked.map(|()| None)?,
    };
    let mut report = report_on(&job, options);
    report.warnings.extend(occupied);
    if detail.explain {
        let explained = report.transforms.iter().cloned().zip(job.engine.explain()?);
        report.explanation =
            Some(explained.map(|(name, explanation)| NamedExplanation { name, explanation }).collect());
    }
    if detail.sample > 0 {
        control.notify(&Event::Started { report: &report });
        let sample = SampleOptions { rows: detail.sample, seed: detail.seed };
        let rehearsal = rehearse(job, options, sample, started.elapsed(), control)?;
        report.expected = Some(rehearsal.expected);
        report.warnings.extend(rehearsal.warnings);
    }
    Ok(report)
}

/// Reports what the run will do, if its caller wants to know. The library is not opened again for that, because a stream
/// cannot be.
pub fn announce(job: &Job, options: &ApplyOptions, control: &Control) -> Result<(), Error> {
    if control.announces {
        folder_check(job, options)?;
        control.notify(&Event::Started { report: &report_on(job, options) });
    }
    Ok(())
}

fn folder_check(job: &Job, options: &ApplyOptions) -> Result<(), Error> {
    OutputFolder::check(&Visit::of(options, job.library.paths()))
}

fn report_on(job: &Job, options: &ApplyOptions) -> CheckReport {
    CheckReport {
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
        expected: None,
    }
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

/// Does a check and [`emit`]s its events, except a failure.
///
/// # Errors
/// Those of [`check`].
pub fn narrate_check(
    options: &ApplyOptions,
    make_engine: &MakeEngine,
    detail: CheckDetail,
    control: Control,
) -> Result<(), Error> {
    let control = Control { on_event: Some(Box::new(emit)), ..control };
    let report = check(options, make_engine, detail, &control)?;
    emit(&Event::Checked { report: &report });
    Ok(())
}
