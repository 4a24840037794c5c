//! JSON lines with all their columns.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use xform_fuzz::LibraryFile;

static FILE: LazyLock<LibraryFile> = LazyLock::new(|| LibraryFile::new("library.jsonl"));

fuzz_target!(|input: &[u8]| FILE.read(input));
