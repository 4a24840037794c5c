//! Gates that tests put before the calls to the disk.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use xform_core::disk::{Call, Gate};

/// Counts calls, and acts at one of them.
pub struct At<F> {
    pub calls: AtomicU64,
    pub at: u64,
    pub act: F,
}

/// The action at the chosen call, before or after it.
pub trait Act: Send + Sync {
    fn before(&self, call: Call<'_>) -> io::Result<Option<usize>>;
    fn after(&self);
}

impl<F> At<F> {
    pub fn new(at: u64, act: F) -> Self {
        Self { calls: AtomicU64::new(0), at, act }
    }
}

impl<F: Act> Gate for At<F> {
    fn before(&self, call: Call<'_>) -> io::Result<Option<usize>> {
        let number = self.calls.fetch_add(1, Ordering::SeqCst);
        if number == self.at { self.act.before(call) } else { Ok(None) }
    }

    fn after(&self, _call: Call<'_>) {
        // At least that many calls have finished; a call that failed does not get here. Runs write from one thread at
        // a time.
        if self.calls.load(Ordering::SeqCst) > self.at {
            self.act.after();
        }
    }
}

/// Allows everything.
pub struct Nothing;

impl Act for Nothing {
    fn before(&self, _call: Call<'_>) -> io::Result<Option<usize>> {
        Ok(None)
    }

    fn after(&self) {}
}

/// Fails.
pub struct Stop;

impl Act for Stop {
    fn before(&self, _call: Call<'_>) -> io::Result<Option<usize>> {
        Err(io::ErrorKind::Other.into())
    }

    fn after(&self) {}
}

/// Refuses everything after a call of some kind, as if the process were dead.
struct DeadAfter {
    call: fn(Call<'_>) -> bool,
    is_dead: AtomicBool,
}

impl Gate for DeadAfter {
    fn before(&self, _: Call<'_>) -> io::Result<Option<usize>> {
        if self.is_dead.load(Ordering::SeqCst) { Err(io::ErrorKind::Other.into()) } else { Ok(None) }
    }

    fn after(&self, call: Call<'_>) {
        self.is_dead.fetch_or((self.call)(call), Ordering::SeqCst);
    }
}

pub fn dead_after(call: fn(Call<'_>) -> bool) -> Option<Arc<dyn Gate>> {
    Some(Arc::new(DeadAfter { call, is_dead: AtomicBool::new(false) }))
}
