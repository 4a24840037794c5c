//! The Node binding of xform-native: options in, core call, JSON or a typed error out.
//!
//! The binding knows no chemistry, and no library row passes through it: a command that takes a while ([`commands`]) is
//! one call of a function of the core on a thread of its own ([`run`]), everything else is a call on one of a few threads
//! ([`calls`]). Errors keep the core's code and details ([`failure`]). Structures cross as JSON text, whose types TypeScript declares in
//! `index.d.ts`.

// The napi macros register nothing in a test build, where clippy then sees unused functions.
#![cfg_attr(test, allow(dead_code))]

mod calls;
mod cancellation;
mod commands;
#[cfg(feature = "test-hooks")]
mod diagnostics;
mod failure;
mod listeners;
mod molecules;
mod promise;
mod run;
mod transform;
mod trials;

use mimalloc::MiMalloc;
use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;
use serde::de::DeserializeOwned;
use xform_core::engine::Engine;
use xform_core::events::emit;
use xform_core::isolation::{self, Supervision};
use xform_core::path_text::unpack;
use xform_core::transform::{Transform, load};
use xform_core::{ApplyOptions, CheckDetail, Command, Control, EngineSettings, Error};
use xform_rdkit::RdkitEngine;

use crate::cancellation::Cancellation;
use crate::transform::NativeTransform;

/// The allocator of all Rust code in the addon. RDKit's `operator new` uses the same mimalloc (see
/// `xform-rdkit-sys`); Node's own malloc is not touched. RDKit allocates small, short-lived blocks from many threads,
/// for which mimalloc is 1.4 to 1.5 times as fast as glibc's malloc, measured over the whole run.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Checks options, transforms and input, and resolves to the report as JSON; with `explain`, the report also
/// describes how the engine carries out each transform.
#[napi(ts_return_type = "Promise<string>")]
pub fn check(env: &Env, options: String, explain: Option<bool>) -> napi::Result<Object<'_>> {
    calls::start(env, move || {
        let detail = CheckDetail { explain: explain == Some(true), ..CheckDetail::default() };
        to_json(&xform_core::check(&run_options(&options)?, &new_engine, detail, &Control::default())?)
    })
}

/// Finds the rows that caused the death of a run's process, and reports on standard output. `cause` is a code of rejects; none
/// if the process was killed from outside. `supervision` is JSON, as for `runSupervised`.
#[napi(ts_return_type = "Promise<void>")]
pub fn judge(
    env: &Env,
    options: String,
    cause: Option<String>,
    supervision: String,
) -> napi::Result<Object<'_>> {
    calls::start(env, move || {
        let cause = cause.map(|code| from_json(&to_json(&code)?)).transpose()?;
        let Supervision { row_limit_seconds, .. } = from_json(&supervision)?;
        to_json(&isolation::judge(&run_options(&options)?, &new_engine, cause, row_limit_seconds, &emit)?)
    })
}

/// Checks the files of a run and resolves to the findings as JSON.
#[napi(ts_return_type = "Promise<string>")]
pub fn verify(env: &Env, outdir: String) -> napi::Result<Object<'_>> {
    calls::start(env, move || to_json(&xform_core::verify(&unpack(outdir))?))
}

/// Reads a transform file and resolves to its content as JSON.
#[napi(ts_return_type = "Promise<string>")]
pub fn load_transforms(env: &Env, path: String) -> napi::Result<Object<'_>> {
    calls::start(env, move || to_json(&load(&unpack(path))?))
}

/// Lists the rules that `options` ask for, as JSON.
#[napi(ts_return_type = "Promise<string>")]
pub fn list_rules(env: &Env, options: String) -> napi::Result<Object<'_>> {
    calls::start(env, move || to_json(&xform_core::list_rules(&options, &new_engine)?))
}

/// Shows the rule called `name` in the files that `options` name, as JSON.
#[napi(ts_return_type = "Promise<string>")]
pub fn show_rule(env: &Env, name: String, options: String) -> napi::Result<Object<'_>> {
    calls::start(env, move || to_json(&xform_core::show_rule(&name, &options, &new_engine)?))
}

/// Applies one transform to a few molecules and resolves to one result per molecule, as JSON.
#[napi(ts_return_type = "Promise<string>")]
pub fn transform_smiles<'env>(
    env: &'env Env,
    smiles: Vec<String>,
    transform: NativeTransform,
    options: String,
    cancellation: &Cancellation,
) -> napi::Result<Object<'env>> {
    calls::start_stoppable(env, cancellation, move || molecules::transform(&smiles, transform, &options))
}

/// Tries transforms on a few molecules and resolves to one result per molecule, as JSON.
#[napi(ts_return_type = "Promise<string>")]
pub fn try_transform<'env>(
    env: &'env Env,
    smiles: Vec<String>,
    options: String,
    draws: bool,
    cancellation: &Cancellation,
) -> napi::Result<Object<'env>> {
    calls::start_stoppable(env, cancellation, move || trials::try_transforms(smiles, &options, draws))
}

/// Called when the process is about to end; see `end_at_once_if_busy`.
#[napi]
pub fn before_exit(env: Env) -> napi::Result<()> {
    failure::sync(env, end_at_once_if_busy)
}

/// Runs when a JavaScript thread loads the addon.
#[napi(module_exports)]
pub fn on_load(_exports: Object, env: Env) -> napi::Result<()> {
    failure::sync(env, end_at_once_if_busy)?;
    env.add_env_cleanup_hook((), |()| {
        calls::stop_own();
        run::stop_own();
        // If this fails, the handler that was installed at loading must be enough.
        let _ = end_at_once_if_busy();
    })?;
    Ok(())
}

fn end_at_once_if_busy() -> Result<(), Error> {
    xform_rdkit::end_at_once_if_busy().map_err(|error| Error::internal(error.to_string()))
}

/// Version of this addon.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Name and version of the toolkit, as JSON.
#[napi]
pub fn engine_version(env: Env) -> napi::Result<String> {
    failure::sync(env, || to_json(&new_engine(&[], &EngineSettings::default())?.version()))
}

/// The options of a run, from the JSON that JavaScript passes.
fn run_options(json: &str) -> Result<ApplyOptions, Error> {
    ApplyOptions::from_json(Command::Apply, json)
}

fn new_engine(transforms: &[Transform], settings: &EngineSettings) -> Result<Box<dyn Engine>, Error> {
    Ok(Box::new(RdkitEngine::new(transforms, settings)?))
}

fn from_json<T: DeserializeOwned>(json: &str) -> Result<T, Error> {
    serde_json::from_str(json).map_err(|error| Error::internal(format!("JSON: {error}")))
}

fn to_json<T: serde::Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::internal(format!("JSON: {error}")))
}
