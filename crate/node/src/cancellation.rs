//! The means to stop a run or a call.

use std::cell::RefCell;

use napi_derive::napi;

/// The means to stop the run or the call that it was given to.
#[napi]
pub struct Cancellation {
    stop: RefCell<Option<Box<dyn FnOnce()>>>,
}

#[napi]
impl Cancellation {
    /// A cancellation that nothing has been given yet.
    #[napi(constructor)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self { stop: RefCell::new(None) }
    }

    /// Asks it to stop.
    #[napi]
    pub fn cancel(&self) {
        if let Some(stop) = self.stop.take() {
            stop();
        }
    }

    /// Lets [`cancel`](Self::cancel) call `stop`.
    pub(crate) fn connect(&self, stop: impl FnOnce() + 'static) {
        self.stop.replace(Some(Box::new(stop)));
    }
}
