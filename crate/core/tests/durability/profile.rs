//! The figures of parents and the timeline: the same whatever interrupts a run, and however many workers it has.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use xform_core::profile::{LISTED, MAX_POINTS, ParentFigures, TEXT_BYTES};
use xform_core::{ApplyOptions, Control, Predecessors, Summary, apply};

use crate::gate::{At, Nothing, Stop};
use crate::job::{self, ROWS, options, run};

/// Runs into `out` whose calls to the disk fail from one of them on, then to the end.
fn interrupted_at(options: &ApplyOptions, calls: &[u64]) -> Summary {
    for &call in calls {
        let resumed = ApplyOptions { resume: true, ..options.clone() };
        run(&resumed, Some(Arc::new(At::new(call, Stop)))).unwrap_err();
    }
    run(&ApplyOptions { resume: true, ..options.clone() }, None).unwrap()
}

#[test]
fn the_figures_of_parents_survive_interruptions() {
    let folder = job::folder();
    job::prepare(folder.path());
    let whole = run(&options(folder.path(), "whole"), None).unwrap();
    let gate = Arc::new(At::new(u64::MAX, Nothing));
    run(&options(folder.path(), "counted"), Some(gate.clone())).unwrap();
    let calls = gate.calls.load(Ordering::SeqCst);
    for (index, share) in [3, 5, 7].into_iter().enumerate() {
        let options = options(folder.path(), &format!("out-{index}"));
        let summary = interrupted_at(&options, &[calls / share, calls / share]);
        assert!(summary.rows_resumed > 0, "{share}");
        assert_eq!(summary.parents, whole.parents, "{share}");
    }
}

#[test]
fn the_figures_of_parents_do_not_depend_on_workers() {
    let folder = job::folder();
    job::prepare(folder.path());
    let with = |workers, batch_size| {
        let options = options(folder.path(), &format!("out-{workers}-{batch_size}"));
        run(&ApplyOptions { workers, batch_size, ..options }, None).unwrap()
    };
    let one = with(1, 50_000);
    assert_eq!(with(3, 7).parents, one.parents);
    let Summary { parents: ParentFigures { sites, products, most_products, slowest }, totals, sums, .. } =
        one;
    assert_eq!((sites.rows(), products.rows()), (ROWS, ROWS));
    assert_eq!(products.rows_of_none(), totals.by_outcome.rejected);
    let each = sums.products / totals.by_outcome.with_products;
    let bins: Vec<_> = products.bins().iter().filter(|bin| bin.rows > 0).skip(1).collect();
    assert!(bins.len() == 1 && (bins[0].from..=bins[0].to).contains(&each), "{bins:?}");
    let rows = |count: usize| (0..ROWS).filter(|row| row % 97 != 5).take(count).collect::<Vec<_>>();
    let listed: Vec<_> = most_products.iter().map(|listed| listed.parent.source_row).collect();
    assert_eq!(listed, rows(LISTED), "all have as many, so these are the first ones");
    assert_eq!(most_products[1].parent.source_id.as_deref(), Some("id1"));
    assert!(most_products[1].parent.smiles.ends_with("0001") && most_products[1].products == each);
    assert_eq!(slowest.len(), LISTED);
    assert!(slowest.windows(2).all(|pair| pair[0].seconds >= pair[1].seconds));
    assert_eq!((slowest[0].parent.source_row, slowest[0].seconds), (99, 0.099));
}

#[test]
fn a_timeline_continues_where_the_interrupted_run_ended() {
    let folder = job::folder();
    job::prepare(folder.path());
    let options = options(folder.path(), "out");
    let earlier = Predecessors { elapsed_seconds: 100.0, ..Predecessors::default() };
    let control = |predecessors, call| Control {
        predecessors,
        ..job::control(Some(Arc::new(At::new(call, Stop))), Duration::ZERO)
    };
    let run = |predecessors, call| {
        let options = ApplyOptions { resume: true, ..options.clone() };
        apply(&options, &job::make_engine, &control(predecessors, call))
    };
    run(Predecessors::default(), 80).unwrap_err();
    let first = job::durable_rows(&options.outdir).unwrap();
    // Other processes of the same run, 100 s later, until one of them commits rows; and then another run.
    for call in (100..).step_by(20) {
        run(earlier.clone(), call).unwrap_err();
        if job::durable_rows(&options.outdir) > Some(first) {
            break;
        }
    }
    assert!(first > 0);
    let summary = run(Predecessors::default(), u64::MAX).unwrap();
    let points = summary.timeline.points();
    assert!((2..=MAX_POINTS).contains(&points.len()), "{points:?}");
    assert!(points.windows(2).all(|pair| pair[0].seconds <= pair[1].seconds));
    let last = points.last().unwrap();
    assert_eq!((last.rows, last.products), (ROWS, summary.total_products));
    assert!((100.0..1_000.0).contains(&last.seconds) && last.memory_bytes > 0, "{last:?}");
    assert!(summary.elapsed_seconds < 100.0, "that of the last run alone");
}

#[test]
fn a_summary_stays_small_whatever_texts_a_library_has() {
    let folder = job::folder();
    job::prepare(folder.path());
    let long = 10 * TEXT_BYTES;
    let row = |row: u64| format!("C{row:0>long$} {}\n", "i".repeat(long));
    fs::write(folder.path().join("library.smi"), (0..50).map(row).collect::<String>()).unwrap();
    let summary = run(&options(folder.path(), "out"), None).unwrap();
    let ParentFigures { most_products, slowest, .. } = &summary.parents;
    assert_eq!((most_products.len(), slowest.len()), (LISTED, LISTED));
    assert!(most_products.iter().all(|listed| listed.parent.smiles.is_empty()));
    assert!(slowest.iter().all(|listed| listed.parent.source_id.is_none()));
    let bytes = fs::metadata(summary.output_dir.join("SUMMARY.json")).unwrap().len();
    assert!(bytes < 20_000, "{bytes}");
}
