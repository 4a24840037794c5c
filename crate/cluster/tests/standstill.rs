//! A run ends in bounded time even if tasks get lost between scheduler and executor and neither notices.

#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

mod common;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use ballista_core::BALLISTA_PROTOCOL_VERSION;
use ballista_core::serde::protobuf::scheduler_grpc_client::SchedulerGrpcClient;
use ballista_core::serde::protobuf::{
    ExecutorOperatingSystemSpecification, ExecutorRegistration, ExecutorSpecification, PollWorkParams,
};
use common::{options, write_library};
use tokio::runtime::Runtime;
use xform_cluster::apply::new_engine;
use xform_cluster::client::{Client, Cluster};
use xform_cluster::scheduler;
use xform_core::options::ServerOptions;
use xform_core::{Control, gather};

/// A scheduler, and an executor that takes tasks and then claims to have none. Returns the scheduler's address and
/// the jobs whose tasks were taken.
fn cluster_that_loses_tasks() -> (String, Arc<Mutex<BTreeSet<String>>>) {
    let (listening, address) = mpsc::channel();
    thread::spawn(move || {
        // A longer time makes the test slow; with one second, a busy machine loses the executor as well.
        let server = ServerOptions { executor_timeout: 3, ..ServerOptions::default() };
        let serving = scheduler::serve(&server, 0, |address| listening.send(address).unwrap());
        Runtime::new().unwrap().block_on(serving)
    });
    let address: String = address.recv().unwrap();
    let jobs = Arc::new(Mutex::new(BTreeSet::new()));
    let (scheduler, taken) = (address.clone(), Arc::clone(&jobs));
    thread::spawn(move || Runtime::new().unwrap().block_on(take_and_forget(&scheduler, &taken)));
    (address, jobs)
}

async fn take_and_forget(scheduler: &str, taken: &Mutex<BTreeSet<String>>) {
    let mut client = SchedulerGrpcClient::connect(format!("http://{scheduler}")).await.unwrap();
    let metadata = ExecutorRegistration {
        id: "forgetful".to_owned(),
        host: Some("127.0.0.1".to_owned()),
        specification: Some(ExecutorSpecification::default()),
        os_info: Some(ExecutorOperatingSystemSpecification::default()),
        ballista_protocol_version: BALLISTA_PROTOCOL_VERSION,
        ..ExecutorRegistration::default()
    };
    loop {
        let asked =
            PollWorkParams { metadata: Some(metadata.clone()), num_free_vcores: 2, task_status: vec![] };
        let tasks = client.poll_work(asked).await.unwrap().into_inner().tasks;
        taken.lock().unwrap().extend(tasks.into_iter().map(|task| task.job_id));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[test]
fn a_job_whose_tasks_are_lost_is_started_over_and_then_fails_with_the_cause() {
    let folder = tempfile::tempdir().unwrap();
    write_library(&folder.path().join("library.tsv"));
    let (scheduler, jobs) = cluster_that_loses_tasks();
    let cluster = Cluster::At(scheduler);
    let mut client = Client { cluster, partitions: 2, patience: Duration::from_secs(60) };
    let options = options(folder.path(), "out");
    let error = gather(&options, &new_engine, &Control::default(), &mut client).unwrap_err();
    assert_eq!(error.code(), "XFORM_CLUSTER_FAILED", "{error}");
    assert!(error.to_string().contains("failed in 3 attempts; the last one: it stood still"), "{error}");
    assert_eq!(jobs.lock().unwrap().len(), 3, "each attempt is a job");
    assert!(
        !options.outdir.exists() || options.outdir.read_dir().unwrap().next().is_none(),
        "nothing is published"
    );
}
