//! A run over a library, or a merge of shards: a separate thread that calls `xform_core::apply` or `merge`, and the
//! promise that it settles.
//!
//! `apply` works for hours and its calling thread does the ordered commit, so each run has its own thread, and the
//! JavaScript thread only ever sees a progress report or the end.
//!
//! When the JavaScript thread ends (`worker.terminate()`), its runs are cancelled and get a moment to end. If RDKit
//! is still working on a molecule, the run continues alone: the addon is never unmapped, and nobody receives the
//! result.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use napi::Env;
use napi::Status;
use napi::bindgen_prelude::Object;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi_derive::napi;
use serde::Serialize;
use xform_core::drawing::Illustrator;
use xform_core::events::{Event, OnEvent};
use xform_core::isolation::Supervision;
use xform_core::path_text::unpack;
use xform_core::transform::Transform;
use xform_core::writers::Depictor;
use xform_core::{
    CheckRulesOptions, Control, Error, ExportOptions, Fingerprinter, GalleryOptions, GalleryTools,
    MergeOptions, SampleOptions, SampleTools, SummarizeOptions, spawn_owned,
};
use xform_rdkit::{Busy, RdkitDepictor, RdkitFingerprinter, RdkitIllustrator, property_columns};

use crate::cancellation::Cancellation;
use crate::failure;
use crate::promise::Promise;

/// How long the end of a JavaScript thread waits for its runs. `process.exit()` waits for the end of worker threads,
/// and that must not take long.
const GRACE: Duration = Duration::from_millis(50);

/// Progress as JSON. Weak: a listener does not keep the process alive. The queue has one place: while the JavaScript
/// thread is busy, reports are dropped and not kept.
type OnProgress = ThreadsafeFunction<String, (), String, Status, false, true, 1>;

/// The check report as JSON.
type OnStart = ThreadsafeFunction<String, (), String, Status, false, true, 1>;

/// How long to wait for a listener before checking whether to stop.
const TICK: Duration = Duration::from_millis(50);

struct Run {
    id: u64,
    cancel: Arc<AtomicBool>,
    /// Disconnected when the run has ended.
    end: Receiver<Infallible>,
}

thread_local! {
    /// The runs of this JavaScript thread's environment.
    static RUNS: RefCell<Vec<Run>> = const { RefCell::new(Vec::new()) };
    static NEXT_ID: Cell<u64> = const { Cell::new(0) };
}

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

/// Tells the listener, if there is one, of progress.
fn teller<Progress: Serialize>(on_progress: Option<OnProgress>) -> impl Fn(Progress) {
    move |progress| {
        if let Some(on_progress) = &on_progress {
            tell(on_progress, &progress);
        }
    }
}

/// Starts `work` on a separate thread; the promise resolves to its result as JSON.
fn start<'env, T: Serialize>(
    env: &'env Env,
    cancellation: &Cancellation,
    work: impl FnOnce(Control) -> Result<T, Error> + Send + 'static,
) -> napi::Result<Object<'env>> {
    let (promise, object) = Promise::new(env)?;
    let id = NEXT_ID.replace(NEXT_ID.get() + 1);
    let cancel = Arc::new(AtomicBool::new(false));
    let (ended, end) = channel();
    RUNS.with_borrow_mut(|runs| runs.push(Run { id, cancel: cancel.clone(), end }));
    let control = Control { cancel: cancel.clone(), ..Control::default() };
    // The flag carries no data; the core's threads check it between micro-batches.
    cancellation.connect(move || cancel.store(true, Ordering::Relaxed));
    let run = move || {
        let _busy = Busy::new();
        let outcome = failure::guard(|| crate::to_json(&work(control)?));
        drop(ended);
        promise.settle_after(move || forget(id), outcome);
    };
    if let Err(error) = spawn_owned("xform-commit", run) {
        forget(id);
        return Err(failure::to_js(*env, &error));
    }
    Ok(object)
}

/// Cancels the runs of this JavaScript thread and waits a moment for their end. Their promises stay pending.
pub fn stop_own() {
    let runs = RUNS.take();
    for run in &runs {
        run.cancel.store(true, Ordering::Relaxed);
    }
    let deadline = Instant::now() + GRACE;
    for run in &runs {
        // In either case there is nothing more to do.
        let _ = run.end.recv_timeout(deadline.saturating_duration_since(Instant::now()));
    }
}

fn report(on_progress: OnProgress) -> Box<OnEvent> {
    Box::new(move |event| {
        let Event::Progress { progress } = event else { return };
        tell(&on_progress, progress);
    })
}

/// Waits until the listener has seen the report, so that it comes before the end of a short run.
fn announce(on_start: &OnStart, report: &impl Serialize, cancel: &AtomicBool) {
    let Ok(json) = serde_json::to_string(report) else { return };
    let (heard, wait) = channel::<Infallible>();
    let hear = move |_, _| {
        drop(heard);
        Ok(())
    };
    let called = on_start.call_with_return_value(json, ThreadsafeFunctionCallMode::NonBlocking, hear);
    while called == Status::Ok
        && !cancel.load(Ordering::Relaxed)
        && wait.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout)
    {}
}

fn tell(on_progress: &OnProgress, progress: &impl Serialize) {
    if let Ok(json) = serde_json::to_string(progress) {
        // `QueueFull` and `Closing` are the two refusals; in either case there is no listener to tell.
        let _ = on_progress.call(json, ThreadsafeFunctionCallMode::NonBlocking);
    }
}

/// Removes a run that has ended from the list.
fn forget(id: u64) {
    RUNS.with_borrow_mut(|runs| runs.retain(|run| run.id != id));
}
