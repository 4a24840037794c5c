//! The function by itself: bad molecules are values, and a result does not depend on the neighbouring rows.

#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

mod common;

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::datatypes::Int32Type;
use datafusion::error::Result;
use datafusion::logical_expr::ScalarUDF;
use datafusion::prelude::{SessionContext, col, lit};
use xform_cluster::session::functions;
use xform_cluster::spec::{Spec, Versions};
use xform_core::transform::{Choice, Rules};
use xform_core::{EngineSettings, Recheck};

fn spec() -> Spec {
    let path = common::root().join("configs/transforms.yaml");
    let names = common::TRANSFORMS.map(str::to_owned);
    let choice = Choice { names: &names, ..Choice::default() };
    let transforms = Rules::load(&[path]).unwrap().select(&choice).unwrap();
    Spec::new(&transforms, EngineSettings::default(), Recheck::default())
}

fn xform() -> Arc<ScalarUDF> {
    functions().into_iter().find(|function| function.name() == "xform").unwrap()
}

/// The result of `xform` for a table of `smiles`.
async fn called(smiles: &[Option<&str>], spec: &Spec) -> Result<Vec<RecordBatch>> {
    let column: ArrayRef = Arc::new(StringArray::from(smiles.to_vec()));
    let table = RecordBatch::try_from_iter([("smiles", column)])?;
    let call = xform().call(vec![col("smiles"), lit(spec.to_json()?)]).alias("entries");
    SessionContext::new().read_batch(table)?.select(vec![call])?.collect().await
}

/// The lists for `smiles`, passed in batches of `batch` rows.
async fn lists(smiles: &[Option<&str>], batch: usize) -> Vec<ArrayRef> {
    let mut all = Vec::new();
    for rows in smiles.chunks(batch) {
        for batch in called(rows, &spec()).await.unwrap() {
            let lists = batch.column(0).as_list::<i32>();
            all.extend((0..lists.len()).map(|row| lists.value(row)));
        }
    }
    all
}

fn text<'a>(entries: &'a ArrayRef, name: &str) -> Vec<Option<&'a str>> {
    entries.as_struct().column_by_name(name).unwrap().as_string::<i32>().iter().collect()
}

#[tokio::test]
async fn a_bad_molecule_is_a_value() {
    let smiles =
        [Some("Oc1ccccc1"), Some("C(C"), Some("CN(C)(C)(C)C"), Some(""), None, Some("C\0C"), Some("CC")];
    let lists = lists(&smiles, 100).await;
    assert_eq!(lists.len(), smiles.len());
    assert_eq!(text(&lists[0], "kind"), [Some("row"), Some("product"), Some("product")]);
    assert_eq!(text(&lists[0], "smiles"), [None, Some("COc1ccccc1"), Some("Nc1ccccc1")]);
    let transforms = lists[0].as_struct().column_by_name("transform").unwrap();
    assert_eq!(transforms.as_primitive::<Int32Type>().values()[1..], [0, 1]);
    for (list, code) in [(1, "syntax"), (2, "valence")] {
        assert_eq!(text(&lists[list], "kind"), [Some("failure"), Some("row")]);
        assert_eq!(text(&lists[list], "stage")[0], Some("parse"));
        assert_eq!(text(&lists[list], "code")[0], Some(code));
        assert_eq!(text(&lists[list], "outcome")[1], Some("rejected"));
    }
    for list in &lists[3..6] {
        assert_eq!(text(list, "outcome"), [Some("rejected")], "a text that is not SMILES has no record here");
    }
    assert_eq!(text(&lists[6], "outcome"), [Some("no_site")]);
}

#[tokio::test]
async fn a_value_depends_on_its_row_alone() {
    let plants = common::plants();
    let smiles: Vec<Option<&str>> = plants.iter().take(120).map(|plant| Some(plant.as_str())).collect();
    let together = lists(&smiles, 120).await;
    for batch in [1, 7] {
        assert_eq!(lists(&smiles, batch).await, together, "in batches of {batch}");
    }
}

#[tokio::test]
async fn an_executor_rechecks_rows_and_may_make_them_by_rdkit_alone() {
    let rows = [Some("Oc1ccccc1"), Some("CC")];
    for (recheck, expected) in [
        (
            Recheck::new(true, 1.0),
            r#"{"rows_plain":0,"rows_rechecked":1,"recheck_incomplete":0,"charged_tried":0,"charged_found":0,"difference":null}"#,
        ),
        (
            Recheck::new(false, 1.0),
            r#"{"rows_plain":1,"rows_rechecked":0,"recheck_incomplete":0,"charged_tried":0,"charged_found":0,"difference":null}"#,
        ),
    ] {
        for batch in called(&rows, &Spec { recheck, ..spec() }).await.unwrap() {
            let lists = batch.column(0).as_list::<i32>();
            for row in 0..lists.len() {
                assert_eq!(text(&lists.value(row), "rechecked")[0], Some(expected));
            }
        }
    }
    assert_eq!(text(&lists(&rows, 2).await[0], "rechecked"), [None, None, None]);
}

#[tokio::test]
async fn another_version_is_refused() {
    let mut versions = Versions::of_this().unwrap();
    let same = Spec { versions: Some(versions.clone()), ..spec() };
    called(&[Some("CC")], &same).await.unwrap();
    versions.engine.version.push_str(".1");
    let other = Spec { versions: Some(versions), ..spec() };
    let error = called(&[Some("CC")], &other).await.unwrap_err();
    assert!(error.to_string().contains("run the same version on all machines"), "{error}");
}

#[tokio::test]
async fn transforms_that_cannot_be_used_are_an_error_that_is_not_tried_again() {
    let context = SessionContext::new();
    functions().into_iter().for_each(|function| context.register_udf(function.as_ref().clone()));
    for (transforms, code) in [
        ("no JSON", "XFORM_INTERNAL"),
        (
            r#"{"transforms": [{"name": "x", "smirks": "[C:1", "query_smarts": null, "code": null, "label": null,
            "legacy_rule_id": null, "family": null, "scope_classes": [], "highlight_mapnums": [],
            "product_highlight_symbol": null, "max_sites_per_mol": null, "exclude_sugar_like": false,
            "prob": null, "examples": []}]}"#,
            "XFORM_INVALID_SMIRKS",
        ),
    ] {
        let query = format!("SELECT xform('CC', '{transforms}')");
        let error = match context.sql(&query).await {
            Ok(frame) => frame.collect().await.unwrap_err(),
            Err(error) => error,
        };
        assert!(error.to_string().contains(code), "{error}");
    }
}
