//! Sends molecules through the kernel, and checks the results.

use xform_core::engine::{Batch, Engine, EngineOutput, Notation, SmilesBatch, Worker};
use xform_core::source::check_smiles;
use xform_core::totals::{Sums, Totals};
use xform_core::transform::Transform;
use xform_core::{EngineSettings, Error};
use xform_rdkit::RdkitEngine;

use crate::leaks::forgive_leaks;

/// A worker, and what its results are compared with.
pub struct Molecules {
    worker: Box<dyn Worker>,
    /// Names of the transforms.
    transforms: Vec<String>,
    product_templates: Vec<u64>,
}

impl Molecules {
    /// Compiles `transforms` for the calling thread.
    ///
    /// # Errors
    /// An invalid SMIRKS or query.
    pub fn new(transforms: &[Transform]) -> Result<Self, Error> {
        let engine = forgive_leaks(|| RdkitEngine::new(transforms, &EngineSettings::default()))?;
        Ok(Self {
            worker: engine.worker(None)?,
            transforms: transforms.iter().map(|transform| transform.name.clone()).collect(),
            product_templates: engine.product_templates().to_vec(),
        })
    }

    /// Runs rows of SMILES as one batch; rows that no source would accept become empty ones.
    ///
    /// # Panics
    /// As [`Self::run`].
    pub fn run_smiles<'a>(&mut self, rows: impl IntoIterator<Item = &'a [u8]>) {
        let mut batch = SmilesBatch::default();
        rows.into_iter().for_each(|row| batch.push(check_smiles(row).unwrap_or_default()));
        self.run(&batch);
    }

    /// Runs a mol block as a batch of one row.
    ///
    /// # Panics
    /// As [`Self::run`].
    pub fn run_mol_block(&mut self, block: &[u8]) {
        let mut batch = SmilesBatch::of(Notation::MolBlock);
        batch.push_at(block, 1);
        self.run(&batch);
    }

    /// Runs a batch, and each row of it a second time with RDKit alone.
    ///
    /// # Panics
    /// If the batch fails as a whole, its counts do not balance, or RDKit alone gives other results.
    fn run(&mut self, rows: &SmilesBatch) {
        let all: Vec<u32> = (0..rows.len() as u32).collect();
        let mut output = EngineOutput::default();
        let batch = Batch { rechecks: &all, ..Batch::new(rows) };
        self.worker.run(batch, &mut output).expect("a bad molecule is a record");
        assert_eq!(output.rechecked.difference, None);
        self.check(rows.len(), &output);
    }

    fn check(&self, rows: usize, output: &EngineOutput) {
        assert_eq!(output.rows.len(), rows, "a row has no outcome");
        let mut totals = Totals::new(&self.transforms, false);
        totals.add_rows(&output.rows);
        assert_eq!(totals.by_outcome.total(), rows as u64);
        totals.add_products(&output.tallies, &output.filtered, &output.products.transform);
        for (transform, templates) in totals.transforms.iter().zip(&self.product_templates) {
            // Without deduplication each product is written.
            let sums = Sums { unique: transform.sums.products, ..transform.sums };
            assert_eq!(sums.broken(Some(*templates)), None, "transform {}", transform.name);
        }
    }
}
