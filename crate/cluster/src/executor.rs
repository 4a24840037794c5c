//! `cluster executor`: Ballista's executor with the functions of this crate.

use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;

use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use serde::Deserialize;
use xform_core::{Error, TargetMemory};

use crate::events::{Event, say};
use crate::{address, session, signals};

/// Heartbeats in the time after which an executor counts as lost.
const BEATS: u64 = 4;
/// How long it waits for its scheduler.
const SCHEDULER_PATIENCE_SECONDS: u16 = 60;

/// Its options, as `xform-native cluster executor` gives them.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExecutorOptions {
    /// The scheduler, as `host:port`.
    pub scheduler: String,
    /// Address to bind to.
    pub host: String,
    /// Name or address under which others reach it; `host` if not given.
    pub external_host: Option<String>,
    /// Port for results; 0 for any that is free.
    pub port: u16,
    /// Port for tasks; 0 for any that is free.
    pub grpc_port: u16,
    /// Tasks at a time.
    pub workers: Option<usize>,
    /// Folder for what is shuffled.
    pub scratch: PathBuf,
    /// Memory of its tasks' tables and sorts.
    pub target_memory: Option<String>,
    /// Seconds without a heartbeat after which its scheduler counts it as lost.
    pub executor_timeout: u64,
}

/// Serves until it is told to stop.
///
/// # Errors
/// [`Error::ClusterFailed`] where the scheduler does not answer, or no longer does, or an address cannot be had.
pub async fn run(options: &ExecutorOptions) -> Result<(), Error> {
    let failed = |reason: String| Error::ClusterFailed { scheduler: options.scheduler.clone(), reason };
    let config = Arc::new(config(options)?);
    say(&Event::Listening { address: format!("{}:{}", config.bind_host, config.port) });
    let mut serving = pin!(start_executor_process(config));
    let ended = tokio::select! {
        ended = &mut serving => ended,
        signals = signals::asked_to_stop() => {
            if let Err(error) = signals {
                log::error!("signals are not heard: {error}");
            }
            // Ballista has heard it as well, and takes leave of the scheduler and of its tasks.
            return serving.await.map_err(|error| failed(error.to_string()));
        }
    };
    Err(failed(match ended {
        Err(error) => error.to_string(),
        Ok(()) => {
            "the executor has ended, since the scheduler did not answer any more or told it to".to_owned()
        }
    }))
}

fn config(options: &ExecutorOptions) -> Result<ExecutorProcessConfig, Error> {
    let invalid = |option: &str, reason: String| Error::InvalidOption { option: option.to_owned(), reason };
    let (scheduler_host, scheduler_port) = address::scheduler(&options.scheduler)?;
    let host = address::local(&options.host)?;
    let port = |option: &str, asked: u16| {
        address::free_port(host, asked).map_err(|error| invalid(option, error.to_string()))
    };
    let memory = options.target_memory.as_deref().map(str::parse::<TargetMemory>).transpose()?;
    let scratch = options.scratch.to_str().ok_or_else(|| invalid("--scratch", "is not UTF-8".to_owned()))?;
    std::fs::create_dir_all(scratch)
        .map_err(|error| Error::output("create the folder", &options.scratch, error))?;
    let defaults = ExecutorProcessConfig::default();
    Ok(ExecutorProcessConfig {
        bind_host: address::before_port(host),
        external_host: Some(address::external(host, options.external_host.as_deref())?),
        port: port("--port", options.port)?,
        grpc_port: port("--grpc-port", options.grpc_port)?,
        scheduler_host,
        scheduler_port,
        scheduler_connect_timeout_seconds: SCHEDULER_PATIENCE_SECONDS,
        vcores: options.workers.unwrap_or(defaults.vcores),
        work_dir: Some(scratch.to_owned()),
        executor_heartbeat_interval_seconds: (options.executor_timeout / BEATS).max(1),
        memory_pool_size: memory.map(|memory| memory.bytes(xform_core::memory::limit_bytes())),
        override_function_registry: Some(Arc::new(session::function_registry())),
        ..defaults
    })
}
