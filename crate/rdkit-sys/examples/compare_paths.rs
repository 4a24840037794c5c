//! Compares the kernel with RDKit alone, that is without its fast wing, on a whole library.
//!
//!     cargo run --release -p xform-rdkit-sys --example compare_paths -- TRANSFORMS.tsv FILE.smi [THREADS]
//!
//! TRANSFORMS.tsv has one transform per line: name, SMIRKS and, if there is one, the query. FILE.smi has one row per
//! line. Prints the rows that differ in anything: outcome, products, sites, positions, failures, counts. `npm run
//! verify:oracle` runs it.

#[path = "../tests/common/batch.rs"]
mod batch;

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, thread};

use batch::batch;
use xform_rdkit_sys::{
    Batch, BatchResults, ColumnView, Failure, Kernel, KernelError, ProductView, Settings, TransformSpec,
    plain_because,
};

const BATCH_ROWS: usize = 64;
/// The same as for the pipeline's workers.
const STACK_BYTES: usize = 64 << 20;
const SHOWN_ROWS: usize = 10;

type Fault = Box<dyn std::error::Error + Send + Sync>;
/// A product's site, its SMILES, and its values of the computed columns.
type ProductFound = (i32, Vec<u8>, Vec<Vec<u8>>);

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]
fn main() -> ExitCode {
    match compare_files() {
        Ok(report) => {
            for row in report.different.iter().take(SHOWN_ROWS) {
                println!("    DIFFERENCE {row}");
            }
            println!(
                "    {} rows, {} products, {} failures; {} of {} transforms by edits; {} rows differ",
                report.rows,
                report.products,
                report.failures,
                report.by_edits,
                report.transforms,
                report.different.len()
            );
            ExitCode::from(u8::from(!report.different.is_empty()))
        }
        Err(fault) => {
            eprintln!("compare_paths: {fault}");
            ExitCode::from(2)
        }
    }
}

#[derive(Default)]
struct Report {
    rows: usize,
    products: usize,
    failures: usize,
    transforms: usize,
    by_edits: usize,
    /// The text of each row that differs, with the transforms that cause the difference.
    different: Vec<String>,
}

fn compare_files() -> Result<Report, Fault> {
    let mut arguments = env::args().skip(1);
    let (Some(transforms), Some(rows)) = (arguments.next(), arguments.next()) else {
        return Err("usage: compare_paths TRANSFORMS.tsv FILE.smi [THREADS]".into());
    };
    let threads = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let transforms = read(&transforms)?;
    let rows = read(&rows)?;
    let cells: Vec<_> = transforms.lines().map(cells).collect();
    let entries: Vec<_> = cells.iter().map(|cells| entry(cells)).collect();
    compare(&entries, &rows.lines().collect::<Vec<_>>(), threads)
}

fn read(path: &str) -> Result<String, Fault> {
    fs::read_to_string(path).map_err(|error| format!("{path}: {error}").into())
}

#[derive(Clone, Copy)]
struct Entry<'a> {
    name: &'a str,
    spec: TransformSpec<'a>,
}

/// The cells of a line: name, SMIRKS, query or nothing, `explicit` or nothing, and each `not_smarts`.
fn cells(line: &str) -> Vec<String> {
    line.split('\t').map(str::to_owned).collect()
}

fn entry(cells: &[String]) -> Entry<'_> {
    let cell = |index: usize| cells.get(index).map_or("", String::as_str);
    let spec = TransformSpec {
        query_smarts: Some(cell(2)).filter(|query| !query.is_empty()),
        explicit_hydrogens: cell(3) == "explicit",
        not_smarts: cells.get(4..).unwrap_or_default(),
        ..TransformSpec::new(cell(1))
    };
    Entry { name: cell(0), spec }
}

fn compare(entries: &[Entry], rows: &[&str], threads: usize) -> Result<Report, Fault> {
    let mut report = Report { rows: rows.len(), transforms: entries.len(), ..Report::default() };
    for entry in entries {
        report.by_edits += usize::from(plain_because(&entry.spec)?.is_none());
    }
    let chunks: Vec<_> = rows.chunks(BATCH_ROWS).collect();
    let next = AtomicUsize::new(0);
    let work = || -> Result<Report, Fault> {
        let mut pair = Pair::new(entries)?;
        let mut part = Report::default();
        // The order in which threads take chunks does not matter.
        while let Some(chunk) = chunks.get(next.fetch_add(1, Ordering::Relaxed)) {
            pair.compare(chunk, &mut part)?;
        }
        Ok(part)
    };
    let parts: Vec<_> = thread::scope(|scope| {
        let spawn = |_| thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
        let started: Vec<_> = (0..threads.max(1)).map(spawn).collect::<Result<_, _>>()?;
        Ok::<_, Fault>(started.into_iter().map(|thread| thread.join()).collect())
    })?;
    for part in parts {
        let part = part.map_err(|_| "a thread panicked")??;
        report.products += part.products;
        report.failures += part.failures;
        report.different.extend(part.different);
    }
    Ok(report)
}

