//! Which executor gets which task, and whether any executor is busy.
//!
//! Executors ask for tasks (Ballista calls this pull scheduling), and report each time how many more they can take.
//! With push scheduling, Ballista 55 keeps this account itself, and loses count when a stage is rolled back: tasks of
//! that stage that end later return their slots only if the stage runs again by then. Without such an account,
//! nothing can go wrong with it.
//!
//! A task or its outcome can still be lost on the way: then a job waits although every executor is idle. The reports
//! of the executors are therefore recorded as well, for [`crate::standstill`].

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use ballista_core::JobId;
use ballista_core::serde::protobuf::AvailableVcores;
use ballista_core::serde::scheduler::{
    ExecutorData, ExecutorMetadata, ExecutorOperatingSystemSpecification, ExecutorSpecification,
};
use ballista_scheduler::cluster::memory::InMemoryClusterState;
use ballista_scheduler::cluster::{BoundTask, ClusterState, DistributionPolicy};
use ballista_scheduler::config::TaskDistributionPolicy;
use ballista_scheduler::state::task_manager::JobInfoCache;
use datafusion::error::{DataFusionError, Result};

/// Ballista's own assignment, which also records whether executors have work.
#[derive(Debug, Default)]
pub struct Assignment {
    /// The most free slots that each executor has reported: all its slots, because it starts without work.
    slots: Mutex<HashMap<String, u32>>,
    has_work: AtomicBool,
}

impl Assignment {
    /// Whether an executor has had work since the last call.
    pub fn take_has_work(&self) -> bool {
        // The flag carries no data.
        self.has_work.swap(false, Ordering::Relaxed)
    }

    /// Whether an executor with this many free slots is working.
    fn is_at_work(&self, executor: &str, free: u32) -> bool {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let most = slots.entry(executor.to_owned()).or_default();
        *most = free.max(*most);
        free < *most
    }
}

#[async_trait]
impl DistributionPolicy for Assignment {
    async fn bind_tasks(
        &self,
        budgets: Vec<&mut AvailableVcores>,
        running_jobs: Arc<HashMap<JobId, JobInfoCache>>,
    ) -> Result<Vec<BoundTask>> {
        let asking = InMemoryClusterState::default();
        let mut has_work = false;
        for budget in budgets {
            has_work |= self.is_at_work(&budget.executor_id, budget.vcores);
            asking.register_executor(named(budget), account(budget)).await.map_err(external)?;
        }
        let bound = asking.bind_schedulable_tasks(TaskDistributionPolicy::Bias, running_jobs, None).await;
        let bound = bound.map_err(external)?;
        if has_work || !bound.is_empty() {
            self.has_work.store(true, Ordering::Relaxed);
        }
        Ok(bound)
    }

    fn name(&self) -> &str {
        "xform"
    }
}

/// An executor of which only the name is used.
fn named(budget: &AvailableVcores) -> ExecutorMetadata {
    ExecutorMetadata {
        id: budget.executor_id.clone(),
        host: String::new(),
        port: 0,
        grpc_port: 0,
        specification: ExecutorSpecification::default(),
        os_info: ExecutorOperatingSystemSpecification::default(),
    }
}

fn account(budget: &AvailableVcores) -> ExecutorData {
    ExecutorData {
        executor_id: budget.executor_id.clone(),
        total_vcores: budget.vcores,
        available_vcores: budget.vcores,
    }
}

fn external(error: ballista_core::error::BallistaError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is recorded for executors that report these free slots, one after the other.
    async fn noted(reports: &[(&str, u32)]) -> bool {
        let assignment = Assignment::default();
        for &(executor, vcores) in reports {
            let mut budget = AvailableVcores { executor_id: executor.to_owned(), vcores };
            let bound = assignment.bind_tasks(vec![&mut budget], Arc::default()).await.unwrap();
            assert!(bound.is_empty(), "there is no job");
        }
        assignment.take_has_work()
    }

    #[tokio::test]
    async fn an_executor_is_at_work_while_fewer_slots_are_free_than_it_has() {
        assert!(!noted(&[("a", 2), ("b", 1), ("a", 2)]).await);
        assert!(noted(&[("a", 2), ("b", 1), ("a", 1)]).await);
        assert!(noted(&[("a", 2), ("a", 0)]).await);
    }

    #[tokio::test]
    async fn work_is_noted_once() {
        let assignment = Assignment::default();
        for vcores in [1, 0] {
            let mut budget = AvailableVcores { executor_id: "a".to_owned(), vcores };
            assignment.bind_tasks(vec![&mut budget], Arc::default()).await.unwrap();
        }
        assert!(assignment.take_has_work());
        assert!(!assignment.take_has_work());
    }
}
