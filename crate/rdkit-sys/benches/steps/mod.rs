//! The steps of the kernel, as far as its public interface separates them: runs that each end one step later.
//!
//! `bench/lib/kernel-steps.mjs` has the same names and explains the differences.

#[path = "../../tests/common/batch.rs"]
mod batch;

use std::{env, fs};

use batch::batch;
use xform_rdkit_sys::{Batch, Kernel, Limits, TransformSpec};

/// As many rows as the pipeline passes to a worker at a time.
const BATCH_ROWS: usize = 256;

const PHENOL: [&str; 4] = [
    "[c:1][OX2H:2]>>[c:1][O:2]C",
    "[c:1][OX2H:2]>>[c:1][N:2]([H])[H]",
    "[c:1][OX2H:2]>>[c:1]CCN",
    "[c:1][OX2H:2]>>[c:1]CCC(=O)O",
];
/// One transform of each kind in `configs/transforms.yaml` except the phenol ones.
const HALOGENATION: [&str; 7] = [
    "[cH:1]>>[c:1]F",
    "[#6;!$(C=O):1]-[O;H1]>>[#6:1]F",
    "[#6;!$(C=O):1]-[N;H2,H1]>>[#6:1]F",
    "[c,#6:1]-C(=O)[O;H1]>>[#6:1]F",
    "[C;R;H1,H2:1]>>[C;R:1]F",
    "[CH2:1][CX3:2](=O)>>[CH:1]([F])[CX3:2](=O)",
    "[CH2:1][OX2H]>>[CH2:1]F",
];
/// No row has this element, which is noticed before the graph is sanitized.
const ABSENT_ELEMENT: &str = "[Xe:1]>>[Xe:1]C";
/// Its elements are everywhere, but it contradicts itself, which only the matcher notices.
const CONTRADICTION: &str = "[#6;$([#6]~*);!$([#6]~*):1]>>[#6:1]C";
/// Each product is refused, because its oxygen has four bonds.
const REFUSED_PRODUCT: &str = "[c:1][OX2H:2]>>[c:1][O:2](C)(C)C";
/// Shares a map number with the phenol templates, and never matches.
const NEVER: &str = "[c:1][Xe]";

/// A run that ends after a given step.
pub struct Step {
    /// Its name in `bench/lib/kernel-steps.mjs`.
    pub name: &'static str,
    transforms: Vec<TransformSpec<'static>>,
    limits: Limits,
}

impl Step {
    fn new(name: &'static str, smirks: &[&'static str]) -> Self {
        let transforms = smirks.iter().map(|smirks| TransformSpec::new(smirks)).collect();
        Self { name, transforms, limits: Limits::default() }
    }

    /// The kernel for this step.
    pub fn kernel(&self) -> Kernel {
        Kernel::new(&self.transforms, &self.limits.clone().into()).expect("the transforms compile")
    }
}

/// All steps, each one step longer than the one before it.
pub fn steps() -> Vec<Step> {
    let mut refuse = Step::new("refuse", &PHENOL[..1]);
    refuse.limits = Limits::from_iter([("max_atoms", 0)]);
    let mut select = Step::new("select", &PHENOL[..1]);
    select.transforms[0].query_smarts = Some(NEVER);
    vec![
        refuse,
        Step::new("parse", &[ABSENT_ELEMENT]),
        Step::new("match", &[CONTRADICTION]),
        select,
        Step::new("react", &[REFUSED_PRODUCT]),
        Step::new("ome", &PHENOL[..1]),
        Step::new("phenol", &PHENOL),
        Step::new("kinds", &[&PHENOL[..], &HALOGENATION].concat()),
    ]
}

/// Rows of SMILES in micro-batches.
pub struct Rows {
    batches: Vec<(Vec<u8>, Vec<u32>)>,
}

impl Rows {
    /// The rows of the file that `XFORM_BENCH_ROWS` names: each line starts with a SMILES.
    pub fn read() -> Self {
        let path = env::var("XFORM_BENCH_ROWS").expect("XFORM_BENCH_ROWS names a file; see bench/kernel.mjs");
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let rows: Vec<_> = text.lines().filter_map(|line| line.split_whitespace().next()).collect();
        Self { batches: rows.chunks(BATCH_ROWS).map(batch).collect() }
    }

    /// Sends all rows through `kernel`; returns the number of products.
    ///
    /// A separate function in the program, because `bench/instructions.mjs` has callgrind count only inside it.
    #[inline(never)]
    pub fn run(&self, kernel: &mut Kernel) -> u64 {
        self.batches
            .iter()
            .map(|(bytes, offsets)| {
                let results = kernel.run(Batch::new(bytes, offsets)).expect("the batch runs");
                results.products.row.len() as u64
            })
            .sum()
    }
}
