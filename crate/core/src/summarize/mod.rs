//! Counts the rows of a table by the values of some columns, and gives the ranges of its numbers.
//!
//! One pass on one thread ([`table_scan`](crate::table_scan)); memory does not grow with the table ([`tally`]).

mod range;
mod summary;
mod table;
mod tally;

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use arrow::array::RecordBatch;
use serde_json::value::RawValue;

pub use self::range::ColumnRange;
pub use self::summary::{GroupReport, Ranges, SummarizeProgress, TableReport};
use self::tally::{Group, MAX_HELD, Tally};
use crate::control::Control;
use crate::error::Error;
use crate::export::{ExportedFile, Files, Names, has_no_reader, table_of};
use crate::grouping::Groups;
use crate::options::{ApplyOptions, Command, ExportInput, Given, SummarizeInput};
use crate::progress::Throttle;
use crate::source::{KeepColumns, OUTPUT_COLUMNS, TableColumns};
use crate::strings::SmilesBatch;
use crate::table_scan::TableScan;
use crate::writers::{Layout, Rows, json_objects};

/// The options of a summary.
#[derive(Debug, Clone, Default)]
pub struct SummarizeOptions {
    /// Those that only a summary has.
    pub summarize: SummarizeInput,
    /// Those that it shares with an export.
    pub export: ExportInput,
    /// Those that it shares with a run.
    pub run: ApplyOptions,
}

impl SummarizeOptions {
    /// The options in `json`; see [`Given::read`].
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for an option that a summary does not have, or for an invalid value.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        Given::read(Command::Summarize, json, |given| {
            Ok(Self {
                summarize: SummarizeInput::read(given)?,
                export: ExportInput::read(given)?,
                run: ApplyOptions::read(given)?,
            })
        })
    }

    /// The names of the file that is asked for.
    fn names(&self) -> Result<Option<Names>, Error> {
        let Some(output) = &self.summarize.output else {
            let needs_file = [
                (&ExportInput::format, self.export.format.is_some()),
                (&ExportInput::spreadsheet, self.export.spreadsheet),
            ];
            return match needs_file.iter().find(|(_, is_given)| *is_given) {
                Some((option, _)) => Err(option.refuse("requires `output`, which names a file")),
                None => Ok(None),
            };
        };
        let names = Names::of(&ExportInput { output: output.clone(), ..self.export.clone() })?;
        let facts = names.format.facts();
        if facts.is_of_molecules {
            let reason = format!(
                "{} has molecules, and a summary has none; choose csv, tsv, jsonl or arrow",
                facts.name
            );
            return Err(ExportInput::format.refuse(reason));
        }
        Ok(Some(names))
    }
}

/// Summarizes the table at `input`: the output folder of a finished run, which stands for its products, or a Parquet file with a
/// SMILES column. `on_progress` is called at most every 200 ms.
///
/// # Errors
/// [`Error::InvalidOption`], also for more groups than there may be, and otherwise those of [`export`](crate::export()).
pub fn summarize(
    input: &Path,
    options: &SummarizeOptions,
    control: &Control,
    on_progress: &dyn Fn(SummarizeProgress),
) -> Result<TableReport, Error> {
    let started = Instant::now();
    let SummarizeOptions { summarize, export, run } = options;
    summarize.validate()?;
    let names = options.names()?;
    let path = table_of(input)?;

    let mut plan = None;
    let scan = TableScan::open(&path, run.smiles_column.as_deref(), export.filter.as_deref(), |columns| {
        let plan = plan.insert(Plan::new(summarize, columns)?);
        Ok([&plan.by[..], &plan.numbers].concat())
    })?;
    let mut plan = plan.ok_or_else(|| Error::internal("the columns of the summary were not chosen"))?;
    let names_of_file = names.as_ref();
    let file = names_of_file.map(|names| {
        let schema = table::table(&plan.groups.sorted()?.1, &plan.columns, &[])?.schema();
        Files::new(&control.disk, names, &schema, &path, run.force)
    });
    let file = file.transpose()?;

    let (rows_read, throttle) = (scan.rows(), RefCell::new(Throttle::new()));
    let step = |rows: u64| {
        if control.is_cancelled() {
            let path = summarize.output.clone().unwrap_or_else(|| path.clone());
            return Err(Error::Cancelled { rows, path, advice: "rerun the same command" });
        }
        if throttle.borrow_mut().is_due() {
            let elapsed_seconds = started.elapsed().as_secs_f64();
            on_progress(SummarizeProgress { rows_total: rows_read, rows, elapsed_seconds });
        }
        Ok(())
    };
    let mut tally = Tally::new(plan.numbers.len(), MAX_HELD);
    tally.add(&[], plan.groups.len(), &[])?;
    let rows_filtered = scan.run(&step, &mut |met| {
        let (by, numbers) = met.columns.columns().split_at(plan.by.len());
        let groups = plan.groups.numbers(by, met.rows.len())?;
        tally.add(&groups, plan.groups.len(), numbers)
    })?;

    let (order, values) = plan.groups.sorted()?;
    let groups = plan.reports(&order, &values, &tally)?;
    let written = match file {
        None => (Vec::new(), false),
        Some(files) => write(files, &table::table(&values, &plan.columns, &groups)?, export, names_of_file)?,
    };
    let total = plan.report(empty_object()?, &tally.total());
    Ok(TableReport {
        input: path,
        by: summarize.by_names().to_vec(),
        columns: plan.columns.to_vec(),
        rows_read,
        rows_filtered,
        groups,
        total,
        format: names.map(|names| names.format),
        files: written.0,
        was_cut_short: written.1,
        elapsed_seconds: started.elapsed().as_secs_f64(),
        warnings: warnings(&tally),
    })
}

