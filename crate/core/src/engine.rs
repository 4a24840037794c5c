//! The pipeline's view of chemistry: a batch of molecules in, columns out.
//!
//! An [`Engine`] holds the transforms of a run, compiled and checked. Each worker thread asks it for a separate
//! [`Worker`], because RDKit's objects may not leave the thread that created them. A molecule that cannot be read, or
//! a site whose product cannot be made, is data in [`EngineOutput::failures`]; an `Err` from [`Worker::run`] ends the
//! run and means a bug.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::{DataType, Field, Fields};
use arrow::error::ArrowError;
use serde::{Deserialize, Serialize};

pub use crate::codes::{RejectCode, Stage};
use crate::dedup::{DedupKey, Identity};
use crate::description::{Depiction, Description};
use crate::error::{Difference, Error};
use crate::explanation::Explanation;
use crate::findings::Diagnosis;
pub use crate::strings::{Notation, SmilesBatch, Strings};
use crate::totals::{ChargedRows, Filtered, RecheckCounts, RowResult, Tally};

/// The transforms of a run, ready to be applied.
pub trait Engine: Send + Sync {
    /// Name and version of the toolkit; written into every output, because canonical SMILES differ between versions.
    fn version(&self) -> EngineVersion;

    /// Product templates of each transform: a site that is run has one result per template.
    fn product_templates(&self) -> &[u64];

    /// The columns that the engine computes for each product, in the order of the output: 32-bit integers, 64-bit floats,
    /// booleans, text, lists of 32-bit integers ([`int_list`]) and of text ([`text_list`]). Nulls are allowed in all but
    /// lists.
    ///
    /// Core orders and deduplicates by row, transform, site and SMILES; of these columns it knows only the types.
    fn columns(&self) -> Fields {
        Fields::empty()
    }

    /// Columns that the engine can compute besides these, for a filter that names them.
    fn further_columns(&self) -> Fields {
        Fields::empty()
    }

    /// Has workers compute the further columns `names` as well, which come after those of [`Self::columns`] in this order.
    /// Called before the first worker is made.
    ///
    /// # Errors
    /// An internal error, also for a name that is not a further column.
    fn compute_further(&mut self, names: &[String]) -> Result<(), Error> {
        match names.first() {
            None => Ok(()),
            Some(name) => Err(Error::internal(format!("the engine cannot compute {name}"))),
        }
    }

    /// How it carries out each transform. Empty if an engine has a single way for all transforms.
    ///
    /// # Errors
    /// An internal error.
    fn explain(&self) -> Result<Vec<Explanation>, Error> {
        Ok(Vec::new())
    }

    /// What it finds odd about each transform, judged by the templates alone. Empty if an engine has no such check.
    fn review(&self) -> &[Vec<Diagnosis>] {
        &[]
    }

    /// The sites of the transform at this position in a molecule, with those that its filters exclude. Empty if an engine does
    /// not list them.
    ///
    /// # Errors
    /// An internal error, also if the text is not a molecule.
    fn sites(&self, _transform: usize, _smiles: &str) -> Result<Vec<FoundSite>, Error> {
        Ok(Vec::new())
    }

    /// What each transform does, from its templates alone. Empty if an engine cannot tell.
    ///
    /// # Errors
    /// An internal error.
    fn describe(&self) -> Result<Vec<Description>, Error> {
        Ok(Vec::new())
    }

    /// The templates of the transform at this position, as SVG. Equal templates give equal bytes.
    ///
    /// # Errors
    /// An internal error, also if an engine does not draw.
    fn draw_reaction(&self, _transform: usize) -> Result<String, Error> {
        Err(Error::internal("the engine does not draw"))
    }

    /// A parent and its products, as SVG. Equal molecules give equal bytes.
    ///
    /// # Errors
    /// An internal error, also if an engine does not draw, or if one of the texts is not a molecule.
    fn draw_products(&self, _parent: &Depiction, _products: &[Depiction]) -> Result<String, Error> {
        Err(Error::internal("the engine does not draw"))
    }

    /// A text for each transform that it shares with those that are the same rule. Empty if an engine cannot tell.
    ///
    /// # Errors
    /// An internal error.
    fn identities(&self) -> Result<Vec<String>, Error> {
        Ok(Vec::new())
    }

    /// Which of `texts` the toolkit reads as a molecule; an empty text is not one.
    ///
    /// This decides the layout of a text file if no name in the file decides.
    ///
    /// # Errors
    /// An internal error.
    fn reads_as_smiles(&self, texts: &SmilesBatch) -> Result<Vec<bool>, Error> {
        let mut output = EngineOutput::default();
        self.worker(None)?.run(Batch::new(texts), &mut output)?;
        Ok(output.readable_rows(texts))
    }

