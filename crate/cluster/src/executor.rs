//! `cluster executor`: Ballista's executor with the functions of this crate.
//!
//! It asks the scheduler for tasks ([`crate::assignment`]), and each request shows the scheduler that it is alive. It
//! exits when the scheduler no longer answers.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use ballista_core::config::TaskSchedulingPolicy;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_executor::health::ExecutorHealth;
use tokio::time::{Instant, sleep, timeout};
use xform_core::Error;
use xform_core::events::{Event, emit};
use xform_core::options::{ExecutorOptions, ServerOptions};

use crate::engine::Engine;
use crate::scratch::Scratch;
use crate::{address, session, signals};

/// How long an executor takes to leave after it has told its scheduler; tasks that run longer are lost with it.
pub const LEAVING_SECONDS: u64 = 3;
/// How long it waits for its scheduler when it starts.
const SCHEDULER_PATIENCE_SECONDS: u16 = 60;
const LOOK: Duration = Duration::from_millis(250);

/// Serves until it is told to stop.
///
/// # Errors
/// [`Error::ClusterFailed`] if the scheduler does not answer, or no longer does, or an address is not available.
pub async fn run(scheduler: &str, server: &ServerOptions, options: &ExecutorOptions) -> Result<(), Error> {
    let failed = |reason: String| Error::ClusterFailed { scheduler: scheduler.to_owned(), reason };
    let scratch = Scratch::create(&options.scratch)?;
    let config = Arc::new(config(scheduler, server, options, &scratch)?);
    let health = config.health.clone();
    let patience = Duration::from_secs(server.executor_timeout);
    emit(&Event::Listening { address: format!("{}:{}", config.bind_host, config.port) });
    let mut serving = pin!(start_executor_process(config));
    let ended = tokio::select! {
        ended = &mut serving => ended,
        signals = signals::asked_to_stop() => {
            if let Err(error) = signals {
                log::error!("cannot listen for signals: {error}");
            }
            // Ballista has received the signal too and tells the scheduler. It then waits for its tasks and asks for
            // more, although their results are lost with it.
            return match timeout(Duration::from_secs(LEAVING_SECONDS), serving).await {
                Ok(ended) => ended.map_err(|error| failed(error.to_string())),
                Err(_) => Ok(()),
            };
        }
        () = scheduler_is_lost(&health, patience) => {
            return Err(failed(format!("the scheduler has not answered for {} s", patience.as_secs())));
        }
    };
    Err(failed(match ended {
        Err(error) => error.to_string(),
        Ok(()) => "the executor exited and gave no reason".to_owned(),
    }))
}

/// Returns when the scheduler has not answered for `patience`.
async fn scheduler_is_lost(health: &ExecutorHealth, patience: Duration) {
    // The first answer may take as long as connecting.
    let mut answered = Instant::now() + Duration::from_secs(SCHEDULER_PATIENCE_SECONDS.into());
    while Instant::now().saturating_duration_since(answered) < patience {
        sleep(LOOK).await;
        if health.is_ready() {
            answered = Instant::now();
        }
    }
}

fn config(
    scheduler: &str,
    server: &ServerOptions,
    options: &ExecutorOptions,
    scratch: &Scratch,
) -> Result<ExecutorProcessConfig, Error> {
    let (scheduler_host, scheduler_port) = address::scheduler(scheduler)?;
    let host = address::local(&server.host)?;
    let port = address::free_port(host, options.port);
    let failed = |error: io::Error| Error::ClusterFailed {
        scheduler: scheduler.to_owned(),
        reason: format!("no port: {error}"),
    };
    let scratch = scratch.path().to_str().ok_or_else(|| ExecutorOptions::scratch.refuse("is not UTF-8"))?;
    let defaults = ExecutorProcessConfig::default();
    Ok(ExecutorProcessConfig {
        bind_host: address::before_port(host),
        external_host: Some(address::external(host, server.external_host.as_deref())?),
        port: port.map_err(failed)?,
        scheduler_host,
        scheduler_port,
        scheduler_connect_timeout_seconds: SCHEDULER_PATIENCE_SECONDS,
        vcores: options.workers.unwrap_or(defaults.vcores),
        work_dir: Some(scratch.to_owned()),
        task_scheduling_policy: TaskSchedulingPolicy::PullStaged,
        memory_pool_size: Some(options.target_memory.bytes(xform_core::memory::limit_bytes())),
        override_execution_engine: Some(Arc::new(Engine::default())),
        override_function_registry: Some(Arc::new(session::function_registry())),
        ..defaults
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_scheduler_is_lost_when_it_no_longer_answers() {
        let health = ExecutorHealth::new();
        health.mark_heartbeat_ok();
        let mut lost = pin!(scheduler_is_lost(&health, Duration::from_millis(100)));
        assert!(timeout(Duration::from_secs(1), &mut lost).await.is_err(), "it answers");
        health.mark_heartbeat_failed();
        lost.await;
    }
}
