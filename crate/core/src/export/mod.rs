//! Writes the products of a run, or any other Parquet table with a SMILES column, in a format that other programs read.
//!
//! One thread reads the table chunk by chunk and decides which rows go to which file ([`router`]), workers encode them
//! ([`crate::writers`]), and the calling thread writes what they made, in the order of the table ([`files`]). A sample
//! exports rows that it has chosen by their numbers ([`chosen`]). Memory is that of a few chunks of at most 1,024 rows, and of
//! the files that are open. Files get their names when all of them are complete.

mod chosen;
mod files;
mod names;
mod plan;
mod pool;
mod router;
mod summary;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

pub(crate) use self::chosen::ChosenRows;
pub use self::files::ExportedFile;
pub(crate) use self::files::{Files, has_no_reader};
pub(crate) use self::names::Names;
pub(crate) use self::plan::Plan;
pub(crate) use self::pool::{Deal, Job};
use self::router::{Portion, Router};
pub use self::summary::{ExportProgress, ExportSummary};
use crate::control::Control;
use crate::error::Error;
use crate::options::{ApplyOptions, Command, ExportInput, Given};
use crate::output::{PRODUCTS_FILE, SUMMARY_FILE};
use crate::progress::Throttle;
use crate::source::Table;
use crate::writers::{Encoded, Layout, MakeDepictor};

/// The options of an export.
#[derive(Debug, Clone, Default)]
pub struct ExportOptions {
    /// Those that only an export has.
    pub export: ExportInput,
    /// Those that it shares with a run.
    pub run: ApplyOptions,
}

impl ExportOptions {
    /// The options in `json`; see [`Given::read`].
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for an option that an export does not have, or for an invalid value.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        Given::read(Command::ExportTable, json, |given| {
            Ok(Self { export: ExportInput::read(given)?, run: ApplyOptions::read(given)? })
        })
    }
}

/// Chooses rows by their numbers in the table.
pub(crate) type Choose<'a> = dyn FnMut() -> Result<Vec<u64>, Error> + 'a;

/// Writes the table at `input`: the output folder of a finished run, which stands for its products, or a Parquet file with a
/// SMILES column. `on_progress` is called at most every 200 ms.
///
/// # Errors
/// [`Error::InvalidOption`], [`Error::InvalidWhere`], those of [`Table::open`] and of a damaged table,
/// [`Error::FileExists`], [`Error::InputInOutput`], those of the disk, [`Error::Cancelled`]. Nothing is left under a final
/// name, unless the process is killed while several complete files get theirs.
pub fn export(
    input: &Path,
    options: &ExportOptions,
    make_depictor: &MakeDepictor<'_>,
    control: &Control,
    on_progress: &dyn Fn(ExportProgress),
) -> Result<ExportSummary, Error> {
    export_chosen(input, options, None, make_depictor, control, on_progress)
}

/// An export of the rows that `choose` chooses, if it is given, instead of those that meet the condition. It is called once,
/// when nothing else hinders the export.
///
/// # Errors
/// Those of [`export`] and of `choose`.
pub(crate) fn export_chosen(
    input: &Path,
    options: &ExportOptions,
    choose: Option<&mut Choose<'_>>,
    make_depictor: &MakeDepictor<'_>,
    control: &Control,
    on_progress: &dyn Fn(ExportProgress),
) -> Result<ExportSummary, Error> {
    let started = Instant::now();
    let ExportOptions { export, run } = options;
    export.check_ranges()?;
    run.check_ranges()?;
    let names = Names::of(export)?;
    let path = table_of(input)?;
    let mut plan = None;
    let table = Table::open(&path, run.smiles_column.as_deref(), export.id_column.as_deref(), |columns| {
        Ok(plan.insert(Plan::new(export, columns)?).read.clone())
    })?;
    let plan = plan.ok_or_else(|| Error::internal("the columns of the table were not chosen"))?;
    let mut files = Files::new(&control.disk, &names, &plan.schema, &path, run.force)?;
    if plan.partition.is_none() {
        files.begin(0, &names.name(None, 1))?;
    }
    let chosen = choose.map(|choose| choose()).transpose()?;

    let rows_total = table.rows();
    let (counts, written) = (Counts::default(), AtomicU64::new(0));
    let layout = Layout { schema: plan.schema.clone(), spreadsheet: export.spreadsheet, make_depictor };
    let mut outcome = Outcome::default();
    let stop_check = || match control.is_cancelled() {
        true => Err(cancelled(counts.read.load(Ordering::Relaxed), &names)),
        false => Ok(()),
    };
    let throttle = std::cell::RefCell::new(Throttle::new());
    let job = Job {
        workers: run.workers,
        make: Box::new(|deal| {
            let router = Router::new(export, &plan, &names, chosen);
            read_all(table, router, &counts, deal, &stop_check)
        }),
        worker: &|| {
            let mut encoder = (names.format.facts().encoder)(&layout)?;
            Ok(Box::new(move |portions: Vec<Portion>| {
                let encode = |portion: Portion| Ok((encoder.encode(&portion.rows)?, portion));
                portions.into_iter().map(encode).collect::<Result<Vec<(Encoded, Portion)>, Error>>()
            }))
        },
        take: &mut |encoded| {
            for (encoded, Portion { partition, name, .. }) in encoded {
                outcome.count(&encoded);
                written.fetch_add(encoded.rows, Ordering::Relaxed);
                files.add(partition, &name, encoded.content, encoded.rows)?;
            }
            Ok(())
        },
        idle: &|| {
            stop_check()?;
            if throttle.borrow_mut().is_due() {
                on_progress(ExportProgress {
                    rows_total,
                    rows: counts.read.load(Ordering::Relaxed),
                    rows_written: written.load(Ordering::Relaxed),
                    elapsed_seconds: started.elapsed().as_secs_f64(),
                });
            }
            Ok(())
        },
    };
    let ended = job.run().and_then(|()| files.publish());
    let (files, was_cut_short) = match ended {
        Ok(files) => (files, false),
        Err(error) if names.is_standard_output() && has_no_reader(&error) => (Vec::new(), true),
        Err(error) => return Err(error),
    };
    let [rows_read, rows_filtered, replaced] =
        [&counts.read, &counts.filtered, &counts.replaced].map(|count| count.load(Ordering::Relaxed));
    let mut summary = ExportSummary {
        input: path,
        format: names.format,
        columns: plan.schema.fields().iter().map(|field| field.name().clone()).collect(),
        rows_read,
        rows_filtered,
        rows_left_out: outcome.left_out,
        rows_written: outcome.written,
        values_changed: outcome.changed + replaced,
        files,
        was_cut_short,
        elapsed_seconds: started.elapsed().as_secs_f64(),
        warnings: Vec::new(),
    };
    summary.warnings = outcome.warnings(&summary);
    Ok(summary)
}

