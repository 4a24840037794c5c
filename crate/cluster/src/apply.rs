//! `cluster apply`: a run whose rows are processed on the cluster.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use xform_core::engine::Engine;
use xform_core::options::ClusterOptions;
use xform_core::transform::Transform;
use xform_core::{Control, EngineSettings, Error, gather, narrate};
use xform_rdkit::RdkitEngine;

use crate::client::{Client, Cluster, EXECUTOR_PATIENCE};
use crate::signals;

/// Runs with the options in `json`, and reports events.
///
/// # Errors
/// Those of [`gather`].
pub fn run(json: &str, cancel: Arc<AtomicBool>) -> Result<(), Error> {
    let (ClusterOptions { scheduler, partitions, .. }, options) = ClusterOptions::from_json(json)?;
    let mut client = Client { cluster: Cluster::At(scheduler), partitions, patience: EXECUTOR_PATIENCE };
    let control = Control { cancel, announces: true, ..Control::default() };
    narrate(control, |control| gather(&options, &new_engine, control, &mut client))
}

/// The engine that the client checks transforms with.
pub fn new_engine(transforms: &[Transform], settings: &EngineSettings) -> Result<Box<dyn Engine>, Error> {
    Ok(Box::new(RdkitEngine::new(transforms, settings)?))
}

/// Sets `cancel` at the first signal, from when on signals do nothing more.
pub fn cancel_on_signals(cancel: Arc<AtomicBool>) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name("xform-signals".to_owned()).spawn(move || {
        if runtime.block_on(signals::asked_to_stop()).is_ok() {
            // The flag carries no data.
            cancel.store(true, Ordering::Relaxed);
        }
    })?;
    Ok(())
}
