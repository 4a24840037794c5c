//! Lines of SMILES as one batch, with transforms of every kind.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use xform_fuzz::{Molecules, OnLargeStack, transforms};

/// More rows show no more than a few do.
const MAX_ROWS: usize = 8;

static MOLECULES: LazyLock<OnLargeStack> = LazyLock::new(|| {
    OnLargeStack::new(|| {
        let mut molecules = Molecules::new(&transforms()).expect("the transforms compile");
        move |input| molecules.run_smiles(input.split(|&byte| byte == b'\n').take(MAX_ROWS))
    })
});

fuzz_target!(|input: &[u8]| MOLECULES.run(input));