/// What the reader has counted.
#[derive(Default)]
struct Counts {
    read: AtomicU64,
    filtered: AtomicU64,
    /// Values in which bytes were replaced.
    replaced: AtomicU64,
}

/// Deals all rows of `table`.
fn read_all(
    mut table: Table,
    mut router: Router<'_>,
    counts: &Counts,
    deal: &mut Deal<'_, Vec<Portion>>,
    stop_check: &dyn Fn() -> Result<(), Error>,
) -> Result<(), Error> {
    while !router.is_done() {
        stop_check()?;
        let gap = router.gap();
        if gap > 0 {
            table.skip(gap, stop_check)?;
            router.skip(gap);
        }
        let Some(chunk) = table.next_chunk()? else { break };
        counts.replaced.fetch_add(chunk.replaced, Ordering::Relaxed);
        let portions = router.route(chunk)?;
        counts.read.store(router.read, Ordering::Relaxed);
        counts.filtered.store(router.filtered, Ordering::Relaxed);
        if !portions.is_empty() && !deal(portions) {
            return Ok(());
        }
    }
    table.confirm(stop_check)
}

/// What the files hold.
#[derive(Default)]
struct Outcome {
    written: u64,
    left_out: u64,
    changed: u64,
    /// The first row that was left out.
    first: Option<u64>,
}

impl Outcome {
    fn count(&mut self, encoded: &Encoded) {
        self.written += encoded.rows;
        self.left_out += encoded.left_out.len() as u64;
        self.changed += encoded.changed;
        let first = encoded.left_out.iter().min().copied();
        self.first = self.first.into_iter().chain(first).min();
    }

    fn warnings(&self, summary: &ExportSummary) -> Vec<String> {
        let left_out = self.first.map(|first| {
            format!(
                "{} rows were left out, because RDKit cannot read or draw their molecule or they have none; the first is row \
                 {first} of the table, counted from 0",
                self.left_out
            )
        });
        let changed = (summary.values_changed > 0).then(|| {
            format!(
                "{} values were changed to fit the format: a line break became a blank, bytes that are not UTF-8 became U+FFFD",
                summary.values_changed
            )
        });
        let nothing =
            (summary.rows_written == 0 && !summary.was_cut_short).then(|| "no row was written".to_owned());
        [left_out, changed, nothing].into_iter().flatten().collect()
    }
}

/// The table that `input` stands for.
///
/// # Errors
/// [`Error::InputUnreadable`] for a folder without a finished run.
pub(crate) fn table_of(input: &Path) -> Result<PathBuf, Error> {
    if !input.is_dir() {
        return Ok(input.to_owned());
    }
    if input.join(SUMMARY_FILE).is_file() {
        return Ok(input.join(PRODUCTS_FILE));
    }
    let reason = format!(
        "no run has finished in this folder, there is no {SUMMARY_FILE}; finish it with apply --resume, or name a Parquet file"
    );
    Err(Error::InputUnreadable { path: input.to_owned(), reason })
}

fn cancelled(rows: u64, names: &Names) -> Error {
    Error::Cancelled { rows, path: names.path().to_owned(), advice: "rerun the same command" }
}
