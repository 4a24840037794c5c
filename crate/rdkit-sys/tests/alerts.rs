//! Alerts: equal to those of RDKit's FilterCatalog in Python, as `scripts/oracle/main.py golden` has recorded them in
//! `fixture/alerts.tsv`.

#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

mod common;

use common::batch;
use xform_rdkit_sys::{
    ALERTS, AlertSpec, Alerts, Batch, ColumnView, CompileError, Kernel, Settings, TransformSpec,
    alert_catalogs, alert_names,
};

/// Gives back its parent, at any atom.
const SAME: &str = "[*:1]>>[*:1]";
const OWN: &str = "own";

/// Molecules, and by the names of the catalogs and [`OWN`] the alerts of each.
struct Golden {
    smiles: Vec<String>,
    columns: Vec<(String, Vec<Vec<String>>)>,
}

fn lines_of(name: &str) -> Vec<Vec<String>> {
    let path = format!("{}/tests/fixture/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// Without molecules of several fragments, of which a product keeps one.
fn golden() -> Golden {
    let mut lines = lines_of("alerts.tsv").into_iter();
    let names = lines.next().unwrap();
    let lines: Vec<Vec<String>> = lines.filter(|line| !line[0].contains('.')).collect();
    let alerts = |text: &String| text.split('|').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let columns = names.iter().enumerate().skip(1);
    let columns =
        columns.map(|(at, name)| (name.clone(), lines.iter().map(|line| alerts(&line[at])).collect()));
    Golden { columns: columns.collect(), smiles: lines.iter().map(|line| line[0].clone()).collect() }
}

/// The alerts with these names: of catalogs, or the user's.
fn alerts(names: &[&str]) -> Alerts {
    let own = lines_of("own-alerts.tsv").into_iter().skip(1);
    let own = own.map(|line| AlertSpec { smarts: line[0].clone(), name: line[1].clone() });
    Alerts {
        catalogs: names.iter().filter(|name| **name != OWN).map(|name| (*name).to_owned()).collect(),
        own: if names.contains(&OWN) { own.collect() } else { Vec::new() },
    }
}

fn kernel(names: &[&str]) -> Kernel {
    let settings =
        Settings { columns: vec![ALERTS.to_owned()], alerts: alerts(names), ..Settings::default() };
    let transform = TransformSpec { max_sites: Some(1), ..TransformSpec::new(SAME) };
    Kernel::new(&[transform], &settings).unwrap()
}

fn list(view: &ColumnView, index: usize) -> Vec<String> {
    let texts = view.offsets[index] as usize..view.offsets[index + 1] as usize;
    let text = |at: usize| &view.values[view.text_offsets[at] as usize..view.text_offsets[at + 1] as usize];
    texts.map(|at| str::from_utf8(text(at)).unwrap().to_owned()).collect()
}

/// The alerts of the products of some rows, with the rows.
fn run(kernel: &mut Kernel, rows: &[String]) -> Vec<(usize, Vec<String>)> {
    let (bytes, offsets) = batch(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    let results = kernel.run(Batch::new(&bytes, &offsets)).unwrap();
    let view = results.computed.last().unwrap();
    assert!(view.nulls.is_empty(), "a list is never null");
    assert_eq!(results.failures, []);
    results.products.row.iter().enumerate().map(|(at, &row)| (row as usize, list(view, at))).collect()
}

fn compare(found: &[(usize, Vec<String>)], golden: &Golden, expected: impl Fn(usize) -> Vec<String>) {
    let differs = |(row, found): &&(usize, Vec<String>)| *found != expected(*row);
    let faults: Vec<String> = found
        .iter()
        .filter(differs)
        .map(|(row, found)| format!("{}: {found:?}, in Python {:?}", golden.smiles[*row], expected(*row)))
        .collect();
    assert!(faults.is_empty(), "{} differences:\n{}", faults.len(), faults.join("\n"));
    assert!(found.len() > 800, "{}", found.len());
}

#[test]
fn each_catalog_equals_that_of_python() {
    let golden = golden();
    assert_eq!(golden.columns.len(), 5);
    for (name, expected) in &golden.columns {
        let found = run(&mut kernel(&[name]), &golden.smiles);
        compare(&found, &golden, |row| expected[row].clone());
        let mut distinct: Vec<&String> = found.iter().flat_map(|(_, names)| names).collect();
        distinct.sort();
        distinct.dedup();
        assert!(distinct.len() > 13, "{name}: {distinct:?}");
    }
}

#[test]
fn alerts_have_the_order_of_the_catalogs_and_then_of_the_file() {
    let golden = golden();
    let expected =
        |row: usize| golden.columns.iter().flat_map(|(_, all)| all[row].clone()).collect::<Vec<_>>();
    let mut kernel = kernel(&[OWN, "ZINC", "NIH", "BRENK", "PAINS"]);
    compare(&run(&mut kernel, &golden.smiles), &golden, expected);
    kernel.turn_fast(false).unwrap();
    compare(&run(&mut kernel, &golden.smiles), &golden, expected);
}

#[test]
fn a_recheck_compares_the_alerts_too() {
    let golden = golden();
    let mut kernel = kernel(&["PAINS", "BRENK", "NIH", "ZINC"]);
    let (bytes, offsets) = batch(&golden.smiles.iter().map(String::as_str).collect::<Vec<_>>());
    let rechecks: Vec<u32> = (0..golden.smiles.len() as u32).collect();
    let results = kernel.run(Batch { rechecks: &rechecks, ..Batch::new(&bytes, &offsets) }).unwrap();
    assert_eq!(results.witness.difference, None);
    assert!(results.witness.rows > 500, "{}", results.witness.rows);
}

#[test]
fn an_alert_that_rdkit_cannot_use_is_named_with_the_place() {
    let refused = |smarts: &str| {
        let good = AlertSpec { name: "good".to_owned(), smarts: "C".to_owned() };
        let bad = AlertSpec { name: "bad".to_owned(), smarts: smarts.to_owned() };
        let alerts = Alerts { catalogs: vec![], own: vec![good, bad] };
        let error = Kernel::new(&[], &Settings { alerts, ..Settings::default() }).err().unwrap();
        let CompileError::Alert(1, fault) = error.source else { panic!("{error}") };
        (fault.reason, fault.position)
    };
    let (reason, position) = refused("[N+](=O");
    assert!(reason.starts_with("RDKit cannot parse it as SMARTS: "), "{reason}");
    assert_eq!(refused("C[Nx!]C").1, Some(5));
    assert_eq!(position.is_some(), reason.contains("syntax error"), "{reason}");
    assert_eq!(refused(""), ("it has no atoms".to_owned(), None));
}

#[test]
fn an_unknown_catalog_is_refused() {
    let alerts = Alerts { catalogs: vec!["SMARTCYP".to_owned()], own: vec![] };
    let error = Kernel::new(&[], &Settings { alerts, ..Settings::default() }).err().unwrap().to_string();
    assert!(error.contains("no catalog is called SMARTCYP"), "{error}");
    assert!(alert_names("SMARTCYP").is_err());
}

/// The figures are those of RDKit 2025.03.1 in Python.
#[test]
fn catalogs_have_all_entries_of_rdkit() {
    let counts: Vec<(String, usize)> = alert_catalogs()
        .unwrap()
        .into_iter()
        .map(|catalog| (catalog.name.clone(), alert_names(&catalog.name).unwrap().len()))
        .collect();
    let expected = [("PAINS", 480), ("BRENK", 105), ("NIH", 180), ("ZINC", 50)];
    assert_eq!(counts, expected.map(|(name, entries)| (name.to_owned(), entries)));
    assert_eq!(alert_names("PAINS").unwrap()[0], "ene_six_het_A(483)");
}
