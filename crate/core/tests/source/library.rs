//! A library read completely, for comparisons.

use std::path::{Path, PathBuf};

use arrow::array::{Array, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::Schema;
use xform_core::Error;
use xform_core::engine::RejectCode;
use xform_core::engine::SmilesBatch;
use xform_core::source::{self, Fault, InputColumns, KeepColumns, ReadsAsSmiles, Source, SourceOptions};

/// Every row of a source.
#[derive(Debug, PartialEq)]
pub struct Library {
    pub columns: InputColumns,
    pub total_rows: Option<u64>,
    /// SMILES as passed to an engine; this is lossless because an engine gets only UTF-8.
    pub smiles: Vec<String>,
    /// With rows numbered from the start of the file.
    pub faults: Vec<(usize, RejectCode, Option<String>)>,
    pub rows: RecordBatch,
    pub replaced: u64,
}

impl Library {
    /// The SMILES as they are in the file; `None` if null.
    pub fn values(&self) -> Vec<Option<&str>> {
        let mut values: Vec<Option<&str>> = self.smiles.iter().map(|smiles| Some(smiles.as_str())).collect();
        for (row, _, text) in &self.faults {
            assert_eq!(values[*row], Some(""), "a fault has no SMILES");
            values[*row] = text.as_deref();
        }
        values
    }

    /// A column as text.
    pub fn column(&self, name: &str) -> Vec<Option<String>> {
        let array = self.rows.column_by_name(name).unwrap();
        let format = arrow::util::display::FormatOptions::new();
        let format = arrow::util::display::ArrayFormatter::try_new(array, &format).unwrap();
        (0..array.len()).map(|row| array.is_valid(row).then(|| format.value(row).to_string())).collect()
    }
}

/// Opens the file with a verdict on SMILES that checks characters but no chemistry.
pub fn open(path: &Path, options: &SourceOptions) -> Result<Box<dyn Source>, Error> {
    source::open(path, options, &reads_as_smiles)
}

/// Reads the file with a different verdict.
pub fn read_with(
    path: &Path,
    options: &SourceOptions,
    verdict: &ReadsAsSmiles<'_>,
) -> Result<Library, Error> {
    read_source(source::open(path, options, verdict)?, 50_000)
}

/// Whether each text starts like a SMILES and has no invalid characters up to a blank.
pub fn reads_as_smiles(texts: &SmilesBatch) -> Result<Vec<bool>, Error> {
    let reads = |text: &[u8]| {
        let word = text.split(|&byte| byte == b' ' || byte == b'\t').next().unwrap_or_default();
        let begins = matches!(word.first(), Some(b'B' | b'C' | b'N' | b'O' | b'S' | b'I' | b'['));
        let is_formula = word.contains(&b'H') && !word.contains(&b'[');
        (begins || word.starts_with(b"c1"))
            && !is_formula
            && word.iter().all(|byte| b"BCNOSIFlrcnos[]()=#-+@H/\\.123456789%".contains(byte))
    };
    Ok((0..texts.len()).map(|row| reads(texts.get(row))).collect())
}

/// Reads the file in chunks of `max_rows`.
pub fn read_in(path: &Path, options: &SourceOptions, max_rows: usize) -> Result<Library, Error> {
    read_source(open(path, options)?, max_rows)
}

pub fn read_source(mut source: Box<dyn Source>, max_rows: usize) -> Result<Library, Error> {
    let columns = source.columns().clone();
    let (mut smiles, mut faults, mut batches, mut replaced) = (Vec::new(), Vec::new(), Vec::new(), 0);
    while let Some(chunk) = source.next_chunk(max_rows)? {
        let len = chunk.smiles.len();
        assert!(len > 0 && len <= max_rows.max(1), "{len} rows in a chunk of at most {max_rows}");
        assert_eq!(chunk.columns.num_rows(), len);
        let first = smiles.len();
        for Fault { row, code, text, .. } in chunk.faults {
            faults.push((first + row as usize, code, text));
        }
        replaced += chunk.replaced;
        smiles.extend((0..len).map(|row| String::from_utf8(chunk.smiles.get(row).to_vec()).unwrap()));
        batches.push(chunk.columns);
    }
    assert!(source.next_chunk(max_rows)?.is_none(), "the end stays the end");
    let schema = Schema::new(columns.fields());
    assert!(batches.iter().all(|batch| batch.schema().as_ref() == &schema));
    // Concatenation forgets the row count of batches without columns.
    let rows = match schema.fields().is_empty() {
        true => RecordBatch::new_empty(schema.into()),
        false => concat_batches(&schema.into(), &batches).unwrap(),
    };
    let total_rows = source.total_rows();
    Ok(Library { columns, total_rows, smiles, faults, rows, replaced })
}

pub fn read(path: &Path, options: &SourceOptions) -> Result<Library, Error> {
    read_in(path, options, 50_000)
}

/// A file made by make.py.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture/source").join(name)
}

pub fn smiles_column(name: &str) -> SourceOptions {
    SourceOptions { smiles_column: Some(name.to_owned()), ..Default::default() }
}

pub fn keep_all() -> SourceOptions {
    SourceOptions { keep_columns: KeepColumns::All, ..Default::default() }
}

pub fn keep(names: &[&str]) -> SourceOptions {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    SourceOptions { keep_columns: KeepColumns::Named(names), ..Default::default() }
}

/// The SMILES of `strings()` in make.py.
pub const SMILES: [Option<&str>; 10] = [
    Some("CCO"),
    None,
    Some("c1ccccc1O"),
    Some(""),
    Some("CC(=O)Oc1ccccc1C(=O)O"),
    Some("C"),
    Some("CCO"),
    Some("O=C=O |o1:1| name"),
    None,
    Some("N#N"),
];
