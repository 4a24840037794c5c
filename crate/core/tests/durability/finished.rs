//! Resuming a finished run checks its files, and so does repeating a finished merge.

use std::fs;
use std::path::Path;

use xform_core::{ApplyOptions, Error, MergeOptions, Shard, Summary, merge};

use crate::job::{self, names, options, run};

const FILES: [&str; 3] = ["products.parquet", "rejects.parquet", "SUMMARY.json"];

fn contents(outdir: &Path) -> [Vec<u8>; 3] {
    FILES.map(|name| fs::read(outdir.join(name)).unwrap())
}

/// `again` must return the summary of the finished run or merge in `outdir` as long as its files are unchanged.
fn assert_believes_no_file(finished: &Summary, again: &dyn Fn() -> Result<Summary, Error>) {
    let outdir = &finished.output_dir;
    let before = contents(outdir);
    let summary = again().unwrap();
    assert!(summary.already_finished && !finished.already_finished);
    let finished_again = Summary { already_finished: true, ..finished.clone() };
    let value = |summary: &Summary| serde_json::to_value(summary).unwrap();
    assert_eq!(value(&summary), value(&finished_again));
    assert!(contents(outdir) == before, "nothing was run");

    let refused = |name: &str, context: &str| {
        let error = again().map(|_| panic!("{context}: {name} was believed")).unwrap_err();
        assert_eq!(error.code(), "XFORM_RESUME_REFUSED", "{context}: {error}");
        assert!(
            error.to_string().contains(name) && error.to_string().contains("--force"),
            "{context}: {error}"
        );
    };
    for (name, good) in FILES.into_iter().zip(&before) {
        let path = outdir.join(name);
        // A digit of a figure in the summary.
        let at = good.iter().rposition(u8::is_ascii_digit).unwrap();
        for (context, bad) in [("flipped", flipped(good, at)), ("cut", good[..good.len() - 1].to_vec())] {
            if context == "cut" && name == "SUMMARY.json" {
                continue; // the file ends with a line feed
            }
            fs::write(&path, &bad).unwrap();
            refused(name, context);
            assert!(fs::read(&path).unwrap() == bad, "{name}: a refusal changes nothing");
        }
        fs::write(&path, good).unwrap();
    }
    for name in &FILES[..2] {
        let path = outdir.join(name);
        fs::rename(&path, outdir.join("elsewhere")).unwrap();
        refused(name, "gone");
        fs::rename(outdir.join("elsewhere"), &path).unwrap();
    }
    assert_eq!(names(outdir), ["SUMMARY.json", "products.parquet", "rejects.parquet"]);
    assert!(again().unwrap().already_finished);
}

fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] ^= 1;
    bytes
}

#[test]
fn a_finished_run_that_is_resumed_runs_nothing_and_believes_no_file() {
    let folder = job::folder();
    job::prepare(folder.path());
    let options = options(folder.path(), "out");
    let finished = run(&options, None).unwrap();
    assert_believes_no_file(&finished, &|| run(&ApplyOptions { resume: true, ..options.clone() }, None));
}

#[test]
fn a_refusal_leaves_what_the_run_has_left() {
    let folder = job::folder();
    job::prepare(folder.path());
    let options = options(folder.path(), "out");
    run(&options, None).unwrap();
    fs::remove_file(options.outdir.join("products.parquet")).unwrap();
    let part = options.outdir.join(".xform-native/part-000000.parquet");
    fs::create_dir(part.parent().unwrap()).unwrap();
    fs::write(&part, "rows").unwrap();
    run(&ApplyOptions { resume: true, ..options.clone() }, None).unwrap_err();
    assert_eq!(fs::read(&part).unwrap(), b"rows");
    run(&ApplyOptions { force: true, ..options.clone() }, None).unwrap();
    assert_eq!(names(&options.outdir), ["SUMMARY.json", "products.parquet", "rejects.parquet"]);
}

#[test]
fn a_finished_merge_is_merged_again() {
    let folder = job::folder();
    job::prepare(folder.path());
    let shards: Vec<_> = (1..=2)
        .map(|index| {
            let shard = Some(Shard { index, of: 2 });
            let options = ApplyOptions { shard, ..options(folder.path(), &format!("shard-{index}")) };
            run(&options, None).unwrap().output_dir
        })
        .collect();
    let options = MergeOptions::new(shards.clone(), folder.path().join("out"));
    let again = || merge(&options, &job::control(None, std::time::Duration::ZERO));
    let finished = again().unwrap();
    assert_believes_no_file(&finished, &again);

    // A different merge.
    let library = folder.path().join("library.smi");
    let text = fs::read_to_string(&library).unwrap();
    fs::write(&library, text.replacen("id0", "id00", 1)).unwrap();
    for (index, outdir) in (1..).zip(&shards) {
        let shard = Some(Shard { index, of: 2 });
        let options = ApplyOptions { shard, force: true, ..job::options(folder.path(), "") };
        run(&ApplyOptions { outdir: outdir.clone(), ..options }, None).unwrap();
    }
    assert_eq!(again().unwrap_err().code(), "XFORM_OUTPUT_EXISTS");
}