    /// The SMILES of rows in another notation, on the calling thread, and why some have none.
    ///
    /// # Errors
    /// An internal error.
    fn read_rows(&self, rows: &SmilesBatch) -> Result<ReadRows, Error> {
        let mut output = EngineOutput::default();
        self.worker(None)?.run(Batch::new(rows), &mut output)?;
        let smiles = output.smiles.ok_or_else(|| Error::internal("the engine reads SMILES alone"))?;
        let failures = output.failures.into_iter().filter(|failure| failure.transform.is_none()).collect();
        Ok(ReadRows { smiles, failures })
    }

    /// The canonical SMILES of each of `texts`; `None` for a text that is not a molecule.
    ///
    /// By this the molecules of examples are compared. An engine without this function compares texts.
    ///
    /// # Errors
    /// An internal error.
    fn canonical_smiles(&self, texts: &[&str]) -> Result<Vec<Option<String>>, Error> {
        Ok(texts.iter().map(|text| Some((*text).to_owned())).collect())
    }

    /// Recognises molecules on the calling thread, as products of a run with this key are recognised. `crash_record` is that of
    /// [`Self::worker`].
    ///
    /// # Errors
    /// Those of [`Self::worker`]; an internal error, also if an engine cannot do this.
    fn identifier(&self, _key: DedupKey, _crash_record: Option<&Path>) -> Result<Box<dyn Identifier>, Error> {
        Err(Error::internal("the engine does not recognise molecules"))
    }

    /// A worker for the calling thread.
    ///
    /// With `crash_record` it notes in that file, which is made if missing, what it has in hand, for [`Self::in_hand`] to
    /// read; the note survives the death of the process. Two workers must not share a file.
    ///
    /// # Errors
    /// [`Error::OutputFailed`] and [`Error::OutputFull`] where that file cannot be made.
    fn worker(&self, crash_record: Option<&Path>) -> Result<Box<dyn Worker>, Error>;

    /// The current row of the worker that keeps this crash record, in this process or in one that has died. `None` if the
    /// worker is not working on a row, or if there is no record.
    ///
    /// # Errors
    /// [`Error::OutputFailed`] if the file cannot be read.
    fn in_hand(&self, _crash_record: &Path) -> Result<Option<InHand>, Error> {
        Ok(None)
    }
}

/// A place where the reactant template matches a molecule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundSite {
    /// Its number, from 0, among all sites of the transform in the molecule.
    #[serde(rename = "xf_site_index")]
    pub index: i32,
    /// Its atoms, in template order.
    pub atoms: Vec<SiteAtom>,
    /// The filter that excludes it, named as in the counts; `None` if it is used.
    pub excluded_by: Option<String>,
}

/// An atom of a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SiteAtom {
    /// Its index in the molecule.
    pub index: u32,
    /// Its symbol, in lower case if it is aromatic.
    pub symbol: String,
}

/// Rows in another notation, as an engine has read them.
#[derive(Debug, Clone, Default)]
pub struct ReadRows {
    /// Their SMILES; empty for a row that cannot be read.
    pub smiles: Strings,
    /// Why a row is bad, at most one for each.
    pub failures: Vec<Failure>,
}

/// The row that a worker or an identifier is working on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InHand {
    /// Position of the row in the library, or in its file of known molecules.
    pub source_row: u64,
    /// The step.
    pub step: Step,
    /// The system's number of the thread.
    pub thread: u32,
    /// CPU time in seconds that the thread had used when it started the row, or its recheck.
    pub began_seconds: f64,
}

/// What a worker does with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It reads the molecule.
    Read,
    /// It applies the transform at this position in the engine's list.
    Transform(u16),
    /// It makes the row a second time, with the toolkit alone, or tries it neutral.
    Recheck,
}

/// Applies the transforms of its [`Engine`] on one thread.
pub trait Worker {
    /// Applies every transform to every row of `batch`, appending to `output`, which is empty at the start.
    ///
    /// An empty row stands for one that was refused before (null, not UTF-8, ...): it counts as rejected for every
    /// transform and leaves no failure record, because the caller has written one.
    fn run(&mut self, batch: Batch<'_>, output: &mut EngineOutput) -> Result<(), Error>;
}

/// Finds what molecules are recognised by, on one thread.
pub trait Identifier {
    /// Calls `found` for each of `texts`, in their order; with `None` for a text that is not a molecule or whose molecule
    /// the toolkit cannot write. The first of them is row `first_row` of its file.
    ///
    /// # Errors
    /// An internal error.
    fn identify(
        &mut self,
        first_row: u64,
        texts: &SmilesBatch,
        found: &mut dyn FnMut(Option<Identity<'_>>),
    ) -> Result<(), Error>;
}

/// Limits for one molecule; a molecule beyond a limit is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Atoms of a molecule, including the hydrogens of its SMILES; beyond it every transform rejects the row.
    pub max_atoms: u32,
    /// Distinct products of a molecule; a transform that gives more rejects the row. `None` for no limit.
    pub max_products_per_mol: Option<u32>,
}

impl Limits {
    /// Atoms of a molecule by default. The largest of the natural products that this was made for has 199.
    pub const MAX_ATOMS: u32 = 2_000;
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_atoms: Self::MAX_ATOMS, max_products_per_mol: None }
    }
}

