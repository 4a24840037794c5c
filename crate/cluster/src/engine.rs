//! Ballista's engine of an executor, with two changes for stages that are repeated because an executor was lost.
//!
//! First, a file name is used only once. Ballista names a file by the task's number, and a stage that is rolled back
//! numbers its tasks from 0 again. Tasks of the earlier attempt may still be writing, because they cannot be
//! cancelled: two tasks would then write one file while a third reads it, and Ballista treats a file that ends early
//! as a complete one.
//!
//! Second, a sorted partition is read once. The results of tasks that had finished before their stage was rolled back
//! stay in the next stage's input, together with those of the next attempt.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use ballista_core::JobId;
use ballista_core::execution_plans::ShuffleReaderExec;
use ballista_executor::execution_engine::{DefaultExecutionEngine, ExecutionEngine, QueryStageExecutor};
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::error::Result;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::sorts::sort_preserving_merge::SortPreservingMergeExec;
use datafusion::prelude::SessionConfig;

use crate::connections::Connections;

/// The engine.
pub struct Engine {
    inner: DefaultExecutionEngine,
    next_file: AtomicUsize,
}

impl Default for Engine {
    fn default() -> Self {
        // An executor that returns at the same address must not reuse the names of the one before it.
        let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            inner: DefaultExecutionEngine::with_client_pool(Arc::new(Connections::default())),
            next_file: AtomicUsize::new(started.as_micros() as usize),
        }
    }
}

impl ExecutionEngine for Engine {
    fn create_query_stage_exec(
        &self,
        job_id: JobId,
        stage_id: usize,
        _task_id: usize,
        global_output_partition_ids: Vec<usize>,
        plan: Arc<dyn ExecutionPlan>,
        work_dir: &str,
        config: &SessionConfig,
    ) -> Result<Arc<dyn QueryStageExecutor>> {
        // Other threads only need to see the number itself.
        let file = self.next_file.fetch_add(1, Ordering::Relaxed);
        self.inner.create_query_stage_exec(
            job_id,
            stage_id,
            file,
            global_output_partition_ids,
            with_partitions_read_once(plan)?,
            work_dir,
            config,
        )
    }
}

/// The plan, in which a merge reads only the latest result for each partition. A merge needs sorted partitions, and
/// two files one after the other are not sorted. Each file is therefore a complete partition, and all files of a
/// partition hold the same rows.
fn with_partitions_read_once(plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    let read_once = plan.transform_up(|node| {
        let Some(merge) = node.downcast_ref::<SortPreservingMergeExec>() else {
            return Ok(Transformed::no(node));
        };
        let Some(reader) = merge.input().downcast_ref::<ShuffleReaderExec>() else {
            return Ok(Transformed::no(node));
        };
        let latest = reader.partition.iter().map(|files| {
            let latest = files.iter().max_by_key(|file| file.file_id);
            latest.into_iter().cloned().collect()
        });
        let partitioning = reader.properties().output_partitioning().clone();
        let reader =
            ShuffleReaderExec::try_new(reader.stage_id, latest.collect(), reader.schema(), partitioning)?;
        let merge =
            SortPreservingMergeExec::new(merge.expr().clone(), Arc::new(reader)).with_fetch(merge.fetch());
        Ok(Transformed::yes(Arc::new(merge)))
    })?;
    Ok(read_once.data)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use arrow::array::{ArrayRef, Int32Array, RecordBatch};
    use ballista_core::execution_plans::ShuffleWriterExec;
    use ballista_core::serde::scheduler::{
        ExecutorMetadata, ExecutorOperatingSystemSpecification, ExecutorSpecification, PartitionId,
        PartitionLocation, PartitionStats,
    };
    use datafusion::physical_expr::{LexOrdering, PhysicalSortExpr, expressions};
    use datafusion::physical_plan::Partitioning;
    use datafusion::prelude::SessionContext;

    use super::*;

    #[tokio::test]
    async fn tasks_of_one_number_write_files_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let work_dir = folder.path().to_str().unwrap();
        let numbers: ArrayRef = Arc::new(Int32Array::from(vec![1, 2]));
        let batch = RecordBatch::try_from_iter([("n", numbers)]).unwrap();
        let context = SessionContext::new();
        let scan = context.read_batch(batch).unwrap().create_physical_plan().await.unwrap();
        let job = JobId::new("job");
        let writer = Arc::new(ShuffleWriterExec::try_new(job.clone(), 2, scan, work_dir.to_owned()).unwrap());
        let engine = Engine::default();
        for _attempt in 0..2 {
            let plan = Arc::clone(&writer) as Arc<dyn ExecutionPlan>;
            let config = context.copied_config();
            let task =
                engine.create_query_stage_exec(job.clone(), 2, 7, vec![0], plan, work_dir, &config).unwrap();
            let written = task.execute_query_stage(7, context.task_ctx()).await.unwrap();
            assert_eq!(written.len(), 1);
        }
        assert_eq!(fs::read_dir(folder.path().join("job/2/0")).unwrap().count(), 2);
    }

    fn file(partition_id: usize, executor: &str, file_id: u64) -> PartitionLocation {
        PartitionLocation {
            map_partition_id: 0,
            partition_id: PartitionId { job_id: JobId::new("job"), stage_id: 2, partition_id },
            executor_meta: ExecutorMetadata {
                id: executor.to_owned(),
                host: "localhost".to_owned(),
                port: 1,
                grpc_port: 1,
                specification: ExecutorSpecification::default(),
                os_info: ExecutorOperatingSystemSpecification::default(),
            },
            partition_stats: PartitionStats::new(None, None, None),
            file_id: Some(file_id),
            is_sort_shuffle: false,
        }
    }

    #[test]
    fn a_partition_that_two_attempts_have_written_is_merged_once() {
        let numbers: ArrayRef = Arc::new(Int32Array::from(vec![1]));
        let schema = RecordBatch::try_from_iter([("n", numbers)]).unwrap().schema();
        let files = vec![
            vec![file(0, "a", 1), file(0, "b", 5)],
            vec![file(1, "a", 2)],
            vec![file(2, "b", 7), file(2, "a", 3)],
        ];
        let partitioning = Partitioning::UnknownPartitioning(files.len());
        let reader = ShuffleReaderExec::try_new(2, files, Arc::clone(&schema), partitioning).unwrap();
        let by_number = PhysicalSortExpr::new_default(expressions::col("n", &schema).unwrap());
        let merge = SortPreservingMergeExec::new(LexOrdering::new([by_number]).unwrap(), Arc::new(reader));
        let merged = with_partitions_read_once(Arc::new(merge)).unwrap();
        let reader = merged.children()[0].downcast_ref::<ShuffleReaderExec>().unwrap();
        let read: Vec<Vec<Option<u64>>> =
            reader.partition.iter().map(|files| files.iter().map(|file| file.file_id).collect()).collect();
        assert_eq!(read, [[Some(5)], [Some(2)], [Some(7)]]);
    }
}
