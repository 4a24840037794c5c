//! How the process ends while threads are inside RDKit: `bridge/exit.h` has the story.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::KernelError;

/// Threads that may be inside RDKit.
static BUSY: AtomicUsize = AtomicUsize::new(0);

/// While one of these lives, the process ends without destroying C++ statics; see [`end_at_once_if_busy`].
#[derive(Debug)]
pub struct Busy(());

impl Busy {
    /// For as long as it is kept.
    #[must_use]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        BUSY.fetch_add(1, Ordering::Relaxed);
        Self(())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        // All that RDKit has done on this thread comes before the destructors that are then allowed to run.
        BUSY.fetch_sub(1, Ordering::Release);
    }
}

fn is_busy() -> bool {
    BUSY.load(Ordering::Acquire) > 0
}

#[cxx::bridge(namespace = "xform")]
mod ffi {
    extern "Rust" {
        fn is_busy() -> bool;
    }

    unsafe extern "C++" {
        include!("xform-rdkit-sys/bridge/exit.h");

        fn end_at_once_if_busy() -> Result<()>;
    }
}

/// Makes `exit()` end the process at once, with the status that it was given, if a [`Busy`] is alive then. Call it again
/// as late as possible: `exit()` runs its handlers last first.
///
/// # Errors
/// There is no room for another handler.
pub fn end_at_once_if_busy() -> Result<(), KernelError> {
    Ok(ffi::end_at_once_if_busy()?)
}
