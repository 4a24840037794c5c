//! Functions for tests of the built addon; not part of any release.

use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;
use serde_json::json;
use xform_core::Error;
use xform_rdkit::AllocatorReport;

use crate::{calls, failure};

/// Panics on a thread of [`calls`]: the promise must reject, and the process must survive.
#[napi(ts_return_type = "Promise<string>")]
pub fn provoke_panic(env: &Env, message: String) -> napi::Result<Object<'_>> {
    calls::start(env, move || panic!("{message}"))
}

/// Which allocations come from mimalloc, as JSON.
#[napi]
pub fn allocator_report(env: Env) -> napi::Result<String> {
    failure::sync(env, || {
        let AllocatorReport { cxx_new_in_mimalloc, libstdcxx_string_in_mimalloc, c_malloc_in_mimalloc } =
            xform_rdkit::allocator_report().map_err(internal)?;
        let boxed = Box::new([0_u8; 64]);
        let rust_in_mimalloc = xform_rdkit::is_in_mimalloc(&boxed[..]).map_err(internal)?;
        crate::to_json(&json!({
            "cxx_new_in_mimalloc": cxx_new_in_mimalloc,
            "libstdcxx_string_in_mimalloc": libstdcxx_string_in_mimalloc,
            "rust_in_mimalloc": rust_in_mimalloc,
            "c_malloc_in_mimalloc": c_malloc_in_mimalloc,
        }))
    })
}

/// Every error code with its class, as JSON: `[["XFORM_INVALID_OPTION", "option"], ...]`.
#[napi]
pub fn error_codes(env: Env) -> napi::Result<String> {
    failure::sync(env, || crate::to_json(&Error::CODES))
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::internal(error.to_string())
}
