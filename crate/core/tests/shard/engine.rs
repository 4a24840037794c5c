//! An engine that makes products from numbers: two product templates, repeats within a parent, failed results, rows
//! without a site, bad rows.

use std::collections::HashSet;
use std::path::Path;

use xform_core::Error;
use xform_core::engine::{
    Batch, Engine, EngineOutput, EngineVersion, Failure, Limits, RejectCode, Stage, Worker,
};
use xform_core::totals::{RowOutcome, RowResult, Tally};
use xform_core::transform::Transform;

const TEMPLATES: u64 = 2;
/// Distinct products of a transform, so few that most are repeated.
const PRODUCTS: u64 = 701;

pub fn make_engine(transforms: &[Transform], _limits: Limits) -> Result<Box<dyn Engine>, Error> {
    Ok(Box::new(Numbers { templates: vec![TEMPLATES; transforms.len()] }))
}

#[derive(Clone)]
struct Numbers {
    templates: Vec<u64>,
}

impl Engine for Numbers {
    fn version(&self) -> EngineVersion {
        EngineVersion { name: "numbers".into(), version: "1".into() }
    }

    fn product_templates(&self) -> &[u64] {
        &self.templates
    }

    fn worker(&self, _crash_record: Option<&Path>) -> Result<Box<dyn Worker>, Error> {
        Ok(Box::new(self.clone()))
    }
}

impl Worker for Numbers {
    fn run(&mut self, batch: Batch<'_>, output: &mut EngineOutput) -> Result<(), Error> {
        output.tallies = vec![Tally::default(); self.templates.len()];
        for row in 0..batch.smiles.len() {
            let text = str::from_utf8(batch.smiles.get(row)).unwrap();
            let outcome = match number(text) {
                Some(number) => transform(number, row as u32, output),
                None => refuse(text, row as u32, output),
            };
            output.rows.push(RowResult { outcome, rejected: outcome == RowOutcome::Rejected });
        }
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
                tally.products += 1;
                products.row.push(row);
                products.transform.push(transform as u16);
                products.product_index.push(template as i32);
                products.site_index.push(site as i32);
                products.site_count.push(1);
                products.site_atoms.push(&[site as i32, number as i32]);
                products.product_site_atoms.push(&[0; 3][..(number % 4) as usize]);
                products.smiles.push(format!("P{product}").as_bytes());
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
