//! A run and a merge warn of a transform most of whose sites fail, each with its own figures.

use std::fs;
use std::path::Path;

use xform_core::engine::{Batch, Engine, EngineOutput, EngineVersion, Failure, RejectCode, Stage, Worker};
use xform_core::failed_results::CommonestFailure;
use xform_core::totals::{RowOutcome, RowResult, Tally};
use xform_core::transform::Transform;
use xform_core::{Control, EngineSettings, Error, MergeOptions, Shard, Summary, apply, merge};

use crate::job::Place;

/// One site per row: `C` gives a product, `N` and `O` fail, each with a different code.
#[derive(Clone)]
struct Fragile {
    templates: Vec<u64>,
}

fn make_engine(transforms: &[Transform], _settings: &EngineSettings) -> Result<Box<dyn Engine>, Error> {
    Ok(Box::new(Fragile { templates: vec![1; transforms.len()] }))
}

impl Engine for Fragile {
    fn version(&self) -> EngineVersion {
        EngineVersion { name: "fragile".into(), version: "1".into() }
    }

    fn product_templates(&self) -> &[u64] {
        &self.templates
    }

    fn worker(&self, _crash_record: Option<&Path>) -> Result<Box<dyn Worker>, Error> {
        Ok(Box::new(self.clone()))
    }
}

impl Worker for Fragile {
    fn run(&mut self, batch: Batch<'_>, output: &mut EngineOutput) -> Result<(), Error> {
        let mut tally = Tally::default();
        for row in 0..batch.smiles.len() {
            let code = match batch.smiles.get(row) {
                b"N" => Some(RejectCode::Valence),
                b"O" => Some(RejectCode::Kekulize),
                _ => None,
            };
            let outcome = code.map_or(RowOutcome::WithProducts, |_| RowOutcome::Rejected);
            (tally.sites, tally.results) = (tally.sites + 1, tally.results + 1);
            match code {
                Some(code) => {
                    tally.rows_rejected += 1;
                    tally.sites_failed += 1;
                    tally.results_failed += 1;
                    output.failures.push(Failure {
                        row: row as u32,
                        transform: Some(0),
                        site: Some(0),
                        stage: Stage::Sanitize,
                        code,
                        reason: format!("no room ({})", code.as_str()),
                    });
                }
                None => {
                    tally.rows_with_products += 1;
                    tally.sites_applied += 1;
                    tally.made += 1;
                    output.products.push(row as u32, 0, (0, 0), b"CO");
                }
            }
            output.rows.push(RowResult::of(outcome, code.is_some()).with_sites(1));
        }
        output.tallies = vec![tally];
        Ok(())
    }
}

fn place(rows: &str) -> Place {
    let place = Place::empty();
    fs::write(
        place.path("transforms.yaml"),
        "version: 1\ntransforms: [{name: ONE, smirks: '[C:1]>>[C:1]O'}]\n",
    )
    .unwrap();
    fs::write(&place.input, rows.chars().map(|row| format!("{row}\n")).collect::<String>()).unwrap();
    place
}

fn run(place: &Place, outdir: &str, shard: Option<Shard>) -> Summary {
    apply(&place.options(outdir, shard), &make_engine, &Control::default()).unwrap()
}

#[test]
fn most_failed_sites_are_warned_of_with_share_cause_and_row() {
    let summary = run(&place("CONNC"), "out", None);
    assert_eq!(
        summary.warnings,
        ["transform \"ONE\": 3 of the 5 sites that were run (60.0 %) gave no product, most often with code \
          valence, for example in row 2: no room (valence); check the SMIRKS"]
    );
    let commonest = CommonestFailure {
        code: "valence".into(),
        records: 2,
        source_row: 2,
        reason: "no room (valence)".into(),
    };
    assert_eq!(summary.totals.transforms[0].commonest_failure, Some(commonest));
}

#[test]
fn half_of_the_sites_may_fail_without_a_warning() {
    let summary = run(&place("CONC"), "out", None);
    assert_eq!(summary.warnings, [""; 0]);
    assert_eq!(
        summary.totals.transforms[0].commonest_failure.as_ref().map(|failure| failure.source_row),
        Some(1)
    );
    assert_eq!(run(&place("CC"), "out", None).totals.transforms[0].commonest_failure, None);
}

#[test]
fn a_merge_warns_of_its_own_figures_and_not_of_those_of_its_shards() {
    let place = place("ONCNNC");
    let shards: Vec<_> = (1..=2)
        .map(|index| run(&place, &format!("shard-{index}"), Some(Shard { index, of: 2 })).output_dir)
        .collect();
    let merged = merge(&MergeOptions::new(shards, place.path("merged")), &Control::default()).unwrap();
    assert_eq!(merged.warnings, run(&place, "whole", None).warnings);
    assert!(merged.warnings[0].contains("4 of the 6 sites"), "{:?}", merged.warnings);
}
