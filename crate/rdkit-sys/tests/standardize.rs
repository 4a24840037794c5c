//! Standardization: equal to RDKit's in Python, as `scripts/oracle/main.py standardize` has recorded it in
//! `fixture/standardize.tsv`, and the standardized molecule is the parent of all that follows.

#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

mod common;

use std::collections::BTreeMap;
use std::thread;

use common::{Failure, OME, batch, golden_transforms};
use xform_rdkit_sys::{
    Batch, BatchResults, ChargedRows, Kernel, Limits, Settings, TransformSpec, computed_columns,
};

/// Gives back its parent, at any atom.
const SAME: &str = "[*:1]>>[*:1]";
/// The functions, in the order of the columns of the fixture.
const FUNCTIONS: [&str; 3] = ["cleanup", "neutral", "parent"];

/// A molecule of the fixture.
struct Golden {
    smiles: String,
    canonical: String,
    /// What each of the functions makes of it; in brackets the code of a failure.
    parents: [String; 3],
}

fn golden() -> Vec<Golden> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixture/standardize.tsv");
    let text = std::fs::read_to_string(path).unwrap();
    let fields = text.lines().map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
    let mut lines = fields.map(|fields| <[String; 5]>::try_from(fields).unwrap());
    assert_eq!(lines.next().unwrap()[2..], FUNCTIONS);
    let golden = lines.map(|[smiles, canonical, cleanup, neutral, parent]| Golden {
        smiles,
        canonical,
        parents: [cleanup, neutral, parent],
    });
    golden.collect()
}

fn rows(golden: &[Golden]) -> Vec<&str> {
    golden.iter().map(|molecule| molecule.smiles.as_str()).collect()
}

fn settings(how: &str) -> Settings {
    Settings { standardize: Some(how.to_owned()), ..Settings::default() }
}

fn same_kernel(how: &str) -> Kernel {
    Kernel::new(&[TransformSpec { max_sites: Some(1), ..TransformSpec::new(SAME) }], &settings(how)).unwrap()
}

/// The texts in the column of the parents, by row, of the rows that have products.
fn parents(results: &BatchResults) -> BTreeMap<usize, String> {
    let column = &results.computed[computed_columns().unwrap().len()];
    let text = |index: usize| {
        let [start, end] = [column.offsets[index], column.offsets[index + 1]].map(|at| at as usize);
        str::from_utf8(&column.values[start..end]).unwrap().to_owned()
    };
    results.products.row.iter().enumerate().map(|(index, &row)| (row as usize, text(index))).collect()
}

/// What the kernel makes of each row, in the form of the fixture, and whether it counts as changed.
fn standardized(kernel: &mut Kernel, rows: &[&str]) -> Vec<(String, bool)> {
    let (bytes, offsets) = batch(rows);
    let results = kernel.run(Batch::new(&bytes, &offsets)).unwrap();
    let mut made = parents(&results);
    for failure in results.failures.iter().map(Failure::from) {
        assert_eq!((failure.transform, failure.site), (-1, -1), "{failure:?}");
        assert_eq!(failure.stage, "standardize", "{failure:?}");
        assert!(!failure.reason.is_empty(), "{failure:?}");
        made.insert(failure.row as usize, format!("({})", failure.code));
    }
    let changed = results.rows.standardized.iter().map(|&flag| flag != 0);
    changed.enumerate().map(|(row, flag)| (made.remove(&row).unwrap_or_default(), flag)).collect()
}

#[test]
fn parents_equal_those_of_python() {
    let golden = golden();
    assert!(golden.len() > 900);
    let rows = rows(&golden);
    for (place, how) in FUNCTIONS.into_iter().enumerate() {
        let found = standardized(&mut same_kernel(how), &rows);
        let mut faults = Vec::new();
        for (Golden { smiles, canonical, parents }, (parent, is_changed)) in golden.iter().zip(found) {
            let expected = &parents[place];
            let should_change = expected != canonical && !expected.starts_with('(');
            if parent != *expected || is_changed != should_change {
                faults.push(format!("{smiles}: {parent} {is_changed}, in Python {expected} {should_change}"));
            }
        }
        assert!(faults.is_empty(), "{how}: {}\n{}", faults.len(), faults.join("\n"));
    }
}

#[test]
fn threads_do_not_disturb_each_other() {
    let golden = golden();
    let rows = rows(&golden);
    let work = || standardized(&mut same_kernel("parent"), &rows);
    let each: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(each.iter().all(|found| *found == each[0]));
}

#[test]
fn what_matches_is_told_by_the_parent_and_not_by_the_row() {
    let found = |how: &str, smiles: &str| {
        let mut kernel = Kernel::new(&[TransformSpec::new(OME)], &settings(how)).unwrap();
        let (bytes, offsets) = batch(&[smiles]);
        let results = kernel.run(Batch::new(&bytes, &offsets)).unwrap();
        assert!(results.failures.is_empty(), "{:?}", results.failures);
        String::from_utf8(results.products.smiles.to_vec()).unwrap()
    };
    // Neither the text nor the molecule of this row has a phenol.
    assert_eq!(found("neutral", "[O-]c1ccccc1"), "COc1ccccc1");
    assert_eq!(found("cleanup", "[O-]c1ccccc1"), "");
    // The only phenol of this row is in the smaller fragment.
    assert_eq!(found("cleanup", "Oc1ccccc1.CCCCCCCCCCCC"), "COc1ccccc1");
    assert_eq!(found("parent", "Oc1ccccc1.CCCCCCCCCCCC"), "");
}

