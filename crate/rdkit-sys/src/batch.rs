//! Running a batch: bytes and offsets in, columns out.

use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use cxx::UniquePtr;
use thiserror::Error;

use crate::alerts::compile_alerts;
use crate::crash_record::kept;
use crate::transform::{TransformSpec, compile};
use crate::{CompileError, KernelError, Settings};

#[cxx::bridge(namespace = "xform")]
mod ffi {
    /// The four outcomes of a row, worst first.
    #[derive(Debug)]
    enum RowOutcome {
        /// No match of the reactant template.
        NoSite,
        /// There are matches, but each of them is excluded.
        AllSitesExcluded,
        /// The row itself is bad, or a site failed and no site gave a product.
        Rejected,
        /// At least one product.
        WithProducts,
    }

    /// A row, or a row for one transform, to skip.
    ///
    /// A skipped row is not parsed, and every transform rejects it, with one failure at the stage `parse`. If only one
    /// transform is skipped for a row, that transform is not matched and rejects the row, with one failure at the stage
    /// `reaction`; the others are run.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct Skip {
        /// Row in the batch.
        row: u32,
        /// Position of the transform; -1 for all.
        transform: i32,
        /// `crashed`, `timed_out` or `out_of_memory`.
        code: String,
    }

    #[derive(Clone, Copy)]
    struct RowTexts<'a> {
        are_mol_blocks: bool,
        lines: &'a [u64],
        bytes: &'a [u8],
        offsets: &'a [u32],
    }

    /// One entry per row of the batch.
    #[derive(Debug, Clone, Copy)]
    struct RowView<'a> {
        /// The best outcome of any transform for the row, as the number of a [`RowOutcome`].
        outcome: &'a [u8],
        /// 1 if at least one transform counts the row as rejected.
        rejected: &'a [u8],
        /// 1 if standardizing made another molecule of the row.
        standardized: &'a [u8],
        /// 1 if the row is a mol block that says more of its molecule than a SMILES can, stereo groups aside.
        simplified: &'a [u8],
        /// The SMILES of mol blocks; empty texts if the rows are SMILES, and for a mol block that cannot be read.
        smiles: &'a [u8],
        /// Where the SMILES begin and end.
        smiles_offsets: &'a [u32],
        /// Sites of all transforms.
        sites: &'a [u64],
        /// The time that the row took, by the clock, without its recheck.
        nanoseconds: &'a [u64],
    }

    /// One entry per distinct product of a row and a transform, in the order (row, transform, site, product
    /// template). In lists, list `i` lies between `offsets[i]` and `offsets[i + 1]`.
    #[derive(Debug, Clone, Copy)]
    struct ProductView<'a> {
        /// Row in the batch.
        row: &'a [u32],
        /// Position of the transform.
        transform: &'a [u16],
        /// Product template, from 0, of the first result that gave it.
        product_index: &'a [i32],
        /// The lowest site that gives it.
        site_index: &'a [i32],
        /// Canonical SMILES.
        smiles: &'a [u8],
        /// Where the SMILES begin and end.
        smiles_offsets: &'a [u32],
    }

    /// What the values of a column are.
    #[derive(Debug)]
    enum ColumnType {
        /// 32-bit integers.
        Int32,
        /// 64-bit floats.
        Float64,
        /// Bytes, 0 or 1.
        Bool,
        /// UTF-8.
        Text,
        /// Lists of 32-bit integers.
        Int32List,
        /// Lists of UTF-8.
        TextList,
    }

    /// A column that the kernel computes for each product; `kernel/base/columns.cc`, `kernel/notations/notations.cc`
    /// or `kernel/properties/property.cc` declares it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct ColumnInfo {
        /// Its name in the output.
        name: String,
        /// What it means, for the documentation.
        meaning: String,
        /// Its type.
        values: ColumnType,
        /// Whether a value may be missing.
        is_nullable: bool,
    }

    /// A property that the kernel can compute of products and parents; `kernel/properties/property.cc` declares it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct PropertyInfo {
        /// Its name, which is that of its column.
        name: String,
        /// Its unit; empty if it has none.
        unit: String,
        /// What it is, for the documentation.
        meaning: String,
        /// The function of RDKit in Python that gives the same value.
        function: String,
        /// Whether `quick` chooses it.
        is_quick: bool,
        /// Its type.
        values: ColumnType,
    }

    /// The values of a column, one per product.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    struct ColumnView<'a> {
        /// All of them, one after the other, as they are in memory.
        values: &'a [u8],
        /// Where texts and lists begin and end, counted in bytes or members; empty for other types.
        offsets: &'a [u32],
        /// 1 for each value that is missing; empty if the column is not nullable.
        nulls: &'a [u8],
        /// Where the texts in lists begin and end, counted in bytes; empty for other types.
        text_offsets: &'a [u32],
    }

    /// A bad row, a row that one transform rejects as a whole, or a result that could not be made.
    #[derive(Debug, Clone, PartialEq, Eq)]
    struct Failure {
        /// Row in the batch.
        row: u32,
        /// Position of the transform; -1 if the row itself is bad.
        transform: i32,
        /// The site; -1 if there is none.
        site: i32,
        /// The step that failed, as the position of its name in [`stage_names`](crate::stage_names).
        stage: u8,
        /// The kind of failure, as the position of its name in [`code_names`](crate::code_names).
        code: u8,
        /// RDKit's message.
        reason: String,
    }

    struct Witnessed {
        rows: u64,
        incomplete: u64,
        has_difference: bool,
        source_row: u64,
        transform: i32,
        fast: String,
        plain: String,
    }

    struct Charged {
        tried: u64,
        found: u64,
        example: u64,
    }

    unsafe extern "C++" {
        include!("xform-rdkit-sys/bridge/batch.h");

        type Alerts = crate::alerts::ffi::Alerts;
        type Transform = crate::transform::ffi::Transform;
        type Kernel;

        fn new_kernel() -> Result<UniquePtr<Kernel>>;
        fn set_limit(kernel: Pin<&mut Kernel>, name: &str, value: u32) -> Result<()>;
        fn set_alerts(kernel: Pin<&mut Kernel>, alerts: UniquePtr<Alerts>) -> Result<()>;
        fn choose_columns(kernel: Pin<&mut Kernel>, columns: &[String]) -> Result<()>;
        fn choose_standardization(kernel: Pin<&mut Kernel>, how: &str) -> Result<()>;
        fn choose_notations(kernel: Pin<&mut Kernel>, mapped: bool, cxsmiles: bool) -> Result<()>;
        fn keep_salts(kernel: Pin<&mut Kernel>, on: bool) -> Result<()>;
        fn add_transform(kernel: Pin<&mut Kernel>, transform: UniquePtr<Transform>) -> Result<()>;
        fn keep_crash_record(kernel: Pin<&mut Kernel>, path: &[u8]) -> Result<i32>;
        fn turn_fast(kernel: Pin<&mut Kernel>, on: bool) -> Result<()>;
        fn describe_prefilter(kernel: &Kernel, transform: usize) -> Result<String>;
        fn possible_transforms(kernel: Pin<&mut Kernel>, smiles: &str) -> Result<Vec<u16>>;
        fn run_batch(
            kernel: Pin<&mut Kernel>,
            first_row: u64,
            rows: RowTexts<'_>,
            skips: &[Skip],
            rechecks: &[u32],
            trials: &[u32],
        ) -> Result<()>;
        fn row_view(kernel: &Kernel) -> Result<RowView<'_>>;
        fn product_view(kernel: &Kernel) -> Result<ProductView<'_>>;
        fn column_list() -> Result<Vec<ColumnInfo>>;
        fn column_list_of(kernel: &Kernel) -> Result<Vec<ColumnInfo>>;
        fn property_list() -> Result<Vec<PropertyInfo>>;
        fn column_view(kernel: &Kernel, column: usize) -> Result<ColumnView<'_>>;
        fn failures(kernel: &Kernel) -> Result<Vec<Failure>>;
        fn count_names() -> Result<Vec<String>>;
        fn stage_names() -> Result<Vec<String>>;
        fn code_names() -> Result<Vec<String>>;
        fn counts(kernel: &Kernel) -> Result<Vec<u64>>;
        fn witnessed(kernel: &Kernel) -> Result<Witnessed>;
        fn charged(kernel: &Kernel) -> Result<Charged>;
    }
}

