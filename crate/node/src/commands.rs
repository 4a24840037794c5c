//! The commands that take a while: each starts a run of a function of the core and returns its promise.

use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;
use xform_core::drawing::Illustrator;
use xform_core::events::{Event, OnEvent};
use xform_core::isolation::Supervision;
use xform_core::path_text::unpack;
use xform_core::transform::Transform;
use xform_core::writers::Depictor;
use xform_core::{
    CheckRulesOptions, Control, Error, ExportOptions, Fingerprinter, GalleryOptions, GalleryTools,
    MergeOptions, SampleOptions, SampleTools, SummarizeOptions,
};
use xform_rdkit::{RdkitDepictor, RdkitFingerprinter, RdkitIllustrator, property_columns};

use crate::cancellation::Cancellation;
use crate::listeners::{OnProgress, OnStart, announce, report, tell, teller};
use crate::run::start;

/// Starts a run with `options` as JSON, and resolves to its summary as JSON. `onStart` receives the check report as JSON,
/// and the run begins when it has returned.
#[napi(
    ts_args_type = "options: string, cancellation: Cancellation, onProgress?: (progress: string) => void, onStart?: (report: string) => void",
    ts_return_type = "Promise<string>"
)]
pub fn apply<'env>(
    env: &'env Env,
    options: String,
    cancellation: &Cancellation,
    on_progress: Option<OnProgress>,
    on_start: Option<OnStart>,
) -> napi::Result<Object<'env>> {
    start(env, cancellation, move |control| {
        let announces = on_start.is_some();
        let cancel = control.cancel.clone();
        let on_event: Box<OnEvent> = Box::new(move |event| match (event, &on_progress, &on_start) {
            (Event::Progress { progress }, Some(on_progress), _) => tell(on_progress, progress),
            (Event::Started { report }, _, Some(on_start)) => announce(on_start, report, &cancel),
            _ => {}
        });
        let control = Control { on_event: Some(on_event), announces, ..control };
        xform_core::apply(&crate::run_options(&options)?, &crate::new_engine, &control)
    })
}

/// Starts a run in a process that has a supervisor, to which it reports on standard output. `supervision` is JSON, see
/// [`Supervision`].
#[napi(
    ts_args_type = "options: string, cancellation: Cancellation, supervision: string",
    ts_return_type = "Promise<void>"
)]
pub fn run_supervised<'env>(
    env: &'env Env,
    options: String,
    cancellation: &Cancellation,
    supervision: String,
) -> napi::Result<Object<'env>> {
    start(env, cancellation, move |control| {
        let Supervision { reports, row_limit_seconds, predecessors } = crate::from_json(&supervision)?;
        let control = Control { row_limit_seconds, predecessors, announces: reports, ..control };
        let options = crate::run_options(&options)?;
        xform_core::narrate(control, |control| xform_core::apply(&options, &crate::new_engine, control))
    })
}

/// Checks options, transforms and input, tries a sample of the rows, and resolves to the report as JSON. `detail` is JSON, see
/// `CheckDetail` of the core.
#[napi(ts_return_type = "Promise<string>")]
pub fn check_with_sample<'env>(
    env: &'env Env,
    options: String,
    detail: String,
    cancellation: &Cancellation,
) -> napi::Result<Object<'env>> {
    start(env, cancellation, move |control| {
        let detail = crate::from_json(&detail)?;
        xform_core::check(&crate::run_options(&options)?, &crate::new_engine, detail, &control)
    })
}

/// Like `checkWithSample`, in a process that has a supervisor, to which it reports on standard output.
#[napi(ts_return_type = "Promise<void>")]
pub fn check_supervised<'env>(
    env: &'env Env,
    options: String,
    detail: String,
    cancellation: &Cancellation,
) -> napi::Result<Object<'env>> {
    start(env, cancellation, move |control| {
        let detail = crate::from_json(&detail)?;
        xform_core::narrate_check(&crate::run_options(&options)?, &crate::new_engine, detail, control)
    })
}

/// Starts a merge and resolves to its summary as JSON.
#[napi(
    ts_args_type = "options: string, cancellation: Cancellation, onProgress?: (progress: string) => void",
    ts_return_type = "Promise<string>"
)]
pub fn merge<'env>(
    env: &'env Env,
    options: String,
    cancellation: &Cancellation,
    on_progress: Option<OnProgress>,
) -> napi::Result<Object<'env>> {
    start(env, cancellation, move |control| {
        let control = Control { on_event: on_progress.map(report), ..control };
        xform_core::merge(&MergeOptions::from_json(&options)?, &control)
    })
}

