//! A run whose process died and was restarted: its summary covers all of it.

use std::time::Duration;

use xform_core::{Control, Predecessors, Restarts, apply};

use crate::job::{self, control, make_engine, options};

#[test]
fn the_summary_counts_the_deaths_and_the_time_of_all_processes() {
    let folder = job::folder();
    job::prepare(folder.path());
    let reasons = [("SIGKILL".to_owned(), 1), ("exit_9".to_owned(), 2)].into();
    let restarts = Restarts { total: 3, reasons };
    let predecessors =
        Predecessors { elapsed_seconds: 3_000.0, rows_resumed: Some(500), restarts: restarts.clone() };
    let control = Control { predecessors, ..control(None, Duration::from_secs(3_600)) };
    let summary = apply(&options(folder.path(), "out"), &make_engine, &control).unwrap();
    assert_eq!(summary.restarts, restarts);
    assert_eq!(summary.rows_resumed, 500, "what the first process has found, not this one");
    assert!((3_000.0..4_000.0).contains(&summary.elapsed_seconds), "{}", summary.elapsed_seconds);
    let rate = 1_000.0 / summary.elapsed_seconds;
    assert!(
        (summary.throughput_mol_per_sec - rate).abs() < 1e-6 * rate,
        "{}",
        summary.throughput_mol_per_sec
    );
    let warning = "the process that runs RDKit died and was restarted 3 times (SIGKILL 1x, exit_9 2x)";
    assert!(summary.warnings.iter().any(|each| each == warning), "{:?}", summary.warnings);
}

#[test]
fn a_run_of_one_process_has_none() {
    let folder = job::folder();
    job::prepare(folder.path());
    let summary = job::run(&options(folder.path(), "out"), None).unwrap();
    assert_eq!(summary.restarts, Restarts::default());
    assert!(!summary.warnings.iter().any(|warning| warning.contains("restarted")));
}