pub use ffi::{
    ColumnInfo, ColumnType, ColumnView, Failure, ProductView, PropertyInfo, RowOutcome, RowView, Skip,
};

/// The columns that every kernel computes for each product, in the order of the output. Those that follow from the
/// settings come after them ([`Kernel::columns`]).
///
/// # Errors
/// If memory runs out.
pub fn computed_columns() -> Result<Vec<ColumnInfo>, KernelError> {
    Ok(ffi::column_list()?)
}

/// The properties that a kernel can compute, in the order of their columns.
///
/// # Errors
/// If memory runs out.
pub fn declared_properties() -> Result<Vec<PropertyInfo>, KernelError> {
    Ok(ffi::property_list()?)
}

/// The names of a transform's counts, in the order of [`BatchResults::counts`].
///
/// # Errors
/// Want of memory.
pub fn count_names() -> Result<Vec<String>, KernelError> {
    Ok(ffi::count_names()?)
}

/// The names of the steps that can fail; [`Failure::stage`] is a position among them.
///
/// # Errors
/// If memory runs out.
pub fn stage_names() -> Result<Vec<String>, KernelError> {
    Ok(ffi::stage_names()?)
}

/// The names of the kinds of failure; [`Failure::code`] is a position among them.
///
/// # Errors
/// If memory runs out.
pub fn code_names() -> Result<Vec<String>, KernelError> {
    Ok(ffi::code_names()?)
}

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Notation {
    /// SMILES.
    #[default]
    Smiles,
    /// Mol blocks, V2000 or V3000.
    MolBlock,
}

