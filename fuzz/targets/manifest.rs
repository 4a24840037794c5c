//! A manifest: first the bytes as they are, then as edits of a real manifest whose run is resumed.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use xform_core::journal::parse;
use xform_fuzz::InterruptedRun;

static RUN: LazyLock<InterruptedRun> = LazyLock::new(InterruptedRun::new);

fuzz_target!(|input: &[u8]| {
    if let Ok(Some(found)) = parse(input).expect("bytes can be read") {
        assert!(found.length <= input.len() as u64);
    }
    RUN.resume(input);
});
