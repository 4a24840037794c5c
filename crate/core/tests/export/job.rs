//! A table, an export of it, and what the export left.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, ListArray, RecordBatch, StringArray};
use arrow::datatypes::Int32Type;
use flate2::read::GzDecoder;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use tempfile::TempDir;
use xform_core::engine::SmilesBatch;
use xform_core::options::ExportInput;
use xform_core::writers::Depictor;
use xform_core::{Control, Error, ExportOptions, ExportSummary, export};

/// Rows of [`table`], enough for several chunks and row groups.
pub const ROWS: usize = 5_000;

/// A depictor whose mol block of a text is that text, and which cannot read `bad`.
pub struct Copying;

impl Depictor for Copying {
    fn mol_blocks(
        &mut self,
        texts: &SmilesBatch,
        found: &mut dyn FnMut(Option<&str>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for index in 0..texts.len() {
            let text = std::str::from_utf8(texts.get(index)).unwrap();
            let block = format!("\n  copied\n\n{text}\nM  END\n");
            found(Some(block.as_str()).filter(|_| !text.is_empty() && text != "bad"))?;
        }
        Ok(())
    }
}

/// A folder with a table.
pub struct Job {
    folder: TempDir,
    pub options: ExportOptions,
    pub control: Control,
}

impl Job {
    /// With [`table`].
    pub fn new(output: &str) -> Self {
        Self::of(&table(), output)
    }

    pub fn of(table: &RecordBatch, output: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        write_parquet(&folder.path().join("table.parquet"), table);
        let export = ExportInput { output: folder.path().join(output), ..ExportInput::default() };
        let mut options = ExportOptions { export, ..ExportOptions::default() };
        options.run.workers = 2;
        Self { folder, options, control: Control::default() }
    }

    /// With other options.
    pub fn with(mut self, change: impl FnOnce(&mut ExportOptions)) -> Self {
        change(&mut self.options);
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn table(&self) -> PathBuf {
        self.path("table.parquet")
    }

    pub fn run(&self) -> Result<ExportSummary, Error> {
        self.run_on(&self.table())
    }

    pub fn run_on(&self, input: &Path) -> Result<ExportSummary, Error> {
        let make_depictor = || Ok(Box::new(Copying) as Box<dyn Depictor>);
        export(input, &self.options, &make_depictor, &self.control, &|_| ())
    }

    /// The names of all files but the table, hidden ones too.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.retain(|name| name != "table.parquet");
        names.sort();
        names
    }

    /// The content of a file, unpacked.
    pub fn text(&self, name: &str) -> String {
        let file = File::open(self.path(name)).unwrap();
        let mut text = String::new();
        match name.rsplit_once('.') {
            Some((_, "gz")) => GzDecoder::new(file).read_to_string(&mut text),
            Some((_, "bz2")) => bzip2::read::BzDecoder::new(file).read_to_string(&mut text),
            Some((_, "xz")) => liblzma::read::XzDecoder::new(file).read_to_string(&mut text),
            Some((_, "zst")) => zstd::Decoder::new(file).unwrap().read_to_string(&mut text),
            _ => (&file).read_to_string(&mut text),
        }
        .unwrap();
        text
    }
}

/// The table of most tests. Every third row has no list, every fifth no mass, and `kind` has three values and null.
pub fn table() -> RecordBatch {
    let rows = || 0..ROWS;
    let smiles = rows().map(|row| format!("{}O", "C".repeat(row % 40 + 1)));
    let ids = rows().map(|row| format!("id-{row}"));
    let kinds = rows().map(|row| [Some("a"), Some("b/c"), None, Some("d")][row % 4]);
    let masses = rows().map(|row| (row % 5 != 0).then_some(row as f64 / 7.0));
    let sites = rows().map(|row| (row % 3 != 0).then(|| vec![Some(row as i32), None]));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("smiles", Arc::new(smiles.map(Some).collect::<StringArray>())),
        ("product_id", Arc::new(ids.map(Some).collect::<StringArray>())),
        ("kind", Arc::new(kinds.collect::<StringArray>())),
        ("number", Arc::new(rows().map(|row| i64::MAX - row as i64).collect::<Int64Array>())),
        ("mass", Arc::new(masses.collect::<Float64Array>())),
        ("sites", Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(sites))),
    ];
    batch(columns)
}

pub fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
        .unwrap()
}

/// A table with these molecules.
pub fn molecules(smiles: &[Option<&str>]) -> RecordBatch {
    batch(vec![("smiles", Arc::new(StringArray::from(smiles.to_vec())))])
}

pub fn write_parquet(path: &Path, table: &RecordBatch) {
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(2_000)).build();
    let mut writer =
        ArrowWriter::try_new(File::create(path).unwrap(), table.schema(), Some(properties)).unwrap();
    writer.write(table).unwrap();
    writer.close().unwrap();
}