/// A micro-batch for a worker.
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    /// Position in the library of its first row.
    pub first_row: u64,
    /// The rows.
    pub smiles: &'a SmilesBatch,
    /// What to skip, in the order (row, transform); a skip of a whole row comes before others of that row.
    pub skips: &'a [Skip],
    /// Whether the engine may use its own short cuts, which must not change any result. Otherwise it uses the toolkit alone.
    pub fast: bool,
    /// Rows to make a second time, with the toolkit alone, and to compare; ascending. An engine without short cuts has
    /// nothing to compare. At the first difference the engine stops: the rest of its output has no meaning.
    pub rechecks: &'a [u32],
    /// Rows to try neutral if they have a net charge and no transform has a site in them; ascending.
    pub trials: &'a [u32],
}

impl<'a> Batch<'a> {
    /// Rows that are not part of a library, none of them skipped, rechecked or tried.
    pub fn new(smiles: &'a SmilesBatch) -> Self {
        Self { first_row: 0, smiles, skips: &[], fast: true, rechecks: &[], trials: &[] }
    }
}

/// A row, or a row for one transform, to skip.
///
/// A skipped row is not parsed: each transform rejects it, with one failure at [`Stage::Parse`]. If only one
/// transform is skipped for a row, that transform is not matched: it rejects the row, with one failure at
/// [`Stage::Reaction`]; the other transforms are run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skip {
    /// Row in the batch.
    pub row: u32,
    /// Position of the transform in the engine's list; `None` for all.
    pub transform: Option<u16>,
    /// The reason: [`RejectCode::Crashed`], [`RejectCode::TimedOut`] or [`RejectCode::OutOfMemory`].
    pub code: RejectCode,
}

/// Toolkit name and version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineVersion {
    /// For example `RDKit`.
    pub name: String,
    /// For example `2025.03.1`.
    pub version: String,
}

/// A [`Worker`]'s results for one micro-batch.
#[derive(Debug, Clone, Default)]
pub struct EngineOutput {
    /// One entry per row of the batch.
    pub rows: Vec<RowResult>,
    /// The time that each row took, without its recheck; empty if the engine does not measure it.
    pub row_nanoseconds: Vec<u64>,
    /// The products, in the order (row, transform, site, product template).
    pub products: Products,
    /// Bad rows and failed results, in the order (row, transform, site, product template).
    pub failures: Vec<Failure>,
    /// One entry per transform.
    pub tallies: Vec<Tally>,
    /// What was rechecked and tried, and the result.
    pub rechecked: Rechecked,
    /// What a filter has taken from the products since, which the tallies still count.
    pub filtered: Filtered,
    /// For rows in another notation than SMILES, the SMILES of each, which all other results are about; empty for a
    /// row that cannot be read.
    pub smiles: Option<Strings>,
}

/// What was rechecked of some rows, or tried neutral, and the result.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rechecked {
    /// The counts.
    #[serde(flatten)]
    pub counts: RecheckCounts,
    /// What came of [`Batch::trials`].
    #[serde(flatten)]
    pub charged: ChargedRows,
    /// The first row whose recheck gave a different result.
    pub difference: Option<Box<Difference>>,
}

impl EngineOutput {
    /// Which rows of `batch`, for which this is the output, are a molecule.
    pub fn readable_rows(&self, batch: &SmilesBatch) -> Vec<bool> {
        let mut readable: Vec<bool> = (0..batch.len()).map(|row| !batch.get(row).is_empty()).collect();
        for failure in self.failures.iter().filter(|failure| failure.transform.is_none()) {
            readable[failure.row as usize] = false;
        }
        readable
    }

    /// Heap bytes held.
    pub fn memory_bytes(&self) -> usize {
        let reasons: usize = self.failures.iter().map(|failure| failure.reason.len()).sum();
        self.products.memory_bytes()
            + self.smiles.as_ref().map_or(0, Strings::memory_bytes)
            + reasons
            + size_of_val(self.failures.as_slice())
            + size_of_val(self.rows.as_slice())
            + size_of_val(self.row_nanoseconds.as_slice())
            + size_of_val(self.tallies.as_slice())
    }
}

