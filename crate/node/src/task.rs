//! Short work off the JavaScript thread, in libuv's pool.
//!
//! The pool (4 threads unless `UV_THREADPOOL_SIZE` says otherwise) is what bounds how many such calls run at once.

use napi::Env;
use napi::bindgen_prelude::AsyncTask;
use xform_core::Error;

use crate::failure;

/// Work that gives JSON text.
pub struct Task {
    work: Option<Box<dyn FnOnce() -> Result<String, Error> + Send>>,
    failure: Option<Error>,
}

/// A promise of what `work` gives.
pub fn spawn(work: impl FnOnce() -> Result<String, Error> + Send + 'static) -> AsyncTask<Task> {
    AsyncTask::new(Task { work: Some(Box::new(work)), failure: None })
}

impl napi::Task for Task {
    type Output = String;
    type JsValue = String;

    fn compute(&mut self) -> napi::Result<String> {
        let work = self.work.take();
        failure::guard(|| work.map_or_else(|| Err(Error::internal("a task ran twice")), |work| work()))
            .map_err(|error| {
                let plain = napi::Error::from_reason(error.to_string());
                self.failure = Some(error);
                plain
            })
    }

    fn resolve(&mut self, _env: Env, json: String) -> napi::Result<String> {
        Ok(json)
    }

    fn reject(&mut self, env: Env, plain: napi::Error) -> napi::Result<String> {
        Err(self.failure.take().map_or(plain, |error| failure::to_js(env, &error)))
    }
}
