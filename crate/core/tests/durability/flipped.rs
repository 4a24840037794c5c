//! A flipped bit in a file of an interrupted run never becomes published output.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use xform_core::disk::{Call, Gate};
use xform_core::{ApplyOptions, DedupMode, Error, verify};

use crate::gate::{At, Stop, dead_after};
use crate::job::{self, bytes, options, run};

/// Places in a file at which a bit is flipped: one in each of a number of stretches, and the edges.
fn places(length: usize) -> Vec<usize> {
    let stretches = if std::env::var_os("XFORM_LONG_TESTS").is_some() { 400 } else { 12 };
    let inner = (0..length).step_by((length / stretches).max(1));
    let mut all: Vec<usize> =
        inner.chain(length.saturating_sub(12)..length).chain(0..length.min(4)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The quarantine of a row that is not in the library, as a supervisor writes it.
const QUARANTINE: &str =
    "{\"source_row\":4000000,\"transform\":null,\"code\":\"crashed\"} ebee9149e8d3d696\n";

/// The files in a folder and its subfolders, except the lock.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            files.extend(self::files(&entry));
        } else if !entry.ends_with("lock") {
            files.push((entry.clone(), fs::read(entry).unwrap()));
        }
    }
    files
}

fn restore(outdir: &Path, kept: &[(PathBuf, Vec<u8>)]) {
    fs::remove_dir_all(outdir).unwrap();
    for (path, bytes) in kept {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// A refusal that names the file and explains what to do.
fn assert_refusal(error: &Error, name: &str, context: &str) {
    let text = error.to_string();
    let name = if name == "manifest.jsonl" { "manifest" } else { name };
    assert!(["XFORM_OUTPUT_DAMAGED", "XFORM_RESUME_REFUSED"].contains(&error.code()), "{context}: {text}");
    assert!(text.contains("--force"), "{context}: {text}");
    // A manifest that lost its last line may refer to a log that no longer exists.
    assert!(text.contains(name) || text.contains("cannot be found"), "{context}: {text}");
}

/// Flips bits in each file of the run that `gate` interrupts.
fn each_flip_is_harmless(dedup: DedupMode, gate: Option<Arc<dyn Gate>>) {
    let folder = job::folder();
    job::prepare(folder.path());
    let interrupted = ApplyOptions { dedup, bloom_expected_items: 100_000, ..options(folder.path(), "out") };
    let unbroken = ApplyOptions { outdir: folder.path().join("unbroken"), ..interrupted.clone() };
    run(&unbroken, None).unwrap();
    let expected = bytes(&unbroken.outdir);
    run(&interrupted, gate).unwrap_err();
    assert!(job::durable_rows(&interrupted.outdir).unwrap() > 0);
    fs::write(interrupted.outdir.join(".xform-native/quarantine.jsonl"), QUARANTINE).unwrap();
    let kept = files(&interrupted.outdir);
    let resumed = ApplyOptions { resume: true, ..interrupted };
    let mut refused = std::collections::BTreeSet::new();
    for (path, good) in kept.iter().filter(|(_, good)| !good.is_empty()) {
        let name = path.file_name().unwrap().to_str().unwrap();
        for at in places(good.len()) {
            let context = format!("bit {} of byte {at} of {name} of {} bytes", at % 8, good.len());
            restore(&resumed.outdir, &kept);
            let mut bad = good.clone();
            bad[at] ^= 1 << (at % 8);
            fs::write(path, bad).unwrap();
            let verified = verify(&resumed.outdir).unwrap();
            match run(&resumed, None) {
                Ok(_) => assert!(bytes(&resumed.outdir) == expected, "different bytes: {context}"),
                Err(error) => {
                    assert_refusal(&error, name, &context);
                    let is_told = verified.checks.iter().skip(1).any(|check| !check.ok);
                    assert!(is_told, "verify says nothing of {context}: {verified:?}");
                    refused.insert(name.to_owned());
                }
            }
        }
    }
    let names = ["manifest.jsonl", "products-000000.parquet", "rejects.arrow", "deferred.arrow", "keys.bin"];
    for name in names.into_iter().chain(["quarantine.jsonl"]) {
        assert!(refused.contains(name), "no flip in {name} was refused: {refused:?}");
    }
}

#[test]
fn in_the_middle_of_a_run() {
    each_flip_is_harmless(DedupMode::Exact, Some(Arc::new(At::new(150, Stop))));
}

#[test]
fn in_one_with_a_bloom_filter() {
    each_flip_is_harmless(DedupMode::Bloom, Some(Arc::new(At::new(150, Stop))));
}

#[test]
fn while_the_files_are_made() {
    let products =
        |call: Call<'_>| matches!(call, Call::Create(path) if path.ends_with(".products.parquet.tmp"));
    each_flip_is_harmless(DedupMode::Exact, dead_after(products));
}
