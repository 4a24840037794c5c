//! Everything that a run needs before it can start.

use serde_json::Value;

use crate::compiled::Compiled;
use crate::dedup::{BloomSize, DedupMode, DedupPlan, FILTER_BITS, Identities};
use crate::engine::Engine;
use crate::error::Error;
use crate::filter::Filter;
use crate::known::{self, KnownInputs};
use crate::legacy;
use crate::library::{self, Library};
use crate::make_engine::{EngineSettings, MakeEngine};
use crate::memory::{self, Bounds};
use crate::options::ApplyOptions;
use crate::output::metadata;
use crate::output::parts::Buffering;
use crate::shard::ShardRows;
use crate::source::{ColumnNames, Completed, InputColumns, Limited, Skipping, Source, SourceOptions};
use crate::totals::Totals;
use crate::transform::Transform;

/// A run that can start.
pub struct Job {
    /// The transforms, in the order of their files, then in file order.
    pub transforms: Vec<Transform>,
    /// The engine, made for them.
    pub engine: Box<dyn Engine>,
    /// What the engine was told.
    pub settings: EngineSettings,
    /// The library.
    pub library: Library,
    /// Its rows.
    pub source: Box<dyn Source>,
    /// The condition that products must meet, if there is one.
    pub filter: Option<Filter>,
    /// The files of known molecules.
    pub known: KnownInputs,
    /// Warnings for the user.
    pub warnings: Vec<String>,
    /// What the user of the transform files should know.
    pub notices: Vec<String>,
    /// Rules that were left out because they cannot be used.
    pub rules_skipped: u64,
    /// The memory that it may use.
    pub memory: Bounds,
}

impl Job {
    /// Checks options, transforms and input.
    pub fn prepare(options: &ApplyOptions, make_engine: &MakeEngine) -> Result<Self, Error> {
        options.validate()?;
        let memory = memory_bounds(options)?;
        let compiled = Compiled::new(options, make_engine)?;
        let Compiled { transforms, mut engine, settings, mut warnings, mut notices, rules_skipped } =
            compiled;
        let library = open_library(options, &*engine)?;
        let source = rows_of(&library, options)?;
        warnings.extend(odd_names(source.columns()));
        warnings.extend(source.columns().warnings.iter().cloned());
        notices.extend(source.columns().notices.iter().chain(library.notices()).cloned());
        notices.extend(library.is_stream().then(|| ONCE.to_owned()));
        let filter = |text: &String| Filter::new(text, source.columns(), &transforms, &mut *engine);
        let filter = options.filter.as_ref().map(filter).transpose()?;
        let known = KnownInputs::open(&options.exclude, &library, &options.source(), &*engine)?;
        Ok(Self {
            transforms,
            engine,
            settings,
            library,
            source,
            filter,
            known,
            warnings,
            notices,
            rules_skipped,
            memory,
        })
    }

    /// Names of the transforms, in file order.
    pub fn names(&self) -> Vec<String> {
        self.transforms.iter().map(|transform| transform.name.clone()).collect()
    }

    /// Counts of no rows yet, for a deduplication that is `lossy` or not.
    pub fn totals(&self, lossy: bool) -> Totals {
        Totals::new(&self.names(), lossy).with_clauses(self.filter.iter().flat_map(Filter::clauses))
    }

    /// Finds what products are recognised by.
    pub fn identities(&self, options: &ApplyOptions) -> Result<Identities, Error> {
        let found = Identities::among(&self.engine.columns(), options.dedup_key);
        found.ok_or_else(|| Error::internal("the engine does not compute what products are recognised by"))
    }

