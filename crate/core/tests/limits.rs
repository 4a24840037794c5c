//! A run with too few open files. It is the only test of its process, because it lowers the process's limit.

#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

#[path = "shard/engine.rs"]
mod engine;

use std::fs;
use std::path::{Path, PathBuf};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use xform_core::{ApplyOptions, Control, Error, ErrorClass, Summary, apply};

const TRANSFORMS: &str = "version: 1\ntransforms:\n  - {name: ONE, smirks: '[C:1]>>[C:1]O.[C:1]S'}\n";

/// A run whose file numbers may be at most `most - 1`.
fn run(options: &ApplyOptions, most: u64) -> Result<Summary, Error> {
    let whole = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: Some(most), ..whole }).unwrap();
    let done = apply(options, &engine::make_engine, &Control::default());
    setrlimit(Resource::Nofile, whole).unwrap();
    done
}

#[test]
fn too_few_open_files_are_a_limit_of_the_system_wherever_it_strikes() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("transforms.yaml");
    fs::write(&config, TRANSFORMS).unwrap();
    let text = folder.path().join("library.smi");
    fs::write(&text, (0..50).map(|row| format!("C{row} id{row}\n")).collect::<String>()).unwrap();
    let parquet: PathBuf =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture/source/pyarrow-zstd.parquet");
    for input in [text, parquet] {
        let mut struck = 0;
        let succeeded = (3..100).any(|most| {
            let outdir = folder.path().join(format!("{}-{most}", input.file_name().unwrap().display()));
            let mut options = ApplyOptions::new(&input, outdir, &config, vec!["all".to_owned()]);
            options.workers = 1;
            let Err(error) = run(&options, most) else { return true };
            assert_eq!(error.class(), ErrorClass::System, "{most}: {error}");
            assert!(error.to_string().contains("no more open files"), "{error}");
            assert!(error.to_string().contains("ulimit -n"), "{error}");
            struck += 1;
            false
        });
        assert!(succeeded && struck > 3, "{}: {struck}", input.display());
    }
}
