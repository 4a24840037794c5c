//! The same bytes as SMILES lines, CSV and TSV; as gzip if they start like it.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use xform_fuzz::LibraryFile;

static FILES: LazyLock<[LibraryFile; 3]> =
    LazyLock::new(|| ["library.smi", "library.csv", "library.tsv"].map(LibraryFile::new));

fuzz_target!(|input: &[u8]| FILES.iter().for_each(|file| file.read(input)));
