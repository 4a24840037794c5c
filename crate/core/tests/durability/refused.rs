//! Runs that cannot be resumed.

use std::fs;
use std::sync::Arc;

use xform_core::alerts::AlertChoice;
use xform_core::{ApplyOptions, DedupMode, Error, Standardization};
use xxhash_rust::xxh3::xxh3_64;

use crate::gate::{At, Stop};
use crate::job::{self, options, run, unbroken};

const OTHER_INPUT: &str = "the input is not the file that the run started with";

/// A run that was interrupted in `out`.
fn interrupted() -> (tempfile::TempDir, ApplyOptions) {
    let folder = job::folder();
    job::prepare(folder.path());
    let options = options(folder.path(), "out");
    run(&options, Some(Arc::new(At::new(150, Stop)))).unwrap_err();
    assert!(job::durable_rows(&options.outdir).unwrap() > 0);
    (folder, options)
}

/// Changes the lines of the manifest, and corrects their checksums.
pub fn forge(options: &ApplyOptions, change: impl Fn(&mut serde_json::Value)) {
    let manifest = options.outdir.join(".xform-native/manifest.jsonl");
    let text = fs::read_to_string(&manifest).unwrap();
    let forged = text.lines().map(|line| {
        let mut line = serde_json::from_str(line.rsplit_once(' ').unwrap().0).unwrap();
        change(&mut line);
        let json = line.to_string();
        format!("{json} {:016x}\n", xxh3_64(json.as_bytes()))
    });
    fs::write(&manifest, forged.collect::<String>()).unwrap();
}

fn reason(options: &ApplyOptions) -> String {
    let error = run(&ApplyOptions { resume: true, ..options.clone() }, None).unwrap_err();
    assert_eq!(error.code(), "XFORM_RESUME_REFUSED", "{error}");
    assert!(error.to_string().contains("--force"), "{error}");
    error.to_string()
}

#[test]
fn a_run_of_another_shape_is_refused_with_the_reason() {
    let (folder, good) = interrupted();
    let reason_of = |change: &dyn Fn(&mut ApplyOptions)| {
        let mut options = good.clone();
        change(&mut options);
        reason(&options)
    };
    assert!(reason_of(&|o| o.dedup = DedupMode::None).contains("dedup.mode was \"exact\" and is \"none\""));
    assert!(reason_of(&|o| o.filter = Some("source_row > 7".into())).contains("where was null and is"));
    assert!(reason_of(&|o| o.alerts = AlertChoice::new(&["PAINS"])).contains("alerts was null and is"));
    let standardized = reason_of(&|o| o.standardize = Standardization::Parent);
    assert!(standardized.contains("standardize was null and is \"parent\""), "{standardized}");
    assert!(reason_of(&|o| o.max_atoms = 7).contains("limits.max_atoms was 2000 and is 7"));
    assert!(reason_of(&|o| o.xf_names = vec!["ONE".into()]).contains("transforms was"));
    assert!(reason_of(&|o| o.max_sites = Some(3)).contains("max_sites_per_mol"));
    assert!(reason_of(&|o| o.limit = Some(7)).contains("limit was null and is 7"));

    let library = fs::read(folder.path().join("library.smi")).unwrap();
    let mut other = library.clone();
    other[5] = b'1';
    fs::write(folder.path().join("library.smi"), &other).unwrap();
    assert!(reason(&good).contains(OTHER_INPUT), "by its edges or its hash");
    let manifest = good.outdir.join(".xform-native/manifest.jsonl");
    let unforged = fs::read(&manifest).unwrap();
    forge(&good, |line| {
        if line.get("commit").is_some() {
            line["commit"]["input"] = serde_json::json!({ "rows": { "first_row": 0, "digest": "" } });
            line["commit"]["file_sha256s"] = serde_json::json!([]);
        }
    });
    assert!(reason(&good).contains(OTHER_INPUT), "by its edges, while its hash is not known");
    fs::write(manifest, unforged).unwrap();
    fs::write(folder.path().join("library.smi"), &library).unwrap();
    let workers = ApplyOptions { workers: 5, batch_size: 7, resume: true, ..good };
    assert!(run(&workers, None).unwrap().rows_resumed > 0, "what does not shape the result may change");
}

#[test]
fn an_interrupted_run_is_neither_overwritten_nor_mixed_up() {
    let (folder, options) = interrupted();
    let error = run(&options, None).unwrap_err();
    assert!(matches!(error, Error::OutputExists { .. }), "{error}");
    assert!(error.to_string().contains("--resume"), "{error}");
    let forced = ApplyOptions { force: true, ..options.clone() };
    assert_eq!(run(&forced, None).unwrap().rows_resumed, 0);
    assert!(job::bytes(&options.outdir) == unbroken(folder.path(), "unbroken", DedupMode::Exact));
}

#[test]
fn damage_is_told() {
    let (_folder, options) = interrupted();
    let manifest = options.outdir.join(".xform-native/manifest.jsonl");
    let good = fs::read(&manifest).unwrap();
    let mut bad = good.clone();
    bad[30] ^= 1;
    fs::write(&manifest, bad).unwrap();
    assert!(reason(&options).contains("line 1 of the manifest is damaged"));
    fs::write(&manifest, good).unwrap();
    let part = options.outdir.join(".xform-native/products-000000.parquet");
    let mut bytes = fs::read(&part).unwrap();
    bytes[100] ^= 1;
    fs::write(&part, bytes).unwrap();
    let error = run(&ApplyOptions { resume: true, ..options.clone() }, None).unwrap_err();
    assert!(error.to_string().contains("differs from what was written"), "{error}");
}

#[test]
fn files_that_are_gone_or_cut_are_told_before_anything_is_done() {
    let (_folder, options) = interrupted();
    let work = options.outdir.join(".xform-native");
    for name in ["products-000000.parquet", "rejects.arrow", "deferred.arrow", "keys.bin"] {
        let path = work.join(name);
        let good = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        let gone = reason(&options);
        assert!(gone.contains(name) && gone.contains("cannot be found"), "{gone}");
        fs::write(&path, &good[..good.len() / 2]).unwrap();
        let cut = reason(&options);
        assert!(cut.contains(name) && cut.contains(&format!("has {} bytes", good.len() / 2)), "{cut}");
        fs::write(&path, good).unwrap();
    }
    assert!(run(&ApplyOptions { resume: true, ..options }, None).unwrap().rows_resumed > 0);
}

#[test]
fn a_finished_run_is_resumed_to_itself() {
    let folder = job::folder();
    job::prepare(folder.path());
    let options = options(folder.path(), "out");
    let first = run(&options, None).unwrap();
    let again = run(&ApplyOptions { resume: true, ..options.clone() }, None).unwrap();
    assert_eq!((again.files, again.sums), (first.files, first.sums));
    assert!(reason(&ApplyOptions { dedup: DedupMode::None, ..options.clone() }).contains("dedup.mode"));
    assert_eq!(job::names(&options.outdir), ["SUMMARY.json", "products.parquet", "rejects.parquet"]);
}

#[test]
fn a_forged_note_does_not_reach_beyond_the_folders_of_its_run() {
    let (folder, options) = interrupted();
    let elsewhere = folder.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::write(elsewhere.join("mine.txt"), "mine").unwrap();
    let note = options.outdir.join(".xform-native/scratch");
    fs::write(&note, elsewhere.to_str().unwrap()).unwrap();
    assert!(reason(&options).contains("a different output folder"));
    run(&ApplyOptions { force: true, ..options }, None).unwrap();
    assert_eq!(fs::read_to_string(elsewhere.join("mine.txt")).unwrap(), "mine");
}
