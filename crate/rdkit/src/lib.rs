//! The engine of xform-native: core's [`Engine`] on RDKit.
//!
//! This crate only translates. Chemistry is in `xform-rdkit-sys`, the pipeline in `xform-core`; neither depends on
//! the other. The transforms are checked when the engine is created, and compiled again for each worker, because
//! RDKit's query objects may not leave the thread that created them.
#![forbid(unsafe_code)]

mod checked;
mod convert;
mod depictor;
mod fingerprinter;
mod identifier;
mod illustrator;

use std::path::Path;
use std::sync::Arc;

use self::convert::Declared;
pub use self::convert::property_columns;
pub use self::depictor::RdkitDepictor;
pub use self::fingerprinter::RdkitFingerprinter;
use self::identifier::RdkitIdentifier;
pub use self::illustrator::RdkitIllustrator;
use arrow::datatypes::{FieldRef, Fields};
use xform_core::dedup::DedupKey;
use xform_core::description::{Depiction, Description};
use xform_core::engine::{
    Batch, Engine, EngineOutput, EngineVersion, FoundSite, Identifier, InHand, ReadRows, SmilesBatch, Worker,
};
use xform_core::explanation::Explanation;
use xform_core::findings::{Diagnosis, PatternKey};
use xform_core::transform::{Hydrogens, Transform};
use xform_core::{EngineSettings, Error};
use xform_rdkit_sys::{
    self as sys, CompileError, Kernel, PatternFault, TransformSpec, bending_variables, canonical_spellings,
    plain_because, rdkit_version,
};

#[cfg(feature = "test-hooks")]
pub use xform_rdkit_sys::{AllocatorReport, allocator_report, is_in_mimalloc};
pub use xform_rdkit_sys::{Busy, end_at_once_if_busy};

/// The transforms of a run on RDKit.
pub struct RdkitEngine {
    transforms: Vec<Transform>,
    settings: sys::Settings,
    product_templates: Vec<u64>,
    /// What a review finds, by transform.
    findings: Vec<Vec<Diagnosis>>,
    declared: Declared,
    /// How many of the declared columns are in the output, the first ones.
    of_output: usize,
    /// Columns that a filter may ask for.
    further: Fields,
    version: String,
}

impl RdkitEngine {
    /// Checks `transforms` and `settings` and keeps them.
    ///
    /// # Errors
    /// [`Error::InvalidSmirks`] and [`Error::InvalidSmarts`] name the invalid transform, [`Error::InvalidOption`] a
    /// property or catalog that there is not, [`Error::InvalidAlerts`] an alert that RDKit cannot use. [`Error::Environment`] names an environment variable that would change how RDKit
    /// handles a molecule.
    pub fn new(transforms: &[Transform], settings: &EngineSettings) -> Result<Self, Error> {
        check_environment()?;
        let declared = Declared::ask(settings)?;
        let (product_templates, findings) = checked::all(transforms)?.into_iter().unzip();
        let is_further = |field: &FieldRef| declared.columns.find(field.name()).is_none();
        Ok(Self {
            product_templates,
            findings,
            of_output: declared.columns.len(),
            further: convert::columns_by_name()?.iter().filter(|field| is_further(field)).cloned().collect(),
            declared,
            transforms: transforms.to_vec(),
            settings: convert::settings(settings)?,
            version: rdkit_version().map_err(convert::internal)?,
        })
    }

    /// A kernel for the calling thread.
    fn kernel(&self) -> Result<Kernel, Error> {
        let specs: Vec<_> = self.transforms.iter().map(spec).collect();
        Kernel::new(&specs, &self.settings).map_err(|error| match self.transforms.get(error.transform) {
            Some(transform) => compile_error(error.source, transform),
            None => convert::internal(error.source),
        })
    }
}

/// The columns that an [`RdkitEngine`] with these settings computes for each product, in the order of the output.
///
/// # Errors
/// Those of [`RdkitEngine::new`] about the settings.
pub fn columns(settings: &EngineSettings) -> Result<Fields, Error> {
    Ok(Declared::ask(settings)?.columns)
}

impl Engine for RdkitEngine {
    fn version(&self) -> EngineVersion {
        EngineVersion { name: "RDKit".to_owned(), version: self.version.clone() }
    }

    fn product_templates(&self) -> &[u64] {
        &self.product_templates
    }

    fn columns(&self) -> Fields {
        Fields::from(&self.declared.columns[..self.of_output])
    }

    fn further_columns(&self) -> Fields {
        self.further.clone()
    }

