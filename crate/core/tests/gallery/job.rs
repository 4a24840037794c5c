//! A table, a gallery of it, and what the gallery left.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int32Array, ListArray, RecordBatch, StringArray};
use arrow::datatypes::Int32Type;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use parquet::arrow::ArrowWriter;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use serde_json::{Value, json};
use tempfile::TempDir;
use xform_core::drawing::{Illustrator, Origin, Picture};
use xform_core::engine::{Engine, EngineVersion, SmilesBatch, Worker};
use xform_core::output::metadata::METADATA_KEY;
use xform_core::transform::Transform;
use xform_core::{Control, EngineSettings, Error, GalleryOptions, GallerySummary, GalleryTools, gallery};

/// What surrounds the data of a page.
pub const TEMPLATE: &str = "<!doctype html><title>test</title><!--data--><p>end</p>";

/// Reads everything as SMILES.
struct Believing;

impl Engine for Believing {
    fn version(&self) -> EngineVersion {
        EngineVersion { name: "none".into(), version: "1".into() }
    }

    fn product_templates(&self) -> &[u64] {
        &[]
    }

    fn reads_as_smiles(&self, texts: &SmilesBatch) -> Result<Vec<bool>, Error> {
        Ok(vec![true; texts.len()])
    }

    fn worker(&self, _crash_record: Option<&Path>) -> Result<Box<dyn Worker>, Error> {
        Err(Error::internal("nothing is made"))
    }
}

/// Draws a molecule as its text, in a picture of this many bytes. It cannot read `bad`, and knows no match of a query but
/// the query itself.
struct Writing {
    queries: Vec<String>,
    bytes: usize,
}

impl Writing {
    fn draw(&self, text: String, smiles: &str) -> Picture {
        let is_bad = smiles.is_empty() || smiles == "bad";
        let svg = format!("<svg width='1'>{text}{}</svg>\n", noise(&text, self.bytes));
        Picture {
            svg: (!is_bad).then_some(svg),
            parent_svg: None,
            fault: is_bad.then(|| "not drawn: bad".to_owned()),
            matches: self.queries.iter().map(|query| smiles.contains(query.as_str())).collect(),
        }
    }
}

/// Bytes that do not pack, which follow from a text.
fn noise(text: &str, bytes: usize) -> String {
    let mut state =
        text.bytes().fold(1_u64, |state, byte| state.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'A' + (state >> 59) as u8 % 26)
    };
    (0..bytes).map(|_| next()).collect()
}

impl Illustrator for Writing {
    fn molecule(&mut self, smiles: &str, atoms: &[i32]) -> Result<Picture, Error> {
        Ok(self.draw(format!("{smiles} {atoms:?}"), smiles))
    }

    fn product(&mut self, smiles: &str, atoms: &[i32], origin: &Origin<'_>) -> Result<Picture, Error> {
        let Origin { parent, site_atoms, product_index, transform } = *origin;
        let drawn = self.draw(format!("{smiles} {atoms:?} {product_index} by {transform:?}"), smiles);
        let fault = transform.is_none().then(|| "not aligned with its parent: unknown".to_owned());
        Ok(Picture {
            parent_svg: Some(format!("<svg>{parent} {site_atoms:?}</svg>\n")),
            fault: drawn.fault.clone().or(fault),
            ..drawn
        })
    }
}

/// A folder with a table.
pub struct Job {
    folder: TempDir,
    pub input: PathBuf,
    pub options: GalleryOptions,
    pub control: Control,
    /// Bytes of a drawing.
    pub drawing_bytes: usize,
}

impl Job {
    /// A gallery of this table.
    pub fn of(table: &RecordBatch) -> Self {
        Self::with_transforms(table, &[])
    }

    /// A gallery of this table, which these transforms have made.
    pub fn with_transforms(table: &RecordBatch, transforms: &[Transform]) -> Self {
        let job = Self::new("table.parquet");
        let metadata =
            KeyValue::new(METADATA_KEY.to_owned(), json!({ "transforms": transforms }).to_string());
        let properties = WriterProperties::builder()
            .set_max_row_group_row_count(Some(400))
            .set_key_value_metadata(Some(vec![metadata]))
            .build();
        let file = File::create(&job.input).unwrap();
        let mut writer = ArrowWriter::try_new(file, table.schema(), Some(properties)).unwrap();
        writer.write(table).unwrap();
        writer.close().unwrap();
        job
    }

