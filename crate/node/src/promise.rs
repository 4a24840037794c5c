//! The promise of a call: settled once, from any thread, with JSON or a typed error.

use napi::bindgen_prelude::Object;
use napi::{Env, JsDeferred};
use xform_core::Error;

use crate::failure;

/// Called on the JavaScript thread to settle the promise.
type Settle = Box<dyn FnOnce(Env) -> napi::Result<String> + Send>;

/// The settling end of a promise. Once the JavaScript thread has gone, settling does nothing.
pub struct Promise(JsDeferred<String, Settle>);

impl Promise {
    /// Both ends of a promise.
    pub fn new(env: &Env) -> napi::Result<(Self, Object<'_>)> {
        let (deferred, object) = env.create_deferred()?;
        Ok((Self(deferred), object))
    }

    /// Resolves to the JSON, or rejects with the error, after `first` has run on the JavaScript thread.
    pub fn settle_after(self, first: impl FnOnce() + Send + 'static, outcome: Result<String, Error>) {
        self.0.resolve(Box::new(move |env| {
            first();
            outcome.map_err(|error| failure::to_js(env, &error))
        }));
    }

    /// Resolves to the JSON, or rejects with the error.
    pub fn settle(self, outcome: Result<String, Error>) {
        self.settle_after(|| (), outcome);
    }
}
