//! The data of a report: rejects by reason, histograms of properties, pictures of what stands out.
#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use arrow::array::{ArrayRef, Float64Array, Int32Array, StringArray};
use arrow::datatypes::{DataType, Field, Fields};
use xform_core::drawing::{Illustrator, Origin, Picture};
use xform_core::engine::{Batch, Engine, EngineOutput, EngineVersion, Failure, RejectCode, Stage, Worker};
use xform_core::totals::{RowOutcome, RowResult, Tally};
use xform_core::transform::Transform;
use xform_core::{
    ApplyOptions, Control, EngineSettings, Error, HistogramBin, MAX_BINS, PropertyColumn, ReportData, apply,
    report_data,
};

/// Gives row `Cn` as many products as its last digit. They have a weight, except for each tenth, and a number of rings.
struct Weighing;

impl Engine for Weighing {
    fn version(&self) -> EngineVersion {
        EngineVersion { name: "weighing".into(), version: "1".into() }
    }

    fn product_templates(&self) -> &[u64] {
        &[1]
    }

    fn columns(&self) -> Fields {
        let fields = [
            Field::new("MW", DataType::Float64, true),
            Field::new("Rings", DataType::Int32, true),
            Field::new("Scaffold", DataType::Utf8, true),
            Field::new("Nothing", DataType::Float64, true),
        ];
        fields.into_iter().collect()
    }

    fn worker(&self, _crash_record: Option<&Path>) -> Result<Box<dyn Worker>, Error> {
        Ok(Box::new(Self))
    }
}

fn weight(number: u64) -> Option<f64> {
    (!number.is_multiple_of(10)).then_some(90.25 + 1.5 * (number % 613) as f64)
}

fn rings(number: u64) -> i32 {
    (number % 7) as i32
}

impl Worker for Weighing {
    fn run(&mut self, batch: Batch<'_>, output: &mut EngineOutput) -> Result<(), Error> {
        let mut tally = Tally::default();
        let mut numbers = Vec::new();
        for row in 0..batch.smiles.len() {
            let text = str::from_utf8(batch.smiles.get(row)).unwrap();
            let number: Option<u64> = text.strip_prefix('C').and_then(|digits| digits.parse().ok());
            let Some(number) = number else {
                tally.rows_rejected += 1;
                output.rows.push(RowResult::of(RowOutcome::Rejected, true));
                output.row_nanoseconds.push(1_000);
                if !text.is_empty() {
                    output.failures.push(refused(row as u32, text));
                }
                continue;
            };
            let sites = number % 10;
            let outcome = if sites > 0 { RowOutcome::WithProducts } else { RowOutcome::NoSite };
            *(if sites > 0 { &mut tally.rows_with_products } else { &mut tally.rows_no_site }) += 1;
            output.rows.push(RowResult::of(outcome, false).with_sites(sites));
            output.row_nanoseconds.push(1_000_000 * number);
            for site in 0..sites {
                let product = 10 * number + site;
                output.products.push(row as u32, 0, (site as i32, 0), format!("P{product}").as_bytes());
                numbers.push(product);
            }
        }
        let made = numbers.len() as u64;
        (tally.sites, tally.sites_applied, tally.results, tally.made) = (made, made, made, made);
        output.tallies = vec![tally];
        let columns: [ArrayRef; 4] = [
            Arc::new(numbers.iter().map(|&number| weight(number)).collect::<Float64Array>()),
            Arc::new(numbers.iter().map(|&number| Some(rings(number))).collect::<Int32Array>()),
            Arc::new(numbers.iter().map(|_| Some("c1ccccc1")).collect::<StringArray>()),
            Arc::new(numbers.iter().map(|_| None::<f64>).collect::<Float64Array>()),
        ];
        output.products.columns = columns.into();
        Ok(())
    }
}

fn refused(row: u32, text: &str) -> Failure {
    let (stage, code) = match text.starts_with("deadly") {
        true => (Stage::Parse, RejectCode::Crashed),
        false => (Stage::Parse, RejectCode::Syntax),
    };
    Failure { row, transform: None, site: None, stage, code, reason: format!("not read: {text}") }
}

