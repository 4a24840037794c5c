//! An engine whose columns include the predecessor's.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, StringArray, UInt32Array, new_null_array};
use arrow::compute::take;
use arrow::datatypes::{Fields, Int32Type};
use arrow::error::ArrowError;

use super::columns::{self, FORMULA, HalogenFact, LegacyColumn, MAPPED, Origin, PARENT_FORMULA, SITE_ATOMS};
use super::halogens::Halogens;
use super::map_numbers;
use crate::dedup::DedupKey;
use crate::description::{Depiction, Description};
use crate::engine::{
    Batch, Engine, EngineOutput, EngineVersion, FoundSite, Identifier, InHand, Products, SmilesBatch, Worker,
};
use crate::error::Error;
use crate::explanation::Explanation;
use crate::findings::Diagnosis;
use crate::transform::Transform;

/// `engine`, made for `transforms`; with the predecessor's columns if they are wanted (`is_legacy`).
///
/// # Errors
/// Those of the engine.
pub fn around(
    mut engine: Box<dyn Engine>,
    transforms: &[Transform],
    is_legacy: bool,
) -> Result<Box<dyn Engine>, Error> {
    if !is_legacy {
        return Ok(engine);
    }
    let written = engine.columns();
    let mut layout = Layout {
        transforms: transforms.iter().map(|transform| Some(&transform.name)).collect(),
        names: written.iter().map(|field| field.name().clone()).collect(),
        written: written.len(),
        added: columns::added(&written).collect(),
        further: Vec::new(),
    };
    let needed: Vec<&str> = layout.added.iter().flat_map(|column| column.origin.needs()).collect();
    layout.ask(&mut *engine, &needed)?;
    Ok(Box::new(LegacyEngine { engine, layout: Arc::new(layout) }))
}

struct LegacyEngine {
    engine: Box<dyn Engine>,
    layout: Arc<Layout>,
}

/// Which columns the inner engine gives, and what becomes of them.
#[derive(Clone)]
struct Layout {
    /// The names of the transforms.
    transforms: StringArray,
    /// The names of the inner engine's columns: those of its output, then those that were asked of it.
    names: Vec<String>,
    /// How many of them are in its output.
    written: usize,
    /// The columns that are made of them.
    added: Vec<&'static LegacyColumn>,
    /// The positions of those that a filter has asked for.
    further: Vec<usize>,
}

impl Layout {
    /// The positions of the inner columns `names`; those that are not there are asked for.
    fn ask(&mut self, engine: &mut dyn Engine, names: &[&str]) -> Result<Vec<usize>, Error> {
        let before = self.names.len();
        for &name in names {
            if self.position(name).is_none() {
                self.names.push(name.to_owned());
            }
        }
        if self.names.len() > before {
            engine.compute_further(&self.names[before..])?;
        }
        Ok(names.iter().filter_map(|name| self.position(name)).collect())
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// The columns of `products`, which have the inner engine's.
    fn columns(&self, products: &Products) -> Result<Vec<ArrayRef>, ArrowError> {
        let written = products.columns[..self.written].iter().cloned().map(Ok);
        let added = self.added.iter().map(|column| self.make(column, products));
        let further = self.further.iter().map(|&at| Ok(Arc::clone(&products.columns[at])));
        written.chain(added).chain(further).collect()
    }

    fn make(&self, column: &LegacyColumn, products: &Products) -> Result<ArrayRef, ArrowError> {
        let count = products.len();
        let text = |name: &str| self.inner(name, products).map(|column| column.as_string::<i32>());
        Ok(match column.origin {
            Origin::Smiles => Arc::new(smiles(products)?),
            Origin::True => Arc::new(BooleanArray::from(vec![true; count])),
            Origin::Transform => {
                let transforms = products.transform.iter().map(|&transform| u32::from(transform));
                take(&self.transforms, &UInt32Array::from_iter_values(transforms), None)?
            }
            Origin::Engine(name) => Arc::clone(self.inner(name, products)?),
            Origin::MapNumbers => {
                let sites = self.inner(SITE_ATOMS, products)?.as_list::<i32>();
                let each = text(MAPPED)?.iter().zip(sites.iter());
                let numbers = each.map(|(smiles, site)| {
                    Some(map_numbers::of_site(smiles?, site?.as_primitive::<Int32Type>().values()))
                });
                Arc::new(numbers.collect::<StringArray>())
            }
            Origin::Halogens(fact) => {
                let halogens = text(FORMULA)?.iter().map(|formula| formula.map(Halogens::of_formula));
                Arc::new(match fact {
                    HalogenFact::Set => halogens.map(|found| Some(found?.set())).collect::<StringArray>(),
                    HalogenFact::Counts => halogens.map(|found| found?.counts()).collect(),
                    HalogenFact::Introduced => {
                        let parents = text(PARENT_FORMULA)?.iter();
                        let each = halogens.zip(parents);
                        each.map(|(own, parent)| own?.introduced(Halogens::of_formula(parent?))).collect()
                    }
                })
            }
            Origin::Null | Origin::Output | Origin::Library => {
                new_null_array(&column.values.data_type(), count)
            }
        })
    }

    fn inner<'a>(&self, name: &str, products: &'a Products) -> Result<&'a ArrayRef, ArrowError> {
        let column = self.position(name).and_then(|at| products.columns.get(at));
        column.ok_or_else(|| ArrowError::ComputeError(format!("the engine did not compute {name}")))
    }
}

