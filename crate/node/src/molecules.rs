//! A few molecules at a time: the engine's columns, regrouped by molecule for JavaScript users.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Fields, Float64Type, Int32Type};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;
use xform_core::engine::{Batch, Engine, EngineOutput, Failure, RejectCode, SmilesBatch, Stage};
use xform_core::source::check_smiles;
use xform_core::transform::Transform;
use xform_core::{ApplyOptions, Command, Error};
use xform_rdkit::RdkitEngine;

use crate::transform::NativeTransform;

/// The result of the transform for one molecule; the fields have the names of the Parquet columns.
#[derive(Serialize)]
struct MoleculeResult<'a> {
    source_smiles: &'a str,
    outcome: &'static str,
    products: Vec<Product<'a>>,
    rejects: Vec<Reject<'a>>,
}

/// A product with its columns.
#[derive(Serialize)]
pub struct Product<'a> {
    smiles: &'a str,
    product_index: i32,
    xf_site_index: i32,
    #[serde(flatten)]
    computed: Computed<'a>,
}

/// The columns that the engine computes, of one product.
struct Computed<'a> {
    fields: &'a Fields,
    columns: &'a [ArrayRef],
    index: usize,
}

impl Serialize for Computed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (field, column) in self.fields.iter().zip(self.columns) {
            map.serialize_entry(field.name(), &value(column, self.index))?;
        }
        map.end()
    }
}

fn value(column: &ArrayRef, index: usize) -> Value {
    if column.is_null(index) {
        return Value::Null;
    }
    match column.data_type() {
        DataType::Int32 => column.as_primitive::<Int32Type>().value(index).into(),
        DataType::Float64 => column.as_primitive::<Float64Type>().value(index).into(),
        DataType::Boolean => column.as_boolean().value(index).into(),
        DataType::Utf8 => column.as_string::<i32>().value(index).into(),
        DataType::List(_) => {
            let list = column.as_list::<i32>().value(index);
            (0..list.len()).map(|member| value(&list, member)).collect()
        }
        _ => Value::Null,
    }
}

/// Why a molecule or a site has no product.
#[derive(Serialize)]
pub struct Reject<'a> {
    xf_site_index: Option<i32>,
    stage: &'static str,
    code: &'static str,
    reason: &'a str,
}

/// Applies `transform` to each of `smiles`, with `options` as JSON; returns one result per molecule, as a JSON array.
pub fn transform(smiles: &[String], transform: NativeTransform, options: &str) -> Result<String, Error> {
    let options = ApplyOptions::from_json(Command::TransformSmiles, options)?;
    let mut transforms = [Transform::try_from(transform)?];
    options.overrides().apply(&mut transforms)?;
    let engine = RdkitEngine::new(&transforms, &options.engine_settings()?)?;
    let output = run(&engine, &batch(smiles)?)?;
    crate::to_json(&by_molecule(smiles, &output, &engine.columns())?)
}

fn batch(smiles: &[String]) -> Result<SmilesBatch, Error> {
    let text: usize = smiles.iter().map(String::len).sum();
    if u32::try_from(text).is_err() {
        let reason = "is more text than one call accepts; pass it to apply as a file";
        return Err(Error::invalid_option("smiles", reason));
    }
    let mut batch = SmilesBatch::default();
    for text in smiles {
        // For the engine, an empty row is one that was refused before.
        batch.push(if refusal(text).is_some() { b"" } else { text.as_bytes() });
    }
    Ok(batch)
}

fn run(engine: &RdkitEngine, batch: &SmilesBatch) -> Result<EngineOutput, Error> {
    let mut output = EngineOutput::default();
    engine.worker(None)?.run(Batch::new(batch), &mut output)?;
    Ok(output)
}

/// Why `text` cannot be passed to the engine.
fn refusal(text: &str) -> Option<RejectCode> {
    check_smiles(text.as_bytes()).err()
}

fn by_molecule<'a>(
    smiles: &'a [String],
    output: &'a EngineOutput,
    fields: &'a Fields,
) -> Result<Vec<MoleculeResult<'a>>, Error> {
    let mut results = Vec::with_capacity(smiles.len());
    let (mut next_product, mut failures) = (0, output.failures.iter().peekable());
    for (row, text) in (0..).zip(smiles) {
        let first_product = next_product;
        while output.products.row.get(next_product) == Some(&row) {
            next_product += 1;
        }
        let mut rejects: Vec<_> = refusal(text).into_iter().map(refused).collect();
        while let Some(failure) = failures.next_if(|failure| failure.row == row) {
            rejects.push(failed(failure));
        }
        results.push(MoleculeResult {
            source_smiles: text,
            outcome: outcome(output, row)?,
            products: (first_product..next_product)
                .map(|index| product(output, index, fields))
                .collect::<Result<_, _>>()?,
            rejects,
        });
    }
    Ok(results)
}

fn outcome(output: &EngineOutput, row: u32) -> Result<&'static str, Error> {
    let result = output.rows.get(row as usize).map(|result| result.outcome.as_str());
    result.ok_or_else(|| Error::internal(format!("no result for row {row}")))
}

/// The product at `index` in `output`.
pub fn product<'a>(output: &'a EngineOutput, index: usize, fields: &'a Fields) -> Result<Product<'a>, Error> {
    let products = &output.products;
    Ok(Product {
        smiles: std::str::from_utf8(products.smiles.get(index))
            .map_err(|error| Error::internal(format!("a product's SMILES: {error}")))?,
        product_index: products.product_index[index],
        xf_site_index: products.site_index[index],
        computed: Computed { fields, columns: &products.columns, index },
    })
}

/// A molecule that the engine is not asked about.
pub fn refused(code: RejectCode) -> Reject<'static> {
    Reject { xf_site_index: None, stage: Stage::Input.as_str(), code: code.as_str(), reason: code.in_words() }
}

/// A failure of the engine.
pub fn failed(failure: &Failure) -> Reject<'_> {
    let Failure { site, stage, code, reason, .. } = failure;
    Reject { xf_site_index: *site, stage: stage.as_str(), code: code.as_str(), reason }
}
