//! `cluster apply`: sends the library to the cluster and receives the rows, from which core makes the files.
//!
//! If an executor is lost, the scheduler has its tasks repeated. If a job fails or stands still even so, or if its
//! results are lost before they are fetched, it is started over, up to [`ATTEMPTS`] in total. If the scheduler is
//! lost, the run ends. No file has its final name before everything is complete.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ballista_core::JobId;
use ballista_core::execution_plans::DistributedQueryExec;
use ballista_core::serde::protobuf::CancelJobParams;
use ballista_core::serde::protobuf::scheduler_grpc_client::SchedulerGrpcClient;
use datafusion::error::DataFusionError;
use datafusion::physical_plan::execute_stream;
use datafusion::prelude::SessionContext;
use datafusion_proto::protobuf::LogicalPlanNode;
use futures::StreamExt;
use tokio::runtime::Runtime;
use tokio::time::sleep;
use xform_core::source::Source;
use xform_core::{Error, Gathered, Maker, Task};

use crate::library;
use crate::plan;
use crate::ready::{self, Readiness};
use crate::session;
use crate::spec::{FilterSpec, Spec, Versions};
use crate::unpack::Unpacker;

/// How often a job is started at most.
const ATTEMPTS: u32 = 3;
/// How long the client waits for the first executor.
pub const EXECUTOR_PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(100);

/// Where the rows are made.
#[derive(Debug, Clone)]
pub enum Cluster {
    /// The cluster of the scheduler at `host:port`.
    At(String),
    /// A scheduler and an executor in this process, with this many parallel tasks.
    Standalone(usize),
}

impl Cluster {
    fn name(&self) -> &str {
        match self {
            Self::At(scheduler) => scheduler,
            Self::Standalone(_) => "this process",
        }
    }

    async fn context(&self, partitions: usize) -> Result<SessionContext, DataFusionError> {
        match self {
            Self::At(scheduler) => session::client(scheduler, partitions).await,
            Self::Standalone(vcores) => session::standalone(partitions, *vcores).await,
        }
    }
}

/// Has the rows of a library made on a cluster.
#[derive(Debug, Clone)]
pub struct Client {
    /// The cluster to use.
    pub cluster: Cluster,
    /// The number of parts of the library and of the keys, which is the number of tasks of each stage.
    pub partitions: usize,
    /// How long to wait for the first executor.
    pub patience: Duration,
}

/// Why an attempt ended.
enum Fault {
    /// An error that another attempt would not fix.
    Final(Error),
    /// A text about an event that a lost executor may have caused.
    Passing(String),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Final(error)
    }
}

impl Maker for Client {
    fn make(
        &mut self,
        task: &Task<'_>,
        source: &mut dyn Source,
        gathered: &mut Gathered<'_>,
    ) -> Result<(), Error> {
        let runtime = Runtime::new().map_err(Error::no_thread)?;
        // Checked before the library is read, which may take long.
        runtime.block_on(self.wait_for_executors(gathered))?;
        let files = library::stage(task, source, gathered, self.partitions)?;
        let made = runtime.block_on(self.attempts(task, &files, gathered));
        // A connection to a scheduler that is gone may take long to end.
        runtime.shutdown_background();
        made
    }
}

impl Client {
    async fn wait_for_executors(&self, gathered: &Gathered<'_>) -> Result<(), Error> {
        let Cluster::At(scheduler) = &self.cluster else { return Ok(()) };
        let begun = tokio::time::Instant::now();
        loop {
            match ready::look(scheduler).await {
                Readiness::Ready => return Ok(()),
                Readiness::NoExecutors if begun.elapsed() < self.patience => {}
                Readiness::NoExecutors => {
                    let seconds = self.patience.as_secs();
                    return Err(self.failed(format!(
                        "it has had no executor for {seconds} s; start one: xform-native cluster executor \
                         --scheduler {scheduler}"
                    )));
                }
                Readiness::NoScheduler(reason) => {
                    return Err(self.failed(format!(
                        "no scheduler answers there ({reason}); start one: xform-native cluster scheduler"
                    )));
                }
            }
            gathered.stop_if_asked()?;
            sleep(LOOK).await;
        }
    }