/// Draws what it is asked for as its own text, except for products.
struct Text;

impl Illustrator for Text {
    fn molecule(&mut self, smiles: &str, _: &[i32]) -> Result<Picture, Error> {
        assert!(!smiles.starts_with("deadly"), "a molecule that has killed a process is not read again");
        let svg = (!smiles.starts_with("undrawn")).then(|| format!("<svg>{smiles}</svg>"));
        Ok(Picture { svg, ..Picture::default() })
    }

    fn product(&mut self, _: &str, _: &[i32], _: &Origin<'_>) -> Result<Picture, Error> {
        Err(Error::internal("a report has no products"))
    }
}

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join("transforms.yaml"),
            "version: 1\ntransforms: [{name: ONE, smirks: '[C:1]>>[C:1]O'}]\n",
        )
        .unwrap();
        Self(folder)
    }

    /// Runs over these rows into `out`.
    fn run(&self, rows: &[String]) {
        let path = |name: &str| self.0.path().join(name);
        fs::write(path("library.smi"), rows.join("\n") + "\n").unwrap();
        let names = vec!["ONE".to_owned()];
        let options = ApplyOptions::new(path("library.smi"), path("out"), path("transforms.yaml"), names);
        let make = |_: &[Transform], _: &EngineSettings| Ok(Box::new(Weighing) as Box<dyn Engine>);
        apply(&ApplyOptions { force: true, ..options }, &make, &Control::default()).unwrap();
    }

    fn data(&self, control: &Control) -> Result<ReportData, Error> {
        let column = |name: &str, unit: Option<&str>| PropertyColumn {
            name: name.to_owned(),
            unit: unit.map(str::to_owned),
        };
        let columns = [("MW", Some("g/mol")), ("Rings", None), ("Scaffold", None), ("Nothing", None)];
        let columns = columns.map(|(name, unit)| column(name, unit));
        let make = |_: &[Transform], _: &[String]| Ok(Box::new(Text) as Box<dyn Illustrator>);
        report_data(&self.0.path().join("out"), &columns, &make, control)
    }
}

fn rows() -> Vec<String> {
    let bad = |row: u64| match row % 50 {
        7 => format!("bad{row} id{row}"),
        11 => format!("undrawn{row} id{row}"),
        13 => format!("deadly{row} id{row}"),
        17 => "\u{0}".to_owned(),
        _ => format!("C{row} id{row}"),
    };
    (0..2_000).map(bad).collect()
}

#[test]
fn bins_add_up_to_the_values_and_hold_them() {
    let place = Place::new();
    place.run(&rows());
    let data = place.data(&Control::default()).unwrap();
    let products = data.summary["total_products"].as_u64().unwrap();
    let [weights, ring_counts] = &data.properties[..] else { panic!("{:?}", data.properties) };
    assert_eq!((weights.name.as_str(), weights.unit.as_deref()), ("MW", Some("g/mol")));
    assert_eq!((ring_counts.name.as_str(), ring_counts.unit.as_deref()), ("Rings", None));
    for property in &data.properties {
        let counted: u64 = property.bins.iter().map(|bin| bin.products).sum();
        assert_eq!((property.values, property.values + property.nulls), (counted, products));
        assert!(property.bins.len() <= MAX_BINS);
        assert!(property.bins.first().unwrap().from <= property.min);
        assert!(property.bins.last().unwrap().to > property.max);
    }
    let numbers: Vec<u64> = (0..2_000_u64)
        .filter(|row| ![7, 11, 13, 17].contains(&(row % 50)))
        .flat_map(|row| (0..row % 10).map(move |site| 10 * row + site))
        .collect();
    let expected: Vec<f64> = numbers.iter().filter_map(|&number| weight(number)).collect();
    assert_eq!((weights.values, weights.nulls), (expected.len() as u64, products - expected.len() as u64));
    for &HistogramBin { from, to, products } in &weights.bins {
        let within = expected.iter().filter(|weight| (from..to).contains(*weight)).count();
        assert_eq!(within as u64, products, "{from} to {to}");
    }
    let mean = expected.iter().sum::<f64>() / expected.len() as f64;
    assert!((weights.mean - mean).abs() < 1e-9 * mean, "{} {mean}", weights.mean);
    let with_three = numbers.iter().filter(|&&number| rings(number) == 3).count() as u64;
    assert!(ring_counts.bins.contains(&HistogramBin { from: 3.0, to: 4.0, products: with_three }));
}

