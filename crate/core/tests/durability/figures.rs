//! Every entry of a summary is altered in turn, and `verify` objects, except for a few that nothing else can prove.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use xform_core::content::Content;
use xform_core::{ApplyOptions, DedupMode, MergeOptions, Shard, merge, verify};

use crate::elsewhere;
use crate::job::{self, options, run};

/// Entries that neither another entry nor a file can prove, by their place in the summary, with the reason. The
/// checksum still covers them.
const UNPROVABLE: &[(&str, &str)] = &[
    ("/dedup/bytes", "the filter is gone"),
    ("/dedup/deferred", "shown by the order of the products only if a deferred one is unique"),
    ("/dedup/key_bytes", "the key log is gone"),
    ("/dedup/bloom/sample", "the sample is gone"),
    ("/dedup/bloom/observed_false_positive_rate", "the sample is gone"),
    ("/scratch_bytes", "what was spilled is gone"),
    ("/peak_batches_in_flight", "no trace but this"),
    ("/peak_inflight_bytes", "no trace but this"),
    ("/peak_buffered_products", "no trace but this"),
    (
        "/parents/most_products/source_row",
        "the products of a parent may all be repeats, which are not written",
    ),
    ("/parents/most_products/source_id", "the same"),
    ("/parents/most_products/smiles", "the same"),
    ("/parents/most_products/products", "the same"),
    ("/parents/slowest/source_row", "no trace but this"),
    ("/parents/slowest/source_id", "the same"),
    ("/parents/slowest/smiles", "the same"),
    ("/parents/slowest/seconds", "the same"),
    ("/known_files/molecules", "the known molecules need not be there any more"),
    ("/known_files/distinct", "the same"),
    ("/merged/folder", "the shards need not be there any more"),
    ("/merged/products_sha256", "the shards need not be there any more"),
    ("/merged/rejects_sha256", "the same"),
    ("/merged/parents_sha256", "the same"),
    ("/options/xf_config", "the transform file need not be there any more"),
    ("/options/bloom_expected_items", "without effect unless there is a filter"),
    ("/options/bloom_fp_rate", "the same"),
    ("/options/max_rejects", "without effect on the files"),
    ("/options/batch_size", "the same"),
    ("/options/workers", "the same"),
    ("/options/max_in_flight", "the same"),
    ("/options/flush_interval", "the same"),
    ("/options/force", "the same"),
    ("/options/resume", "the same"),
    ("/options/isolate", "the same"),
    ("/options/recheck", "the same"),
    ("/options/skip_bad_rules", "the same"),
    ("/options/strict", "the same"),
    ("/options/exclude_cache", "the same"),
    ("/options/kept_prefix", "the kept columns have their names"),
    ("/options/fast", "merged shards may have different ones"),
    ("/rows_plain", "the same"),
    ("/rows_rechecked", "no trace but this"),
    ("/recheck_incomplete", "the same"),
    ("/notices", "they are about the transform files, which are not part of the output"),
    ("/rules_skipped", "the same"),
];

/// Entries that depend on the machine and its memory at the time; whether they can be proved depends on that too.
const AT_TIMES_UNPROVABLE: &[(&str, &str)] = &[
    (
        "/memory/breakdown/in_flight",
        "the parts may be more than the whole, of which the system knows other pages",
    ),
    ("/memory/limit_bytes", "the target, a share of it, may round to the same number"),
    ("/memory/breakdown/dedup", "the same"),
    ("/memory/breakdown/writer", "the same"),
    ("/memory/breakdown/workers", "the same"),
    ("/memory/peak_bytes", "the same"),
    ("/timeline/seconds", "a point may be anywhere between its neighbours"),
    ("/timeline/rows", "the same"),
    ("/timeline/products", "the same"),
    ("/timeline/memory_bytes", "no trace but this"),
    ("/memory/throttled_seconds", "no trace but this if memory was scarce"),
    ("/memory/lowest_budget_bytes", "the same"),
    (
        "/merged/elapsed_seconds",
        "the shards need not be there any more; together they took less than the whole",
    ),
    ("/warnings", "that memory was scarce follows from nothing else"),
];

/// Items of a long list that are altered at each of its ends; those between them are alike.
const ENDS: usize = 2;

/// The places of the values that are neither an object nor a non-empty array.
fn leaves(value: &Value, place: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            entries.iter().for_each(|(key, value)| leaves(value, &format!("{place}/{key}"), found));
        }
        Value::Array(items) if !items.is_empty() => {
            let is_at_end = |at: usize| at < ENDS || at + ENDS >= items.len();
            let items = items.iter().enumerate().filter(|(at, _)| is_at_end(*at));
            items.for_each(|(at, value)| leaves(value, &format!("{place}/{at}"), found));
        }
        _ => found.push(place.to_owned()),
    }
}

/// A different value of the same type, if there is one; for a number, a close one.
fn altered(value: &Value) -> Value {
    match value {
        Value::Number(number) => match number.as_u64() {
            Some(number) => (number + 1).into(),
            None => (1.01 * number.as_f64().unwrap() + 0.001).into(),
        },
        Value::String(text) => format!("{text}x").into(),
        Value::Bool(is_so) => (!is_so).into(),
        Value::Null => 1.into(),
        Value::Array(_) | Value::Object(_) => Value::Array(vec!["x".into()]),
    }
}

/// An entry's place without the positions in lists.
fn kind(place: &str) -> String {
    let is_number = |part: &&str| part.parse::<usize>().is_ok();
    place.split('/').filter(|part| !is_number(part)).collect::<Vec<_>>().join("/")
}

fn sealed(mut summary: Value) -> String {
    summary.as_object_mut().unwrap().remove("summary_sha256");
    let sha256 = Content::of_bytes(summary.to_string().as_bytes()).sha256;
    summary["summary_sha256"] = sha256.into();
    summary.to_string()
}

