//! A run over a library, or a merge of shards: a thread of its own that calls `xform_core::apply` or `merge`, and the promise
//! that it settles.
//!
//! `apply` works for hours and its calling thread does the ordered commit and the Parquet encoding. On libuv's pool
//! (4 threads for the whole process) a few runs would leave nothing for file and DNS calls of the application, so each
//! run has its own thread, and the JavaScript thread only ever sees a progress report or the end.
//!
//! A run must not outlive its environment: a worker thread that is terminated would unmap what the run still uses,
//! and at process exit C++ statics would go while RDKit works on them. [`stop_runs`] cancels and waits; it is called when
//! the environment goes, and by TypeScript from `process.on("exit")`, which comes before the statics.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use napi::bindgen_prelude::Object;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, JsDeferred, Status};
use napi_derive::napi;
use xform_core::{Control, Error, STACK_BYTES, Summary};

use crate::failure;
use crate::options::{NativeApplyOptions, NativeMergeOptions};

/// Progress as JSON. Weak: a listener does not keep the process alive. One place in the queue: when the JavaScript
/// thread is busy, reports are dropped and not kept.
type OnProgress = ThreadsafeFunction<String, (), String, Status, false, true, 1>;

/// What the JavaScript thread does to settle the promise.
type Settle = Box<dyn FnOnce(Env) -> napi::Result<String> + Send>;

struct Run {
    id: u64,
    cancel: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

thread_local! {
    /// The runs of the environment of this JavaScript thread.
    static RUNS: RefCell<Vec<Run>> = const { RefCell::new(Vec::new()) };
    static NEXT_ID: Cell<u64> = const { Cell::new(0) };
}

/// The means to stop a run.
#[napi]
pub struct Cancellation {
    cancel: Arc<AtomicBool>,
}

#[napi]
impl Cancellation {
    /// A cancellation that has not been asked for.
    #[napi(constructor)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self { cancel: Arc::new(AtomicBool::new(false)) }
    }

    /// Asks the run to stop. Its promise rejects when it has.
    #[napi]
    pub fn cancel(&self) {
        // The flag carries no data; the core's threads look at it between micro-batches.
        self.cancel.store(true, Ordering::Relaxed);
    }
}

/// Starts a run and resolves to its summary as JSON.
#[napi(
    ts_args_type = "options: NativeApplyOptions, cancellation: Cancellation, onProgress?: (progress: string) => void",
    ts_return_type = "Promise<string>"
)]
pub fn apply<'env>(
    env: &'env Env,
    options: NativeApplyOptions,
    cancellation: &Cancellation,
    on_progress: Option<OnProgress>,
) -> napi::Result<Object<'env>> {
    start(env, cancellation, on_progress, move |control| {
        xform_core::apply(&options.try_into()?, &crate::new_engine, control)
    })
}

/// Starts a merge and resolves to its summary as JSON.
#[napi(
    ts_args_type = "options: NativeMergeOptions, cancellation: Cancellation, onProgress?: (progress: string) => void",
    ts_return_type = "Promise<string>"
)]
pub fn merge<'env>(
    env: &'env Env,
    options: NativeMergeOptions,
    cancellation: &Cancellation,
    on_progress: Option<OnProgress>,
) -> napi::Result<Object<'env>> {
    start(env, cancellation, on_progress, move |control| xform_core::merge(&options.try_into()?, control))
}

/// Starts `work` on a thread of its own; the promise is of the summary that it gives.
fn start<'env>(
    env: &'env Env,
    cancellation: &Cancellation,
    on_progress: Option<OnProgress>,
    work: impl FnOnce(&Control) -> Result<Summary, Error> + Send + 'static,
) -> napi::Result<Object<'env>> {
    let (deferred, promise): (JsDeferred<String, Settle>, _) = env.create_deferred()?;
    let id = NEXT_ID.replace(NEXT_ID.get() + 1);
    let cancel = cancellation.cancel.clone();
    let control =
        Control { cancel: cancel.clone(), on_progress: on_progress.map(report), ..Control::default() };
    let thread =
        thread::Builder::new().name("xform-commit".to_owned()).stack_size(STACK_BYTES).spawn(move || {
            let outcome = failure::guard(|| {
                let summary = work(&control)?;
                crate::to_json(&summary)
            });
            deferred.resolve(Box::new(move |env| {
                forget(id);
                outcome.map_err(|error| failure::to_js(env, &error))
            }));
        });
    let thread = thread.map_err(|error| {
        let error = Error::internal(format!("no thread for the run: {error}"));
        failure::to_js(*env, &error)
    })?;
    RUNS.with_borrow_mut(|runs| runs.push(Run { id, cancel, thread }));
    Ok(promise)
}

/// Cancels the runs of this JavaScript thread and waits for their end. Their promises stay pending.
#[napi]
pub fn stop_runs() {
    let runs = RUNS.take();
    for run in &runs {
        run.cancel.store(true, Ordering::Relaxed);
    }
    for run in runs {
        // An error here is a panic that `guard` has already turned into the run's outcome.
        let _ = run.thread.join();
    }
}

#[napi(module_exports)]
pub fn on_load(_exports: Object, env: Env) -> napi::Result<()> {
    env.add_env_cleanup_hook((), |()| stop_runs()).map(|_| ())
}

fn report(on_progress: OnProgress) -> Box<dyn Fn(&xform_core::Progress) + Send + Sync> {
    Box::new(move |progress| {
        if let Ok(json) = serde_json::to_string(progress) {
            // `QueueFull` and `Closing` are the two refusals; either way there is nobody to tell.
            let _ = on_progress.call(json, ThreadsafeFunctionCallMode::NonBlocking);
        }
    })
}

/// Takes a run that has ended off the list.
fn forget(id: u64) {
    let run = RUNS.with_borrow_mut(|runs| {
        runs.iter().position(|run| run.id == id).map(|index| runs.swap_remove(index))
    });
    if let Some(run) = run {
        let _ = run.thread.join();
    }
}
