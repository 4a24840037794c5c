//! The functions of JavaScript that follow a run.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use napi::Status;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use serde::Serialize;
use xform_core::events::{Event, OnEvent};

/// Progress as JSON. Weak: a listener does not keep the process alive. The queue has one place: while the JavaScript
/// thread is busy, reports are dropped and not kept.
pub type OnProgress = ThreadsafeFunction<String, (), String, Status, false, true, 1>;

/// The check report as JSON.
pub type OnStart = ThreadsafeFunction<String, (), String, Status, false, true, 1>;

/// How long to wait for a listener before checking whether to stop.
const TICK: Duration = Duration::from_millis(50);

/// Tells the listener, if there is one, of progress.
pub fn teller<Progress: Serialize>(on_progress: Option<OnProgress>) -> impl Fn(Progress) {
    move |progress| {
        if let Some(on_progress) = &on_progress {
            tell(on_progress, &progress);
        }
    }
}

/// Tells the listener of progress, of all events of a run.
pub fn report(on_progress: OnProgress) -> Box<OnEvent> {
    Box::new(move |event| {
        let Event::Progress { progress } = event else { return };
        tell(&on_progress, progress);
    })
}

/// Waits until the listener has seen the report, so that it comes before the end of a short run.
pub fn announce(on_start: &OnStart, report: &impl Serialize, cancel: &AtomicBool) {
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

/// Tells the listener of `progress`, unless it is busy.
pub fn tell(on_progress: &OnProgress, progress: &impl Serialize) {
    if let Ok(json) = serde_json::to_string(progress) {
        // `QueueFull` and `Closing` are the two refusals; in either case there is no listener to tell.
        let _ = on_progress.call(json, ThreadsafeFunctionCallMode::NonBlocking);
    }
}
