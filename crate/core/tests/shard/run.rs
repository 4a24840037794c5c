//! The run of a shard: only its rows, numbered as in the library; interrupted, resumed, not mixed up.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use xform_core::disk::Disk;
use xform_core::source::Delimiter;
use xform_core::{ApplyOptions, CheckDetail, Control, Shard, check};

use crate::engine::make_engine;
use crate::job::{Place, assert_well, bytes};
use crate::killed::DeadFrom;

const SHARD: Shard = Shard { index: 2, of: 3 };

#[test]
fn a_shard_says_what_it_is_of() {
    let place = Place::new();
    let options = place.options("out", Some(SHARD));
    let report = check(&options, &make_engine, CheckDetail::default(), &Control::default()).unwrap();
    assert_eq!(report.rows, None, "lines are counted when the run begins");
    let summary = place.run(&options, Disk::default()).unwrap();
    let of = summary.shard.unwrap();
    assert_eq!((of.shard, of.first_row, of.library_rows, of.rows()), (SHARD, 500, 1_500, 500));
    assert_eq!((summary.totals.rows, summary.total_processed, summary.sums.rows), (500, 500, 500));
    let parsed: serde_json::Value =
        serde_json::from_slice(&fs::read(options.outdir.join("SUMMARY.json")).unwrap()).unwrap();
    let expected = serde_json::json!({ "index": 2, "of": 3, "first_row": 500, "library_rows": 1_500 });
    assert_eq!(parsed["shard"], expected);
}

#[test]
fn a_killed_shard_goes_on_and_ends_in_the_same_bytes() {
    let place = Place::new();
    let unbroken = place.options("unbroken", Some(SHARD));
    place.run(&unbroken, Disk::default()).unwrap();
    for at in [60, 150, 300] {
        let options = place.options(&format!("killed-{at}"), Some(SHARD));
        place.run(&options, Disk::gated(Arc::new(DeadFrom::new(at)))).unwrap_err();
        let other = ApplyOptions { shard: Some(Shard { index: 3, of: 3 }), resume: true, ..options.clone() };
        let refused = place.run(&other, Disk::default());
        let resumed = ApplyOptions { resume: true, ..options.clone() };
        if at > 60 {
            let refused = refused.unwrap_err();
            assert_eq!(refused.code(), "XFORM_RESUME_REFUSED", "{refused}");
            assert!(refused.to_string().contains("shard.index was 2 and is 3"), "{refused}");
            assert!(place.run(&resumed, Disk::default()).unwrap().rows_resumed > 0);
            assert!(bytes(&options.outdir) == bytes(&unbroken.outdir), "killed at call {at}");
            assert_well(&options.outdir);
        }
    }
    let whole = ApplyOptions { resume: true, shard: None, ..unbroken.clone() };
    let error = place.run(&whole, Disk::default()).unwrap_err();
    assert!(error.to_string().contains("shard was {\"index\":2,\"of\":3} and is null"), "{error}");
    let again = ApplyOptions { resume: true, ..unbroken };
    assert_eq!(place.run(&again, Disk::default()).unwrap().totals.rows, 500);
}

#[test]
fn a_run_of_rejects_alone_says_so_with_the_first_reason() {
    let place = Place::empty();
    fs::write(&place.input, "bad1\nbad2\n").unwrap();
    let summary = place.run(&place.options("bad", None), Disk::default()).unwrap();
    assert!(summary.all_rejected);
    assert_eq!(
        summary.warnings[0],
        "all 2 rows were rejected; the first reason, of row 0: no product at None (valence)"
    );
    assert_well(&summary.output_dir);
    for good in ["", "bad1\nC8\n"] {
        fs::write(&place.input, format!("smiles\n{good}")).unwrap();
        let summary =
            place.run(&place.options(&format!("good-{}", good.len()), None), Disk::default()).unwrap();
        assert!(!summary.all_rejected, "{good:?}");
        assert!(!summary.warnings.iter().any(|warning| warning.contains("were rejected")));
    }
}

#[test]
fn a_shard_of_rejects_alone_warns_and_the_merge_decides() {
    let place = Place { change: |options| options.force = true, ..Place::empty() };
    for (name, rest, all) in [("some", "C8\nC9\n", false), ("all", "bad3\nbad4\n", true)] {
        fs::write(&place.input, format!("bad1\nbad2\n{rest}")).unwrap();
        let shards = place.shards(2);
        let merged = place.merge(&shards, name, Disk::default()).unwrap();
        assert_eq!(merged.all_rejected, all);
        let warned = |what: &str| merged.warnings.iter().any(|warning| warning.starts_with(what));
        assert!(
            warned("all 2 rows of shard 1/2 were rejected; the first reason, of row 0: "),
            "{:?}",
            merged.warnings
        );
        assert_eq!(warned("all 4 rows were rejected; the first reason, of row 0: "), all);
    }
}

#[test]
fn shards_by_the_fast_path_and_by_rdkit_alone_merge_with_a_warning() {
    let place = Place::new();
    let run = |index, fast| {
        let options = place.options(&format!("part-{index}-{fast}"), Some(Shard { index, of: 2 }));
        place.run(&ApplyOptions { fast, ..options }, Disk::default()).unwrap().output_dir
    };
    let [first, second, plain] = [run(1, true), run(2, true), run(2, false)];
    let warned = |shards: &[PathBuf], outdir: &str| {
        let merged = place.merge(shards, outdir, Disk::default()).unwrap();
        assert_well(&merged.output_dir);
        let warning = merged.warnings.into_iter().find(|warning| warning.contains("--no-fast"));
        (merged.totals.rechecks.rows_plain, warning)
    };
    assert_eq!(warned(&[first.clone(), second], "same"), (0, None));
    let (rows_plain, warning) = warned(&[first.clone(), plain.clone()], "both");
    assert_eq!(rows_plain, 750);
    let [first, plain] = [first, plain].map(|folder| folder.display().to_string());
    assert!(
        warning
            .unwrap()
            .starts_with(&format!("RDKit alone made {plain} (--no-fast), the fast path made {first}; "))
    );
}

/// Separators and headers given as options shape the result, so runs with different ones are not mixed.
#[test]
fn a_run_is_not_resumed_with_another_layout() {
    let place = Place::empty();
    fs::write(&place.input, (0..200).map(|row| format!("C{row}|id{row}\n")).collect::<String>()).unwrap();
    let layout = |outdir: &str, delimiter, header| ApplyOptions {
        delimiter,
        header,
        smiles_column: Some("1".to_owned()),
        ..place.options(outdir, None)
    };
    let options = layout("out", Some(Delimiter::Pipe), Some(false));
    place.run(&options, Disk::gated(Arc::new(DeadFrom::new(150)))).unwrap_err();
    let other = ApplyOptions { resume: true, ..layout("out", Some(Delimiter::Pipe), Some(true)) };
    let error = place.run(&other, Disk::default()).unwrap_err();
    assert_eq!(error.code(), "XFORM_RESUME_REFUSED", "{error}");
    let summary = place.run(&ApplyOptions { resume: true, ..options }, Disk::default()).unwrap();
    assert_eq!((summary.totals.rows, summary.rows_resumed > 0), (200, true));
    assert_eq!(summary.columns.id.as_deref(), Some("column_2"));
}
