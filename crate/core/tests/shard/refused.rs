//! What merge refuses, and how it reports that.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use xform_core::disk::{Call, Disk, Gate};
use xform_core::{ApplyOptions, DedupMode, Error, MergeOptions, Shard, Summary, TargetMemory, merge};

use crate::job::{Place, bytes, names};

/// The merge must refuse before anything is written; returns the error.
fn refusal(place: &Place, shards: &[PathBuf], code: &str) -> Error {
    let error = place.merge(shards, "out", Disk::default()).unwrap_err();
    assert_eq!(error.code(), code, "{error}");
    assert!(!place.path("out").exists());
    error
}

fn copy(place: &Place, shard: &Path, name: &str) -> PathBuf {
    let folder = place.path(name);
    fs::create_dir(&folder).unwrap();
    for file in names(shard) {
        fs::copy(shard.join(&file), folder.join(&file)).unwrap();
    }
    folder
}

#[test]
fn shards_that_are_missing_or_double() {
    let place = Place::new();
    let mut shards = place.shards(7);
    let sixth = shards.remove(5);
    let second = shards.remove(1);
    let error = refusal(&place, &shards, "XFORM_SHARD_MISSING");
    assert!(error.to_string().contains("missing shards: 2/7, 6/7;"), "{error}");
    assert_eq!(error.details(), serde_json::json!({ "shards": ["2/7", "6/7"], "count": 2 }));
    let twice = copy(&place, &sixth, "twice");
    let error = refusal(&place, &[sixth.clone(), second, twice.clone()], "XFORM_SHARD_REPEATED");
    assert!(error.to_string().contains("shard 6/7"), "{error}");
    assert_eq!(error.details()["path"], twice.display().to_string());
    assert_eq!(error.details()["other"], sixth.display().to_string());
    refusal(&place, &[], "XFORM_INVALID_OPTION");
}

#[test]
fn a_shard_of_more_than_can_be_listed() {
    let place = Place::new();
    let options = place.options("one", Some(Shard { index: 1, of: u32::MAX }));
    place.run(&options, Disk::default()).unwrap();
    let error = refusal(&place, &[options.outdir], "XFORM_SHARD_MISSING");
    assert!(error.to_string().contains("2/4294967295, 3/4294967295"), "{error}");
    assert!(error.to_string().contains("and 4294967284 more;"), "{error}");
    assert_eq!(error.details()["count"], u32::MAX - 1);
    assert_eq!(error.details()["shards"].as_array().unwrap().len(), 1_000);
}

#[test]
fn a_shard_that_there_cannot_be() {
    let place = Place::new();
    let shards = place.shards(2);
    let products = shards[0].join("products.parquet");
    let good = fs::read(&products).unwrap();
    let said = b"\"shard\":{\"index\":1,\"of\":2}";
    let at = good.windows(said.len()).position(|bytes| bytes == said).unwrap();
    for (digit, value) in [(17, b'0'), (17, b'3'), (24, b'0')] {
        let mut bad = good.clone();
        bad[at + digit] = value;
        fs::write(&products, bad).unwrap();
        let error = refusal(&place, &shards, "XFORM_SHARD_DAMAGED");
        assert!(error.to_string().contains("which does not exist"), "{error}");
    }
}

#[test]
fn shards_that_are_not_finished() {
    let place = Place::new();
    let shards = place.shards(2);
    fs::remove_file(shards[1].join("SUMMARY.json")).unwrap();
    let error = refusal(&place, &shards, "XFORM_SHARD_UNFINISHED");
    let text = error.to_string();
    assert!(
        text.contains("shard-2-2") && text.contains("no SUMMARY.json") && text.contains("--resume"),
        "{text}"
    );
    let error = refusal(&place, &[shards[0].clone(), place.path("none")], "XFORM_SHARD_UNFINISHED");
    assert!(error.to_string().contains("it is not a folder"), "{error}");
}

#[test]
fn shards_that_have_changed_since() {
    let place = Place::new();
    let shards = place.shards(2);
    for (index, name) in ["products.parquet", "rejects.parquet"].into_iter().enumerate() {
        let path = shards[index].join(name);
        let good = fs::read(&path).unwrap();
        let mut bad = good.clone();
        bad[good.len() / 3] ^= 1;
        fs::write(&path, bad).unwrap();
        let error = refusal(&place, &shards, "XFORM_SHARD_DAMAGED");
        let text = error.to_string();
        assert!(text.contains(name) && text.contains("--force"), "{text}");
        fs::write(&path, &good[..good.len() / 2]).unwrap();
        refusal(&place, &shards, "XFORM_SHARD_DAMAGED");
        fs::write(&path, good).unwrap();
    }
    let summary = shards[0].join("SUMMARY.json");
    let good = fs::read_to_string(&summary).unwrap();
    fs::write(&summary, &good[..good.len() / 2]).unwrap();
    refusal(&place, &shards, "XFORM_SHARD_DAMAGED");
    // The summary of a different shard.
    fs::copy(shards[1].join("SUMMARY.json"), &summary).unwrap();
    let error = refusal(&place, &shards, "XFORM_SHARD_DAMAGED");
    assert!(error.to_string().contains("from different runs"), "{error}");
    fs::write(&summary, good).unwrap();
    place.merge(&shards, "out", Disk::default()).unwrap();
}

/// Changes a file after the shards have been checked, when the merge starts to write.
struct ChangedAfterTheCheck(PathBuf);