fn smiles(products: &Products) -> Result<StringArray, ArrowError> {
    let text = |at| str::from_utf8(products.smiles.get(at)).map(Some);
    let texts = (0..products.len()).map(text).collect::<Result<_, _>>();
    texts.map_err(|error| ArrowError::ExternalError(error.into()))
}

impl Engine for LegacyEngine {
    fn columns(&self) -> Fields {
        columns::computed(&self.engine.columns(), true)
    }

    fn further_columns(&self) -> Fields {
        let written = self.columns();
        let further = self.engine.further_columns();
        further.iter().filter(|field| written.find(field.name()).is_none()).cloned().collect()
    }

    fn compute_further(&mut self, names: &[String]) -> Result<(), Error> {
        let mut layout = Layout::clone(&self.layout);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let asked = layout.ask(&mut *self.engine, &names)?;
        layout.further.extend(asked);
        self.layout = Arc::new(layout);
        Ok(())
    }

    fn worker(&self, crash_record: Option<&Path>) -> Result<Box<dyn Worker>, Error> {
        let (worker, layout) = (self.engine.worker(crash_record)?, Arc::clone(&self.layout));
        Ok(Box::new(LegacyWorker { worker, layout }))
    }

    fn version(&self) -> EngineVersion {
        self.engine.version()
    }

    fn product_templates(&self) -> &[u64] {
        self.engine.product_templates()
    }

    fn explain(&self) -> Result<Vec<Explanation>, Error> {
        self.engine.explain()
    }

    fn review(&self) -> &[Vec<Diagnosis>] {
        self.engine.review()
    }

    fn sites(&self, transform: usize, smiles: &str) -> Result<Vec<FoundSite>, Error> {
        self.engine.sites(transform, smiles)
    }

    fn describe(&self) -> Result<Vec<Description>, Error> {
        self.engine.describe()
    }

    fn draw_reaction(&self, transform: usize) -> Result<String, Error> {
        self.engine.draw_reaction(transform)
    }

    fn draw_products(&self, parent: &Depiction, products: &[Depiction]) -> Result<String, Error> {
        self.engine.draw_products(parent, products)
    }

    fn identities(&self) -> Result<Vec<String>, Error> {
        self.engine.identities()
    }

    fn reads_as_smiles(&self, texts: &SmilesBatch) -> Result<Vec<bool>, Error> {
        self.engine.reads_as_smiles(texts)
    }

    fn canonical_smiles(&self, texts: &[&str]) -> Result<Vec<Option<String>>, Error> {
        self.engine.canonical_smiles(texts)
    }

    fn identifier(&self, key: DedupKey, crash_record: Option<&Path>) -> Result<Box<dyn Identifier>, Error> {
        self.engine.identifier(key, crash_record)
    }

    fn in_hand(&self, crash_record: &Path) -> Result<Option<InHand>, Error> {
        self.engine.in_hand(crash_record)
    }
}

struct LegacyWorker {
    worker: Box<dyn Worker>,
    layout: Arc<Layout>,
}

impl Worker for LegacyWorker {
    fn run(&mut self, batch: Batch<'_>, output: &mut EngineOutput) -> Result<(), Error> {
        self.worker.run(batch, output)?;
        if output.rechecked.difference.is_some() {
            return Ok(()); // the rest has no meaning
        }
        let columns = self.layout.columns(&output.products);
        output.products.columns =
            columns.map_err(|error| Error::internal(format!("the predecessor's columns: {error}")))?;
        Ok(())
    }
}
