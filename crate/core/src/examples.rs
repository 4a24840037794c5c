//! The examples of a transform file, checked before a run.

use crate::engine::{Batch, Engine, EngineOutput, SmilesBatch};
use crate::error::Error;
use crate::transform::Transform;

/// One sentence per example that its transform does not reproduce.
pub fn unmet(transforms: &[Transform], engine: &dyn Engine) -> Result<Vec<String>, Error> {
    let mut batch = SmilesBatch::default();
    for example in transforms.iter().flat_map(|transform| &transform.examples) {
        batch.push(example.input.as_bytes());
    }
    if batch.is_empty() {
        return Ok(Vec::new());
    }
    let mut output = EngineOutput::default();
    engine.worker(None)?.run(Batch::new(&batch), &mut output)?;

    let examples = transforms.iter().enumerate().flat_map(|(index, transform)| {
        transform.examples.iter().map(move |example| (index, transform, example))
    });
    let unmet = examples.enumerate().filter_map(|(row, (index, transform, example))| {
        let products = products_of(&output, row, index);
        if products.contains(&example.output.as_bytes()) {
            return None;
        }
        let products: Vec<_> = products.into_iter().map(String::from_utf8_lossy).collect();
        Some(format!(
            "transform {:?}: the example {:?} does not give {:?}; it gives [{}]",
            transform.name,
            example.input,
            example.output,
            products.join(", ")
        ))
    });
    Ok(unmet.collect())
}

fn products_of(output: &EngineOutput, row: usize, transform: usize) -> Vec<&[u8]> {
    let products = &output.products;
    (0..products.len())
        .filter(|&i| products.row[i] as usize == row && usize::from(products.transform[i]) == transform)
        .map(|i| products.smiles.get(i))
        .collect()
}