impl Gate for ChangedAfterTheCheck {
    fn before(&self, call: Call<'_>) -> io::Result<Option<usize>> {
        if matches!(call, Call::Create(path) if path.ends_with("merge")) {
            let mut bytes = fs::read(&self.0)?;
            bytes[10] ^= 1;
            fs::write(&self.0, bytes)?;
        }
        Ok(None)
    }

    fn after(&self, _: Call<'_>) {}
}

#[test]
fn shards_that_change_between_the_check_and_the_merge() {
    let place = Place::new();
    let shards = place.shards(2);
    for (index, name) in ["products.parquet", "rejects.parquet"].into_iter().enumerate() {
        let path = shards[index].join(name);
        let good = fs::read(&path).unwrap();
        let disk = Disk::gated(Arc::new(ChangedAfterTheCheck(path.clone())));
        let error = place.merge(&shards, "out", disk).unwrap_err();
        assert_eq!(error.code(), "XFORM_SHARD_DAMAGED", "{error}");
        assert!(
            error.to_string().contains(&format!("{} has changed or is damaged", path.display())),
            "{error}"
        );
        assert!(names(&place.path("out")).is_empty());
        fs::write(&path, good).unwrap();
    }
    place.merge(&shards, "out", Disk::default()).unwrap();
}

#[test]
fn shards_that_do_not_fit_together() {
    let place = Place::new();
    let first = place.shards(2).remove(0);
    let mut number = 0;
    let mut refused = |change: &dyn Fn(&mut ApplyOptions)| {
        number += 1;
        let mut options = place.options(&format!("other-{number}"), Some(Shard { index: 2, of: 2 }));
        change(&mut options);
        place.run(&options, Disk::default()).unwrap();
        let shards = [first.clone(), options.outdir.clone()];
        let text = refusal(&place, &shards, "XFORM_SHARD_MISMATCH").to_string();
        assert!(text.starts_with(&options.outdir.display().to_string()), "{text}");
        text
    };
    assert!(refused(&|o| o.dedup = DedupMode::None).contains("dedup.mode was \"exact\" and is \"none\""));
    assert!(refused(&|o| o.max_atoms = 7).contains("limits.max_atoms was 2000 and is 7"));
    assert!(refused(&|o| o.skip_rows = [3].into()).contains("skip_rows was null and is [3]"));
    assert!(refused(&|o| o.limit = Some(700)).contains("limit was null and is 700"));
    assert!(refused(&|o| o.limit = Some(70_000)).contains("limit was null and is 70000"));
    assert!(refused(&|o| o.max_sites = Some(3)).contains("max_sites_per_mol"));
    assert!(refused(&|o| o.xf_names = vec!["TWO".into()]).contains("transforms was"));
    assert!(refused(&|o| o.shard = Some(Shard { index: 2, of: 3 })).contains("one of 3 shards"));
    assert!(refused(&|o| o.shard = None).contains("it is not a shard"));
    place.write_library(crate::job::ROWS + 1);
    assert!(refused(&|_| ()).contains("its library is not that of"));
    let summary = first.join("SUMMARY.json");
    let text = fs::read_to_string(&summary).unwrap();
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    fs::write(&summary, text.replacen(&version, "\"version\": \"0.0.9\"", 1)).unwrap();
    let error = refusal(&place, &[first], "XFORM_SHARD_MISMATCH");
    assert!(error.to_string().contains("version 0.0.9"), "{error}");
}

#[test]
fn an_output_folder_that_is_taken() {
    let place = Place::new();
    let (whole, shards) = (place.whole(), place.shards(2));
    let error = place.merge(&shards, "whole", Disk::default()).unwrap_err();
    assert_eq!(error.code(), "XFORM_OUTPUT_EXISTS");
    assert_eq!(forced(&place, &shards, &whole.output_dir).unwrap().sums, whole.sums);
}

fn forced(place: &Place, shards: &[PathBuf], outdir: &Path) -> Result<Summary, Error> {
    let options = MergeOptions { force: true, ..MergeOptions::new(shards.to_vec(), outdir) };
    merge(&options, &place.control(Disk::default()))
}

#[test]
fn an_output_folder_that_holds_a_file_of_a_shard() {
    let place = Place::new();
    let shards = place.shards(2);
    let (link, taken) = (place.path("link"), place.path("taken"));
    std::os::unix::fs::symlink(&shards[0], &link).unwrap();
    fs::create_dir(&taken).unwrap();
    fs::hard_link(shards[1].join("rejects.parquet"), taken.join("rejects.parquet")).unwrap();
    let before = [bytes(&shards[0]), bytes(&shards[1])];
    for outdir in [&shards[0], &link, &taken] {
        let error = forced(&place, &shards, outdir).unwrap_err();
        assert_eq!(error.code(), "XFORM_INPUT_IN_OUTPUT", "{error}");
        assert!(
            error.to_string().contains(&shards[usize::from(outdir == &taken)].display().to_string()),
            "{error}"
        );
        assert!([bytes(&shards[0]), bytes(&shards[1])] == before);
    }
    assert_eq!(names(&taken), ["rejects.parquet"]);
}

#[test]
fn a_filter_that_does_not_fit() {
    let place = Place { change: |options| options.dedup = DedupMode::Bloom, ..Place::new() };
    let shards = place.shards(1);
    let target_memory = TargetMemory::Bytes(100 << 20);
    let options = MergeOptions { target_memory, ..MergeOptions::new(shards, place.path("out")) };
    let error = merge(&options, &place.control(Disk::default())).unwrap_err();
    assert_eq!(error.code(), "XFORM_INVALID_OPTION", "{error}");
}
