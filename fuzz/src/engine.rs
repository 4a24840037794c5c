//! Sends molecules through the kernel, and checks the counts of the results.

use xform_core::dedup::DedupCounts;
use xform_core::engine::{Batch, Engine, EngineOutput, SmilesBatch, Worker};
use xform_core::source::check_smiles;
use xform_core::sums::{RowCounts, Sums};
use xform_core::transform::Transform;
use xform_core::{EngineSettings, Error};
use xform_rdkit::RdkitEngine;

use crate::leaks::forgive_leaks;

/// A worker, and what its results are compared with.
pub struct Molecules {
    worker: Box<dyn Worker>,
    product_templates: Vec<u64>,
}

impl Molecules {
    /// Compiles `transforms` for the calling thread.
    ///
    /// # Errors
    /// An invalid SMIRKS or query.
    pub fn new(transforms: &[Transform]) -> Result<Self, Error> {
        let engine = forgive_leaks(|| RdkitEngine::new(transforms, &EngineSettings::default()))?;
        Ok(Self { worker: engine.worker(None)?, product_templates: engine.product_templates().to_vec() })
    }

    /// Runs `rows` as one batch; rows that no source would accept become empty ones.
    ///
    /// # Panics
    /// If the batch fails as a whole, or its counts do not balance.
    pub fn run<'a>(&mut self, rows: impl IntoIterator<Item = &'a [u8]>) {
        let mut batch = SmilesBatch::default();
        rows.into_iter().for_each(|row| batch.push(check_smiles(row).unwrap_or_default()));
        let mut output = EngineOutput::default();
        self.worker.run(Batch::new(&batch), &mut output).expect("a bad molecule is a record");
        self.check(batch.len(), &output);
    }

    fn check(&self, rows: usize, output: &EngineOutput) {
        assert_eq!(output.rows.len(), rows, "a row has no outcome");
        let mut counts = RowCounts::default();
        output.rows.iter().for_each(|row| counts.add(*row));
        assert_eq!(counts.total(), rows as u64);
        for (transform, templates) in self.product_templates.iter().enumerate() {
            let written = output.products.transform.iter().filter(|t| usize::from(**t) == transform).count();
            let kept = DedupCounts { kept: written as u64, left_out: 0 };
            let sums = Sums::new(rows as u64, output.tallies[transform], kept, false);
            assert_eq!(sums.broken(Some(*templates)), None, "transform {transform}");
        }
    }
}