/// What is read of a table.
struct Plan {
    groups: Groups,
    /// Positions in the table of the columns that make the groups.
    by: Vec<usize>,
    /// Positions of the columns of numbers.
    numbers: Vec<usize>,
    /// The names of these.
    columns: Arc<[String]>,
}

impl Plan {
    fn new(input: &SummarizeInput, table: &TableColumns) -> Result<Self, Error> {
        let (groups, by) = Groups::new(SummarizeInput::by, input.by_names(), table)?;
        let is_number = |column: usize| table.fields[column].data_type().is_numeric();
        let is_measured = |column: &usize| {
            let name = table.fields[*column].name().as_str();
            is_number(*column) && !by.contains(column) && !OUTPUT_COLUMNS.contains(&name)
        };
        let numbers = match &input.columns {
            KeepColumns::None => Vec::new(),
            KeepColumns::All => (0..table.fields.len()).filter(is_measured).collect(),
            KeepColumns::Named(names) => {
                let mut columns = Vec::new();
                for name in names {
                    let refuse = |reason: String| SummarizeInput::columns.refuse(reason);
                    let column = table.position(name).map_err(refuse)?;
                    if !is_number(column) {
                        let data_type = table.fields[column].data_type();
                        return Err(refuse(format!(
                            "column {name:?} is of type {data_type}, and only numbers have a range"
                        )));
                    }
                    if !columns.contains(&column) {
                        columns.push(column);
                    }
                }
                columns
            }
        };
        let columns = numbers.iter().map(|&column| table.fields[column].name().clone()).collect();
        Ok(Self { groups, by, numbers, columns })
    }

    /// The reports of the groups with these numbers and values, in this order.
    fn reports(
        &self,
        order: &[usize],
        values: &RecordBatch,
        tally: &Tally,
    ) -> Result<Vec<GroupReport>, Error> {
        let values = match self.by.is_empty() {
            true => vec![empty_object()?],
            false => json_objects(values)?,
        };
        let report = |(&number, values)| self.report(values, &tally.groups[number]);
        Ok(order.iter().zip(values).map(report).collect())
    }

    fn report(&self, values: Box<RawValue>, group: &Group) -> GroupReport {
        let ranges = group.columns.iter().map(range::Numbers::range).collect();
        GroupReport { values, rows: group.rows, ranges: Ranges { names: Arc::clone(&self.columns), ranges } }
    }
}

fn empty_object() -> Result<Box<RawValue>, Error> {
    RawValue::from_string("{}".to_owned()).map_err(|error| Error::internal(error.to_string()))
}

/// Writes the figures; also returns whether the reader of standard output went away.
fn write(
    mut files: Files<'_>,
    figures: &RecordBatch,
    export: &ExportInput,
    names: Option<&Names>,
) -> Result<(Vec<ExportedFile>, bool), Error> {
    let names = names.ok_or_else(|| Error::internal("a file without a name"))?;
    let layout = Layout {
        schema: figures.schema(),
        spreadsheet: export.spreadsheet,
        make_depictor: &|| Err(Error::internal("a summary has no molecules")),
    };
    let mut encoder = (names.format.facts().encoder)(&layout)?;
    let rows = Rows {
        columns: figures.clone(),
        smiles: SmilesBatch::default(),
        ids: None,
        positions: (0..figures.num_rows() as u64).collect(),
    };
    let encoded = encoder.encode(&rows)?;
    let added = files.add(0, &names.name(None, 1), encoded.content, encoded.rows);
    match added.and_then(|()| files.publish()) {
        Ok(files) => Ok((files, false)),
        Err(error) if names.is_standard_output() && has_no_reader(&error) => Ok((Vec::new(), true)),
        Err(error) => Err(error),
    }
}

fn warnings(tally: &Tally) -> Vec<String> {
    let many = (!tally.has_medians()).then(|| {
        format!(
            "there are no medians, because the columns have more than {MAX_HELD} numbers; name fewer columns with `columns`, or \
             fewer rows with `where`"
        )
    });
    many.into_iter().collect()
}
