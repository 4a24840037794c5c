//! The program behind `xform-native cluster`: `xform-cluster scheduler|executor|apply JSON`, or `--version`.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use mimalloc::MiMalloc;
use rustix::process::{Signal, set_parent_process_death_signal};
use tokio::runtime::Runtime;
use xform_cluster::{apply, executor, logging, scheduler};
use xform_core::Error;
use xform_core::events::{Event, Failure, emit};
use xform_core::options::{ExecutorOptions, SchedulerOptions};

/// As in the addon: RDKit is a quarter faster with it, and its `operator new` uses the same allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // The process that started this one reads its messages; without a reader, this process has no purpose.
    let _ = set_parent_process_death_signal(Some(Signal::TERM));
    logging::start();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            emit(&Event::Failed { error: Failure::from(&error) });
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), Error> {
    match arguments {
        [only] if only == "--version" => {
            use std::io::Write;
            let _ = writeln!(std::io::stdout(), "{}", env!("CARGO_PKG_VERSION"));
            Ok(())
        }
        [command, json] if command == "scheduler" => {
            let (server, options) = SchedulerOptions::from_json(json)?;
            runtime()?.block_on(scheduler::run(&server, &options))
        }
        [command, json] if command == "executor" => {
            let (scheduler, server, options) = ExecutorOptions::from_json(json)?;
            runtime()?.block_on(executor::run(&scheduler, &server, &options))
        }
        [command, json] if command == "apply" => {
            let cancel = Arc::new(AtomicBool::new(false));
            apply::cancel_on_signals(Arc::clone(&cancel)).map_err(Error::no_thread)?;
            apply::run(json, cancel)
        }
        _ => Err(Error::internal(
            "the arguments are scheduler, executor or apply, and options as JSON; use xform-native cluster",
        )),
    }
}

fn runtime() -> Result<Runtime, Error> {
    Runtime::new().map_err(Error::no_thread)
}
