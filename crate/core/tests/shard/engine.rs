//! An engine that makes products from numbers: two product templates, repeats within a parent, failed results, rows
//! without a site, bad rows.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Int32Array, ListArray};
use arrow::datatypes::{Field, Fields, Int32Type};
use xform_core::engine::{Batch, Engine, EngineOutput, EngineVersion, Failure, RejectCode, Stage, Worker};
use xform_core::totals::{RowOutcome, RowResult, Tally};
use xform_core::transform::Transform;
use xform_core::{EngineSettings, Error, Standardization};

const TEMPLATES: u64 = 2;
/// Distinct products of a transform, so few that most are repeated.
const PRODUCTS: u64 = 701;

pub fn make_engine(transforms: &[Transform], settings: &EngineSettings) -> Result<Box<dyn Engine>, Error> {
    let standardizes = settings.standardize != Standardization::None;
    Ok(Box::new(Numbers { templates: vec![TEMPLATES; transforms.len()], standardizes }))
}

#[derive(Clone)]
struct Numbers {
    templates: Vec<u64>,
    /// Whether it claims to have changed the rows with even numbers.
    standardizes: bool,
}

impl Engine for Numbers {
    fn version(&self) -> EngineVersion {
        EngineVersion { name: "numbers".into(), version: "1".into() }
    }

    fn product_templates(&self) -> &[u64] {
        &self.templates
    }

    fn columns(&self) -> Fields {
        let computed = computed(&[]).into_iter();
        computed.map(|(name, column)| Field::new(name, column.data_type().clone(), false)).collect()
    }

    fn worker(&self, _crash_record: Option<&Path>) -> Result<Box<dyn Worker>, Error> {
        Ok(Box::new(self.clone()))
    }
}

/// The columns of the engine, for products of these sites and numbers.
fn computed(made: &[(i32, u64)]) -> [(&'static str, ArrayRef); 3] {
    let lists = |list: fn(i32, u64) -> Vec<i32>| -> ArrayRef {
        let lists = made.iter().map(|&(site, number)| Some(list(site, number).into_iter().map(Some)));
        Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(lists))
    };
    [
        ("xf_site_atoms", lists(|site, number| vec![site, number as i32])),
        ("xf_site_count", Arc::new(Int32Array::from(vec![1; made.len()]))),
        ("product_site_atoms", lists(|_, number| vec![0; (number % 4) as usize])),
    ]
}

impl Worker for Numbers {
    fn run(&mut self, batch: Batch<'_>, output: &mut EngineOutput) -> Result<(), Error> {
        output.tallies = vec![Tally::default(); self.templates.len()];
        for row in 0..batch.smiles.len() {
            let text = str::from_utf8(batch.smiles.get(row)).unwrap();
            let number = number(text);
            let outcome = match number {
                Some(number) => transform(number, row as u32, output),
                None => refuse(text, row as u32, output),
            };
            output.rows.push(RowResult {
                outcome,
                rejected: outcome == RowOutcome::Rejected,
                standardized: self.standardizes && number.is_some_and(|number| number % 2 == 0),
            });
        }
        let products = &mut output.products;
        let number = |&row: &u32| number(str::from_utf8(batch.smiles.get(row as usize)).unwrap());
        let numbers = products.row.iter().map(|row| number(row).unwrap());
        let made: Vec<_> = products.site_index.iter().copied().zip(numbers).collect();
        products.columns = computed(&made).map(|(_, column)| column).into();
        Ok(())
    }
}

/// `None` for a bad row.
fn number(text: &str) -> Option<u64> {
    let hash = || text.bytes().fold(0, |hash: u64, byte| (hash * 31 + u64::from(byte)) % 10_007);
    let is_bad = text.is_empty() || text.starts_with("bad");
    (!is_bad).then(|| text.trim_start_matches('C').parse().unwrap_or_else(|_| hash()))
}

fn refuse(text: &str, row: u32, output: &mut EngineOutput) -> RowOutcome {
    output.tallies.iter_mut().for_each(|tally| tally.rows_rejected += 1);
    // The source has already refused an empty row.
    if !text.is_empty() {
        output.failures.push(failure(row, None, None));
    }
    RowOutcome::Rejected
}

fn transform(number: u64, row: u32, output: &mut EngineOutput) -> RowOutcome {
    let mut outcome = RowOutcome::NoSite;
    for transform in 0..output.tallies.len() {
        let (tally, products) = (&mut output.tallies[transform], &mut output.products);
        let sites = (number + transform as u64) % 4;
        tally.sites += sites;
        tally.sites_applied += sites;
        tally.results += sites * TEMPLATES;
        if sites == 0 {
            tally.rows_no_site += 1;
            continue;
        }
        tally.rows_with_products += 1;
        outcome = RowOutcome::WithProducts;
        let mut seen = HashSet::new();
        for (site, template) in
            (0..sites).flat_map(|site| (0..TEMPLATES).map(move |template| (site, template)))
        {
            let product = (number * 13 + site * 3 + template * 6) % PRODUCTS;
            if template == 1 && (number + site).is_multiple_of(11) {
                tally.results_failed += 1;
                output.failures.push(failure(row, Some(transform as u16), Some(site as i32)));
            } else if seen.insert(product) {
                tally.made += 1;
                let place = (site as i32, template as i32);
                products.push(row, transform as u16, place, format!("P{product}").as_bytes());
            } else {
                tally.results_repeated += 1;
            }
        }
    }
    outcome
}

fn failure(row: u32, transform: Option<u16>, site: Option<i32>) -> Failure {
    let (stage, code) = (Stage::Sanitize, RejectCode::Valence);
    Failure { row, transform, site, stage, code, reason: format!("no product at {site:?}") }
}
