//! `cluster apply`: the library goes to the cluster, the rows come back, and core makes the files of them.
//!
//! An executor that is lost costs its tasks, which the scheduler has done again; one that is lost after the job's end and
//! before its results were fetched costs an attempt, of which there are [`ATTEMPTS`]. A scheduler that is lost ends the
//! run. Nothing has its final name before everything is there.

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
use crate::spec::{Spec, Versions};
use crate::unpack::Unpacker;

/// How often a job is begun.
const ATTEMPTS: u32 = 3;
/// How long the client waits for the first executor.
pub const EXECUTOR_PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(100);

/// Where the rows are made.
#[derive(Debug, Clone)]
pub enum Cluster {
    /// The cluster of the scheduler at `host:port`.
    At(String),
    /// A scheduler and an executor in this process, with so many tasks at a time.
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
    /// Which one.
    pub cluster: Cluster,
    /// Into how many parts the library and the keys are cut: tasks of each stage.
    pub partitions: usize,
    /// How long to wait for the first executor.
    pub patience: Duration,
}

/// Why an attempt ended.
enum Fault {
    /// What another attempt would not mend.
    Final(Error),
    /// A result that could not be fetched.
    Fetch(DataFusionError),
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
        let runtime = Runtime::new().map_err(|error| Error::internal(format!("no runtime: {error}")))?;
        // Before the library is read: it may be long.
        runtime.block_on(self.wait_for_executors(gathered))?;
        let files = library::stage(task, source, gathered, self.partitions)?;
        let made = runtime.block_on(self.attempts(task, &files, gathered));
        // A connection to a scheduler that is gone may take its time to end.
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
            // Staging may have taken long, and Ballista queues a job that no executor can take without an end.
            self.wait_for_executors(gathered).await?;
            gathered.begin()?;
            match self.attempt(task, files, gathered).await {
                Ok(()) => return Ok(()),
                Err(Fault::Final(error)) => return Err(error),
                Err(Fault::Fetch(error)) if attempt == ATTEMPTS => {
                    return Err(self.failed(format!(
                        "its results could not be fetched in {ATTEMPTS} attempts: {error}"
                    )));
                }
                Err(Fault::Fetch(error)) => {
                    log::warn!("results could not be fetched ({error}); the job is begun anew");
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
        let unpacker = Unpacker::new(&task.columns)?;
        let spec = Spec::new(task.transforms, task.options.limits());
        let spec = Spec { versions: Some(Versions::of_this()?), ..spec };
        let (dedup, order) = (task.options.dedup, task.options.order);
        let planned = async {
            let context = self.cluster.context(self.partitions).await?;
            let job = plan::job(&context, files, &spec.to_json()?, dedup, order).await?;
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
                None => return self.all_made(task, gathered),
            }
        }
    }

    /// A scheduler that does not see the files plans a scan of nothing, and its job ends well.
    fn all_made(&self, task: &Task<'_>, gathered: &Gathered<'_>) -> Result<(), Fault> {
        let (made, read) = (gathered.rows_made(), gathered.rows_read());
        if made == read {
            return Ok(());
        }
        let folder = task.scratch.display();
        Err(Fault::Final(self.failed(format!(
            "{made} of {read} rows came back: scheduler and executors must all see {folder} under that path, with all files \
             in it; put --outdir or --scratch on a file system that they share"
        ))))
    }

    /// Whether another attempt may do better than one that ended with `error`, after the scheduler had taken the job or
    /// before.
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
        // The second is how Ballista tells of a job that has failed: there are no results to fetch.
        if !was_taken || text.starts_with("Job ") {
            return Fault::Final(self.failed(text));
        }
        Fault::Fetch(error)
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

/// Returns when the caller has asked to stop.
async fn asked_to_stop(task: &Task<'_>) {
    while !task.control.is_cancelled() {
        sleep(LOOK).await;
    }
}

/// The words of an error without those that DataFusion puts before them.
fn plain(error: &DataFusionError) -> String {
    match error {
        DataFusionError::Execution(text) | DataFusionError::Configuration(text) => text.clone(),
        other => other.to_string(),
    }
}
