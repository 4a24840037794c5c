//! A table, a sample of it, and what the sample left.

use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, ListArray, RecordBatch, StringArray};
use arrow::datatypes::Int32Type;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use serde_json::Value;
use tempfile::TempDir;
use xform_core::engine::SmilesBatch;
use xform_core::options::{SampleBy, SampleInput};
use xform_core::source::KeepColumns;
use xform_core::{
    Control, Error, FINGERPRINT_WORDS, Fingerprint, Fingerprinter, SampleOptions, SampleSummary, SampleTools,
    sample,
};

/// Rows of [`table`], enough for several chunks and row groups, and for gaps that are skipped.
pub const ROWS: usize = 60_000;

/// A fingerprinter whose bits are those of the bytes of a text, and which cannot read `bad`.
pub struct OfBytes;

impl Fingerprinter for OfBytes {
    fn fingerprints(
        &mut self,
        texts: &SmilesBatch,
        found: &mut dyn FnMut(Option<Fingerprint>),
    ) -> Result<(), Error> {
        for index in 0..texts.len() {
            let text = texts.get(index);
            let mut words = [0; FINGERPRINT_WORDS];
            for (place, byte) in text.iter().enumerate() {
                words[place % FINGERPRINT_WORDS] |= 1 << (byte % 64);
            }
            found((!text.is_empty() && text != b"bad").then(|| Fingerprint::new(words)));
        }
        Ok(())
    }
}

/// A folder with a table.
pub struct Job {
    folder: TempDir,
    pub options: SampleOptions,
    pub control: Control,
}

impl Job {
    /// A sample of so many rows of [`table`], in row groups of 20,000.
    pub fn new(by: SampleBy, n: u64) -> Self {
        Self::of(&table(), 20_000, by, n)
    }

    pub fn of(table: &RecordBatch, group_rows: usize, by: SampleBy, n: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let properties = WriterProperties::builder().set_max_row_group_row_count(Some(group_rows)).build();
        let file = File::create(folder.path().join("table.parquet")).unwrap();
        let mut writer = ArrowWriter::try_new(file, table.schema(), Some(properties)).unwrap();
        writer.write(table).unwrap();
        writer.close().unwrap();
        let sample = SampleInput { by, n, ..SampleInput::default() };
        let mut options = SampleOptions { sample, ..SampleOptions::default() };
        options.run.workers = 2;
        Self { folder, options, control: Control::default() }
    }

    /// With other options.
    pub fn with(mut self, change: impl FnOnce(&mut SampleOptions)) -> Self {
        change(&mut self.options);
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn run(&self) -> Result<SampleSummary, Error> {
        let tools = SampleTools {
            make_depictor: &|| Err(Error::internal("nothing is drawn")),
            make_fingerprinter: &|| Ok(Box::new(OfBytes)),
        };
        sample(&self.path("table.parquet"), &self.options, tools, &self.control, &|_| ())
    }

    /// The numbers of the picked rows.
    pub fn picked(&self) -> Vec<u64> {
        numbers(&self.run().unwrap())
    }

    /// The names of all files but the table, hidden ones too.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name != "table.parquet").collect()
    }
}

/// The rows of a sample that are shown.
pub fn shown(summary: &SampleSummary) -> Vec<Value> {
    let rows = summary.sample.as_ref().unwrap();
    rows.iter().map(|row| serde_json::from_str(row.get()).unwrap()).collect()
}

/// The values of `row` in the rows of a sample that are shown.
pub fn numbers(summary: &SampleSummary) -> Vec<u64> {
    shown(summary).iter().map(|row| row["row"].as_u64().unwrap()).collect()
}

pub fn columns(names: &[&str]) -> KeepColumns {
    KeepColumns::Named(names.iter().map(|&name| name.to_owned()).collect())
}

/// A table whose `kind` is `a` in a half of the rows, `b` in a third, null in the rest but for 10 rows of `rare`.
pub fn table() -> RecordBatch {
    let rows = || 0..ROWS;
    let smiles = rows().map(|row| format!("{}O", "CN".repeat(row % 40 + 1)));
    let kind = |row: usize| match row % 6 {
        _ if row.is_multiple_of(6_000) => Some("rare"),
        0..=2 => Some("a"),
        3 | 4 => Some("b"),
        _ => None,
    };
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("smiles", Arc::new(smiles.map(Some).collect::<StringArray>())),
        ("id", Arc::new(rows().map(|row| Some(format!("id-{row}"))).collect::<StringArray>())),
        ("row", Arc::new(rows().map(|row| row as i64).collect::<Int64Array>())),
        ("kind", Arc::new(rows().map(kind).collect::<StringArray>())),
        ("even", Arc::new(rows().map(|row| Some(row % 2 == 0)).collect::<BooleanArray>())),
        ("mass", Arc::new(rows().map(|row| row as f64 / 7.0).collect::<Float64Array>())),
        (
            "sites",
            Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(rows().map(|_| Some([Some(1)])))),
        ),
    ];
    batch(columns)
}

pub fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
        .unwrap()
}
