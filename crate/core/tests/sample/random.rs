//! Random rows.

use std::collections::BTreeSet;
use std::fs;

use xform_core::options::SampleBy;

use crate::job::{Job, ROWS, columns, numbers, shown, table};

fn random(n: u64) -> Job {
    Job::new(SampleBy::Random, n)
}

#[test]
fn rows_are_picked_once_and_keep_the_order_of_the_table() {
    let job = random(300);
    let summary = job.run().unwrap();
    let picked = numbers(&summary);
    assert_eq!((picked.len(), picked.iter().collect::<BTreeSet<_>>().len()), (300, 300));
    assert!(picked.is_sorted());
    assert_eq!((summary.rows, summary.rows_filtered), (ROWS as u64, 0));
    assert_eq!((summary.rows_eligible, summary.rows_picked), (ROWS as u64, 300));
    assert_eq!((summary.smiles_column.as_str(), summary.id_column.as_deref()), ("smiles", Some("id")));
    assert_eq!(summary.warnings, [""; 0]);
    for (row, number) in shown(&summary).iter().zip(picked) {
        assert_eq!(row["id"], format!("id-{number}"), "the values are those of the row");
    }
}

#[test]
fn the_choice_depends_on_the_seed_and_on_nothing_else() {
    let picked = random(200).picked();
    for group_rows in [1_000, 7_777, ROWS] {
        for workers in [1, 3] {
            let job = Job::of(&table(), group_rows, SampleBy::Random, 200);
            assert_eq!(job.with(|options| options.run.workers = workers).picked(), picked);
        }
    }
    assert_ne!(random(200).with(|options| options.sample.seed = 1).picked(), picked);
    // Without lists, pages within a row group are skipped.
    let narrow = random(200).with(|options| options.export.columns = columns(&["row"]));
    assert_eq!(narrow.picked(), picked);
    let few: BTreeSet<u64> = random(20).picked().into_iter().collect();
    assert!(few.is_subset(&picked.into_iter().collect()), "a smaller sample is a part of a larger one");
}

/// Of 60 slices of the table, chi-square of what each gives lies below this with a probability of 0.999.
const LIKELY: f64 = 98.0;

#[test]
fn each_slice_of_the_table_gives_its_share() {
    for (seed, filter) in [(0, None), (1, None), (2, Some("even"))] {
        let job = random(1_000).with(|options| {
            (options.sample.seed, options.export.filter) = (seed, filter.map(str::to_owned));
        });
        let mut counts = [0.0; 60];
        job.picked().into_iter().for_each(|row| counts[row as usize / (ROWS / 60)] += 1.0);
        let expected = 1_000.0 / 60.0;
        let chi_square: f64 = counts.iter().map(|count: &f64| (count - expected).powi(2) / expected).sum();
        assert!(chi_square < LIKELY, "{chi_square}");
    }
}

#[test]
fn only_rows_that_meet_the_condition_are_picked_and_too_few_are_a_warning() {
    let job = random(100).with(|options| options.export.filter = Some("kind = 'rare'".to_owned()));
    let summary = job.run().unwrap();
    assert_eq!(numbers(&summary), (0..10).map(|index| index * 6_000).collect::<Vec<_>>());
    assert_eq!((summary.rows_filtered, summary.rows_eligible), (ROWS as u64 - 10, 10));
    assert_eq!(summary.warnings, ["10 rows were picked, not 100: there are no more"]);
}

#[test]
fn rows_are_written_as_an_export_writes_them() {
    let job = random(50);
    let picked = job.picked();
    let output = job.path("some.csv");
    let job = job.with(|options| {
        options.sample.output = Some(output.clone());
        options.export.columns = columns(&["row", "kind"]);
        options.export.filter = Some("row >= 0".to_owned());
    });
    let summary = job.run().unwrap();
    assert!(summary.sample.is_none());
    assert_eq!(summary.columns, ["row", "kind"]);
    assert_eq!((summary.files[0].rows, summary.rows_picked), (50, 50));
    let text = fs::read_to_string(&output).unwrap();
    let rows = text.lines().skip(1).map(|line| line.split(',').next().unwrap().parse::<u64>().unwrap());
    assert_eq!(rows.collect::<Vec<_>>(), picked);
    assert_eq!(job.names(), ["some.csv"]);
}
