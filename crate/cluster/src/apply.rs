//! `cluster apply`: the options as they come, and the run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Deserialize;
use xform_core::engine::{Engine, Limits};
use xform_core::path_text::unpack;
use xform_core::source::KeepColumns;
use xform_core::transform::Transform;
use xform_core::{ApplyOptions, Control, Error, Order, Summary, check, gather};
use xform_rdkit::RdkitEngine;

use crate::client::{Client, Cluster, EXECUTOR_PATIENCE};
use crate::events::{Event, say};
use crate::signals;

/// The options, as `xform-native cluster apply` gives them.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClusterApplyOptions {
    /// The scheduler, as `host:port`.
    pub scheduler: String,
    /// Parts of the library and of the keys.
    pub partitions: usize,
    /// Whether the products stand in the order of the input.
    pub sort: bool,
    /// See [`ApplyOptions::input`]; so are those that follow of the same name there.
    pub input: String,
    /// See above.
    pub outdir: String,
    /// See above.
    pub xf_config: String,
    /// See above.
    pub xf_names: Vec<String>,
    /// See above.
    pub delimiter: Option<String>,
    /// See above.
    pub header: Option<bool>,
    /// See above.
    pub smiles_column: Option<String>,
    /// See above.
    pub id_column: Option<String>,
    /// Whether all columns are kept.
    pub keep_all_columns: bool,
    /// Columns that are kept.
    pub keep_columns: Vec<String>,
    /// See above.
    pub max_sites: Option<i64>,
    /// See above.
    pub exclude_sugar_like: Option<bool>,
    /// See above.
    pub dedup: String,
    /// See above.
    pub max_atoms: u32,
    /// See above.
    pub max_products_per_mol: Option<u32>,
    /// See above.
    pub max_rejects: Option<u64>,
    /// See above.
    pub flush_interval: usize,
    /// See above.
    pub target_memory: String,
    /// See above.
    pub scratch: Option<String>,
    /// See above.
    pub force: bool,
}

impl TryFrom<ClusterApplyOptions> for ApplyOptions {
    type Error = Error;

    fn try_from(given: ClusterApplyOptions) -> Result<Self, Error> {
        let defaults =
            Self::new(unpack(given.input), unpack(given.outdir), unpack(given.xf_config), given.xf_names);
        Ok(Self {
            delimiter: given.delimiter.as_deref().map(str::parse).transpose()?,
            header: given.header,
            smiles_column: given.smiles_column,
            id_column: given.id_column,
            keep_columns: match (given.keep_all_columns, given.keep_columns) {
                (true, _) => KeepColumns::All,
                (false, names) if names.is_empty() => KeepColumns::None,
                (false, names) => KeepColumns::Named(names),
            },
            max_sites: given.max_sites,
            exclude_sugar_like: given.exclude_sugar_like,
            dedup: given.dedup.parse()?,
            max_atoms: given.max_atoms,
            max_products_per_mol: given.max_products_per_mol,
            max_rejects: given.max_rejects,
            flush_interval: given.flush_interval,
            target_memory: given.target_memory.parse()?,
            scratch: given.scratch.map(unpack),
            force: given.force,
            order: if given.sort { Order::Input } else { Order::Key },
            ..defaults
        })
    }
}

/// Runs, and says how it goes.
///
/// # Errors
/// Those of [`gather`].
pub fn run(given: ClusterApplyOptions, cancel: Arc<AtomicBool>) -> Result<(), Error> {
    if given.partitions == 0 || given.partitions > MAX_PARTITIONS {
        return Err(Error::InvalidOption {
            option: "--partitions".to_owned(),
            reason: format!("{} does not lie between 1 and {MAX_PARTITIONS}", given.partitions),
        });
    }
    let partitions = given.partitions;
    let cluster = Cluster::At(given.scheduler.clone());
    let options = ApplyOptions::try_from(given)?;
    let report = check(&options, &new_engine)?;
    say(&Event::Started { report: &report });
    let control = Control {
        cancel,
        on_progress: Some(Box::new(|progress| say(&Event::Progress { progress }))),
        ..Control::default()
    };
    let mut client = Client { cluster, partitions, patience: EXECUTOR_PATIENCE };
    let summary: Summary = gather(&options, &new_engine, &control, &mut client)?;
    say(&Event::Done { summary: &summary });
    Ok(())
}

/// More files than that a client should not have open.
const MAX_PARTITIONS: usize = 1_000;

/// The engine that the client checks transforms with.
pub fn new_engine(transforms: &[Transform], limits: Limits) -> Result<Box<dyn Engine>, Error> {
    Ok(Box::new(RdkitEngine::new(transforms, limits)?))
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
