//! Picks rows of a table: at random, so many of each stratum, or different ones by their fingerprints.
//!
//! [`choice`] decides on the numbers of the rows, in one or two passes over the table. A last pass then writes the rows as an
//! export does, in the order of the table, or returns them. A choice depends on the table, the options and the seed alone.
//! Memory is 16 bytes for each picked row ([`smallest`]), the values of the strata (`grouping`), and for diverse rows the pool
//! ([`pool`]); it does not grow with the table.

mod allocation;
mod choice;
mod fingerprint;
mod leader;
mod maxmin;
mod pool;
mod shown;
mod smallest;
mod summary;
mod watch;

use std::path::{Path, PathBuf};

use self::choice::{Choice, Chooser};
pub use self::fingerprint::{
    FINGERPRINT_BITS, FINGERPRINT_WORDS, Fingerprint, Fingerprinter, MakeFingerprinter,
};
use self::shown::ShownTable;
pub use self::summary::{DiverseReport, SamplePhase, SampleSummary, SamplingProgress, Stratum};
use self::watch::Watch;
use crate::control::Control;
use crate::error::Error;
use crate::export::{ExportOptions, ExportSummary, export_chosen, table_of};
use crate::options::{ApplyOptions, Command, ExportInput, Given, SampleInput};
use crate::source::Table;
use crate::writers::MakeDepictor;

/// The options of a sample.
#[derive(Debug, Clone, Default)]
pub struct SampleOptions {
    /// Those that only a sample has.
    pub sample: SampleInput,
    /// Those that it shares with an export.
    pub export: ExportInput,
    /// Those that it shares with a run.
    pub run: ApplyOptions,
}

impl SampleOptions {
    /// The options in `json`; see [`Given::read`].
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for an option that a sample does not have, or for an invalid value.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        Given::read(Command::SampleTable, json, |given| {
            Ok(Self {
                sample: SampleInput::read(given)?,
                export: ExportInput::read(given)?,
                run: ApplyOptions::read(given)?,
            })
        })
    }

    fn validate(&self) -> Result<(), Error> {
        self.sample.validate()?;
        self.run.check_ranges()?;
        let needs_file = [
            (&ExportInput::format, self.export.format.is_some()),
            (&ExportInput::spreadsheet, self.export.spreadsheet),
        ];
        match needs_file.iter().find(|(_, is_given)| *is_given) {
            Some((option, _)) if self.sample.output.is_none() => {
                Err(option.refuse("requires `output`, which names a file"))
            }
            _ => Ok(()),
        }
    }
}

/// What RDKit does for a sample: made for each thread that needs it, and only if it is needed.
#[derive(Clone, Copy)]
pub struct SampleTools<'a> {
    /// Draws the molecules of SDF.
    pub make_depictor: &'a MakeDepictor<'a>,
    /// Makes fingerprints for diverse rows.
    pub make_fingerprinter: &'a MakeFingerprinter<'a>,
}

/// Picks rows of the table at `input`, as for [`export`](crate::export()), and writes or returns them. `on_progress` is called at
/// most every 200 ms.
///
/// # Errors
/// Those of [`export`](crate::export()); [`Error::InvalidOption`] also for more strata than there may be.
pub fn sample(
    input: &Path,
    options: &SampleOptions,
    tools: SampleTools<'_>,
    control: &Control,
    on_progress: &dyn Fn(SamplingProgress),
) -> Result<SampleSummary, Error> {
    options.validate()?;
    let path = table_of(input)?;
    let watch = Watch::new(control, on_progress, options.sample.output.as_deref().unwrap_or(&path));
    let chooser =
        Chooser { path: &path, options, make_fingerprinter: tools.make_fingerprinter, watch: &watch };
    let mut summary = begin(path.clone(), options)?;
    let choice = match &options.sample.output {
        None => show(&chooser, &mut summary)?,
        Some(output) => write(&chooser, output, tools.make_depictor, control, &mut summary)?,
    };
    finish(&mut summary, choice);
    summary.elapsed_seconds = watch.elapsed_seconds();
    Ok(summary)
}