/// Reads the summary in `outdir`, and calls `altered_at` for each alteration of an entry.
fn alter_each(outdir: &Path, altered_at: &mut dyn FnMut(&str, Value)) {
    let path = outdir.join("SUMMARY.json");
    let good: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let mut places = Vec::new();
    leaves(&good, "", &mut places);
    assert!(places.len() > 90, "{places:?}");
    for place in places.iter().filter(|place| *place != "/summary_sha256") {
        let mut bad = good.clone();
        let entry = bad.pointer_mut(place).unwrap();
        *entry = altered(entry);
        altered_at(place, bad);
    }
    fs::write(&path, good.to_string()).unwrap();
    assert!(verify(outdir).unwrap().ok, "neither blanks nor the order of the entries matter");
}

#[test]
fn each_entry_of_a_summary_is_under_its_checksum() {
    let folder = job::folder();
    job::prepare(folder.path());
    let outdir = run(&options(folder.path(), "out"), None).unwrap().output_dir;
    alter_each(&outdir, &mut |place, bad| {
        fs::write(outdir.join("SUMMARY.json"), bad.to_string()).unwrap();
        let verified = verify(&outdir).unwrap();
        let first = &verified.checks[0];
        // A file that is not even a summary has no checksum.
        let is_told = first.detail.contains("summary_sha256") || verified.checks.len() == 1;
        assert!(!verified.ok && !first.ok && is_told, "{place}: {verified:?}");
    });
}

#[test]
fn a_figure_may_be_whatever_it_likes() {
    let folder = job::folder();
    job::prepare(folder.path());
    let outdir = run(&options(folder.path(), "out"), None).unwrap().output_dir;
    alter_each(&outdir, &mut |place, mut bad| {
        let entry = bad.pointer_mut(place).unwrap();
        if entry.is_number() {
            *entry = u64::MAX.into();
            fs::write(outdir.join("SUMMARY.json"), sealed(bad)).unwrap();
            verify(&outdir).unwrap();
        }
    });
}

#[test]
fn each_entry_of_a_summary_is_proved_or_listed() {
    let folder = job::folder();
    job::prepare(folder.path());
    let mut unproved = BTreeMap::new();
    let mut alter = |outdir: &Path| {
        alter_each(outdir, &mut |place, bad| {
            fs::write(outdir.join("SUMMARY.json"), sealed(bad.clone())).unwrap();
            if verify(outdir).unwrap().ok {
                unproved.insert(kind(place), bad.pointer(place).unwrap().clone());
            }
        });
    };
    for dedup in [DedupMode::Exact, DedupMode::Bloom, DedupMode::None] {
        let with = |outdir: &str| ApplyOptions { dedup, ..options(folder.path(), outdir) };
        alter(&run(&with(&format!("{dedup:?}")), None).unwrap().output_dir);
        let shards = (1..=2).map(|index| {
            let shard = Some(Shard { index, of: 2 });
            run(&ApplyOptions { shard, ..with(&format!("{dedup:?}-{index}")) }, None).unwrap().output_dir
        });
        let merging = MergeOptions::new(shards.collect(), folder.path().join(format!("{dedup:?}-merged")));
        merge(&merging, &job::control(None, std::time::Duration::ZERO)).unwrap();
        alter(&merging.outdir);
        alter(&merging.shards[1]);
    }
    let parents = |outdir: &str| ApplyOptions { parents: true, ..options(folder.path(), outdir) };
    alter(&run(&parents("parents"), None).unwrap().output_dir);
    let shards = (1..=2).map(|index| {
        let shard = Some(Shard { index, of: 2 });
        run(&ApplyOptions { shard, ..parents(&format!("parents-{index}")) }, None).unwrap().output_dir
    });
    let merging = MergeOptions::new(shards.collect(), folder.path().join("parents-merged"));
    merge(&merging, &job::control(None, std::time::Duration::ZERO)).unwrap();
    alter(&merging.outdir);
    let filter = Some("xf_site_index <> 1 and source_row > 100".to_owned());
    for dedup in [DedupMode::Exact, DedupMode::None] {
        let outdir = format!("filtered-{dedup:?}");
        let filtered = ApplyOptions { dedup, filter: filter.clone(), ..options(folder.path(), &outdir) };
        alter(&run(&filtered, None).unwrap().output_dir);
    }
    let known = folder.path().join("known.smi");
    fs::write(&known, "P7\nP7\nP8\n").unwrap();
    for dedup in [DedupMode::Exact, DedupMode::None] {
        let (exclude, cache) = (known.clone().into(), folder.path().join("cache"));
        let options = options(folder.path(), &format!("known-{dedup:?}"));
        let summary =
            run(&ApplyOptions { dedup, exclude, exclude_cache: Some(cache), ..options }, None).unwrap();
        assert!(summary.sums.known > 0);
        alter(&summary.output_dir);
    }
    let legacy = ApplyOptions { legacy: true, ..options(folder.path(), "legacy") };
    alter(&run(&legacy, None).unwrap().output_dir);
    alter(&elsewhere::run(&options(folder.path(), "elsewhere"), None).unwrap().output_dir);
    for (place, value) in &unproved {
        let is_listed = UNPROVABLE.iter().chain(AT_TIMES_UNPROVABLE).any(|(listed, _)| listed == place);
        assert!(is_listed, "{place} can be {value} and verify does not object");
    }
    let is_proved = |(place, _): &&(&str, &str)| !unproved.contains_key(*place);
    let listed_in_vain: Vec<_> = UNPROVABLE.iter().filter(is_proved).collect();
    assert!(listed_in_vain.is_empty(), "{listed_in_vain:?}");
}
