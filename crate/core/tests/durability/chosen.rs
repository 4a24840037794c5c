//! Runs of chosen transforms and of the first rows: what the metadata has, `verify`, and resuming.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use xform_core::disk::Disk;
use xform_core::options::Files;
use xform_core::output::read_back::WrittenFile;
use xform_core::{ApplyOptions, CheckDetail, Control, check, verify};

use crate::gate::{At, Stop};
use crate::job::{self, bytes, make_engine, options, run};

fn metadata(outdir: &Path) -> Value {
    WrittenFile::open(&Disk::default(), &outdir.join("products.parquet")).unwrap().metadata().unwrap()
}

/// Runs with `change` into `whole`, is stopped and resumed with it into `again`, and verifies both.
fn runs_and_resumes(folder: &Path, change: impl Fn(&mut ApplyOptions)) -> Value {
    let [whole, again] = ["whole", "again"].map(|outdir| {
        let mut options = options(folder, outdir);
        change(&mut options);
        options
    });
    let checked = check(&whole, &make_engine, CheckDetail::default(), &Control::default()).unwrap();
    let summary = run(&whole, None).unwrap();
    let names: Vec<_> = summary.totals.transforms.iter().map(|transform| transform.name.clone()).collect();
    assert_eq!(checked.transforms, names);
    for at in [60, 110] {
        let options = ApplyOptions { force: true, ..again.clone() };
        run(&options, Some(Arc::new(At::new(at, Stop)))).unwrap_err();
        run(&ApplyOptions { resume: true, ..again.clone() }, None).unwrap();
        assert!(bytes(&again.outdir) == bytes(&whole.outdir), "stopped at call {at}");
    }
    for options in [&whole, &again] {
        let verification = verify(&options.outdir).unwrap();
        assert!(verification.ok, "{verification:?}");
    }
    metadata(&whole.outdir)
}

fn names(metadata: &Value) -> Vec<&str> {
    let transforms = metadata["transforms"].as_array().unwrap().iter();
    transforms.map(|transform| transform["name"].as_str().unwrap()).collect()
}

#[test]
fn the_first_rows() {
    let folder = job::folder();
    job::prepare(folder.path());
    let metadata = runs_and_resumes(folder.path(), |options| options.limit = Some(700));
    assert_eq!((&metadata["limit"], &metadata["input"]["rows"]), (&Value::from(700), &Value::from(700)));
}

#[test]
fn transforms_of_several_files_by_family_and_pattern() {
    let folder = job::folder();
    job::prepare(folder.path());
    let second = folder.path().join("second.yaml");
    let text = "version: 1\ntransforms:\n\
        - {name: THREE, smirks: '[C:1]>>[C:1]F', family: halides, scope_classes: [lipid]}\n\
        - {name: FOUR, smirks: '[C:1]>>[C:1]I', family: halides}\n";
    fs::write(&second, text).unwrap();
    let both: Files = vec![second, folder.path().join("transforms.yaml")].into();
    let all = runs_and_resumes(folder.path(), |options| options.xf_config = both.clone());
    assert_eq!(names(&all), ["THREE", "FOUR", "ONE", "TWO"]);

    let folder_of_halides = job::folder();
    job::prepare(folder_of_halides.path());
    let chosen = runs_and_resumes(folder_of_halides.path(), |options| {
        options.xf_config = both.clone();
        (options.xf_names, options.family) = (vec!["T*,FOUR".to_owned()], vec!["halides".to_owned()]);
        options.scope = vec!["lipid".to_owned()];
    });
    assert_eq!(names(&chosen), ["THREE"], "the filters leave out what the names select");
}

#[test]
fn smirks_without_a_file() {
    let folder = job::folder();
    job::prepare(folder.path());
    let metadata = runs_and_resumes(folder.path(), |options| {
        (options.xf_config, options.xf_names) = (Files::default(), Vec::new());
        options.smirks = vec!["[C:1]>>[C:1]F".to_owned(), "[C:1]>>[C:1]I".to_owned()];
    });
    assert_eq!(names(&metadata), ["smirks", "smirks_2"]);
    assert_eq!(metadata["transforms"][1]["smirks"], "[C:1]>>[C:1]I");
}