#[test]
fn sites_and_properties_are_those_of_the_parent() {
    let row = "[Na+].[O-]c1ccccc1C";
    let settings = Settings {
        columns: ["HeavyAtoms", "parent_HeavyAtoms"].map(str::to_owned).to_vec(),
        ..settings("parent")
    };
    let mut kernel = Kernel::new(&[TransformSpec::new(OME)], &settings).unwrap();
    let columns: Vec<String> = kernel.columns().unwrap().into_iter().map(|column| column.name).collect();
    assert_eq!(columns[3..], ["parent_smiles", "HeavyAtoms", "parent_HeavyAtoms"]);
    let (bytes, offsets) = batch(&[row]);
    let results = kernel.run(Batch::new(&bytes, &offsets)).unwrap();
    assert_eq!(parents(&results)[&0], "Cc1ccccc1O");
    let numbers = |column: usize| -> Vec<i32> {
        results.computed[column].values.as_chunks().0.iter().map(|&bytes| i32::from_ne_bytes(bytes)).collect()
    };
    assert_eq!(numbers(0), [6, 7], "the atoms of the site in the parent as written");
    assert_eq!((numbers(4), numbers(5)), (vec![9], vec![8]));
}

#[test]
fn the_fast_wing_changes_nothing() {
    let golden = golden();
    let rows = rows(&golden);
    let (bytes, offsets) = batch(&rows);
    let rechecks: Vec<u32> = (0..rows.len() as u32).collect();
    let transforms = golden_transforms();
    let specs: Vec<_> = transforms.iter().map(|transform| TransformSpec::new(&transform.smirks)).collect();
    for how in FUNCTIONS {
        let mut kernel = Kernel::new(&specs, &settings(how)).unwrap();
        let batch = Batch { rechecks: &rechecks, ..Batch::new(&bytes, &offsets) };
        let results = kernel.run(batch).unwrap();
        assert_eq!(results.witness.difference, None);
        assert!(results.witness.rows > 500, "{how}: {}", results.witness.rows);
    }
}

#[test]
fn a_row_that_cannot_be_read_is_not_standardized() {
    let limits = Limits::from_iter([("max_atoms", 3)]);
    let mut kernel =
        Kernel::new(&[TransformSpec::new(OME)], &Settings { limits, ..settings("parent") }).unwrap();
    let (bytes, offsets) = batch(&["C(", "CCCC.[Na+]", "", "CC.[Na+]"]);
    let results = kernel.run(Batch::new(&bytes, &offsets)).unwrap();
    let failures: Vec<_> = results.failures.iter().map(Failure::from).collect();
    let shown: Vec<_> =
        failures.iter().map(|f| (f.row, f.transform, f.stage.as_str(), f.code.as_str())).collect();
    assert_eq!(shown, [(0, -1, "parse", "syntax"), (1, -1, "parse", "too_many_atoms")]);
    assert_eq!(results.rows.rejected, [1, 1, 1, 0]);
    assert_eq!(results.rows.standardized, [0, 0, 0, 1]);
}

/// Phenolates, of which the second is not to be tried; a phenol; charges without a phenol; a salt; no molecule.
const TRIED: [&str; 8] = [
    "[O-]c1ccccc1",
    "[O-]c1ccccc1C",
    "Oc1ccccc1[N+](C)(C)C",
    "CC(=O)[O-]",
    "C[N+](C)(C)C",
    "[Na+].[O-]c1ccccc1",
    "[O-]c1ccccc1CC",
    "C[O-](",
];

#[test]
fn charged_rows_without_a_site_are_tried_neutral() {
    let (bytes, offsets) = batch(&TRIED);
    let run = |trials: &[u32]| {
        let mut kernel = Kernel::new(&[TransformSpec::new(OME)], &Settings::default()).unwrap();
        let batch = Batch { first_row: 10, trials, ..Batch::new(&bytes, &offsets) };
        let results = kernel.run(batch).unwrap();
        let rows = (results.rows.outcome.to_vec(), results.rows.standardized.to_vec());
        (results.charged, (rows, results.counts.clone(), results.products.smiles.to_vec(), results.failures))
    };
    let (none, plain) = run(&[]);
    assert_eq!(none, ChargedRows::default());
    let (charged, tried) = run(&[0, 2, 3, 4, 5, 6, 7]);
    assert_eq!(charged, ChargedRows { tried: 4, found: 2, example: Some(10) });
    assert_eq!(tried, plain, "a trial changes nothing else");
}

#[test]
fn an_unknown_function_is_refused() {
    let error = Kernel::new(&[], &settings("tautomer")).err().unwrap().to_string();
    assert!(error.contains("no standardization is called tautomer"), "{error}");
}
