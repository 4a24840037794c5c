//! Diverse rows. That the picks are RDKit's is tested in `src/sample/pool.rs`.

use std::sync::Arc;

use arrow::array::{Int64Array, StringArray};
use xform_core::options::{Pick, SampleBy};

use crate::job::{Job, batch, numbers};

/// Rows whose texts are all different, except that every fifth is no molecule and the last ten are equal.
fn job(n: u64) -> Job {
    let rows = 0_i64..500;
    let text = |row: i64| match row {
        490.. => "same".to_owned(),
        _ if row % 5 == 0 => "bad".to_owned(),
        _ => format!("{row:b}"),
    };
    let table = batch(vec![
        ("smiles", Arc::new(rows.clone().map(|row| Some(text(row))).collect::<StringArray>())),
        ("row", Arc::new(rows.collect::<Int64Array>())),
    ]);
    Job::of(&table, 100, SampleBy::Diverse, n)
}

#[test]
fn rows_without_a_molecule_are_counted_and_not_picked() {
    let summary = job(40).run().unwrap();
    let diverse = summary.diverse.as_ref().unwrap();
    assert_eq!((diverse.pool_rows, diverse.rows_unreadable), (402, 98));
    assert_eq!((diverse.pick, diverse.threshold, diverse.rows_uncovered), (Pick::MaxMin, None, None));
    let picked = numbers(&summary);
    assert_eq!(picked.len(), 40);
    assert!(picked.iter().all(|row| row % 5 != 0 || *row >= 490));
    assert!(picked.iter().filter(|&&row| row >= 490).count() <= 1, "of equal molecules one is enough");
    assert!(summary.warnings[0].starts_with("98 rows could not be picked"), "{:?}", summary.warnings);
    assert!(summary.warnings[0].ends_with("the first is row 0 of the table, counted from 0"));
}

#[test]
fn the_picks_depend_on_the_seed_alone() {
    for pick in [Pick::MaxMin, Pick::Leader] {
        let picked = |workers, seed| {
            let changed = job(20).with(|options| {
                (options.run.workers, options.sample.seed, options.sample.pick) = (workers, seed, Some(pick));
            });
            changed.picked()
        };
        assert_eq!(picked(1, 0), picked(3, 0));
        assert_ne!(picked(1, 0), picked(1, 1));
    }
}

#[test]
fn leaders_cover_the_pool_unless_there_are_to_be_fewer() {
    let leaders = |n, threshold| {
        let changed = job(n).with(|options| {
            (options.sample.pick, options.sample.threshold) = (Some(Pick::Leader), Some(threshold));
        });
        changed.run().unwrap()
    };
    let all = leaders(400, 0.3);
    assert_eq!(all.diverse.as_ref().unwrap().rows_uncovered, Some(0));
    let few = format!(
        "{} rows were picked, not 400: every other row of the pool is within the threshold",
        all.rows_picked
    );
    assert!(all.rows_picked > 5 && all.warnings[0].starts_with(&few), "{:?}", all.warnings);
    let some = leaders(5, 0.3);
    let uncovered = some.diverse.as_ref().unwrap().rows_uncovered.unwrap();
    assert!(uncovered > 0);
    let warning =
        format!("{uncovered} rows of the pool are farther than the threshold from all 5 picked rows");
    assert!(some.warnings.iter().any(|found| found.starts_with(&warning)), "{:?}", some.warnings);
}

#[test]
fn a_pool_is_a_random_choice() {
    let small = job(30).with(|options| options.sample.pool = Some(30));
    let summary = small.run().unwrap();
    let diverse = summary.diverse.as_ref().unwrap();
    assert_eq!(diverse.pool_rows + diverse.rows_unreadable, 30);
    assert_eq!(summary.rows_picked, diverse.pool_rows);
}