/// Rows of one notation.
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    /// Position in the library of the first row; for the crash record.
    pub first_row: u64,
    /// How they are written.
    pub notation: Notation,
    /// Of mol blocks that stand in a file, the line at which each begins, from 1; otherwise none.
    pub lines: &'a [u64],
    /// The text of all rows, UTF-8 without NUL bytes.
    pub bytes: &'a [u8],
    /// The `rows + 1` ascending offsets into `bytes` at which rows begin and end.
    pub offsets: &'a [u32],
    /// In the order (row, transform).
    pub skips: &'a [Skip],
    /// Rows to make a second time with RDKit alone and to compare; ascending. See [`Witness`].
    pub rechecks: &'a [u32],
    /// Rows to try neutral, if they have a net charge and no site; ascending. See [`ChargedRows`].
    pub trials: &'a [u32],
}

impl<'a> Batch<'a> {
    /// Rows that are not part of a library, none of them skipped, made a second time or tried neutral.
    pub fn new(bytes: &'a [u8], offsets: &'a [u32]) -> Self {
        let notation = Notation::Smiles;
        Self { first_row: 0, notation, lines: &[], bytes, offsets, skips: &[], rechecks: &[], trials: &[] }
    }
}

/// A kernel cannot be made.
#[derive(Debug, Error)]
#[error("transform {transform}: {source}")]
pub struct KernelSetupError {
    /// Position of the invalid transform; 0 if the settings are invalid.
    pub transform: usize,
    /// The reason.
    pub source: CompileError,
}

/// Applies transforms to batches of molecules. Stays on the thread that made it: RDKit's query objects are not shared.
///
/// ```compile_fail
/// fn needs_send<T: Send>(_: T) {}
/// needs_send(xform_rdkit_sys::Kernel::new(&[], &xform_rdkit_sys::Settings::default()).unwrap());
/// ```
pub struct Kernel {
    inner: UniquePtr<ffi::Kernel>,
    computed_columns: usize,
    counts: usize,
}

