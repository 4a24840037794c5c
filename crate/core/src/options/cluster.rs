//! The options that only a cluster has. Its program acts on them; they are declared here with all others.

use std::path::PathBuf;

use super::declare::options;
use super::spec::{Command, Range};
use super::{ApplyOptions, Given, Order, TargetMemory};
use crate::error::Error;

options! {
    /// Where a run's cluster is, and how it divides the work.
    pub struct ClusterOptions for &[Command::ClusterApply];

    "Cluster" {
        /// The scheduler, as `host:port`.
        scheduler: String = "127.0.0.1:50050".to_owned() => {
            help: "the scheduler",
            value: "host:port",
            commands: &[Command::ClusterApply, Command::Executor],
        }
        /// Parts of the library and of the keys: tasks of each stage. No effect on the output.
        partitions: usize = 64 => {
            help: "parts of the library and of the keys, tasks of each stage; no effect on the output",
            value: "n",
            // A client should not have more files open.
            range: Range::Within(1, 1_000),
        }
        /// Write the products in the order of the input, not in the order of their keys.
        sort: bool = false => { help: "write the products in the order of the input, not in the order of their keys" }
    }
}

options! {
    /// The options that a cluster's scheduler and executors share.
    pub struct ServerOptions for &[Command::Scheduler, Command::Executor];

    "Server" {
        /// Address to bind to.
        host: String = "127.0.0.1".to_owned() => { help: "address to bind to", value: "address" }
        /// Name or address at which others reach this machine.
        external_host: Option<String> = None => {
            help: "name at which others reach this machine",
            value: "name",
            default_text: "`--host`",
        }
        /// Seconds of silence after which an executor counts as lost, and to an executor its scheduler.
        executor_timeout: u64 = 30 => {
            help: "count an executor as lost after this silence, 6 or more since a busy one reports every 5 s; use the same \
                   value for scheduler and executors",
            value: "seconds",
            range: Range::AtLeast(6),
        }
    }
}

options! {
    /// The options that only a cluster's scheduler has.
    pub struct SchedulerOptions for &[Command::Scheduler];

    "Server" {
        /// Port; 0 for any that is free.
        port: u16 = 50_050 => { help: "port; 0 for any that is free", value: "n" }
    }
}

options! {
    /// The options that only a cluster's executors have.
    pub struct ExecutorOptions for &[Command::Executor];

    "Server" {
        /// Port for results; 0 for any that is free.
        port: u16 = 0 => { help: "port for results; 0 for any that is free", value: "n" }
    }
    "Tasks" {
        /// Tasks at a time.
        workers: Option<usize> = None => {
            help: "tasks at a time",
            value: "n",
            default_text: "available parallelism",
            range: Range::AtLeast(1),
        }
        /// Folder in which the executor creates one for shuffled data. The path must be UTF-8.
        scratch: PathBuf = PathBuf::new() => {
            help: "folder for shuffled data; its path must be UTF-8",
            value: "folder",
            default_text: "one in the system's temporary folder",
            required: true,
        }
        /// Memory for the tables and sorts of its tasks.
        target_memory: TargetMemory = TargetMemory::default() => {
            help: "memory for the tables and sorts of its tasks: per cent of the machine, or a size such as `2GiB`",
            value: "size",
        }
    }
}

impl ClusterOptions {
    /// The options of `cluster apply` in `json`: its own, and those of the run.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for an option that it does not have, or for an invalid value.
    pub fn from_json(json: &str) -> Result<(Self, ApplyOptions), Error> {
        let both = |given: &mut Given| Ok((Self::read(given)?, ApplyOptions::read(given)?));
        let (cluster, run) = Given::read(Command::ClusterApply, json, both)?;
        let order = if cluster.sort { Order::Input } else { Order::Key };
        Ok((cluster, ApplyOptions { order, ..run }))
    }
}

impl SchedulerOptions {
    /// The options of `cluster scheduler` in `json`.
    ///
    /// # Errors
    /// As for [`ClusterOptions::from_json`].
    pub fn from_json(json: &str) -> Result<(ServerOptions, Self), Error> {
        Given::read(Command::Scheduler, json, |given| Ok((ServerOptions::read(given)?, Self::read(given)?)))
    }
}

impl ExecutorOptions {
    /// The options of `cluster executor` in `json`, and the address of its scheduler.
    ///
    /// # Errors
    /// As for [`ClusterOptions::from_json`].
    pub fn from_json(json: &str) -> Result<(String, ServerOptions, Self), Error> {
        Given::read(Command::Executor, json, |given| {
            let ClusterOptions { scheduler, .. } = ClusterOptions::read(given)?;
            Ok((scheduler, ServerOptions::read(given)?, Self::read(given)?))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_on_a_cluster_takes_its_own_options_and_those_of_a_run() {
        let job = r#""input": "a", "outdir": "b", "xfConfig": "c", "xfName": "all""#;
        let (cluster, run) =
            ClusterOptions::from_json(&format!(r#"{{{job}, "sort": true, "maxAtoms": 5}}"#)).unwrap();
        assert_eq!((cluster.scheduler.as_str(), cluster.partitions), ("127.0.0.1:50050", 64));
        assert_eq!((run.order, run.max_atoms), (Order::Input, 5));
        for (more, message) in [
            (r#""partitions": 0"#, "partitions: must be at least 1"),
            (r#""partitions": 1001"#, "partitions: 1001 is more than 1000"),
            (r#""resume": true"#, "resume: is not an option of clusterApply"),
            (r#""port": 1"#, "port: is not an option of clusterApply"),
        ] {
            let error = ClusterOptions::from_json(&format!("{{{job}, {more}}}")).unwrap_err();
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn servers_take_their_own_options_and_the_shared_ones() {
        let (server, scheduler) = SchedulerOptions::from_json(r#"{"host": "::1"}"#).unwrap();
        assert_eq!((server.host.as_str(), server.executor_timeout, scheduler.port), ("::1", 30, 50_050));
        let (scheduler, _, executor) =
            ExecutorOptions::from_json(r#"{"scheduler": "there:1", "scratch": "s"}"#).unwrap();
        assert_eq!((scheduler.as_str(), executor.port, executor.scratch), ("there:1", 0, PathBuf::from("s")));
        let hasty = ExecutorOptions::from_json(r#"{"executorTimeout": 5, "scratch": "s"}"#);
        let hasty = hasty.unwrap_err().to_string();
        assert_eq!(hasty, "executor_timeout: must be at least 6");
        let foreign = SchedulerOptions::from_json(r#"{"workers": 5}"#).unwrap_err().to_string();
        assert_eq!(foreign, "workers: is not an option of scheduler");
    }
}