    fn compute_further(&mut self, names: &[String]) -> Result<(), Error> {
        let field = |name: &String| match self.further.find(name) {
            Some((_, field)) => Ok(Arc::clone(field)),
            None => Err(convert::internal(format!("the kernel cannot compute {name}"))),
        };
        let further = names.iter().map(field).collect::<Result<Vec<_>, _>>()?;
        names.iter().for_each(|name| convert::ask_for(name, &mut self.settings));
        self.declared.add(&further, &self.settings)
    }

    fn explain(&self) -> Result<Vec<Explanation>, Error> {
        let kernel = self.kernel()?;
        let each = self.transforms.iter().enumerate().map(|(index, transform)| {
            let reason = plain_because(&spec(transform)).map_err(|error| compile_error(error, transform))?;
            let prefilter = kernel.describe_prefilter(index).map_err(convert::internal)?;
            Ok(convert::explanation(reason, prefilter))
        });
        each.collect()
    }

    fn review(&self) -> &[Vec<Diagnosis>] {
        &self.findings
    }

    fn sites(&self, transform: usize, smiles: &str) -> Result<Vec<FoundSite>, Error> {
        let transform = &self.transforms[transform];
        let list =
            sys::list_sites(&spec(transform), smiles).map_err(|error| compile_error(error, transform))?;
        Ok(convert::sites(list))
    }

    fn describe(&self) -> Result<Vec<Description>, Error> {
        let each = self.transforms.iter().map(|transform| {
            let found = sys::describe(&spec(transform)).map_err(|error| compile_error(error, transform))?;
            convert::description(found)
        });
        each.collect()
    }

    fn draw_reaction(&self, transform: usize) -> Result<String, Error> {
        let transform = &self.transforms[transform];
        sys::draw_reaction(&spec(transform)).map_err(|error| compile_error(error, transform))
    }

    fn draw_products(&self, parent: &Depiction, products: &[Depiction]) -> Result<String, Error> {
        let products = products.iter().map(convert::depiction).collect();
        sys::draw_products(&convert::depiction(parent), &products).map_err(convert::internal)
    }

    fn identities(&self) -> Result<Vec<String>, Error> {
        let identity =
            |transform| sys::identity(&spec(transform)).map_err(|error| compile_error(error, transform));
        self.transforms.iter().map(identity).collect()
    }

    fn reads_as_smiles(&self, texts: &SmilesBatch) -> Result<Vec<bool>, Error> {
        // Without transforms, the kernel only reads. A molecule that cannot be standardized is one all the same.
        let settings = sys::Settings { limits: self.settings.limits.clone(), ..sys::Settings::default() };
        let mut kernel = Kernel::new(&[], &settings).map_err(|error| convert::internal(error.source))?;
        let rows = sys::Batch::new(texts.bytes(), texts.offsets());
        let results = kernel.run(rows).map_err(convert::internal)?;
        Ok(Declared::ask(&EngineSettings::default())?.output(&results)?.readable_rows(texts))
    }

    fn read_rows(&self, rows: &SmilesBatch) -> Result<ReadRows, Error> {
        // Without transforms, the kernel only reads.
        let sys::Settings { limits, cxsmiles, .. } = self.settings.clone();
        let settings = sys::Settings { limits, cxsmiles, ..sys::Settings::default() };
        let mut kernel = Kernel::new(&[], &settings).map_err(|error| convert::internal(error.source))?;
        let notation = convert::notation(rows.notation());
        let texts =
            sys::Batch { notation, lines: rows.lines(), ..sys::Batch::new(rows.bytes(), rows.offsets()) };
        let results = kernel.run(texts).map_err(convert::internal)?;
        let output = Declared::ask(&EngineSettings::default())?.output(&results)?;
        let smiles = convert::smiles(&results.rows, notation).unwrap_or_else(|| (**rows).clone());
        Ok(ReadRows { smiles, failures: output.failures })
    }

    fn canonical_smiles(&self, texts: &[&str]) -> Result<Vec<Option<String>>, Error> {
        let canonical = texts.iter().map(|text| canonical_spellings(text).ok());
        Ok(canonical.map(|spellings| Some(spellings?.kernel.smiles)).collect())
    }

    fn identifier(&self, key: DedupKey, crash_record: Option<&Path>) -> Result<Box<dyn Identifier>, Error> {
        let standardize = self.settings.standardize.as_deref();
        let mut inner =
            sys::Identifier::new(key == DedupKey::InchiKey, standardize).map_err(convert::internal)?;
        if let Some(path) = crash_record {
            inner.keep_crash_record(path).map_err(|error| Error::output("create", path, error))?;
        }
        Ok(Box::new(RdkitIdentifier { inner }))
    }