/// The results of a run over a batch. Borrows from the kernel, which owns the memory.
pub struct BatchResults<'a> {
    /// One entry per row.
    pub rows: RowView<'a>,
    /// The products.
    pub products: ProductView<'a>,
    /// The values of each of [`Kernel::columns`].
    pub computed: Vec<ColumnView<'a>>,
    /// Bad rows and failed results, in the order (row, transform, site, product template).
    pub failures: Vec<Failure>,
    /// The counts of each transform, in the order of [`count_names`].
    pub counts: Vec<Vec<u64>>,
    /// The result for [`Batch::rechecks`].
    pub witness: Witness,
    /// The result for [`Batch::trials`].
    pub charged: ChargedRows,
}

/// What came of the rows that were tried neutral: those with a net charge in which no transform has a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChargedRows {
    /// Rows that were tried.
    pub tried: u64,
    /// How many of them then have a site of some transform.
    pub found: u64,
    /// The first of these, as its position in the library.
    pub example: Option<u64>,
}

impl From<ffi::Charged> for ChargedRows {
    fn from(charged: ffi::Charged) -> Self {
        let ffi::Charged { tried, found, example } = charged;
        Self { tried, found, example: (found > 0).then_some(example) }
    }
}

/// The result for the rows that were made a second time with RDKit alone: without the prefilter and edits, and
/// written by `MolToSmiles`. Only rows about which the fast wing has answered something are rechecked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Witness {
    /// Rows made a second time.
    pub rows: u64,
    /// How many of them ran out of memory, so that nothing was compared.
    pub incomplete: u64,
    /// The first row for which the two differ. The batch ends there: its other results lack the rows after it.
    pub difference: Option<Difference>,
}

/// The results of the fast wing and of RDKit alone for a row, if they differ, which is a bug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Position in the library.
    pub source_row: u64,
    /// Position of the transform; `None` if the row itself is judged differently.
    pub transform: Option<u16>,
    /// The first difference, as the fast wing has it: a product with its site and positions, a failure, counts.
    pub fast: String,
    /// The same, as RDKit alone has it.
    pub plain: String,
}

impl From<ffi::Witnessed> for Witness {
    fn from(witnessed: ffi::Witnessed) -> Self {
        let ffi::Witnessed { rows, incomplete, has_difference, source_row, transform, fast, plain } =
            witnessed;
        let transform = u16::try_from(transform).ok();
        let difference = has_difference.then_some(Difference { source_row, transform, fast, plain });
        Self { rows, incomplete, difference }
    }
}

/// A kernel without transforms.
fn with_settings(settings: &Settings) -> Result<UniquePtr<ffi::Kernel>, CompileError> {
    let Settings { limits, standardize, columns, alerts, mapped, cxsmiles, keep_salts } = settings;
    let mut kernel = ffi::new_kernel().map_err(KernelError::from)?;
    for (name, value) in &limits.0 {
        ffi::set_limit(kernel.pin_mut(), name, *value).map_err(KernelError::from)?;
    }
    if let Some(how) = standardize {
        ffi::choose_standardization(kernel.pin_mut(), how).map_err(KernelError::from)?;
    }
    ffi::set_alerts(kernel.pin_mut(), compile_alerts(alerts)?).map_err(KernelError::from)?;
    ffi::choose_columns(kernel.pin_mut(), columns).map_err(KernelError::from)?;
    ffi::choose_notations(kernel.pin_mut(), *mapped, *cxsmiles).map_err(KernelError::from)?;
    ffi::keep_salts(kernel.pin_mut(), *keep_salts).map_err(KernelError::from)?;
    Ok(kernel)
}

