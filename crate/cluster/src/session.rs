//! Registers the functions of this crate in every place where Ballista looks for functions: the scheduler, which
//! plans with them, the executors, which run them, and the client. Ballista's own upgrade of a session's state
//! restores only DataFusion's functions, so they are registered again on the client's context.

use std::sync::Arc;

use ballista::prelude::SessionContextExt;
use ballista_core::config::{
    BALLISTA_CLIENT_GRPC_HTTP2_KEEPALIVE_INTERVAL_SECONDS, BALLISTA_CLIENT_GRPC_TCP_KEEPALIVE_SECONDS,
    BALLISTA_SCHEDULER_MAX_PARTITIONS_PER_TASK, BALLISTA_SHUFFLE_SORT_BASED_BATCH_SIZE,
};
use ballista_core::extension::SessionConfigExt;
use ballista_core::registry::BallistaFunctionRegistry;
use ballista_core::utils::default_session_builder;
use datafusion::error::Result;
use datafusion::execution::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::ScalarUDF;
use datafusion::prelude::{SessionConfig, SessionContext};

use crate::packing::{XformKey, XformRecord};
use crate::xform::Xform;

/// A connection that is silent for this long is probed, so that a client does not wait for a scheduler that is gone.
const KEEPALIVE_SECONDS: usize = 10;
/// Rows after which a task decides whether looking for equal products before the shuffle is worthwhile. DataFusion's
/// default of 100,000 is more than most tasks have.
const PROBE_ROWS: usize = 16_384;

/// Maximum rows of a batch. The last step of a job holds some batches of every partition, so DataFusion's default of
/// 8,192 rows was too many: 64 partitions of polyphenols took 855 MiB with it, and take 378 MiB now.
const BATCH_ROWS: usize = 1_024;

/// The functions of this crate.
pub fn functions() -> Vec<Arc<ScalarUDF>> {
    vec![
        Arc::new(ScalarUDF::from(Xform::default())),
        Arc::new(ScalarUDF::from(XformKey::default())),
        Arc::new(ScalarUDF::from(XformRecord::default())),
    ]
}

/// The registry in which an executor finds its functions.
pub fn function_registry() -> BallistaFunctionRegistry {
    let mut registry = BallistaFunctionRegistry::default();
    for function in functions() {
        registry.scalar_functions.insert(function.name().to_owned(), function);
    }
    registry
}

/// A scheduler's session.
pub fn scheduler_state(config: SessionConfig) -> Result<SessionState> {
    with_functions(default_session_builder(config)?)
}

/// A client's context for the scheduler at `host:port`.
pub async fn client(scheduler: &str, partitions: usize) -> Result<SessionContext> {
    let state = SessionStateBuilder::new().with_config(config(partitions)).with_default_features().build();
    let context =
        SessionContext::remote_with_state(&format!("df://{scheduler}"), with_functions(state)?).await?;
    register(&context);
    Ok(context)
}

/// A client's context for a scheduler and an executor in this process, which runs `vcores` tasks at a time.
pub async fn standalone(partitions: usize, vcores: usize) -> Result<SessionContext> {
    let config = config(partitions).with_ballista_standalone_parallelism(vcores);
    let state = SessionStateBuilder::new().with_config(config).with_default_features().build();
    let context = SessionContext::standalone_with_state(with_functions(state)?).await?;
    register(&context);
    Ok(context)
}

/// How a job is planned: as many files as partitions, and independent of the files' content. Everything is planned
/// beforehand, because Ballista's adaptive planner does not handle the loss of an executor. A task is one partition:
/// by default Ballista makes one task of as many partitions as an executor has free cores, and all of these wait for
/// the slowest (100,000 polyphenols on one executor with two cores took 12.0 s that way, and take 10.0 s now).
fn config(partitions: usize) -> SessionConfig {
    SessionConfig::new_with_ballista()
        .with_ballista_job_name("xform-native")
        .with_ballista_adaptive_query_planner(false)
        .with_target_partitions(partitions)
        .with_repartition_file_scans(false)
        .with_collect_statistics(false)
        .set_bool("datafusion.execution.parquet.schema_force_view_types", false)
        .set_usize(BALLISTA_SCHEDULER_MAX_PARTITIONS_PER_TASK, 1)
        .with_batch_size(BATCH_ROWS)
        .set_usize(BALLISTA_SHUFFLE_SORT_BASED_BATCH_SIZE, BATCH_ROWS)
        .set_usize("datafusion.execution.skip_partial_aggregation_probe_rows_threshold", PROBE_ROWS)
        .set_usize(BALLISTA_CLIENT_GRPC_HTTP2_KEEPALIVE_INTERVAL_SECONDS, KEEPALIVE_SECONDS)
        .set_usize(BALLISTA_CLIENT_GRPC_TCP_KEEPALIVE_SECONDS, KEEPALIVE_SECONDS)
}

fn with_functions(state: SessionState) -> Result<SessionState> {
    let functions = state.scalar_functions().values().cloned().chain(self::functions()).collect();
    Ok(SessionStateBuilder::new_from_existing(state).with_scalar_functions(functions).build())
}

fn register(context: &SessionContext) {
    functions().iter().for_each(|function| context.register_udf(ScalarUDF::clone(function)));
}
