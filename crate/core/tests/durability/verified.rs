//! `verify` on finished, interrupted and damaged runs.

use std::fs;

use xform_core::{ApplyOptions, DedupMode, Verification, verify};

use crate::job::{self, options, run};

fn finished(dedup: DedupMode) -> (tempfile::TempDir, ApplyOptions) {
    let folder = job::folder();
    job::prepare(folder.path());
    let options = ApplyOptions { dedup, ..options(folder.path(), "out") };
    run(&options, None).unwrap();
    (folder, options)
}

fn failed(verification: &Verification) -> Vec<&str> {
    assert_eq!(verification.ok, verification.advice.is_none());
    verification.checks.iter().filter(|check| !check.ok).map(|check| check.name).collect()
}

#[test]
fn a_finished_run_is_what_it_wrote() {
    for dedup in [DedupMode::Exact, DedupMode::Bloom, DedupMode::None] {
        let (_folder, options) = finished(dedup);
        let verification = verify(&options.outdir).unwrap();
        assert!(verification.ok, "{verification:?}");
        assert_eq!(verification.checks.len(), 7);
    }
}

#[test]
fn each_fault_is_found() {
    let (_folder, options) = finished(DedupMode::Exact);
    let with = |name: &str, change: &dyn Fn(&[u8]) -> Vec<u8>| {
        let path = options.outdir.join(name);
        let good = fs::read(&path).unwrap();
        fs::write(&path, change(&good)).unwrap();
        let verification = verify(&options.outdir).unwrap();
        fs::write(&path, good).unwrap();
        verification
    };
    let flipped = with("products.parquet", &|good| {
        let mut bad = good.to_vec();
        bad[good.len() / 3] ^= 1;
        bad
    });
    assert!(failed(&flipped).contains(&"products file"));
    assert!(flipped.advice.unwrap().contains("--force"));
    assert!(failed(&with("rejects.parquet", &|good| good[..50].to_vec())).contains(&"rejects file"));
    let text = |from: &'static str, to: &'static str| {
        move |good: &[u8]| String::from_utf8(good.to_vec()).unwrap().replacen(from, to, 1).into_bytes()
    };
    assert_eq!(failed(&with("SUMMARY.json", &|good| good[..good.len() / 2].to_vec())), ["summary"]);
    assert_eq!(
        failed(&with("SUMMARY.json", &text("\"version\": \"1\"", "\"version\": \"2\""))),
        ["summary", "metadata"]
    );
    // A run with repeats that is passed off as one without.
    let (_other, kept) = finished(DedupMode::None);
    let summary = fs::read_to_string(kept.outdir.join("SUMMARY.json")).unwrap();
    let posing = summary.replace("\"dedup\": \"none\"", "\"dedup\": \"exact\"");
    assert_ne!(summary, posing);
    fs::write(kept.outdir.join("SUMMARY.json"), posing).unwrap();
    let found = verify(&kept.outdir).unwrap();
    assert!(failed(&found).contains(&"rows"), "{found:?}");
}

#[test]
fn an_interrupted_run_can_be_resumed_and_says_so() {
    let (folder, options) = finished(DedupMode::Exact);
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let nothing = verify(&empty).unwrap();
    assert_eq!(failed(&nothing), ["summary"]);
    assert!(nothing.advice.unwrap().contains("rerun the same command"));
    assert_eq!(verify(&folder.path().join("none")).unwrap_err().code(), "XFORM_OUTPUT_FAILED");
    drop(options);
}
