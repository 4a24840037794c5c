//! How to stop a run or a call.

use std::cell::RefCell;

use napi_derive::napi;

/// Stops the run or the call to which it was passed.
#[napi]
pub struct Cancellation {
    stop: RefCell<Option<Box<dyn FnOnce()>>>,
}

#[napi]
impl Cancellation {
    /// A cancellation that is not connected yet.
    #[napi(constructor)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self { stop: RefCell::new(None) }
    }

    /// Requests a stop.
    #[napi]
    pub fn cancel(&self) {
        if let Some(stop) = self.stop.take() {
            stop();
        }
    }

    /// Makes [`cancel`](Self::cancel) call `stop`.
    pub(crate) fn connect(&self, stop: impl FnOnce() + 'static) {
        self.stop.replace(Some(Box::new(stop)));
    }
}
