//! Ends jobs that would wait forever.
//!
//! If a message between scheduler and executor is lost, a job waits for a task that no executor has. Neither side
//! notices, and the cluster is idle from then on. A job that waits while no executor has work is cancelled here, and
//! its client starts it over.

use std::time::Duration;

use ballista_core::JobId;
use ballista_scheduler::scheduler_server::SchedulerServer;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use tokio::time::{Instant, sleep};

use crate::assignment::Assignment;

const LOOK: Duration = Duration::from_millis(500);

/// Watches the jobs of `scheduler` forever, and cancels those that wait for `patience` while there are executors and
/// none has work.
pub async fn end_standstills(
    scheduler: SchedulerServer<LogicalPlanNode, PhysicalPlanNode>,
    assignment: &Assignment,
    patience: Duration,
) {
    let mut moved = Instant::now();
    loop {
        sleep(LOOK).await;
        let jobs = scheduler.state.task_manager.get_running_job_cache();
        if assignment.take_has_work() || jobs.is_empty() || !scheduler.is_ready() {
            moved = Instant::now();
        } else if moved.elapsed() >= patience {
            for job in jobs.keys() {
                cancel(&scheduler, job, patience).await;
            }
            moved = Instant::now();
        }
    }
}

async fn cancel(
    scheduler: &SchedulerServer<LogicalPlanNode, PhysicalPlanNode>,
    job: &JobId,
    patience: Duration,
) {
    log::warn!(
        "job {job} is not finished, and no executor has had a task of it for {} s; cancelling it",
        patience.as_secs()
    );
    if let Err(error) = scheduler.cancel_job(job.clone()).await {
        log::error!("cannot cancel job {job}: {error}");
    }
}
