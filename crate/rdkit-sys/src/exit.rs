//! How the process ends while threads are inside RDKit; `bridge/exit.h` explains it.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::KernelError;

/// Threads that may be inside RDKit.
static BUSY: AtomicUsize = AtomicUsize::new(0);

/// While a value of this type exists, the process ends without destroying C++ statics; see [`end_at_once_if_busy`].
#[derive(Debug)]
pub struct Busy(());

impl Busy {
    /// Effective until it is dropped.
    #[must_use]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        BUSY.fetch_add(1, Ordering::Relaxed);
        Self(())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        // Everything that RDKit did on this thread happens before the destructors that may then run.
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

/// Makes `exit()` end the process at once, with its given status, if a [`Busy`] exists at that time. Call it as late
/// as possible, again if necessary: `exit()` runs its handlers in reverse order.
///
/// # Errors
/// There is no room for another handler.
pub fn end_at_once_if_busy() -> Result<(), KernelError> {
    Ok(ffi::end_at_once_if_busy()?)
}