impl Kernel {
    /// Compiles `transforms` for the calling thread.
    pub fn new(transforms: &[TransformSpec], settings: &Settings) -> Result<Self, KernelSetupError> {
        let at = |transform: usize| move |source: CompileError| KernelSetupError { transform, source };
        let mut inner = with_settings(settings).map_err(at(0))?;
        for (index, spec) in transforms.iter().enumerate() {
            let compiled = compile(spec).map_err(at(index))?;
            ffi::add_transform(inner.pin_mut(), compiled)
                .map_err(|error| at(index)(KernelError::from(error).into()))?;
        }
        let counts = count_names().map_err(|error| at(0)(error.into()))?;
        let mut kernel = Self { inner, computed_columns: 0, counts: counts.len() };
        kernel.computed_columns = kernel.columns().map_err(|error| at(0)(error.into()))?.len();
        Ok(kernel)
    }

    /// The columns that it computes for each product, in the order of the output.
    ///
    /// # Errors
    /// If memory runs out.
    pub fn columns(&self) -> Result<Vec<ColumnInfo>, KernelError> {
        Ok(ffi::column_list_of(self.inner()?)?)
    }

    fn inner(&self) -> Result<&ffi::Kernel, KernelError> {
        self.inner.as_ref().ok_or_else(|| KernelError("the kernel is gone".to_owned()))
    }

    /// From now on, records in the file at `path` what the kernel is processing, so that this is known after a crash.
    ///
    /// The file is created if it is missing; a symbolic link is not followed. `kernel/platform/crash_record.h` has its layout.
    ///
    /// # Errors
    /// The system's error if the file cannot be created.
    pub fn keep_crash_record(&mut self, path: &Path) -> io::Result<()> {
        kept(ffi::keep_crash_record(self.inner.pin_mut(), path.as_os_str().as_bytes()))
    }

    /// Turns the fast wing off or on. It answers instead of RDKit if its answer is proved to be the same: rows and
    /// transforms without a site, products by edits, canonical SMILES. It is on by default, and changes no result.
    pub fn turn_fast(&mut self, on: bool) -> Result<(), KernelError> {
        Ok(ffi::turn_fast(self.inner.pin_mut(), on)?)
    }

    /// What the prefilter checks for a transform, in words.
    ///
    /// # Errors
    /// There is no transform at this position.
    pub fn describe_prefilter(&self, transform: usize) -> Result<String, KernelError> {
        Ok(ffi::describe_prefilter(self.inner()?, transform)?)
    }

    /// The positions of the transforms that the prefilter does not rule out for a row. If there is none, a run does not
    /// make a molecule of the row.
    ///
    /// # Errors
    /// If memory runs out.
    pub fn possible_transforms(&mut self, smiles: &str) -> Result<Vec<u16>, KernelError> {
        Ok(ffi::possible_transforms(self.inner.pin_mut(), smiles)?)
    }

    /// Applies all transforms to the rows of `batch`.
    ///
    /// An empty row stands for one that was refused before: every transform rejects it, but no failure is recorded. A
    /// bad row is a record, never an error.
    ///
    /// # Errors
    /// Offsets that do not begin with 0, ascend and end with the length of the bytes; skips that are out of order or
    /// refer to missing rows or transforms; memory that runs out even for the records; results of more than 4 GiB.
    pub fn run(&mut self, batch: Batch<'_>) -> Result<BatchResults<'_>, KernelError> {
        let Batch { first_row, notation, lines, bytes, offsets, skips, rechecks, trials } = batch;
        let are_mol_blocks = notation == Notation::MolBlock;
        let rows = ffi::RowTexts { are_mol_blocks, lines, bytes, offsets };
        ffi::run_batch(self.inner.pin_mut(), first_row, rows, skips, rechecks, trials)?;
        let kernel = self.inner()?;
        Ok(BatchResults {
            rows: ffi::row_view(kernel)?,
            products: ffi::product_view(kernel)?,
            computed: (0..self.computed_columns)
                .map(|column| ffi::column_view(kernel, column))
                .collect::<Result<_, _>>()?,
            failures: ffi::failures(kernel)?,
            counts: ffi::counts(kernel)?.chunks(self.counts).map(<[u64]>::to_vec).collect(),
            witness: ffi::witnessed(kernel)?.into(),
            charged: ffi::charged(kernel)?.into(),
        })
    }
}