/// One row per distinct product of a parent and transform, as columns of equal length.
#[derive(Debug, Clone, Default)]
pub struct Products {
    /// Row in the batch.
    pub row: Vec<u32>,
    /// Position of the transform in the engine's list.
    pub transform: Vec<u16>,
    /// The lowest site that gives the product.
    pub site_index: Vec<i32>,
    /// Product template, from 0, of the first result that gave the product.
    pub product_index: Vec<i32>,
    /// Its number, from 1, among the products that the engine made of that parent with that transform. A filter leaves
    /// gaps, since the number is part of the product's id.
    pub number: Vec<u32>,
    /// Canonical SMILES.
    pub smiles: Strings,
    /// One array for each of [`Engine::columns`], and until the filter has acted for each further column that it names.
    pub columns: Vec<ArrayRef>,
}

impl Products {
    /// Number of products.
    pub fn len(&self) -> usize {
        self.row.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.row.is_empty()
    }

    /// Adds a product at the site and product template in `place`, without values for the engine's columns. It has the
    /// next number of its parent and transform.
    pub fn push(&mut self, row: u32, transform: u16, place: (i32, i32), smiles: &[u8]) {
        let latest = self.row.last().zip(self.transform.last()).zip(self.number.last());
        let number = match latest {
            Some((before, &number)) if before == (&row, &transform) => number + 1,
            _ => 1,
        };
        self.push_numbered(row, transform, place, number, smiles);
    }

    /// Like `push`, for a product that has been numbered before.
    pub fn push_numbered(&mut self, row: u32, transform: u16, place: (i32, i32), number: u32, smiles: &[u8]) {
        self.row.push(row);
        self.transform.push(transform);
        self.site_index.push(place.0);
        self.product_index.push(place.1);
        self.number.push(number);
        self.smiles.push(smiles);
    }

    /// The products at `positions`, which ascend.
    ///
    /// # Errors
    /// Those of Arrow.
    pub fn take(&self, positions: Vec<u32>) -> Result<Self, ArrowError> {
        let mut smiles = Strings::default();
        positions.iter().for_each(|&at| smiles.push(self.smiles.get(at as usize)));
        let row = taken(&self.row, &positions);
        let transform = taken(&self.transform, &positions);
        let site_index = taken(&self.site_index, &positions);
        let product_index = taken(&self.product_index, &positions);
        let number = taken(&self.number, &positions);
        let positions = UInt32Array::from(positions);
        let columns = self.columns.iter().map(|column| take(column, &positions, None));
        let columns = columns.collect::<Result<_, _>>()?;
        Ok(Self { row, transform, site_index, product_index, number, smiles, columns })
    }

    /// The numbers of products that an engine has made, in its order, of these rows with these transforms.
    pub fn numbers(rows: &[u32], transforms: &[u16]) -> Vec<u32> {
        let (mut latest, mut number) = (None, 0);
        let next = |parent| {
            number = if latest == Some(parent) { number + 1 } else { 1 };
            latest = Some(parent);
            number
        };
        rows.iter().zip(transforms).map(next).collect()
    }

    /// Heap bytes of the columns.
    pub fn memory_bytes(&self) -> usize {
        let fixed = self.len() * (2 * size_of::<u32>() + size_of::<u16>() + 2 * size_of::<i32>());
        let columns: usize = self.columns.iter().map(|column| column.get_buffer_memory_size()).sum();
        fixed + self.smiles.memory_bytes() + columns
    }
}

fn taken<T: Copy>(values: &[T], positions: &[u32]) -> Vec<T> {
    positions.iter().map(|&at| values[at as usize]).collect()
}

/// The type of a column with a list of 32-bit numbers for each product.
pub fn int_list() -> DataType {
    DataType::List(Arc::new(Field::new("item", DataType::Int32, false)))
}

/// The type of a column with a list of texts for each product.
pub fn text_list() -> DataType {
    DataType::List(Arc::new(Field::new("item", DataType::Utf8, false)))
}

/// A bad row (then `transform`, `site` are `None`), a row that one transform rejects as a whole (then `site` is `None`),
/// or a result that could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Row in the batch.
    pub row: u32,
    /// Position of the transform in the engine's list.
    pub transform: Option<u16>,
    /// The site.
    pub site: Option<i32>,
    /// The step that failed.
    pub stage: Stage,
    /// The kind of failure, from the documented list.
    pub code: RejectCode,
    /// The toolkit's message.
    pub reason: String,
}