    async fn attempts(
        &self,
        task: &Task<'_>,
        files: &[PathBuf],
        gathered: &mut Gathered<'_>,
    ) -> Result<(), Error> {
        let mut attempt = 1;
        loop {
            // Staging may have taken long, and Ballista queues a job forever if no executor can take it.
            self.wait_for_executors(gathered).await?;
            gathered.begin()?;
            match self.attempt(task, files, gathered).await {
                Ok(()) => return Ok(()),
                Err(Fault::Final(error)) => return Err(error),
                Err(Fault::Passing(reason)) if attempt == ATTEMPTS => {
                    return Err(
                        self.failed(format!("the job failed in {ATTEMPTS} attempts; the last one: {reason}"))
                    );
                }
                Err(Fault::Passing(reason)) => {
                    log::warn!("attempt {attempt} of {ATTEMPTS} failed: {reason}; starting the job over");
                    attempt += 1;
                }
            }
        }
    }

    async fn attempt(
        &self,
        task: &Task<'_>,
        files: &[PathBuf],
        gathered: &mut Gathered<'_>,
    ) -> Result<(), Fault> {
        let mut unpacker = Unpacker::new(&task.columns, task.settings)?;
        let spec = Spec::new(task.transforms, task.settings.clone(), task.options.recheck_plan());
        let spec = match &task.options.filter {
            Some(text) => spec.with_filter(FilterSpec::new(text, &task.columns)?, task.transforms),
            None => spec,
        };
        let (dedup_key, versions) = (task.options.dedup_key, Some(Versions::of_this()?));
        let spec = Spec { dedup_key, versions, ..spec };
        let (dedup, order) = (task.options.dedup, task.options.order);
        let planned = async {
            let context = self.cluster.context(self.partitions).await?;
            let job = plan::job(&context, files, &spec, dedup, order).await?;
            let tasks = Arc::new(job.task_ctx());
            Ok::<_, DataFusionError>((job.create_physical_plan().await?, tasks))
        };
        let (plan, tasks) = planned.await.map_err(|error| self.failed(plain(&error)))?;
        let job = plan.downcast_ref::<DistributedQueryExec<LogicalPlanNode>>();
        let job_id = || job.and_then(DistributedQueryExec::job_id);
        let mut rows =
            execute_stream(Arc::clone(&plan), tasks).map_err(|error| self.failed(plain(&error)))?;
        loop {
            let batch = tokio::select! {
                batch = rows.next() => batch,
                () = asked_to_stop(task) => {
                    self.cancel(job_id()).await;
                    gathered.stop_if_asked()?;
                    continue;
                }
            };
            match batch {
                Some(Ok(batch)) => unpacker.unpack(&batch, gathered)?,
                Some(Err(error)) => return Err(self.fault(error, job_id().is_some()).await),
                None => break,
            }
        }
        self.all_made(task, gathered, &unpacker)
    }

    /// If a scheduler does not see the files, it plans an empty scan, and its job succeeds.
    fn all_made(&self, task: &Task<'_>, gathered: &Gathered<'_>, unpacker: &Unpacker) -> Result<(), Fault> {
        let (made, read) = (gathered.rows_made(), gathered.rows_read());
        let (products, promised) = unpacker.products_and_promised();
        if made == read && products == promised {
            return Ok(());
        }
        if made == read {
            return Err(Fault::Passing(format!("{products} of {promised} products came back")));
        }
        let folder = task.scratch.display();
        let advice = format!(
            "scheduler and executors must all see {folder} under that path, with all files in it; put --outdir or --scratch \
             on a file system that they share"
        );
        Err(match made {
            0 => Fault::Final(self.failed(format!("none of {read} rows came back: {advice}"))),
            _ => {
                Fault::Passing(format!("{made} of {read} rows came back; if no executor was lost, {advice}"))
            }
        })
    }

