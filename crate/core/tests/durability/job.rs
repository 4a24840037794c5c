//! A small job that covers everything: duplicates near and far, rejects, several parts, deferred rows.

#[path = "../shard/further.rs"]
mod further;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{Array, ArrayRef, Int32Array, ListArray};
use arrow::datatypes::{Field, Fields, Int32Type};
use xform_core::dedup::{DedupKey, Identity};
use xform_core::disk::{Disk, Gate};
use xform_core::engine::{
    Batch, Engine, EngineOutput, EngineVersion, Failure, Identifier, RejectCode, SmilesBatch, Stage, Worker,
};
use xform_core::totals::{RowOutcome, RowResult, Tally};
use xform_core::transform::Transform;
use xform_core::{ApplyOptions, Control, DedupMode, EngineSettings, Error, Pace, Summary, apply};

pub const ROWS: u64 = 1_500;
const TRANSFORMS: &str = "version: 1\ntransforms:\n\
    - {name: ONE, smirks: '[C:1]>>[C:1]O'}\n\
    - {name: TWO, smirks: '[C:1]>>[C:1]N'}\n";

/// A folder, in memory if the system offers that: these tests sync about 10,000 times.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// Input and transform file in `folder`.
pub fn prepare(folder: &Path) {
    let library: String = (0..ROWS).map(|row| format!("{} id{row}\n", smiles(row))).collect();
    fs::write(folder.join("library.smi"), library).unwrap();
    fs::write(folder.join("transforms.yaml"), TRANSFORMS).unwrap();
}

/// Every 97th row is bad; the rest is long enough for many micro-batches.
fn smiles(row: u64) -> String {
    if row % 97 == 5 { format!("bad{row}") } else { format!("C{row:0>80}") }
}

pub fn options(folder: &Path, outdir: &str) -> ApplyOptions {
    let names = vec!["all".to_owned()];
    ApplyOptions {
        workers: 2,
        ..ApplyOptions::new(
            folder.join("library.smi"),
            folder.join(outdir),
            folder.join("transforms.yaml"),
            names,
        )
    }
}

/// Runs with commits after every micro-batch and small parts.
pub fn run(options: &ApplyOptions, gate: Option<Arc<dyn Gate>>) -> Result<Summary, Error> {
    run_paced(options, gate, Duration::ZERO)
}

pub fn run_paced(
    options: &ApplyOptions,
    gate: Option<Arc<dyn Gate>>,
    commit_interval: Duration,
) -> Result<Summary, Error> {
    apply(options, &make_engine, &control(gate, commit_interval))
}

pub fn control(gate: Option<Arc<dyn Gate>>, commit_interval: Duration) -> Control {
    Control {
        disk: gate.map_or_else(Disk::default, Disk::gated),
        pace: Pace { part_bytes: 150_000, commit_interval, ..Pace::default() },
        ..Control::default()
    }
}

/// An uninterrupted run into `outdir`; returns the bytes of products and rejects.
pub fn unbroken(folder: &Path, outdir: &str, dedup: DedupMode) -> [Vec<u8>; 2] {
    let options = ApplyOptions { dedup, ..options(folder, outdir) };
    let summary = run_paced(&options, None, Duration::from_secs(3600)).unwrap();
    assert_eq!(summary.rows_resumed, 0);
    bytes(&options.outdir)
}

pub fn bytes(outdir: &Path) -> [Vec<u8>; 2] {
    ["products.parquet", "rejects.parquet"].map(|name| fs::read(outdir.join(name)).unwrap())
}

/// Rows covered by the last durable line of the manifest; 0 for a finished run, because none of its rows is resumed.
pub fn durable_rows(outdir: &Path) -> Option<u64> {
    if outdir.join("SUMMARY.json").exists() {
        return None;
    }
    let manifest = fs::read(outdir.join(".xform-native/manifest.jsonl")).unwrap_or_default();
    Some(
        xform_core::journal::parse(&manifest[..])
            .unwrap()
            .unwrap()
            .map_or(0, |found| found.latest.totals.rows),
    )
}

/// Files with final names must be complete at any time.
pub fn assert_none_incomplete(outdir: &Path, expected: &[Vec<u8>; 2], context: &str) {
    for (name, expected) in ["products.parquet", "rejects.parquet"].into_iter().zip(expected) {
        if let Ok(found) = fs::read(outdir.join(name)) {
            assert!(found == *expected, "{name} is not what it should be: {context}");
        }
    }
    if let Ok(summary) = fs::read(outdir.join("SUMMARY.json")) {
        serde_json::from_slice::<serde_json::Value>(&summary)
            .unwrap_or_else(|error| panic!("{context}: {error}"));
        assert!(
            outdir.join("products.parquet").exists() && outdir.join("rejects.parquet").exists(),
            "{context}"
        );
    }
}

