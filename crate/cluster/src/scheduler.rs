//! `cluster scheduler`: Ballista's scheduler with the functions of this crate.

use std::sync::Arc;
use std::time::Duration;

use ballista_core::config::TaskSchedulingPolicy;
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::{SchedulerConfig, TaskDistributionPolicy};
use ballista_scheduler::scheduler_process::{create_scheduler, start_grpc_service_with_listener};
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use tokio::net::TcpListener;
use xform_core::Error;
use xform_core::events::{Event, emit};
use xform_core::options::{SchedulerOptions, ServerOptions};

use crate::assignment::Assignment;
use crate::executor::LEAVING_SECONDS;
use crate::standstill::end_standstills;
use crate::{address, session, signals};

/// Serves until it is told to stop.
///
/// # Errors
/// [`Error::ClusterFailed`] if the address is not available.
pub async fn run(server: &ServerOptions, options: &SchedulerOptions) -> Result<(), Error> {
    serve(server, options.port, |address| emit(&Event::Listening { address })).await
}

/// Serves until it is told to stop; calls `on_listening` with the address. Tests also use it with a shorter timeout.
///
/// # Errors
/// As [`run`].
pub async fn serve(
    server: &ServerOptions,
    port: u16,
    on_listening: impl FnOnce(String),
) -> Result<(), Error> {
    let host = address::local(&server.host)?;
    let failed = |reason: String| {
        let scheduler = format!("{}:{port}", address::before_port(host));
        Error::ClusterFailed { scheduler, reason }
    };
    let listener = TcpListener::bind((host, port)).await;
    let listener = listener.map_err(|error| failed(error.to_string()))?;
    let bound = listener.local_addr().map_err(|error| failed(error.to_string()))?;

    let assignment = Arc::new(Assignment::default());
    let config = Arc::new(SchedulerConfig {
        bind_host: address::before_port(host),
        // The address to which executors report their results.
        external_host: address::external(host, server.external_host.as_deref())?,
        bind_port: bound.port(),
        scheduling_policy: TaskSchedulingPolicy::PullStaged,
        task_distribution: TaskDistributionPolicy::Custom(Arc::clone(&assignment) as _),
        executor_timeout_seconds: server.executor_timeout,
        executor_termination_grace_period: LEAVING_SECONDS,
        expire_dead_executor_interval_seconds: (server.executor_timeout / 4).max(1),
        no_executors_grace_period_seconds: server.executor_timeout,
        override_session_builder: Some(Arc::new(session::scheduler_state)),
        ..SchedulerConfig::default()
    });
    let serving = async {
        let cluster = BallistaCluster::new_from_config(&config).await?;
        let scheduler = create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, config).await?;
        on_listening(bound.to_string());
        // The death of a busy executor is only noticed after the timeout, so a standstill must last longer than that.
        let patience = Duration::from_secs(2 * server.executor_timeout);
        tokio::select! {
            served = start_grpc_service_with_listener(listener, scheduler.clone()) => served,
            () = end_standstills(scheduler, &assignment, patience) => Ok(()),
        }
    };
    tokio::select! {
        served = serving => served.map_err(|error| failed(error.to_string())),
        stopped = signals::asked_to_stop() => {
            stopped.map_err(|error| Error::internal(format!("cannot listen for signals: {error}")))
        }
    }
}
