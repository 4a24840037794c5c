//! A disk that is full from a certain call on.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use xform_core::disk::{Call, Gate};

/// Refuses the call at that place, and all writes after it as a full disk does.
pub struct Refusing {
    at: usize,
    /// Calls so far.
    pub calls: AtomicUsize,
}

impl Refusing {
    /// Refuses from the call `at` on, counted from 0.
    pub fn from_call(at: usize) -> Arc<Self> {
        Arc::new(Self { at, calls: AtomicUsize::new(0) })
    }
}

impl Gate for Refusing {
    fn before(&self, call: Call<'_>) -> io::Result<Option<usize>> {
        let number = self.calls.fetch_add(1, Ordering::SeqCst);
        let is_cleaning = matches!(call, Call::Remove(_));
        if number == self.at || (number > self.at && !is_cleaning) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(None)
    }

    fn after(&self, _call: Call<'_>) {}
}
