//! A mol block, with transforms of every kind.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use xform_fuzz::{Molecules, OnLargeStack, transforms};

static MOLECULES: LazyLock<OnLargeStack> = LazyLock::new(|| {
    OnLargeStack::new(|| {
        let mut molecules = Molecules::new(&transforms()).expect("the transforms compile");
        move |input| molecules.run_mol_block(input)
    })
});

fuzz_target!(|input: &[u8]| MOLECULES.run(input));