/// A summary without figures.
fn begin(
    path: PathBuf,
    SampleOptions { sample, export, run }: &SampleOptions,
) -> Result<SampleSummary, Error> {
    let (mut smiles_column, mut id_column) = (String::new(), None);
    Table::open(&path, run.smiles_column.as_deref(), export.id_column.as_deref(), |columns| {
        let name = |column: usize| columns.fields[column].name().clone();
        (smiles_column, id_column) = (name(columns.smiles), columns.id.map(name));
        Ok(Vec::new())
    })?;
    Ok(SampleSummary {
        input: path,
        by: sample.by,
        n: sample.n,
        seed: sample.seed,
        rows: 0,
        rows_filtered: 0,
        rows_eligible: 0,
        rows_picked: 0,
        strata: None,
        diverse: None,
        smiles_column,
        id_column,
        columns: Vec::new(),
        sample: None,
        format: None,
        files: Vec::new(),
        rows_left_out: 0,
        values_changed: 0,
        was_cut_short: false,
        elapsed_seconds: 0.0,
        warnings: Vec::new(),
    })
}

fn show(chooser: &Chooser<'_>, summary: &mut SampleSummary) -> Result<Choice, Error> {
    let SampleOptions { export, run, .. } = chooser.options;
    let unfiltered = ExportInput { filter: None, ..export.clone() };
    let table = ShownTable::open(chooser.path, run.smiles_column.as_deref(), &unfiltered)?;
    let choice = chooser.choose()?;
    summary.columns = table.columns();
    summary.sample = Some(table.rows(choice.rows.clone(), chooser.watch)?);
    Ok(choice)
}

fn write(
    chooser: &Chooser<'_>,
    output: &Path,
    make_depictor: &MakeDepictor<'_>,
    control: &Control,
    summary: &mut SampleSummary,
) -> Result<Choice, Error> {
    let SampleOptions { export, run, .. } = chooser.options;
    let export = ExportInput { output: output.to_owned(), filter: None, ..export.clone() };
    let options = ExportOptions { export, run: run.clone() };
    let mut choice = Choice::default();
    let mut choose = || -> Result<Vec<u64>, Error> {
        choice = chooser.choose()?;
        Ok(choice.rows.clone())
    };
    let on_progress = |progress: crate::export::ExportProgress| {
        // Stops are noticed by the export itself.
        let _ = chooser.watch.step(SamplePhase::Writing, progress.rows, progress.rows_total);
    };
    let written =
        export_chosen(chooser.path, &options, Some(&mut choose), make_depictor, control, &on_progress)?;
    let ExportSummary {
        format, columns, files, rows_left_out, values_changed, was_cut_short, warnings, ..
    } = written;
    (summary.format, summary.columns, summary.files) = (Some(format), columns, files);
    (summary.rows_left_out, summary.values_changed) = (rows_left_out, values_changed);
    (summary.was_cut_short, summary.warnings) = (was_cut_short, warnings);
    Ok(choice)
}

/// Adds the figures of the choice, and what is to be said of it.
fn finish(summary: &mut SampleSummary, choice: Choice) {
    let picked = choice.rows.len() as u64;
    (summary.rows, summary.rows_filtered) = (choice.table_rows, choice.filtered);
    (summary.rows_eligible, summary.rows_picked) = (choice.table_rows - choice.filtered, picked);
    summary.warnings.extend(warnings(summary.n, &choice));
    (summary.strata, summary.diverse) = (choice.strata, choice.diverse);
}

fn warnings(n: u64, choice: &Choice) -> Vec<String> {
    let picked = choice.rows.len() as u64;
    let uncovered = choice.diverse.as_ref().and_then(|diverse| diverse.rows_uncovered);
    let reason = match uncovered {
        Some(0) => "every other row of the pool is within the threshold of one of them",
        _ => "there are no more",
    };
    let few = (picked < n).then(|| format!("{picked} rows were picked, not {n}: {reason}"));
    let strata = choice.strata.as_deref().unwrap_or_default();
    let empty = strata.iter().filter(|stratum| stratum.picked == 0).count();
    let empty = (empty > 0).then(|| format!("{empty} of {} strata have no row in the sample", strata.len()));
    let unreadable = choice.diverse.as_ref().map_or(0, |diverse| diverse.rows_unreadable);
    let unreadable = choice.first_unreadable.map(|first| {
        format!(
            "{unreadable} rows could not be picked, because RDKit cannot read their molecule or they have none; the first is \
             row {first} of the table, counted from 0"
        )
    });
    let uncovered = uncovered.filter(|&rows| rows > 0).map(|rows| {
        format!("{rows} rows of the pool are farther than the threshold from all {picked} picked rows; pick more with `n`")
    });
    [few, empty, unreadable, uncovered].into_iter().flatten().collect()
}