    fn worker(&self, crash_record: Option<&Path>) -> Result<Box<dyn Worker>, Error> {
        let mut kernel = self.kernel()?;
        if let Some(path) = crash_record {
            kernel.keep_crash_record(path).map_err(|error| Error::output("create", path, error))?;
        }
        let names = self.transforms.iter().map(|transform| transform.name.clone()).collect();
        Ok(Box::new(RdkitWorker { kernel, declared: self.declared.clone(), names }))
    }

    fn in_hand(&self, crash_record: &Path) -> Result<Option<InHand>, Error> {
        let found =
            sys::noted_row(crash_record).map_err(|error| Error::output("read", crash_record, error))?;
        Ok(found.map(convert::in_hand))
    }
}

/// One thread's kernel.
struct RdkitWorker {
    kernel: Kernel,
    declared: Declared,
    /// Names of the transforms.
    names: Vec<String>,
}

impl Worker for RdkitWorker {
    fn run(&mut self, batch: Batch<'_>, output: &mut EngineOutput) -> Result<(), Error> {
        let skips: Vec<sys::Skip> = batch.skips.iter().map(convert::skip).collect();
        let notation = convert::notation(batch.smiles.notation());
        let rows = sys::Batch {
            first_row: batch.first_row,
            notation,
            lines: batch.smiles.lines(),
            bytes: batch.smiles.bytes(),
            offsets: batch.smiles.offsets(),
            skips: &skips,
            rechecks: batch.rechecks,
            trials: batch.trials,
        };
        self.kernel.turn_fast(batch.fast).map_err(convert::internal)?;
        let results = self.kernel.run(rows).map_err(convert::internal)?;
        *output = self.declared.output(&results)?;
        output.smiles = convert::smiles(&results.rows, notation);
        output.rechecked = convert::rechecked(results.witness, results.charged, &self.names);
        Ok(())
    }
}

fn spec(transform: &Transform) -> TransformSpec<'_> {
    TransformSpec {
        smirks: &transform.smirks,
        query_smarts: transform.query_smarts.as_deref(),
        not_smarts: &transform.not_smarts,
        max_sites: transform.max_sites_per_mol,
        exclude_sugar_like: transform.exclude_sugar_like,
        explicit_hydrogens: transform.hydrogens == Hydrogens::Explicit,
    }
}

fn compile_error(error: CompileError, transform: &Transform) -> Error {
    let (place, name) = (None, transform.name.clone());
    let invalid_smarts = |key, fault| {
        let smarts = transform.pattern(key);
        let (reason, position) = in_characters(fault, smarts);
        let (name, smarts, key) = (transform.name.clone(), smarts.to_owned(), transform.key_of(key));
        Error::InvalidSmarts { place: None, name, key, smarts, reason, position }
    };
    match error {
        CompileError::Smirks(fault) => {
            let smirks = transform.smirks.clone();
            let (reason, position) = in_characters(fault, &smirks);
            Error::InvalidSmirks { place, name, smirks, reason, position }
        }
        CompileError::QuerySmarts(fault) => invalid_smarts(PatternKey::QuerySmarts, fault),
        CompileError::NotSmarts(entry, fault) => invalid_smarts(PatternKey::NotSmarts(entry), fault),
        CompileError::Kernel(error) => convert::internal(error),
        // The settings have been checked.
        CompileError::Alert(..) => convert::internal(error),
    }
}

/// The reason, with the invalid character of `pattern`, and the position of that character, from 1.
fn in_characters(fault: PatternFault, pattern: &str) -> (String, Option<usize>) {
    let PatternFault { reason, position } = fault;
    let before = position.and_then(|position| pattern.get(..position));
    match before.map(|before| before.chars().count() + 1) {
        Some(position) if before == Some(pattern) => (format!("{reason} at its end"), Some(position)),
        Some(position) => (format!("{reason} at character {position}"), Some(position)),
        None => (reason, None),
    }
}

/// The same input gives the same output everywhere only if RDKit runs with its defaults.
fn check_environment() -> Result<(), Error> {
    match bending_variables().map_err(convert::internal)?.into_iter().next() {
        None => Ok(()),
        Some(variable) => {
            let reason =
                "is set in the environment and changes how RDKit handles a molecule; unset it".to_owned();
            Err(Error::Environment { what: variable, reason })
        }
    }
}
