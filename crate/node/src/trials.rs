//! Transforms tried on a few molecules: the sites, the products, and what failed.

use std::collections::BTreeSet;

use arrow::array::AsArray;
use arrow::datatypes::{Fields, Int32Type};
use serde::Serialize;
use xform_core::description::Depiction;
use xform_core::engine::{Batch, EngineOutput, FoundSite, SmilesBatch};
use xform_core::totals::Tally;
use xform_core::{Error, Trial, TriedMolecule, TryOptions};

use crate::molecules::{Product, Reject, failed, product, refused};

/// What the transforms did to one molecule.
#[derive(Serialize)]
struct MoleculeTrial<'a> {
    #[serde(flatten)]
    molecule: &'a TriedMolecule,
    /// Why the molecule cannot be used; then there are no transforms.
    rejects: Vec<Reject<'a>>,
    transforms: Vec<TransformTrial<'a>>,
    /// A picture, if it was asked for; null without a product.
    #[serde(skip_serializing_if = "Option::is_none")]
    svg: Option<Option<String>>,
}

/// What a transform did to the molecule.
#[derive(Serialize)]
struct TransformTrial<'a> {
    xf_name: &'a str,
    counts: Tally,
    sites: Vec<FoundSite>,
    products: Vec<Product<'a>>,
    rejects: Vec<Reject<'a>>,
}

/// Tries transforms on `smiles` and the molecules of the file that `options`, as JSON, names; returns one result per
/// molecule, as a JSON array, with a picture if it `draws`.
pub fn try_transforms(smiles: Vec<String>, options: &str, draws: bool) -> Result<String, Error> {
    let trial = Trial::prepare(smiles, &TryOptions::from_json(options)?, &crate::new_engine)?;
    let columns = trial.engine.columns();
    let mut worker = trial.engine.worker(None)?;
    let mut outputs = Vec::with_capacity(trial.molecules.len());
    for molecule in &trial.molecules {
        let mut output = EngineOutput::default();
        if molecule.fault.is_none() {
            let mut batch = SmilesBatch::default();
            batch.push(molecule.source_smiles.as_bytes());
            worker.run(Batch::new(&batch), &mut output)?;
        }
        outputs.push(output);
    }
    let tried = trial.molecules.iter().zip(&outputs);
    let results = tried.map(|(molecule, output)| result(&trial, molecule, output, &columns));
    let mut results = results.collect::<Result<Vec<_>, Error>>()?;
    for (tried, output) in results.iter_mut().zip(&outputs).filter(|_| draws) {
        tried.svg = Some(drawn(&trial, tried.molecule, output)?);
    }
    crate::to_json(&results)
}

/// A picture of the molecule and the products of all transforms; `None` without a product.
fn drawn(trial: &Trial, molecule: &TriedMolecule, output: &EngineOutput) -> Result<Option<String>, Error> {
    let products = &output.products;
    if products.is_empty() {
        return Ok(None);
    }
    let columns = trial.engine.columns();
    let atoms = |column: &str, index| {
        let list = columns.iter().position(|field| field.name() == column).map(|at| &products.columns[at]);
        let values = list.map(|list| list.as_list::<i32>().value(index));
        values.map_or_else(Vec::new, |values| {
            values.as_primitive::<Int32Type>().values().iter().map(|&atom| atom as u32).collect::<Vec<u32>>()
        })
    };
    let depicted = |index: usize| {
        let (name, site) =
            (&trial.transforms[usize::from(products.transform[index])].name, products.site_index[index]);
        let smiles = String::from_utf8_lossy(products.smiles.get(index)).into_owned();
        Depiction {
            smiles,
            atoms: atoms("product_site_atoms", index),
            caption: format!("{name}, site {site}"),
        }
    };
    let sites: BTreeSet<u32> = (0..products.len()).flat_map(|index| atoms("xf_site_atoms", index)).collect();
    let parent = Depiction {
        smiles: molecule.source_smiles.clone(),
        atoms: sites.into_iter().collect(),
        caption: String::new(),
    };
    let depicted: Vec<Depiction> = (0..products.len()).map(depicted).collect();
    trial.engine.draw_products(&parent, &depicted).map(Some)
}

fn result<'a>(
    trial: &'a Trial,
    molecule: &'a TriedMolecule,
    output: &'a EngineOutput,
    columns: &'a Fields,
) -> Result<MoleculeTrial<'a>, Error> {
    let of_row = output.failures.iter().filter(|failure| failure.transform.is_none()).map(failed);
    let rejects: Vec<Reject<'_>> = molecule.fault.map(refused).into_iter().chain(of_row).collect();
    let each = (0..trial.transforms.len()).map(|index| of_transform(trial, index, molecule, output, columns));
    let transforms = if rejects.is_empty() { each.collect::<Result<_, Error>>()? } else { Vec::new() };
    Ok(MoleculeTrial { molecule, rejects, transforms, svg: None })
}

fn of_transform<'a>(
    trial: &'a Trial,
    index: usize,
    molecule: &TriedMolecule,
    output: &'a EngineOutput,
    columns: &'a Fields,
) -> Result<TransformTrial<'a>, Error> {
    let counts = output.tallies.get(index).copied().unwrap_or_default();
    let is_own = |transform: u16| usize::from(transform) == index;
    let products = (0..output.products.len()).filter(|&product| is_own(output.products.transform[product]));
    let failures = output.failures.iter().filter(|failure| failure.transform.is_some_and(is_own));
    Ok(TransformTrial {
        xf_name: &trial.transforms[index].name,
        counts,
        sites: if counts.sites == 0 {
            Vec::new()
        } else {
            trial.engine.sites(index, &molecule.source_smiles)?
        },
        products: products.map(|index| product(output, index, columns)).collect::<Result<_, _>>()?,
        rejects: failures.map(failed).collect(),
    })
}