/// Starts a check of rule files and resolves to its report as JSON.
#[napi(
    ts_args_type = "options: string, cancellation: Cancellation, onProgress?: (progress: string) => void",
    ts_return_type = "Promise<string>"
)]
pub fn check_rules<'env>(
    env: &'env Env,
    options: String,
    cancellation: &Cancellation,
    on_progress: Option<OnProgress>,
) -> napi::Result<Object<'env>> {
    start(env, cancellation, move |control| {
        xform_core::check_rules(
            &CheckRulesOptions::from_json(&options)?,
            &crate::new_engine,
            &control,
            &teller(on_progress),
        )
    })
}

/// Starts an export of the table at `input` and resolves to its summary as JSON.
#[napi(
    ts_args_type = "input: string, options: string, cancellation: Cancellation, onProgress?: (progress: string) => void",
    ts_return_type = "Promise<string>"
)]
pub fn export_table<'env>(
    env: &'env Env,
    input: String,
    options: String,
    cancellation: &Cancellation,
    on_progress: Option<OnProgress>,
) -> napi::Result<Object<'env>> {
    start(env, cancellation, move |control| {
        let options = ExportOptions::from_json(&options)?;
        xform_core::export(&unpack(input), &options, &make_depictor, &control, &teller(on_progress))
    })
}

/// Starts a sample of the table at `input` and resolves to its summary as JSON.
#[napi(
    ts_args_type = "input: string, options: string, cancellation: Cancellation, onProgress?: (progress: string) => void",
    ts_return_type = "Promise<string>"
)]
pub fn sample_table<'env>(
    env: &'env Env,
    input: String,
    options: String,
    cancellation: &Cancellation,
    on_progress: Option<OnProgress>,
) -> napi::Result<Object<'env>> {
    start(env, cancellation, move |control| {
        let tools = SampleTools { make_depictor: &make_depictor, make_fingerprinter: &make_fingerprinter };
        let options = SampleOptions::from_json(&options)?;
        xform_core::sample(&unpack(input), &options, tools, &control, &teller(on_progress))
    })
}

/// Starts a summary of the table at `input` and resolves to its report as JSON.
#[napi(
    ts_args_type = "input: string, options: string, cancellation: Cancellation, onProgress?: (progress: string) => void",
    ts_return_type = "Promise<string>"
)]
pub fn summarize<'env>(
    env: &'env Env,
    input: String,
    options: String,
    cancellation: &Cancellation,
    on_progress: Option<OnProgress>,
) -> napi::Result<Object<'env>> {
    start(env, cancellation, move |control| {
        let options = SummarizeOptions::from_json(&options)?;
        xform_core::summarize(&unpack(input), &options, &control, &teller(on_progress))
    })
}

/// Starts to gather the data of a report on the run in `outdir`, and resolves to it as JSON.
#[napi(ts_return_type = "Promise<string>")]
pub fn report_data<'env>(
    env: &'env Env,
    outdir: String,
    cancellation: &Cancellation,
) -> napi::Result<Object<'env>> {
    start(env, cancellation, move |control| {
        xform_core::report_data(&unpack(outdir), &property_columns()?, &make_illustrator, &control)
    })
}

/// Starts a gallery of the table at `input` and resolves to its summary as JSON. `template` is the HTML of a page, with a
/// place for its data.
#[napi(
    ts_args_type = "input: string, options: string, template: string, cancellation: Cancellation, onProgress?: (progress: string) => void",
    ts_return_type = "Promise<string>"
)]
pub fn gallery<'env>(
    env: &'env Env,
    input: String,
    options: String,
    template: String,
    cancellation: &Cancellation,
    on_progress: Option<OnProgress>,
) -> napi::Result<Object<'env>> {
    start(env, cancellation, move |control| {
        let tools = GalleryTools {
            template: &template,
            make_engine: &crate::new_engine,
            make_illustrator: &make_illustrator,
        };
        let options = GalleryOptions::from_json(&options)?;
        xform_core::gallery(&unpack(input), &options, &tools, &control, &teller(on_progress))
    })
}

fn make_depictor() -> Result<Box<dyn Depictor>, Error> {
    Ok(Box::new(RdkitDepictor::new()?))
}

fn make_fingerprinter() -> Result<Box<dyn Fingerprinter>, Error> {
    Ok(Box::new(RdkitFingerprinter::new()?))
}

fn make_illustrator(transforms: &[Transform], queries: &[String]) -> Result<Box<dyn Illustrator>, Error> {
    Ok(Box::new(RdkitIllustrator::new(transforms, queries)?))
}