    /// A gallery of a file with this content.
    pub fn of_text(name: &str, content: &str) -> Self {
        let job = Self::new(name);
        fs::write(&job.input, content).unwrap();
        job
    }

    fn new(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut options = GalleryOptions::default();
        options.run.workers = 2;
        let (input, control) = (folder.path().join(name), Control::default());
        Self { folder, input, options, control, drawing_bytes: 0 }
    }

    /// With other options.
    pub fn with(mut self, change: impl FnOnce(&mut GalleryOptions)) -> Self {
        change(&mut self.options);
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn run(&self) -> Result<GallerySummary, Error> {
        let tools = GalleryTools {
            template: TEMPLATE,
            make_engine: &|_: &[Transform], _: &EngineSettings| Ok(Box::new(Believing) as Box<dyn Engine>),
            make_illustrator: &|_, queries| {
                if queries.iter().any(|query| query == "(") {
                    return Err(Error::invalid_option("query", "\"(\" is not a SMARTS"));
                }
                let (queries, bytes) = (queries.to_vec(), self.drawing_bytes);
                Ok(Box::new(Writing { queries, bytes }) as Box<dyn Illustrator>)
            },
        };
        gallery(&self.input, &self.options, &tools, &self.control, &|_| ())
    }

    /// The names of all files but the input, hidden ones too.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.retain(|name| self.path(name) != self.input);
        names.sort();
        names
    }

    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The data of a page.
    pub fn data(&self, name: &str) -> Value {
        let html = self.text(name);
        let rest = html.strip_prefix(
            "<!doctype html><title>test</title><script type=\"application/octet-stream\" id=\"data\">",
        );
        let packed = rest.and_then(|rest| rest.strip_suffix("</script><p>end</p>")).expect(&html);
        let mut json = String::new();
        GzDecoder::new(&*STANDARD.decode(packed).unwrap()).read_to_string(&mut json).unwrap();
        serde_json::from_str(&json).unwrap()
    }
}

/// Molecules `C`, `CC` and so on, with a name and a mass.
pub fn molecules(count: usize) -> RecordBatch {
    let rows = || 0..count;
    batch(vec![
        ("smiles", Arc::new(rows().map(|row| Some(format!("C{row}"))).collect::<StringArray>())),
        ("id", Arc::new(rows().map(|row| Some(format!("id-{row}"))).collect::<StringArray>())),
        ("mass", Arc::new(rows().map(|row| Some(row as f64 / 2.0)).collect::<Float64Array>())),
    ])
}

/// Products as a run writes them; the third comes from a transform that nobody knows, the last has a bad SMILES.
pub fn products() -> RecordBatch {
    let text = |values: [&str; 4]| -> ArrayRef { Arc::new(StringArray::from(values.to_vec())) };
    let atoms = |first: i32| -> ArrayRef {
        let lists = (0..4).map(|row| Some(vec![Some(first + row), Some(first)]));
        Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(lists))
    };
    batch(vec![
        ("smiles", text(["COC", "CNC", "CSC", "bad"])),
        ("product_id", text(["p:A:1", "p:B:1", "p:Z:1", "q:A:1"])),
        ("source_id", text(["p", "p", "p", "q"])),
        ("source_smiles", text(["C(O)C", "C(O)C", "C(O)C", "CC"])),
        ("parent_smiles", text(["CCO", "CCO", "CCO", "CC"])),
        ("xf_name", text(["A", "B", "Z", "A"])),
        ("product_index", Arc::new(Int32Array::from(vec![0, 1, 0, 0]))),
        ("xf_site_atoms", atoms(0)),
        ("product_site_atoms", atoms(10)),
        ("MW", Arc::new(Float64Array::from(vec![46.1, 45.1, f64::NAN, 1.0]))),
        ("alerts", Arc::new(StringArray::from(vec![Some("thing"), None, None, None]))),
    ])
}

/// The transforms of [`products`].
pub fn transforms() -> Vec<Transform> {
    ["A", "B"].map(|name| Transform::new(name, "[C:1]>>[C:1]")).to_vec()
}

pub fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true)))
        .unwrap()
}