    /// The rows of the run's shard, if it is not for the whole library. If files do not state their number of rows, they
    /// are counted; `stop_check` is called now and then.
    pub fn shard_rows(
        &self,
        options: &ApplyOptions,
        stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<Option<ShardRows>, Error> {
        let Some(shard) = options.shard else { return Ok(None) };
        let counted = self.library.count_rows(stop_check)?;
        let library_rows = options.limit.map_or(counted, |limit| counted.min(limit));
        let first_row = shard.rows(library_rows).start;
        Ok(Some(ShardRows { shard, first_row, library_rows }))
    }

    /// When rows move from the buffer to the encoder.
    pub fn buffering(&self, options: &ApplyOptions) -> Buffering {
        Buffering { flush_interval: options.flush_interval, buffer_bytes: self.memory.budget_bytes }
    }

    /// Everything that shapes the result, except the input. The files of known molecules must have been hashed.
    pub fn shape(&self, options: &ApplyOptions) -> Value {
        let columns = ColumnNames::from(self.source.columns());
        let (alert_tables, known) = (self.settings.alerts.sha256s(), self.known.sources());
        metadata::shape(&self.engine.version(), options, &columns, &self.transforms, &alert_tables, known)
    }
}

/// A warning about column names that differ from those in the file.
fn odd_names(columns: &InputColumns) -> Option<String> {
    let fields = columns.fields();
    let names = [columns.smiles.as_str()].into_iter().chain(fields.iter().map(|field| field.name().as_str()));
    let odd: Vec<String> =
        names.filter(|name| name.contains('\u{fffd}')).map(|name| format!("{name:?}")).collect();
    let listed = odd.join(", ");
    (!odd.is_empty()).then(|| {
        format!(
            "column names are not UTF-8: {listed}; their invalid bytes are replaced by U+FFFD in the output"
        )
    })
}

/// A notice before a run over a stream.
const ONCE: &str = "the input is a stream: the run cannot be resumed";

fn open_library(options: &ApplyOptions, engine: &dyn Engine) -> Result<Library, Error> {
    refuse_for_streams(options)?;
    let columns = engine.columns();
    let computed_columns = columns.iter().map(|field| field.name().clone()).collect();
    let source_options = SourceOptions { computed_columns, ..options.source() };
    Library::open(&options.input, &source_options, &|texts| engine.reads_as_smiles(texts))
}

/// Refuses options that need a library that can be read again, before anything of a stream is read.
fn refuse_for_streams(options: &ApplyOptions) -> Result<(), Error> {
    let Some(stream) = options.input.iter().find(|path| library::is_stream(path)) else { return Ok(()) };
    let refused = [
        (options.resume, ApplyOptions::resume, "a resumed run reads its input again"),
        (
            options.shard.is_some(),
            ApplyOptions::shard,
            "a shard needs the number of rows before it reads them",
        ),
        (options.isolate, ApplyOptions::isolate, "a process that crashes loses the rows that it has read"),
    ];
    match refused.into_iter().find(|(is_given, ..)| *is_given) {
        Some((_, option, why)) => {
            let path = stream.display();
            Err(option.refuse(format!(
                "{why}, and the input {path} is a stream; leave it out, or save the input to a file"
            )))
        }
        None => Ok(()),
    }
}

/// The rows of `library` that `options` ask for, with the columns that they ask for.
pub fn rows_of(library: &Library, options: &ApplyOptions) -> Result<Box<dyn Source>, Error> {
    let source = completed(library.source()?, options);
    without_skipped(limited(source, options), options)
}

/// `source` with the columns of the predecessor that the library lacks, if they are wanted.
pub fn completed(source: Box<dyn Source>, options: &ApplyOptions) -> Box<dyn Source> {
    if options.legacy { Box::new(Completed::new(source, legacy::library_fields())) } else { source }
}

fn limited(source: Box<dyn Source>, options: &ApplyOptions) -> Box<dyn Source> {
    match options.limit {
        Some(rows) => Box::new(Limited::new(source, rows)),
        None => source,
    }
}

/// `source` without the rows to skip.
fn without_skipped(source: Box<dyn Source>, options: &ApplyOptions) -> Result<Box<dyn Source>, Error> {
    if options.skip_rows.is_empty() {
        return Ok(source);
    }
    Ok(Box::new(Skipping::new(source, options.skip_rows.clone())?))
}

/// The memory that a run with these options may use.
pub fn memory_bounds(options: &ApplyOptions) -> Result<Bounds, Error> {
    bounds_within(options, memory::limit_bytes())
}

/// The memory that a run may use on a machine with this limit.
pub fn bounds_within(options: &ApplyOptions, limit_bytes: u64) -> Result<Bounds, Error> {
    let target_bytes = options.target_memory.bytes(limit_bytes);
    let known_bytes = options.exclude.len() as u64 * known::FILE_BYTES;
    let fixed_bytes = filter_bytes(options, target_bytes)?.saturating_add(known_bytes);
    let budget_bytes = memory::budget_bytes(target_bytes, fixed_bytes);
    Ok(Bounds { limit_bytes, target_bytes, budget_bytes })
}

/// The maximum size of the filter, if there will be one; a Bloom filter of the user's size must leave room in the
/// target.
fn filter_bytes(options: &ApplyOptions, target_bytes: u64) -> Result<u64, Error> {
    let bytes = dedup_plan(options, FILTER_BITS).filter_bytes();
    if options.dedup == DedupMode::Bloom && bytes.saturating_add(memory::FLOOR_BYTES) > target_bytes {
        return Err(ApplyOptions::bloom_expected_items.refuse(format!(
            "a filter for {} items at {} takes {bytes} bytes, which does not fit the memory target of \
             {target_bytes} bytes; lower the number, raise `bloom_fp_rate` or `target_memory`, or use `dedup` exact",
            options.bloom_expected_items, options.bloom_fp_rate
        )));
    }
    Ok(bytes)
}

/// The deduplication that the options request; the filter of `exact` has `filter_bits` bits.
pub fn dedup_plan(options: &ApplyOptions, filter_bits: u64) -> DedupPlan {
    let bloom = BloomSize { expected_items: options.bloom_expected_items, fp_rate: options.bloom_fp_rate };
    DedupPlan { mode: options.dedup, bloom, filter_bits, lists_repeats: options.parents }
}
