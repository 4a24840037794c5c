//! The Node binding of xform-native: options in, core call, JSON or a typed error out.
//!
//! Nothing here knows chemistry, and no library row passes through: a run is one call of `xform_core::apply` (or
//! `merge`) on a thread of its own ([`run`]), everything short is a task of libuv's pool ([`task`]). Errors keep the core's code
//! and details ([`failure`]). Structures cross as JSON text, whose types TypeScript declares in `index.d.ts`.

// The napi macros register nothing in a test build, where clippy then sees unused functions.
#![cfg_attr(test, allow(dead_code))]

mod diagnostics;
mod failure;
mod molecules;
mod options;
mod run;
mod task;

use mimalloc::MiMalloc;
use napi::Env;
use napi::bindgen_prelude::AsyncTask;
use napi_derive::napi;
use xform_core::Error;
use xform_core::engine::{Engine, Limits};
use xform_core::transform::{self, Transform};
use xform_rdkit::RdkitEngine;

use crate::options::{NativeApplyOptions, NativeTransform};
use crate::task::Task;

/// The allocator of all Rust code in the addon. RDKit's `operator new` goes to the same mimalloc (see
/// `xform-rdkit-sys`); Node's own malloc is not touched. Small, short-lived blocks from many threads are what RDKit
/// asks for, and there mimalloc is 1.4 to 1.5 times as fast as glibc's malloc, over the whole run.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Checks options, transforms and input, and resolves to the report as JSON; with `explain` also to how the engine
/// goes about each transform.
#[napi(ts_return_type = "Promise<string>")]
pub fn check(options: NativeApplyOptions, explain: Option<bool>) -> AsyncTask<Task> {
    task::spawn(move || {
        let find = if explain == Some(true) { xform_core::explain } else { xform_core::check };
        to_json(&find(&options.try_into()?, &new_engine)?)
    })
}

/// Runs the engine on one row of the input, but for what is in quarantine, and resolves to `null` if that is survived.
/// The supervisor tries molecules this way that were in hand when a process died.
#[napi(ts_return_type = "Promise<null>")]
pub fn try_row(options: NativeApplyOptions, source_row: i64, crash_record: String) -> AsyncTask<Task> {
    task::spawn(move || {
        let row = source_row.try_into().map_err(|_| Error::internal(format!("row {source_row}")))?;
        xform_core::try_row(&options.try_into()?, &new_engine, row, crash_record.as_ref())?;
        to_json(&())
    })
}

/// Checks the files of a run and resolves to what was found as JSON.
#[napi(ts_return_type = "Promise<string>")]
pub fn verify(outdir: String) -> AsyncTask<Task> {
    task::spawn(move || to_json(&xform_core::verify(outdir.as_ref())?))
}

/// Reads a transform file and resolves to its content as JSON.
#[napi(ts_return_type = "Promise<string>")]
pub fn load_transforms(path: String) -> AsyncTask<Task> {
    task::spawn(move || to_json(&transform::load(path.as_ref())?))
}

/// Applies one transform to a few molecules and resolves to one result for each, as JSON.
#[napi(ts_return_type = "Promise<string>")]
pub fn transform_smiles(smiles: Vec<String>, transform: NativeTransform) -> AsyncTask<Task> {
    task::spawn(move || molecules::transform(&smiles, transform))
}

/// Every error code with its class, as JSON: `[["XFORM_INVALID_OPTION", "option"], ...]`.
#[napi]
pub fn error_codes(env: Env) -> napi::Result<String> {
    failure::sync(env, || to_json(&Error::CODES))
}

/// Version of this addon.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Name and version of the toolkit, as JSON.
#[napi]
pub fn engine_version(env: Env) -> napi::Result<String> {
    failure::sync(env, || to_json(&new_engine(&[], Limits::default())?.version()))
}

fn new_engine(transforms: &[Transform], limits: Limits) -> Result<Box<dyn Engine>, Error> {
    Ok(Box::new(RdkitEngine::new(transforms, limits)?))
}

fn to_json<T: serde::Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::internal(format!("JSON: {error}")))
}
