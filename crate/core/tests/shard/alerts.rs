//! Files of alerts: compared by their content.

use std::fs;

use serde_json::json;
use xform_core::alerts::AlertChoice;
use xform_core::content::Content;
use xform_core::disk::Disk;
use xform_core::output::read_back::read_metadata;
use xform_core::{ApplyOptions, Shard, verify};

use crate::job::{Place, assert_well};

#[test]
fn shards_need_files_of_alerts_with_the_same_content() {
    let place = Place::new();
    let own = "smarts\tname\nC\tcarbon\n";
    for (name, text) in [("own.tsv", own), ("copy.tsv", own), ("other.tsv", "smarts\tname\nN\tnitrogen\n")] {
        fs::write(place.path(name), text).unwrap();
    }
    let run = |index, file: &str| {
        let file = place.path(file).to_str().unwrap().to_owned();
        let shard = Some(Shard { index, of: 2 });
        let options = ApplyOptions {
            alerts: AlertChoice::new(&["PAINS", &file]),
            force: true,
            ..place.options(&format!("shard-{index}"), shard)
        };
        place.run(&options, Disk::default()).unwrap();
        options.outdir
    };
    let shards = [run(1, "own.tsv"), run(2, "copy.tsv")];
    let merged = place.merge(&shards, "merged", Disk::default()).unwrap();
    assert_well(&merged.output_dir);
    let metadata = read_metadata(&merged.output_dir.join("products.parquet")).unwrap();
    let sha256 = Content::of_bytes(own.as_bytes()).sha256;
    assert_eq!(metadata["alerts"], json!({ "catalogs": ["PAINS"], "tables": [sha256] }));

    run(2, "other.tsv");
    let error = place.merge(&shards, "again", Disk::default()).unwrap_err();
    assert_eq!(error.code(), "XFORM_SHARD_MISMATCH");
    assert!(error.to_string().contains("alerts.tables[0] was"), "{error}");
}

#[test]
fn files_of_alerts_need_not_be_there_any_more() {
    let place = Place::new();
    let path = place.path("own.smarts");
    fs::write(&path, "C carbon\n").unwrap();
    let alerts = AlertChoice::new(&[path.to_str().unwrap()]);
    let options = ApplyOptions { alerts, ..place.options("out", None) };
    let summary = place.run(&options, Disk::default()).unwrap();
    fs::remove_file(&path).unwrap();
    assert!(verify(&summary.output_dir).unwrap().ok);
    let error = place.run(&ApplyOptions { force: true, ..options }, Disk::default()).unwrap_err();
    assert_eq!((error.code(), error.details()["line"].as_u64()), ("XFORM_INVALID_ALERTS", Some(0)));
}
