//! What a run is likely to give and to need: all its steps, tried on rows that are spread evenly over the library, without
//! an output folder.
//!
//! [`places`] chooses the rows, [`reading`] reads them, [`crew`] sends them through the engine and the filter, [`group`]
//! counts what became of them, and [`trial`] does all that within a limited time. [`estimate`] has what follows for the
//! library: counts per row, [`size`], [`distinct`], [`memory`] and [`seconds`]. A library that has no more rows than the
//! sample is tried whole; then all counts are exact.
//!
//! Memory: the rows of one window, the keys of the sample's products, and an encoded part.

mod crew;
mod distinct;
mod estimate;
mod group;
mod known_molecules;
mod memory;
mod outcome;
mod places;
mod reading;
mod seconds;
mod size;
mod trial;

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use self::crew::{Crew, End, Steps};
use self::estimate::Basis;
use self::group::Judges;
use self::known_molecules::KnownMolecules;
use self::places::{Chance, Part};
use self::reading::Reader;
use self::trial::Trial;
use crate::control::Control;
use crate::dedup::Keys;
use crate::error::Error;
use crate::events::Event;
use crate::job::Job;
use crate::library::{EnteredLibrary, LibraryFile};
use crate::options::ApplyOptions;
use crate::output::products::ProductTable;
use crate::shard::Shard;
use crate::source::InputFormat;
use crate::summary::Expected;

/// How long the rows of a sample may take, reading included.
const TIME: Duration = Duration::from_secs(10);
/// Up to this size, a text file is read from its start to its end.
const READ_BYTES: u64 = 64 << 20;
/// From this size on, the user is told that the library has to be read from its start to its end.
const TOLD_BYTES: u64 = 256 << 10;

/// The sample of a dry run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleOptions {
    /// Rows to try at most; 0 for none.
    pub rows: u64,
    /// Chooses the rows.
    pub seed: u64,
}

/// What came of a dry run.
pub struct Rehearsal {
    /// What to expect; `None` if no row could be tried.
    pub expected: Option<Expected>,
    /// What the user should know about it.
    pub warnings: Vec<String>,
}

/// Tries the steps of `job`, which took `prepared` to prepare, on a sample of its rows. The caller hears of what is known after
/// each part of the sample.
///
/// # Errors
/// Those of the input and of the engine, and [`Error::Cancelled`].
pub fn rehearse(
    mut job: Job,
    options: &ApplyOptions,
    sample: SampleOptions,
    prepared: Duration,
    control: &Control,
) -> Result<Rehearsal, Error> {
    if job.library.is_stream() {
        return Ok(Rehearsal { expected: None, warnings: vec![STREAM.to_owned()] });
    }
    let started = Instant::now();
    let stop_check = || match control.is_cancelled() {
        true => Err(Error::Cancelled { rows: 0, path: options.outdir.clone(), advice: "start it again" }),
        false => Ok(()),
    };
    let mut warnings = Vec::new();
    let known = KnownMolecules::find(&mut job, options, control, &stop_check)?;
    warnings.extend(known.is_late.then(|| KNOWN_LATE.to_owned()));
    let entered = entered(&job, options)?;
    let part = match &entered {
        Some(entered) => Part::Bytes(share_of(options.shard, entered.bytes())),
        None => Part::Rows(rows_of(&job, options, &stop_check)?),
    };
    let is_entered = entered.is_some() || job.source.columns().format == InputFormat::Parquet;
    let bytes: u64 = job.library.files().iter().map(LibraryFile::bytes).sum();
    let reads_all = !is_entered && bytes > TOLD_BYTES;
    let judges = Judges {
        table: ProductTable::new(job.source.columns(), &job.transforms, &job.engine.columns())?
            .by_source_row(),
        identities: job.identities(options)?,
        keys: job.transforms.iter().map(|transform| Keys::new(&transform.name)).collect(),
        known: known.known,
    };
    let Job { engine, filter, library, .. } = job;
    let recheck = options.recheck_plan();
    let steps = Steps { engine: engine.into(), filter: filter.map(Arc::new), recheck };
    let crew = Crew::start(&steps, options.workers)?;
    let reader = match &entered {
        Some(entered) => Reader::of_bytes(entered, options),
        None => Reader::of_rows(&library, options),
    };
    let deadline = Instant::now() + TIME;
    let chance = Chance::new(sample.seed);
    let mut trial = Trial { part, chance, crew, reader, judges, deadline, stop_check: &stop_check };
    control.notify(&Event::Begun);
    let basis = Basis { options, sample, started, prepared, known_seconds: known.seconds, reads_all };
    let heard = |expected: &Expected| control.notify(&Event::Expected { expected });
    let (expected, end) = trial.perform(&basis, &heard)?;
    warnings.extend(end.warning(expected.is_some()));
    Ok(Rehearsal { expected, warnings })
}

const STREAM: &str = "the input is a stream, of which no row can be tried before the run; save it to a file to see what to \
                      expect";
const KNOWN_LATE: &str =
    "the known molecules are too many for a dry run, so none of the expected products count as known";

impl End {
    /// What the user should know if not all rows were tried that were planned, and whether anything is expected all the same.
    fn warning(self, is_expected: bool) -> Option<String> {
        let why = match self {
            Self::All => return None,
            Self::Late => "some rows take much longer than others, so the sample was ended early",
            Self::Stuck => "a molecule takes very long, so the sample was ended before it",
        };
        let what =
            if is_expected { "what is expected may be wrong" } else { "nothing is known of what to expect" };
        Some(format!("{why}; {what}"))
    }
}

/// The library, if it is so large that it is entered here and there. Rows that are named by their numbers have to be counted.
fn entered(job: &Job, options: &ApplyOptions) -> Result<Option<EnteredLibrary>, Error> {
    if options.limit.is_some() || !options.skip_rows.is_empty() {
        return Ok(None);
    }
    Ok(job.library.entered()?.filter(|entered| entered.bytes() > READ_BYTES))
}

/// The rows of the run.
fn rows_of(
    job: &Job,
    options: &ApplyOptions,
    stop_check: &dyn Fn() -> Result<(), Error>,
) -> Result<Range<u64>, Error> {
    let rows = job.library.count_rows(stop_check)?;
    Ok(share_of(options.shard, options.limit.map_or(rows, |limit| rows.min(limit))))
}

/// The part of `total` rows or bytes that belongs to the shard.
fn share_of(shard: Option<Shard>, total: u64) -> Range<u64> {
    shard.map_or(0..total, |shard| shard.rows(total))
}