/// Resumes, and checks that the result is as if nothing had happened.
pub fn resume_and_compare(options: &ApplyOptions, expected: &[Vec<u8>; 2], context: &str) {
    assert_none_incomplete(&options.outdir, expected, context);
    let durable = durable_rows(&options.outdir);
    let options = ApplyOptions { resume: true, ..options.clone() };
    let summary = run(&options, None).unwrap_or_else(|error| panic!("{context}: {error}"));
    if let Some(durable) = durable {
        assert_eq!(summary.rows_resumed, durable, "{context}");
    }
    assert!(bytes(&options.outdir) == *expected, "different bytes: {context}");
    assert_eq!(names(&options.outdir), ["SUMMARY.json", "products.parquet", "rejects.parquet"], "{context}");
}

/// The names in a folder, sorted.
pub fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

pub fn make_engine(transforms: &[Transform], _settings: &EngineSettings) -> Result<Box<dyn Engine>, Error> {
    Ok(Box::new(FakeEngine { templates: vec![1; transforms.len()], further: Vec::new() }))
}

/// Gives each row three products per transform, many of them equal to products of other rows.
struct FakeEngine {
    templates: Vec<u64>,
    further: Vec<String>,
}

impl Engine for FakeEngine {
    fn version(&self) -> EngineVersion {
        EngineVersion { name: "fake".into(), version: "1".into() }
    }

    fn product_templates(&self) -> &[u64] {
        &self.templates
    }

    fn columns(&self) -> Fields {
        let computed = computed(&[]).into_iter();
        computed.map(|(name, column)| Field::new(name, column.data_type().clone(), false)).collect()
    }

    fn further_columns(&self) -> Fields {
        further::fields()
    }

    fn compute_further(&mut self, names: &[String]) -> Result<(), Error> {
        self.further.extend_from_slice(names);
        Ok(())
    }

    fn identifier(&self, _key: DedupKey, _crash_record: Option<&Path>) -> Result<Box<dyn Identifier>, Error> {
        Ok(Box::new(AsWritten))
    }

    fn worker(&self, _crash_record: Option<&Path>) -> Result<Box<dyn Worker>, Error> {
        Ok(Box::new(FakeWorker { transforms: self.templates.len(), further: self.further.clone() }))
    }
}

/// Recognises each molecule by its text.
struct AsWritten;

impl Identifier for AsWritten {
    fn identify(
        &mut self,
        _first_row: u64,
        texts: &SmilesBatch,
        found: &mut dyn FnMut(Option<Identity<'_>>),
    ) -> Result<(), Error> {
        (0..texts.len()).for_each(|row| found(Some(Identity::Smiles(texts.get(row)))));
        Ok(())
    }
}

struct FakeWorker {
    transforms: usize,
    further: Vec<String>,
}

/// The columns of the engine, for products at these sites.
fn computed(sites: &[i32]) -> [(&'static str, ArrayRef); 3] {
    let lists = |list: fn(i32) -> Vec<i32>| -> ArrayRef {
        let lists = sites.iter().map(|&site| Some(list(site).into_iter().map(Some)));
        Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(lists))
    };
    [
        ("xf_site_atoms", lists(|site| vec![site])),
        ("xf_site_count", Arc::new(Int32Array::from(vec![1; sites.len()]))),
        ("product_site_atoms", lists(|site| vec![0, site])),
    ]
}

const SITES: u64 = 3;

impl Worker for FakeWorker {
    fn run(&mut self, batch: Batch<'_>, output: &mut EngineOutput) -> Result<(), Error> {
        output.tallies = vec![Tally::default(); self.transforms];
        output.rechecked.counts.rows_rechecked = batch.rechecks.len() as u64;
        for row in 0..batch.smiles.len() {
            let text = str::from_utf8(batch.smiles.get(row)).unwrap();
            let number: Option<u64> = text.strip_prefix('C').and_then(|digits| digits.parse().ok());
            let outcome = number.map_or(RowOutcome::Rejected, |_| RowOutcome::WithProducts);
            let sites = number.map_or(0, |_| SITES * self.transforms as u64);
            output.rows.push(RowResult::of(outcome, number.is_none()).with_sites(sites));
            output.row_nanoseconds.push(number.map_or(0, |number| 1_000_000 * (number % 100)));
            let Some(number) = number else {
                output.tallies.iter_mut().for_each(|tally| tally.rows_rejected += 1);
                if text.is_empty() {
                    continue; // the component that refused the row has written its record
                }
                output.failures.push(Failure {
                    row: row as u32,
                    transform: None,
                    site: None,
                    stage: Stage::Parse,
                    code: RejectCode::Syntax,
                    reason: format!("no SMILES: {text}"),
                });
                continue;
            };
            for transform in 0..self.transforms {
                let tally = &mut output.tallies[transform];
                tally.rows_with_products += 1;
                tally.sites += SITES;
                tally.sites_applied += SITES;
                tally.results += SITES;
                tally.made += SITES;
                for site in 0..SITES {
                    let smiles = format!("P{}", (number * SITES + site) * 7919 % 3_001);
                    output.products.push(row as u32, transform as u16, (site as i32, 0), smiles.as_bytes());
                }
            }
        }
        let computed = computed(&output.products.site_index);
        let further = further::columns(&self.further, &output.products);
        output.products.columns = computed.map(|(_, column)| column).into_iter().chain(further).collect();
        Ok(())
    }
}
