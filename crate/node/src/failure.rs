//! How an error reaches JavaScript: with `code` and `details` as data, never only as text.

use std::panic::{AssertUnwindSafe, catch_unwind};

use napi::Env;
use napi::bindgen_prelude::{JsObjectValue, JsValue};
use xform_core::{Error, panic_text};

/// Runs `work`; a panic becomes an internal error, because unwinding into Node would end the process.
pub fn guard<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    // Nothing that `work` has captured is used after a panic.
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|panic| Err(Error::internal(format!("panic: {}", panic_text(&*panic)))))
}

/// Like `guard`, for a function that answers JavaScript synchronously.
pub fn sync<T>(env: Env, work: impl FnOnce() -> Result<T, Error>) -> napi::Result<T> {
    guard(work).map_err(|error| to_js(env, &error))
}

/// The JavaScript error for `error`, with `code` and `details`.
pub fn to_js(env: Env, error: &Error) -> napi::Error {
    js_error(env, error).unwrap_or_else(|why| why)
}

fn js_error(env: Env, error: &Error) -> napi::Result<napi::Error> {
    let mut js = env.create_error(napi::Error::from_reason(error.to_string()))?;
    js.set_named_property("code", error.code())?;
    js.set_named_property("details", env.to_js_value(&error.details())?)?;
    Ok(napi::Error::from(js.to_unknown()))
}
