//! An engine that makes products from numbers: two product templates, repeats within a parent, failed results, rows
//! without a site, bad rows; InChIKeys if they are asked for. It recognises its own products in other spellings.

#[path = "further.rs"]
pub mod further;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Int32Array, ListArray, ListBuilder, StringArray, StringBuilder};
use arrow::datatypes::{DataType, Field, Fields, Int32Type};
use xform_core::dedup::{DedupKey, Identity};
use xform_core::engine::{
    Batch, Engine, EngineOutput, EngineVersion, Failure, Identifier, RejectCode, SmilesBatch, Stage, Worker,
    text_list,
};
use xform_core::properties::DeclaredProperty;
use xform_core::totals::{RowOutcome, RowResult, Tally};
use xform_core::transform::Transform;
use xform_core::{EngineSettings, Error, Standardization};

const TEMPLATES: u64 = 2;
/// The property that it can compute.
const INCHI_KEY: &str = "InChIKey";
/// Distinct products of a transform, so few that most are repeated.
const PRODUCTS: u64 = 701;

pub fn make_engine(transforms: &[Transform], settings: &EngineSettings) -> Result<Box<dyn Engine>, Error> {
    let declared = [DeclaredProperty { name: INCHI_KEY.to_owned(), is_quick: false }];
    Ok(Box::new(Numbers {
        templates: vec![TEMPLATES; transforms.len()],
        has_inchi_keys: !settings.properties.of(&declared)?.is_empty(),
        further: Vec::new(),
        standardizes: settings.standardize != Standardization::None,
    }))
}

#[derive(Clone)]
struct Numbers {
    templates: Vec<u64>,
    has_inchi_keys: bool,
    further: Vec<String>,
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
        let computed = self.computed(&[]).into_iter();
        computed
            .map(|(name, column)| Field::new(name, column.data_type().clone(), name == INCHI_KEY))
            .collect()
    }

    fn identifier(&self, key: DedupKey, _crash_record: Option<&Path>) -> Result<Box<dyn Identifier>, Error> {
        Ok(Box::new(Canonical { key }))
    }

    fn further_columns(&self) -> Fields {
        let written = self.columns();
        further::fields().iter().filter(|field| written.find(field.name()).is_none()).cloned().collect()
    }

    fn compute_further(&mut self, names: &[String]) -> Result<(), Error> {
        self.further.extend_from_slice(names);
        Ok(())
    }

    fn worker(&self, _crash_record: Option<&Path>) -> Result<Box<dyn Worker>, Error> {
        Ok(Box::new(self.clone()))
    }
}

/// Reads `P7` and other spellings of it, such as `P007`.
struct Canonical {
    key: DedupKey,
}

impl Identifier for Canonical {
    fn identify(
        &mut self,
        _first_row: u64,
        texts: &SmilesBatch,
        found: &mut dyn FnMut(Option<Identity<'_>>),
    ) -> Result<(), Error> {
        for index in 0..texts.len() {
            let text = str::from_utf8(texts.get(index)).unwrap();
            let number = text.strip_prefix('P').and_then(|number| number.parse::<u64>().ok());
            let Some(smiles) = number.map(|number| format!("P{number}")) else {
                found(None);
                continue;
            };
            let key = inchi_key(&smiles).filter(|_| self.key == DedupKey::InchiKey);
            let by_smiles = Identity::Smiles(smiles.as_bytes());
            found(Some(key.as_ref().map_or(by_smiles, |key| Identity::InchiKey(key.as_bytes()))));
        }
        Ok(())
    }
}

impl Numbers {
    /// The columns of the engine, for these products.
    fn computed(&self, made: &[Made<'_>]) -> Vec<(&'static str, ArrayRef)> {
        let lists = |list: fn(i32, u64) -> Vec<i32>| -> ArrayRef {
            let lists = made.iter().map(|made| Some(list(made.site, made.number).into_iter().map(Some)));
            Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(lists))
        };
        let mut columns = vec![
            ("xf_site_atoms", lists(|site, number| vec![site, number as i32])),
            ("xf_site_count", Arc::new(Int32Array::from(vec![1; made.len()]))),
            ("product_site_atoms", lists(|_, number| vec![0; (number % 4) as usize])),
            ("tags", tags(made)),
        ];
        if self.has_inchi_keys {
            let keys = made.iter().map(|made| inchi_key(made.smiles));
            columns.push((INCHI_KEY, Arc::new(keys.collect::<StringArray>())));
        }
        columns
    }
}

/// Where a product comes from, and its SMILES.
struct Made<'a> {
    site: i32,
    number: u64,
    smiles: &'a str,
}

/// The InChIKey of a product. Each is that of four products, and the SMILES of a fifth, which has none.
pub fn inchi_key(smiles: &str) -> Option<String> {
    let number: u64 = smiles[1..].parse().unwrap();
    (!number.is_multiple_of(5)).then(|| format!("P{}", number / 5 * 5))
}

/// No tags, one, or two, of different lengths.
fn tags(made: &[Made<'_>]) -> ArrayRef {
    let DataType::List(item) = text_list() else { panic!("it is a list") };
    let mut tags = ListBuilder::new(StringBuilder::new()).with_field(item);
    for Made { number, .. } in made {
        let each = (0..number % 3).map(|tag| Some("t".repeat((number % 7 + tag) as usize)));
        tags.append_value(each);
    }
    Arc::new(tags.finish())
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
            let of_transform =
                |number: u64| (0..self.templates.len() as u64).map(move |at| sites(number, at));
            output.rows.push(RowResult {
                standardized: self.standardizes && number.is_some_and(|number| number % 2 == 0),
                sites: number.map_or(0, |number| of_transform(number).sum()),
                ..RowResult::of(outcome, outcome == RowOutcome::Rejected)
            });
            output.row_nanoseconds.push(number.map_or(0, |number| 1_000_000 * (number % 97)));
        }
        let products = &mut output.products;
        let text = |index| str::from_utf8(batch.smiles.get(index)).unwrap();
        let made = |index: usize| Made {
            site: products.site_index[index],
            number: number(text(products.row[index] as usize)).unwrap(),
            smiles: str::from_utf8(products.smiles.get(index)).unwrap(),
        };
        let made: Vec<_> = (0..products.len()).map(made).collect();
        let columns = self.computed(&made).into_iter().map(|(_, column)| column).collect();
        products.columns = columns;
        let further = further::columns(&self.further, products);
        products.columns.extend(further);
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

/// Sites of the transform at this position in a good row.
fn sites(number: u64, transform: u64) -> u64 {
    (number + transform) % 4
}

fn transform(number: u64, row: u32, output: &mut EngineOutput) -> RowOutcome {
    let mut outcome = RowOutcome::NoSite;
    for transform in 0..output.tallies.len() {
        let (tally, products) = (&mut output.tallies[transform], &mut output.products);
        let sites = sites(number, transform as u64);
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
