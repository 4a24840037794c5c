//! Rows that are made elsewhere: the same files as from a run here, whatever the attempts, and no files if it fails.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use xform_core::disk::Gate;
use xform_core::engine::{Batch, Engine, EngineOutput, Products, SmilesBatch};
use xform_core::filter::Filter;
use xform_core::source::{Chunk, Source};
use xform_core::totals::Tally;
use xform_core::{
    ApplyOptions, Control, DedupMode, Error, Gathered, Maker, Shard, Summary, Task, gather, legacy, verify,
};

use crate::job;

/// Makes rows in this thread, one at a time, as another process would; fails as often as requested.
struct Here {
    attempts: u32,
    engine: Box<dyn Engine>,
    loses_a_row: bool,
}

/// A row of the library with an engine's results for it.
struct Made {
    row: i64,
    chunk: Chunk,
    output: EngineOutput,
}

impl Maker for Here {
    fn make(
        &mut self,
        task: &Task<'_>,
        source: &mut dyn Source,
        gathered: &mut Gathered<'_>,
    ) -> Result<(), Error> {
        let mut made = self.rows(task, source, gathered)?;
        for attempt in 1..=self.attempts {
            gathered.begin()?;
            failures(&made, gathered)?;
            if attempt == self.attempts {
                if self.loses_a_row {
                    made.pop();
                }
                outcomes(&made, gathered)?;
                products(&made, task.options.dedup, gathered)?;
            }
        }
        Ok(())
    }
}

impl Here {
    fn rows(
        &mut self,
        task: &Task<'_>,
        source: &mut dyn Source,
        gathered: &mut Gathered<'_>,
    ) -> Result<Vec<Made>, Error> {
        let engine = &mut *self.engine;
        let filter = |text: &String| Filter::new(text, &task.columns, task.transforms, engine);
        let filter = task.options.filter.as_ref().map(filter).transpose()?;
        let mut made = Vec::new();
        while let Some(chunk) = source.next_chunk(usize::MAX)? {
            let first = gathered.rows_read() as i64;
            gathered.read(&chunk)?;
            for index in 0..chunk.smiles.len() {
                let mut smiles = SmilesBatch::default();
                smiles.push(chunk.smiles.get(index));
                let mut output = EngineOutput::default();
                self.engine.worker(None)?.run(Batch::new(&smiles), &mut output)?;
                let columns = chunk.columns.slice(index, 1);
                let chunk =
                    Chunk { smiles, faults: vec![], columns, replaced: 0, unlisted: Default::default() };
                let row = first + index as i64;
                if let Some(filter) = &filter {
                    filter.apply(&|_| row, &chunk, &mut output)?;
                }
                made.push(Made { row, chunk, output });
            }
        }
        Ok(made)
    }
}

fn failures(made: &[Made], gathered: &mut Gathered<'_>) -> Result<(), Error> {
    made.iter().try_for_each(|made| gathered.failures(&[made.row], &made.chunk, &made.output.failures))
}

fn outcomes(made: &[Made], gathered: &mut Gathered<'_>) -> Result<(), Error> {
    made.iter().try_for_each(|Made { output, .. }| {
        let tallies: Vec<(usize, Tally)> = output.tallies.iter().copied().enumerate().collect();
        gathered.outcome(output.rows[0], &tallies, output.rechecked.clone(), &output.filtered)
    })
}

/// Each product of a transform once, with the number of its copies.
fn products(made: &[Made], dedup: DedupMode, gathered: &mut Gathered<'_>) -> Result<(), Error> {
    let mut copies = std::collections::HashMap::new();
    for output in made.iter().map(|made| &made.output) {
        for index in 0..output.products.len() {
            *copies.entry(place(&output.products, index)).or_insert(0_u64) += 1;
        }
    }
    for Made { row, chunk, output } in made {
        for index in 0..output.products.len() {
            let copies = match dedup {
                DedupMode::None => Some(1),
                _ => copies.remove(&place(&output.products, index)),
            };
            if let Some(copies) = copies {
                gathered.products(&[*row], chunk, &one(&output.products, index), &[copies])?;
            }
        }
    }
    Ok(())
}

fn place(products: &Products, index: usize) -> (u16, Vec<u8>) {
    (products.transform[index], products.smiles.get(index).to_vec())
}

fn one(all: &Products, index: usize) -> Products {
    let mut one = Products::default();
    let place = (all.site_index[index], all.product_index[index]);
    let (row, transform) = (all.row[index], all.transform[index]);
    one.push_numbered(row, transform, place, all.number[index], all.smiles.get(index));
    one.columns = all.columns.iter().map(|column| column.slice(index, 1)).collect();
    one
}

/// The library of the job, with faults at the start, in the middle and at the end.
fn prepare(folder: &Path) {
    job::prepare(folder);
    let text = fs::read(folder.join("library.smi")).unwrap();
    let middle = text.iter().position(|&byte| byte == b'\n').unwrap() + 1;
    let library =
        [b"\xff first\n", &text[..middle], b"C\0C within\n", &text[middle..], b"\xfe last\n"].concat();
    fs::write(folder.join("library.smi"), library).unwrap();
}

fn gathered(options: &ApplyOptions, attempts: u32, loses_a_row: bool) -> Result<Summary, Error> {
    gather(options, &job::make_engine, &Control::default(), &mut here(options, attempts, loses_a_row))
}

fn here(options: &ApplyOptions, attempts: u32, loses_a_row: bool) -> Here {
    let transforms = options.rules().unwrap().select(&options.choice()).unwrap();
    let settings = options.engine_settings().unwrap();
    let engine = job::make_engine(&transforms, &settings).unwrap();
    let engine = legacy::around(engine, &transforms, settings.legacy).unwrap();
    Here { attempts, engine, loses_a_row }
}

