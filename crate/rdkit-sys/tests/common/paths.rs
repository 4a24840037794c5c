//! The kernel as shipped next to its plain path: no edits, no prefilter.

use xform_rdkit_sys::{Kernel, Limits, TransformSpec};

use super::{Output, kernel, run_on};

/// Both kernels for the same transforms.
pub struct BothPaths {
    fast: Kernel,
    plain: Kernel,
    smirks: Vec<String>,
}

impl BothPaths {
    pub fn new(smirks: &[String]) -> Self {
        let specs = |plain_path| -> Vec<_> {
            smirks
                .iter()
                .map(|smirks| TransformSpec { smirks, plain_path, ..TransformSpec::default() })
                .collect()
        };
        let fast = kernel(Limits::default(), &specs(false));
        let mut plain = kernel(Limits::default(), &specs(true));
        plain.turn_prefilter(false).expect("it turns");
        Self { fast, plain, smirks: smirks.to_vec() }
    }

    /// The results for `rows`, after checking that both agree in everything: outcomes, products with their sites,
    /// site atoms and positions, failures with their messages, counts.
    pub fn agree_on(&mut self, rows: &[&str]) -> Output {
        let fast = run_on(&mut self.fast, rows, &[]);
        let plain = run_on(&mut self.plain, rows, &[]);
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
