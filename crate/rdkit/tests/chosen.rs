//! What an engine is told to compute: alerts, and further columns for a filter.

#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

use std::fs;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Float64Type, Int32Type};
use xform_core::alerts::{self, AlertChoice};
use xform_core::engine::{Batch, Engine, EngineOutput, SmilesBatch, text_list};
use xform_core::properties::PropertyChoice;
use xform_core::transform::Transform;
use xform_core::{EngineSettings, Error};
use xform_rdkit::RdkitEngine;

const CATECHOLS: [&str; 2] = ["Oc1ccccc1O", "CCO"];

fn engine(properties: &[&str], alerts: &[&str]) -> Result<RdkitEngine, Error> {
    let settings = EngineSettings {
        properties: PropertyChoice::new(properties),
        alerts: AlertChoice::new(alerts).load()?,
        ..EngineSettings::default()
    };
    RdkitEngine::new(&[Transform::new("same", "[OX2H:1]>>[O:1]")], &settings)
}

fn run(engine: &RdkitEngine) -> EngineOutput {
    let (mut output, mut smiles) = (EngineOutput::default(), SmilesBatch::default());
    CATECHOLS.iter().for_each(|row| smiles.push(row.as_bytes()));
    engine.worker(None).unwrap().run(Batch::new(&smiles), &mut output).unwrap();
    output
}

fn names(engine: &RdkitEngine) -> Vec<String> {
    engine.columns().iter().skip(3).map(|field| field.name().clone()).collect()
}

#[test]
fn alerts_are_a_list_of_text_after_the_properties() {
    let engine = engine(&["MW"], &["BRENK", "PAINS"]).unwrap();
    assert_eq!(names(&engine), ["MW", alerts::COLUMN]);
    let columns = engine.columns();
    let field = columns.last().unwrap();
    assert_eq!((field.data_type(), field.is_nullable()), (&text_list(), false));
    let output = run(&engine);
    let lists = output.products.columns.last().unwrap().as_list::<i32>().clone();
    let list = |row| {
        lists.value(row).as_string::<i32>().iter().map(|text| text.unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(list(0), ["catechol_A(92)", "catechol"]);
    assert_eq!(list(1), Vec::<String>::new());
    assert_eq!(lists.null_count(), 0);
}

#[test]
fn a_further_column_comes_after_those_of_the_output() {
    let mut engine = engine(&["MW"], &["PAINS"]).unwrap();
    let further: Vec<String> = engine.further_columns().iter().map(|field| field.name().clone()).collect();
    assert!(!further.contains(&"MW".to_owned()) && further.contains(&"parent_MW".to_owned()));
    engine.compute_further(&["parent_MW", "TPSA"].map(str::to_owned)).unwrap();
    assert_eq!(names(&engine), ["MW", "alerts"], "the output stays as it is");
    let output = run(&engine);
    assert_eq!(output.products.columns.len(), 3 + 4);
    let value = |column: usize| output.products.columns[column].as_primitive::<Float64Type>().value(0);
    assert!((value(3) - value(5)).abs() < 1e-9, "the transform gives back the parent");
    assert!((value(6) - 40.46).abs() < 1e-9, "{}", value(6));
    assert!(engine.compute_further(&["MW".to_owned()]).is_err());
}

#[test]
fn a_product_with_map_numbers_is_asked_for_like_a_property() {
    let mut engine = engine(&["MW"], &[]).unwrap();
    engine.compute_further(&["TPSA", "mapped_smiles"].map(str::to_owned)).unwrap();
    engine.compute_further(&["HBD".to_owned()]).unwrap();
    assert_eq!(names(&engine), ["MW"], "the output stays as it is");
    let products = run(&engine).products;
    let [weight, surface, mapped, donors] = &products.columns[3..] else { panic!("{:?}", products.columns) };
    assert!((weight.as_primitive::<Float64Type>().value(0) - 110.112).abs() < 1e-9);
    assert!((surface.as_primitive::<Float64Type>().value(0) - 40.46).abs() < 1e-9);
    let numbered = "[OH:1][c:2]1[cH:3][cH:4][cH:5][cH:6][c:7]1[OH:8]";
    assert_eq!(mapped.as_string::<i32>().value(0), numbered);
    assert_eq!(donors.as_primitive::<Int32Type>().value(0), 2);
}

#[test]
fn an_alert_that_cannot_be_used_is_refused_with_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let [good, bad] = ["good.tsv", "bad.csv"].map(|name| folder.path().join(name));
    fs::write(&good, "C\tcarbon\n").unwrap();
    fs::write(&bad, "name,smarts\nethyl,CC\n\nbroken,\"C[Nx!]C\"\n").unwrap();
    let error = engine(&[], &[good.to_str().unwrap(), bad.to_str().unwrap()]).err().unwrap();
    assert_eq!(error.code(), "XFORM_INVALID_ALERTS");
    let message = error.to_string();
    let place = format!("{}:4: alert \"broken\": SMARTS \"C[Nx!]C\": ", bad.display());
    assert!(message.starts_with(&place) && message.ends_with("at character 6"), "{message}");
}

#[test]
fn an_unknown_catalog_is_refused() {
    let error = engine(&[], &["BRENKK"]).err().unwrap();
    assert_eq!(error.code(), "XFORM_INVALID_OPTION");
    assert!(
        error.to_string().starts_with("alerts: \"BRENKK\" is not a catalog; did you mean BRENK?"),
        "{error}"
    );
}