struct Pair<'a> {
    fast: Kernel,
    plain: Kernel,
    entries: &'a [Entry<'a>],
}

impl<'a> Pair<'a> {
    fn new(entries: &'a [Entry<'a>]) -> Result<Self, Fault> {
        let specs: Vec<_> = entries.iter().map(|entry| entry.spec).collect();
        let fast = Kernel::new(&specs, &Settings::default())?;
        let mut plain = Kernel::new(&specs, &Settings::default())?;
        plain.turn_fast(false)?;
        Ok(Self { fast, plain, entries })
    }

    fn compare(&mut self, rows: &[&str], report: &mut Report) -> Result<(), Fault> {
        let (same, products, failures) = self.both(rows, |fast, plain| {
            (are_equal(fast, plain), fast.products.row.len(), fast.failures.len())
        })?;
        report.products += products;
        report.failures += failures;
        if !same {
            for row in rows {
                let guilty = self.both(&[*row], guilty)?;
                if let Some(guilty) = guilty {
                    let names = guilty
                        .into_iter()
                        .filter_map(|index| self.entries.get(index))
                        .map(|entry| entry.name);
                    report.different.push(format!("{row}: {}", names.collect::<Vec<_>>().join(", ")));
                }
            }
        }
        Ok(())
    }

    fn both<T>(
        &mut self,
        rows: &[&str],
        look: impl FnOnce(&BatchResults, &BatchResults) -> T,
    ) -> Result<T, KernelError> {
        let (bytes, offsets) = batch(rows);
        let fast = self.fast.run(Batch::new(&bytes, &offsets))?;
        let plain = self.plain.run(Batch::new(&bytes, &offsets))?;
        Ok(look(&fast, &plain))
    }
}

fn are_equal(one: &BatchResults, other: &BatchResults) -> bool {
    (one.rows.outcome, one.rows.rejected) == (other.rows.outcome, other.rows.rejected)
        && one.counts == other.counts
        && one.failures == other.failures
        && one.computed == other.computed
        && columns(&one.products) == columns(&other.products)
}

/// The columns of products that are not computed.
fn columns<'a>(view: &ProductView<'a>) -> impl PartialEq + use<'a> {
    ((view.row, view.transform, view.product_index, view.site_index), (view.smiles, view.smiles_offsets))
}

/// The value of a column for one of `products`, as bytes.
fn value<'a>(column: &ColumnView<'a>, products: usize, index: usize) -> &'a [u8] {
    let at = |index: usize| column.offsets.get(index).map_or(index, |&offset| offset as usize);
    let width = column.values.len() / at(products).max(1);
    &column.values[at(index) * width..at(index + 1) * width]
}

/// The transforms that make a row differ; `None` if it does not differ, empty if the row itself differs.
fn guilty(fast: &BatchResults, plain: &BatchResults) -> Option<Vec<usize>> {
    if are_equal(fast, plain) {
        return None;
    }
    let of = |results: &BatchResults, transform: usize| -> (Vec<u64>, Vec<Failure>, Vec<ProductFound>) {
        let failures =
            results.failures.iter().filter(|failure| usize::try_from(failure.transform) == Ok(transform));
        let view = &results.products;
        let products = (0..view.row.len()).filter(|&i| usize::from(view.transform[i]) == transform);
        let product = |i: usize| {
            let text = view.smiles_offsets[i] as usize..view.smiles_offsets[i + 1] as usize;
            let computed = results.computed.iter().map(|column| value(column, view.row.len(), i).to_vec());
            (view.site_index[i], view.smiles[text].to_vec(), computed.collect())
        };
        (results.counts[transform].clone(), failures.cloned().collect(), products.map(product).collect())
    };
    Some((0..fast.counts.len()).filter(|&transform| of(fast, transform) != of(plain, transform)).collect())
}
