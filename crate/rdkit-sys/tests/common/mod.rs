//! Runs a few SMILES through the kernel and returns the results as plain values.

#![allow(dead_code, unused_imports, reason = "each test file uses its own part of this module")]

mod batch;
pub mod cages;
pub mod growth;
mod inputs;
pub mod mutants;
pub mod parents;
mod paths;
pub mod reactions;

pub use batch::batch;
pub use inputs::{Named, config_transforms, golden_molecules, golden_transforms, plants};
pub use paths::{BothPaths, run_both};
use std::collections::BTreeMap;

use xform_rdkit_sys::{
    Batch, ColumnView, Kernel, Limits, RowOutcome, Skip, TransformSpec, code_names, count_names, stage_names,
};

pub const OME: &str = "[c:1][OX2H:2]>>[c:1][O:2]C";
pub const NH2: &str = "[c:1][OX2H:2]>>[c:1][N:2]([H])[H]";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    pub row: u32,
    pub transform: u16,
    pub product_index: i32,
    pub site_index: i32,
    pub site_count: i32,
    pub site_atoms: Vec<i32>,
    pub product_site_atoms: Vec<i32>,
    pub smiles: String,
}

/// A failure with its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub row: u32,
    pub transform: i32,
    pub site: i32,
    pub stage: String,
    pub code: String,
    pub reason: String,
}

impl From<&xform_rdkit_sys::Failure> for Failure {
    fn from(failure: &xform_rdkit_sys::Failure) -> Self {
        let [stages, codes] = [stage_names(), code_names()].map(|names| names.expect("they are declared"));
        Self {
            row: failure.row,
            transform: failure.transform,
            site: failure.site,
            stage: stages[usize::from(failure.stage)].clone(),
            code: codes[usize::from(failure.code)].clone(),
            reason: failure.reason.clone(),
        }
    }
}

/// Counts of a transform by name.
pub type Counts = BTreeMap<String, u64>;

#[derive(Debug)]
pub struct Output {
    pub outcomes: Vec<RowOutcome>,
    pub rejected: Vec<bool>,
    pub products: Vec<Product>,
    pub failures: Vec<Failure>,
    pub counts: Vec<Counts>,
}

impl Output {
    pub fn smiles(&self) -> Vec<&str> {
        self.products.iter().map(|product| product.smiles.as_str()).collect()
    }
}

/// Runs `rows` as one batch.
pub fn run(transforms: &[TransformSpec], rows: &[&str]) -> Output {
    run_within(Limits::default(), transforms, rows)
}

pub fn run_within(limits: Limits, transforms: &[TransformSpec], rows: &[&str]) -> Output {
    run_on(&mut kernel(limits, transforms), rows, &[])
}

pub fn kernel(limits: Limits, transforms: &[TransformSpec]) -> Kernel {
    Kernel::new(transforms, &limits.into()).expect("the transforms compile")
}

/// One transform without filters on one molecule.
pub fn products(smirks: &str, smiles: &str) -> Vec<String> {
    let output = run(&[TransformSpec::new(smirks)], &[smiles]);
    assert_eq!(output.failures, [], "{smirks} on {smiles}");
    output.products.into_iter().map(|product| product.smiles).collect()
}

pub fn run_on(kernel: &mut Kernel, rows: &[&str], skips: &[Skip]) -> Output {
    let (bytes, offsets) = batch(rows);
    let batch = Batch { skips, ..Batch::new(&bytes, &offsets) };
    let results = kernel.run(batch).expect("the batch runs");
    let view = &results.products;
    let [site_atoms, site_count, product_site_atoms] = results.computed[..] else { panic!("other columns") };
    let output = Output {
        outcomes: results.rows.outcome.iter().map(|&repr| RowOutcome { repr }).collect(),
        rejected: results.rows.rejected.iter().map(|&flag| flag != 0).collect(),
        products: (0..view.row.len())
            .map(|i| Product {
                row: view.row[i],
                transform: view.transform[i],
                product_index: view.product_index[i],
                site_index: view.site_index[i],
                site_count: int32s(site_count.values)[i],
                site_atoms: list(&site_atoms, i),
                product_site_atoms: list(&product_site_atoms, i),
                smiles: String::from_utf8(
                    view.smiles[view.smiles_offsets[i] as usize..view.smiles_offsets[i + 1] as usize]
                        .to_vec(),
                )
                .expect("SMILES are ASCII"),
            })
            .collect(),
        failures: results.failures.iter().map(Failure::from).collect(),
        counts: results.counts.iter().map(|counts| by_name(counts)).collect(),
    };
    check_sums(&output, rows.len() as u64);
    output
}

fn by_name(counts: &[u64]) -> Counts {
    count_names().expect("they are declared").into_iter().zip(counts.iter().copied()).collect()
}

fn int32s(values: &[u8]) -> Vec<i32> {
    values.as_chunks().0.iter().map(|&bytes| i32::from_ne_bytes(bytes)).collect()
}

fn list(view: &ColumnView, i: usize) -> Vec<i32> {
    int32s(view.values)[view.offsets[i] as usize..view.offsets[i + 1] as usize].to_vec()
}

/// The equations that every run has to satisfy.
fn check_sums(output: &Output, rows: u64) {
    assert_eq!(output.outcomes.len() as u64, rows);
    for (transform, c) in output.counts.iter().enumerate() {
        assert_eq!(
            rows,
            c["rows_with_products"] + c["rows_no_site"] + c["rows_all_sites_excluded"] + c["rows_rejected"],
            "{c:?}"
        );
        let excluded =
            ["query", "not_smarts", "sugar", "limit"].map(|why| c[&format!("sites_excluded_{why}")]);
        let excluded: u64 = excluded.iter().sum();
        assert_eq!(c["sites"], c["sites_applied"] + excluded + c["sites_failed"], "{c:?}");
        assert_eq!(c["results"], c["made"] + c["results_repeated"] + c["results_failed"], "{c:?}");
        assert!(c["products_same_as_parent"] <= c["made"].min(c["rows_with_products"]), "{c:?}");
        assert!(c["rows_stereo_groups_dropped"] <= c["rows_with_products"], "{c:?}");
        let products =
            output.products.iter().filter(|product| usize::from(product.transform) == transform).count();
        assert_eq!(c["made"], products as u64, "{c:?}");
    }
}