/// Has the rows made elsewhere, with a gate for the calls to the disk.
pub fn run(options: &ApplyOptions, gate: Option<Arc<dyn Gate>>) -> Result<Summary, Error> {
    let control = job::control(gate, Duration::ZERO);
    gather(options, &job::make_engine, &control, &mut here(options, 1, false))
}

#[test]
fn the_files_are_those_of_a_run_here() {
    let folder = job::folder();
    prepare(folder.path());
    let filter = Some("source_row > 20 and source_id not like '%7' and xf_site_index <> 1".to_owned());
    let none = None::<String>;
    for (dedup, filter) in
        [DedupMode::Exact, DedupMode::None].into_iter().flat_map(|dedup| [(dedup, &none), (dedup, &filter)])
    {
        let name = format!("{dedup:?}-{}", filter.is_some());
        let with = |outdir: &str| {
            let (filter, legacy) = (filter.clone(), dedup == DedupMode::None);
            ApplyOptions { dedup, filter, legacy, ..job::options(folder.path(), outdir) }
        };
        let here = with(&format!("here-{name}"));
        let expected = xform_core::apply(&here, &job::make_engine, &Control::default()).unwrap();
        let attempts = Cell::new(0);
        let there = |outdir: &str| {
            attempts.set(attempts.get() + 1);
            let options = with(outdir);
            let summary = gathered(&options, attempts.get(), false).unwrap();
            assert_eq!(job::names(&options.outdir), ["SUMMARY.json", "products.parquet", "rejects.parquet"]);
            let verified = verify(&options.outdir).unwrap();
            assert!(verified.ok, "{verified:?}");
            (job::bytes(&options.outdir), summary)
        };
        let (bytes, summary) = there(&format!("there-{name}"));
        let (again, _) = there(&format!("again-{name}"));
        assert!(bytes == again, "a second attempt leaves nothing of the first");
        assert!(bytes[1] == job::bytes(&here.outdir)[1], "the rejects have the same bytes");
        assert_eq!(summary.sums, expected.sums);
        assert_eq!(summary.sums.filter.filtered > 0, filter.is_some());
        assert_eq!(summary.totals.filtered_by_clause, expected.totals.filtered_by_clause);
        assert_eq!(summary.totals.rows_all_filtered, expected.totals.rows_all_filtered);
        assert_eq!(summary.totals.by_outcome, expected.totals.by_outcome);
        assert_eq!(summary.totals.rejected_rows, expected.totals.rejected_rows);
        assert_eq!(summary.parents.sites, expected.parents.sites);
        assert_eq!(summary.parents.products, expected.parents.products);
        assert_eq!(summary.files.products.rows, expected.files.products.rows);
    }
}

#[test]
fn a_lost_row_fails_the_run_and_leaves_nothing() {
    let folder = job::folder();
    prepare(folder.path());
    let options = job::options(folder.path(), "out");
    let error = gathered(&options, 1, true).unwrap_err();
    assert_eq!(error.code(), "XFORM_INTERNAL");
    assert!(error.to_string().contains("1502 of 1503 rows were counted"), "{error}");
    assert!(job::names(&options.outdir).is_empty());
}

/// A maker that changes the library while it works.
struct ChangesTheLibrary {
    here: Here,
    library: PathBuf,
}

impl Maker for ChangesTheLibrary {
    fn make(
        &mut self,
        task: &Task<'_>,
        source: &mut dyn Source,
        gathered: &mut Gathered<'_>,
    ) -> Result<(), Error> {
        self.here.make(task, source, gathered)?;
        let mut text = fs::read(&self.library).unwrap();
        text.reverse();
        fs::write(&self.library, text).unwrap();
        Ok(())
    }
}

#[test]
fn a_library_that_changes_meanwhile_fails_the_run_and_leaves_nothing() {
    let folder = job::folder();
    prepare(folder.path());
    let options = job::options(folder.path(), "out");
    let mut maker = ChangesTheLibrary { here: here(&options, 1, false), library: options.input[0].clone() };
    let error = gather(&options, &job::make_engine, &Control::default(), &mut maker).unwrap_err();
    assert_eq!(error.code(), "XFORM_INPUT_CHANGED", "{error}");
    assert!(job::names(&options.outdir).is_empty());
}

#[test]
fn what_is_read_is_neither_removed_nor_replaced() {
    let folder = job::folder();
    prepare(folder.path());
    let options = ApplyOptions { force: true, ..job::options(folder.path(), "out") };
    gathered(&options, 1, false).unwrap();
    let products = options.outdir.join("products.parquet");
    let before = fs::read(&products).unwrap();
    let error = gathered(&ApplyOptions { input: products.clone().into(), ..options }, 1, false).unwrap_err();
    assert_eq!(error.code(), "XFORM_INPUT_IN_OUTPUT", "{error}");
    assert!(fs::read(&products).unwrap() == before);
}

#[test]
fn what_there_is_not_is_refused() {
    let folder = job::folder();
    prepare(folder.path());
    let options = job::options(folder.path(), "out");
    for (option, options) in [
        ("resume", ApplyOptions { resume: true, ..options.clone() }),
        ("shard", ApplyOptions { shard: Some(Shard { index: 1, of: 2 }), ..options.clone() }),
        ("isolate", ApplyOptions { isolate: true, ..options.clone() }),
        ("dedup", ApplyOptions { dedup: DedupMode::Bloom, ..options }),
    ] {
        let error = gathered(&options, 1, false).unwrap_err();
        assert!(error.to_string().starts_with(option), "{error}");
        assert!(!options.outdir.exists());
    }
}
