//! The kernel with its fast wing, compared with RDKit alone.

use xform_rdkit_sys::{Kernel, Limits, TransformSpec};

use super::{Output, kernel, run_on};

/// A kernel that takes both paths, one after the other.
pub struct BothPaths {
    kernel: Kernel,
    smirks: Vec<String>,
}

impl BothPaths {
    pub fn new(smirks: &[String]) -> Self {
        let specs: Vec<_> = smirks.iter().map(|smirks| TransformSpec::new(smirks)).collect();
        Self { kernel: kernel(Limits::default(), &specs), smirks: smirks.to_vec() }
    }

    /// The results for `rows`, after checking that both agree in everything: outcomes, products with their sites,
    /// site atoms and positions, failures with their messages, counts.
    pub fn agree_on(&mut self, rows: &[&str]) -> Output {
        let [fast, plain] = run_both(&mut self.kernel, rows);
        for (row, smiles) in rows.iter().enumerate() {
            assert_eq!(
                (fast.outcomes[row], fast.rejected[row]),
                (plain.outcomes[row], plain.rejected[row]),
                "{smiles}"
            );
        }
        let told = |row: u32, transform: i32| {
            let smirks = usize::try_from(transform).map_or("any", |transform| &self.smirks[transform]);
            format!("{} with {smirks}", rows[row as usize])
        };
        for (one, other) in fast.products.iter().zip(&plain.products) {
            assert_eq!(one, other, "fast, then plain: {}", told(one.row, one.transform.into()));
        }
        for (one, other) in fast.failures.iter().zip(&plain.failures) {
            assert_eq!(one, other, "fast, then plain: {}", told(one.row, one.transform));
        }
        assert_eq!(fast.products.len(), plain.products.len());
        assert_eq!(fast.failures.len(), plain.failures.len());
        assert_eq!(fast.counts, plain.counts);
        fast
    }
}

/// The results of `kernel` for `rows`, with its fast wing and without it.
pub fn run_both(kernel: &mut Kernel, rows: &[&str]) -> [Output; 2] {
    [true, false].map(|fast| {
        kernel.turn_fast(fast).expect("it turns");
        run_on(kernel, rows, &[])
    })
}
