//! Calls that return JSON and run off the JavaScript thread, on threads of this module.
//!
//! These are not libuv's threads: libuv's few threads serve files and names for the whole process, and
//! `process.exit()` waits for them, while RDKit may work on a molecule for hours and cannot be interrupted
//! (rdkit/rdkit#8594).
//!
//! A few calls run at a time, and the others wait in line. A stopped call leaves the line, or leaves its thread
//! behind: a runaway, which ends when RDKit returns. Another thread replaces it, but each runaway uses a core and
//! memory, so calls are refused while there are [`MAX_RUNAWAYS`] of them.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId, available_parallelism};

use napi::Env;
use napi::bindgen_prelude::Object;
use xform_core::{Error, spawn_owned};
use xform_rdkit::Busy;

use crate::cancellation::Cancellation;
use crate::failure;
use crate::promise::Promise;

/// Maximum number of threads held by stopped calls.
const MAX_RUNAWAYS: usize = 8;
/// Calls that run at a time on a machine with few cores: as many as libuv's pool has.
const MIN_THREADS: usize = 4;

type Work = Box<dyn FnOnce() -> Result<String, Error> + Send>;

/// A call whose promise is pending.
struct Call {
    id: u64,
    /// The JavaScript thread that waits for it.
    owner: ThreadId,
    promise: Promise,
}

struct Calls {
    next_id: u64,
    line: VecDeque<(Call, Work)>,
    working: Vec<Call>,
    runaways: usize,
}

/// The calls of the process, from all JavaScript threads.
static CALLS: Mutex<Calls> =
    Mutex::new(Calls { next_id: 0, line: VecDeque::new(), working: Vec::new(), runaways: 0 });

/// A promise for the result of `work`.
pub fn start(
    env: &Env,
    work: impl FnOnce() -> Result<String, Error> + Send + 'static,
) -> napi::Result<Object<'_>> {
    start_call(env, work).map(|(_, promise)| promise)
}

/// Like `start`, for a call that `cancellation` stops: its promise then resolves to `null`, and nobody should wait
/// for it.
pub fn start_stoppable<'env>(
    env: &'env Env,
    cancellation: &Cancellation,
    work: impl FnOnce() -> Result<String, Error> + Send + 'static,
) -> napi::Result<Object<'env>> {
    let (id, promise) = start_call(env, work)?;
    cancellation.connect(move || lock().stop(|call| call.id == id));
    Ok(promise)
}

/// Stops the calls of the current JavaScript thread, which is ending.
pub fn stop_own() {
    let own = thread::current().id();
    lock().stop(|call| call.owner == own);
}

fn start_call(
    env: &Env,
    work: impl FnOnce() -> Result<String, Error> + Send + 'static,
) -> napi::Result<(u64, Object<'_>)> {
    let (promise, object) = Promise::new(env)?;
    let mut calls = lock();
    let id = calls.next_id;
    calls.next_id += 1;
    let call = Call { id, owner: thread::current().id(), promise };
    calls.line.push_back((call, Box::new(work)));
    calls.proceed();
    Ok((id, object))
}

impl Calls {
    /// Starts waiting calls as far as more may run, or refuses them.
    fn proceed(&mut self) {
        if self.runaways >= MAX_RUNAWAYS {
            for (call, _) in self.line.drain(..) {
                call.promise.settle(Err(Error::Runaways { count: self.runaways }));
            }
        }
        while self.working.len() < threads() {
            let Some((id, work)) = self.take_next() else { return };
            if let Err(error) = spawn_owned("xform-call", move || serve(id, work)) {
                self.settle(id, Err(error));
            }
        }
    }

    /// Takes the first waiting call to run it.
    fn take_next(&mut self) -> Option<(u64, Work)> {
        let (call, work) = self.line.pop_front()?;
        let id = call.id;
        self.working.push(call);
        Some((id, work))
    }

    /// Settles a running call, unless it was stopped. Returns whether it did.
    fn settle(&mut self, id: u64, outcome: Result<String, Error>) -> bool {
        let index = self.working.iter().position(|call| call.id == id);
        let call = index.map(|index| self.working.swap_remove(index));
        call.map(|call| call.promise.settle(outcome)).is_some()
    }

    fn stop(&mut self, is_meant: impl Fn(&Call) -> bool) {
        let stopped = || Ok("null".to_owned());
        let (meant, line) = self.line.drain(..).partition(|(call, _)| is_meant(call));
        self.line = line;
        for (call, _) in Vec::from(meant) {
            call.promise.settle(stopped());
        }
        for call in self.working.extract_if(.., |call| is_meant(call)) {
            self.runaways += 1;
            call.promise.settle(stopped());
        }
        self.proceed();
    }
}

/// The work of a thread: the call for which it was started, then those in line.
fn serve(id: u64, work: Work) {
    let _busy = Busy::new();
    let mut next = Some((id, work));
    while let Some((id, work)) = next {
        let outcome = failure::guard(work);
        let mut calls = lock();
        if !calls.settle(id, outcome) {
            calls.runaways -= 1;
            return;
        }
        next = calls.take_next();
    }
}

fn threads() -> usize {
    available_parallelism().map_or(MIN_THREADS, NonZeroUsize::get).max(MIN_THREADS)
}

fn lock() -> MutexGuard<'static, Calls> {
    CALLS.lock().unwrap_or_else(PoisonError::into_inner)
}
