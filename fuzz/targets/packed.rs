//! The bytes behind the first bytes of each compression, as SMILES lines.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use xform_fuzz::LibraryFile;

static FILE: LazyLock<LibraryFile> = LazyLock::new(|| LibraryFile::new("library.smi"));

const BEGINNINGS: [&[u8]; 4] = [b"\x1f\x8b\x08", b"BZh9", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\0"];

fuzz_target!(|input: &[u8]| {
    // As it is, if it is a seed; else the rest of a file of some compression.
    FILE.read(input);
    if let Some((which, rest)) = input.split_first() {
        FILE.read(&[BEGINNINGS[usize::from(which % 4)], rest].concat());
    }
});
