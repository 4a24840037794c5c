//! Compares the kernel's canonical SMILES with RDKit's on a whole library.
//!
//!     cargo run --release -p xform-rdkit-sys --example compare_smiles -- [--cages] FILE.smi [THREADS]
//!
//! Each line of FILE.smi starts with a SMILES. Lines that RDKit refuses are counted. Prints the differences. With
//! `--cages`, each molecule is also closed into molecules with more and more rings, and the products of reactions on
//! all these are compared; `npm run verify:oracle` runs it.

#[path = "../tests/common/cages.rs"]
mod cages;

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, thread};

use cages::Compared;
use xform_rdkit_sys::{Spellings, canonical_spellings};

/// The same as for the pipeline's workers.
const STACK_BYTES: usize = 64 << 20;
const GENERATIONS: u32 = 2;
const CAGES: usize = 3;
const SHOWN: usize = 10;

type Fault = Box<dyn std::error::Error + Send + Sync>;

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]
fn main() -> ExitCode {
    match compare_file() {
        Ok(report) => {
            report.different.iter().take(SHOWN).for_each(|text| println!("    DIFFERENCE {text}"));
            println!(
                "    {} molecules, {} refused, {} products; {} texts differ",
                report.molecules,
                report.refused,
                report.products,
                report.different.len()
            );
            ExitCode::from(u8::from(!report.different.is_empty()))
        }
        Err(fault) => {
            eprintln!("compare_smiles: {fault}");
            ExitCode::from(2)
        }
    }
}

#[derive(Default)]
struct Report {
    molecules: usize,
    refused: usize,
    products: usize,
    different: Vec<String>,
}

fn compare_file() -> Result<Report, Fault> {
    let (flags, words): (Vec<_>, Vec<_>) = env::args().skip(1).partition(|word| word.starts_with("--"));
    let (Some(path), true) = (words.first(), flags.iter().all(|flag| flag == "--cages")) else {
        return Err("usage: compare_smiles [--cages] FILE.smi [THREADS]".into());
    };
    let threads = words.get(1).map_or(Ok(1), |text| text.parse())?;
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let rows: Vec<_> = text.lines().filter_map(|line| line.split_whitespace().next()).collect();
    compare(&rows, !flags.is_empty(), threads)
}

fn compare(rows: &[&str], cages: bool, threads: usize) -> Result<Report, Fault> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut part = Report::default();
        // The order in which threads take rows does not matter.
        while let Some(smiles) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
            look_at(smiles, cages, &mut part);
        }
        part
    };
    let parts: Vec<_> = thread::scope(|scope| {
        let spawn = |_| thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
        let started: Vec<_> = (0..threads.max(1)).map(spawn).collect::<Result<_, _>>()?;
        Ok::<_, Fault>(started.into_iter().map(|thread| thread.join()).collect())
    })?;
    let mut report = Report::default();
    for part in parts {
        let part = part.map_err(|_| "a thread panicked")?;
        report.molecules += part.molecules;
        report.refused += part.refused;
        report.products += part.products;
        report.different.extend(part.different);
    }
    Ok(report)
}

fn look_at(smiles: &str, cages: bool, report: &mut Report) {
    report.molecules += 1;
    match canonical_spellings(smiles) {
        Ok(spellings) if spellings.kernel == spellings.rdkit => {}
        Ok(spellings) => report.different.push(format!("{smiles}{}", in_words(&spellings))),
        Err(_) => report.refused += 1,
    }
    if cages {
        let mut compared = Compared::default();
        // What a row gives before RDKit refuses one of its cages still counts.
        let end = cages::compare(smiles, GENERATIONS, CAGES, &mut compared);
        report.refused += usize::from(end.is_err());
        report.products += compared.products;
        report.different.extend(
            compared
                .different
                .iter()
                .map(|found| format!("{} on {}{}", found.smirks, found.parent, in_words(&found.spellings))),
        );
    }
}

fn in_words(spellings: &Spellings) -> String {
    format!("\n      kernel {}\n      RDKit  {}", spellings.kernel.smiles, spellings.rdkit.smiles)
}
