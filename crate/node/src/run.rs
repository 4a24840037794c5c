//! A run: a separate thread that does the work of a command, and the promise that it settles.
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
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use napi::Env;
use napi::bindgen_prelude::Object;
use serde::Serialize;
use xform_core::{Control, Error, spawn_owned};
use xform_rdkit::Busy;

use crate::cancellation::Cancellation;
use crate::failure;
use crate::promise::Promise;

/// How long the end of a JavaScript thread waits for its runs. `process.exit()` waits for the end of worker threads,
/// and that must not take long.
const GRACE: Duration = Duration::from_millis(50);

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

/// Starts `work` on a separate thread; the promise resolves to its result as JSON.
pub fn start<'env, T: Serialize>(
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

/// Removes a run that has ended from the list.
fn forget(id: u64) {
    RUNS.with_borrow_mut(|runs| runs.retain(|run| run.id != id));
}
