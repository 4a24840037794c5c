//! Exact deduplication at any size: a run whose engine makes products from numbers, through the same code as any
//! other run.
//!
//!     cargo run --release --example synthetic -- PRODUCTS [PRODUCTS...]
//!
//! Prints for each run its products, time, peak memory and scratch bytes. A quarter of the products appear twice,
//! near and far.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a tool that cannot continue shows where")]

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Int32Array, ListArray};
use arrow::datatypes::{Field, Fields, Int32Type};
use xform_core::engine::{Batch, Engine, EngineOutput, EngineVersion, Worker};
use xform_core::totals::{RowOutcome, RowResult, Tally};
use xform_core::transform::Transform;
use xform_core::{ApplyOptions, Control, EngineSettings, Error, apply};

const PRODUCTS_A_ROW: u64 = 50;

fn main() {
    println!("| products | unique | seconds | products/s | peak MiB | scratch MiB | deferred |");
    println!("|---|---|---|---|---|---|---|");
    for size in std::env::args().skip(1).map(|text| text.parse().unwrap()) {
        run(size);
    }
}

fn run(products: u64) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let rows = products / PRODUCTS_A_ROW;
    let mut library = BufWriter::new(File::create(path("library.smi")).unwrap());
    (0..rows).for_each(|row| writeln!(library, "C{row}").unwrap());
    library.into_inner().unwrap();
    std::fs::write(path("xf.yaml"), "version: 1\ntransforms:\n  - {name: T, smirks: '[C:1]>>[C:1]O'}\n")
        .unwrap();
    let options = ApplyOptions::new(path("library.smi"), path("out"), path("xf.yaml"), vec!["T".to_owned()]);
    let make =
        |_: &[Transform], _: &EngineSettings| -> Result<Box<dyn Engine>, Error> { Ok(Box::new(Numbers)) };
    let summary = apply(&options, &make, &Control::default()).unwrap();
    let mebibytes = |bytes: u64| bytes >> 20;
    println!(
        "| {} | {} | {:.0} | {:.0} | {} | {} | {} |",
        summary.total_products,
        summary.unique_products,
        summary.elapsed_seconds,
        summary.products_per_sec,
        mebibytes(summary.memory.peak_bytes),
        mebibytes(summary.scratch_bytes),
        summary.dedup.deferred
    );
}

/// Makes products from the number in a row.
struct Numbers;

/// The columns of the engine, for products at these sites.
fn computed(sites: &[i32]) -> [(&'static str, ArrayRef); 3] {
    let lists = |list: fn(i32) -> Vec<i32>| -> ArrayRef {
        let lists = sites.iter().map(|&site| Some(list(site).into_iter().map(Some)));
        Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(lists))
    };
    [
        ("xf_site_atoms", lists(|site| vec![site])),
        ("xf_site_count", Arc::new(Int32Array::from(vec![1; sites.len()]))),
        ("product_site_atoms", lists(|site| vec![site])),
    ]
}

impl Engine for Numbers {
    fn version(&self) -> EngineVersion {
        EngineVersion { name: "numbers".into(), version: "1".into() }
    }

    fn product_templates(&self) -> &[u64] {
        &[1]
    }

    fn columns(&self) -> Fields {
        let computed = computed(&[]).into_iter();
        computed.map(|(name, column)| Field::new(name, column.data_type().clone(), false)).collect()
    }

    fn worker(&self, _crash_record: Option<&Path>) -> Result<Box<dyn Worker>, Error> {
        Ok(Box::new(Self))
    }
}

impl Worker for Numbers {
    fn run(&mut self, batch: Batch<'_>, output: &mut EngineOutput) -> Result<(), Error> {
        for row in 0..batch.smiles.len() {
            let number: u64 = str::from_utf8(&batch.smiles.get(row)[1..]).unwrap().parse().unwrap();
            for site in 0..PRODUCTS_A_ROW {
                let which = number * PRODUCTS_A_ROW + site;
                // Every fourth product repeats an earlier one, from anywhere.
                let which = if which % 4 == 3 {
                    which.wrapping_mul(0x9E37_79B9_7F4A_7C15) % (which + 1)
                } else {
                    which
                };
                output.products.push(row as u32, 0, (site as i32, 0), format!("C{which}").as_bytes());
            }
            output.rows.push(RowResult::of(RowOutcome::WithProducts, false).with_sites(PRODUCTS_A_ROW));
        }
        let computed = computed(&output.products.site_index);
        output.products.columns = computed.map(|(_, column)| column).into();
        let rows = batch.smiles.len() as u64;
        let made = rows * PRODUCTS_A_ROW;
        output.tallies.push(Tally {
            rows_with_products: rows,
            sites: made,
            sites_applied: made,
            results: made,
            made,
            ..Tally::default()
        });
        Ok(())
    }
}