#[test]
fn rejects_are_grouped_by_reason_with_the_first_of_each() {
    let place = Place::new();
    place.run(&rows());
    let data = place.data(&Control::default()).unwrap();
    let found: Vec<_> = data
        .rejects
        .iter()
        .map(|group| (group.stage.as_str(), group.code.as_str(), group.records, group.examples.len()))
        .collect();
    assert_eq!(
        found,
        [("parse", "syntax", 80, 3), ("input", "nul_byte", 40, 3), ("parse", "crashed", 40, 3)],
        "the most frequent first"
    );
    let [syntax, nul_bytes, crashed] = &data.rejects[..] else { panic!("{:?}", data.rejects) };
    let first = &syntax.examples[0];
    assert_eq!((first.source_row, first.source_id.as_deref()), (7, Some("id7")));
    assert_eq!((first.smiles.as_deref(), first.transform.as_deref()), (Some("bad7"), None));
    assert_eq!(first.reason, "not read: bad7");
    assert_eq!(first.drawing.as_deref(), Some("<svg>bad7</svg>"));
    assert_eq!(syntax.examples[1].drawing, None, "it cannot be drawn");
    assert!(nul_bytes.examples.iter().all(|example| example.source_id.is_none()));
    assert!(crashed.examples.iter().all(|example| example.drawing.is_none()));
}

#[test]
fn the_parents_of_the_summary_are_drawn_in_their_order() {
    let place = Place::new();
    let long = format!("C{}5000 long", "0".repeat(600));
    place.run(&[rows(), vec![long]].concat());
    let data = place.data(&Control::default()).unwrap();
    let smiles = |list: &str| -> Vec<String> {
        let rows = data.summary["parents"][list].as_array().unwrap().iter();
        rows.map(|row| row["smiles"].as_str().unwrap().to_owned()).collect()
    };
    let drawn = |smiles: Vec<String>| -> Vec<Option<String>> {
        let picture = |smiles: String| (!smiles.is_empty()).then(|| format!("<svg>{smiles}</svg>"));
        smiles.into_iter().map(picture).collect()
    };
    assert_eq!(data.drawings.fruitful, drawn(smiles("most_products")));
    assert_eq!(data.drawings.slowest, drawn(smiles("slowest")));
    assert_eq!(data.drawings.slowest[0], None, "it is too large for a picture");
    assert_eq!(data.drawings.slowest[1].as_deref(), Some("<svg>C1999</svg>"));
    assert_eq!(data.drawings.fruitful[0].as_deref(), Some("<svg>C9</svg>"));
}

#[test]
fn only_a_finished_and_unchanged_run_has_a_report() {
    let place = Place::new();
    let out = place.0.path().join("out");
    let code = |control: &Control| place.data(control).unwrap_err().code();
    assert_eq!(code(&Control::default()), "XFORM_INPUT_NOT_FOUND");
    fs::create_dir(&out).unwrap();
    assert_eq!(code(&Control::default()), "XFORM_INPUT_UNREADABLE");
    place.run(&rows());
    let cancelled = Control { cancel: Arc::new(AtomicBool::new(true)), ..Control::default() };
    assert_eq!(code(&cancelled), "XFORM_CANCELLED");
    let summary = fs::read_to_string(out.join("SUMMARY.json")).unwrap();
    fs::write(out.join("SUMMARY.json"), summary.replace("\"total_input\": 2000", "\"total_input\": 2001"))
        .unwrap();
    assert_eq!(code(&Control::default()), "XFORM_INPUT_UNREADABLE");
    fs::write(out.join("SUMMARY.json"), summary).unwrap();
    fs::remove_file(out.join("rejects.parquet")).unwrap();
    assert_eq!(code(&Control::default()), "XFORM_OUTPUT_FAILED");
}
