//! A library of 5,000 rows that covers every case, and the rows of a result as text.

#![allow(dead_code, reason = "each test program uses its part of it")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::datatypes::Fields;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use xform_core::ApplyOptions;
use xform_core::source::{self, SourceOptions};

pub const ROWS: usize = 5_000;
/// The transforms applied to it.
pub const TRANSFORMS: [&str; 2] = ["FG_PHENOL_OH__OH__TO__OMe", "FG_PHENOL_OH__OH__TO__NH2"];

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The SMILES of the sample library.
pub fn plants() -> Vec<String> {
    let path = root().join("examples/plants-1k.parquet");
    let mut source =
        source::open(&path, &SourceOptions::default(), &|_| unreachable!("a name decides")).unwrap();
    let mut all = Vec::new();
    while let Some(chunk) = source.next_chunk(usize::MAX).unwrap() {
        all.extend(
            (0..chunk.smiles.len()).map(|row| str::from_utf8(chunk.smiles.get(row)).unwrap().to_owned()),
        );
    }
    all
}

/// A table of [`ROWS`] rows: the sample five times (as it is, twice unchanged, with an extra group, with a salt),
/// mixed with rows that RDKit refuses and rows that never reach it.
pub fn write_library(path: &Path) {
    let plants = plants();
    let mut table = b"smiles\tid\tnote\n".to_vec();
    for row in 0..ROWS {
        let plant = &plants[row % plants.len()];
        let smiles: Vec<u8> = match (row % 97, row / plants.len()) {
            (5, _) => b"".to_vec(),
            (11, _) => b"C(C".to_vec(),
            (17, _) => b"C\xffC".to_vec(),
            (23, _) => b"C\0C".to_vec(),
            (29, _) => b"CN(C)(C)(C)C".to_vec(),
            (_, 0 | 1) => plant.clone().into_bytes(),
            (_, 2) => format!("C{plant}").into_bytes(),
            (_, 3) => format!("Oc1ccc({plant})cc1").into_bytes(),
            _ => format!("{plant}.[Na+].[Cl-]").into_bytes(),
        };
        table.extend_from_slice(&smiles);
        table.extend_from_slice(
            format!("\tid-{row}\t{}\n", if row % 3 == 0 { "" } else { "kept" }).as_bytes(),
        );
    }
    fs::write(path, table).unwrap();
}

pub fn options(folder: &Path, outdir: &str) -> ApplyOptions {
    let names = TRANSFORMS.map(str::to_owned).to_vec();
    let library = folder.join("library.tsv");
    ApplyOptions {
        workers: 2,
        recheck: 0.1,
        keep_columns: source::KeepColumns::All,
        ..ApplyOptions::new(library, folder.join(outdir), root().join("configs/transforms.yaml"), names)
    }
}

/// The columns of a Parquet file, and its rows as text.
pub fn rows(path: &Path) -> (Fields, Vec<String>) {
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let fields = builder.schema().fields().clone();
    let batches = builder.build().unwrap().map(|batch| batch.unwrap());
    (fields, batches.flat_map(|batch| texts(&batch)).collect())
}

fn texts(batch: &RecordBatch) -> Vec<String> {
    let options = FormatOptions::default().with_null("-");
    let columns: Vec<_> =
        batch.columns().iter().map(|column| ArrayFormatter::try_new(column, &options).unwrap()).collect();
    (0..batch.num_rows())
        .map(|row| columns.iter().map(|column| column.value(row).to_string()).collect::<Vec<_>>().join("\t"))
        .collect()
}

pub fn sorted(mut rows: Vec<String>) -> Vec<String> {
    rows.sort();
    rows
}