    /// Whether another attempt may succeed after one that ended with `error`; `was_taken` if the scheduler had
    /// accepted the job.
    async fn fault(&self, error: DataFusionError, was_taken: bool) -> Fault {
        let text = plain(&error);
        log::debug!("the job ended: {error:?}");
        if let Cluster::At(scheduler) = &self.cluster
            && let Readiness::NoScheduler(reason) = ready::look(scheduler).await
        {
            return Fault::Final(self.failed(format!(
                "the scheduler is lost ({reason}), and its jobs with it; nothing was published. Start it and the \
                 executors again, then run the same command again"
            )));
        }
        match Ending::of(&text) {
            _ if !was_taken => Fault::Final(self.failed(text)),
            Ending::ForGood => Fault::Final(self.failed(text)),
            Ending::StoodStill => Fault::Passing(
                "it stood still: there were executors, but none had a task of it (the scheduler's log shows when)".to_owned(),
            ),
            Ending::Failed => Fault::Passing(text),
            Ending::Fetch => Fault::Passing(format!("its results could not be fetched: {text}")),
        }
    }

    async fn cancel(&self, job: Option<JobId>) {
        let (Cluster::At(scheduler), Some(job_id)) = (&self.cluster, job) else { return };
        let cancelled = async {
            let mut client = SchedulerGrpcClient::connect(format!("http://{scheduler}")).await.ok()?;
            client.cancel_job(CancelJobParams { job_id: job_id.to_string() }).await.ok()
        };
        if tokio::time::timeout(Duration::from_secs(1), cancelled).await.is_err() {
            log::warn!("the scheduler was not told that the job is cancelled");
        }
    }

    fn failed(&self, reason: String) -> Error {
        Error::ClusterFailed { scheduler: self.cluster.name().to_owned(), reason }
    }
}

/// How a job ended that the scheduler had accepted, according to Ballista's text about it.
#[derive(Debug, PartialEq)]
enum Ending {
    /// It would fail again.
    ForGood,
    /// The scheduler cancelled it (see [`crate::standstill`]).
    StoodStill,
    /// It failed.
    Failed,
    /// It succeeded, and its results were lost.
    Fetch,
}

impl Ending {
    fn of(text: &str) -> Self {
        // Errors of this crate's functions, lack of memory, or a molecule that took down one executor after another.
        let for_good = ["XFORM_", "Error planning job", "Resources exhausted", "all executors were lost"];
        if !text.starts_with("Job ") {
            Self::Fetch
        } else if text.ends_with("failed: Cancelled") {
            Self::StoodStill
        } else if for_good.iter().any(|known| text.contains(known)) {
            Self::ForGood
        } else {
            Self::Failed
        }
    }
}

/// Returns when the caller has requested a stop.
async fn asked_to_stop(task: &Task<'_>) {
    while !task.control.is_cancelled() {
        sleep(LOOK).await;
    }
}

/// The text of an error without DataFusion's prefixes.
fn plain(error: &DataFusionError) -> String {
    match error {
        DataFusionError::Execution(text) | DataFusionError::Configuration(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_fail_again_is_not_tried_again() {
        for (text, ending) in [
            ("Job x failed: Job failed due to stage 1 failed: XFORM_INVALID_SMIRKS: no", Ending::ForGood),
            (
                "Job x failed: all executors were lost and no executor re-registered within 30s",
                Ending::ForGood,
            ),
            ("Job x failed: Cancelled", Ending::StoodStill),
            ("Job x failed: Job failed due to stage 2 failed: Stage 2 has failed 4 times", Ending::Failed),
            ("Failed to fetch partition", Ending::Fetch),
        ] {
            assert_eq!(Ending::of(text), ending, "{text}");
        }
    }
}
