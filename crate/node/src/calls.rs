//! Calls that give JSON, off the JavaScript thread, on threads of this module.
//!
//! They are not libuv's: its few threads serve files and names for the whole process, and `process.exit()` waits for
//! them, while RDKit may keep a molecule for hours and cannot be interrupted (rdkit/rdkit#8594).
//!
//! A few calls work at a time, the others wait in line. A call that is stopped leaves the line, or leaves its thread
//! behind: a runaway, which ends when RDKit returns. Another thread takes its place, but runaways use a core and memory
//! each, so that beyond [`MAX_RUNAWAYS`] of them calls are refused.

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

/// Threads that stopped calls may hold.
const MAX_RUNAWAYS: usize = 8;
/// Calls that work at a time on a machine with few cores: as many as libuv's pool has.
const MIN_THREADS: usize = 4;

type Work = Box<dyn FnOnce() -> Result<String, Error> + Send>;

/// A call whose promise is open.
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

/// The calls of the process, whichever JavaScript thread has made them.
static CALLS: Mutex<Calls> =
    Mutex::new(Calls { next_id: 0, line: VecDeque::new(), working: Vec::new(), runaways: 0 });

/// A promise of what `work` gives.
pub fn start(
    env: &Env,
    work: impl FnOnce() -> Result<String, Error> + Send + 'static,
) -> napi::Result<Object<'_>> {
    start_call(env, work).map(|(_, promise)| promise)
}

/// The same for a call that `cancellation` stops: its promise then resolves to `null`, and nobody should wait for it.
pub fn start_stoppable<'env>(
    env: &'env Env,
    cancellation: &Cancellation,
    work: impl FnOnce() -> Result<String, Error> + Send + 'static,
) -> napi::Result<Object<'env>> {
    let (id, promise) = start_call(env, work)?;
    cancellation.connect(move || lock().stop(|call| call.id == id));
    Ok(promise)
}

/// Stops the calls of the calling JavaScript thread, which ends.
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
    /// Gives the calls in line to threads, as far as there may be more of them, or refuses them.
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

    /// Takes the first call in line to work.
    fn take_next(&mut self) -> Option<(u64, Work)> {
        let (call, work) = self.line.pop_front()?;
        let id = call.id;
        self.working.push(call);
        Some((id, work))
    }

    /// Settles a call that works, unless it was stopped. Returns whether it did.
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

/// What a thread does: the call that it was started for, then those in line.
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
