//! chematic as a Rust user would call it: each reaction prepared once, mimalloc, the distinct products of a parent as
//! text. Nothing is deduplicated across parents.
//!
//!     bench-chematic own|rdkit --input LIBRARY.smi --transforms TRANSFORMS.tsv --output FILE --workers N
//!
//! `own` is chematic's interpretation of a reaction and its own canonical SMILES; `rdkit` is its mode that behaves
//! like RDKit 2026.03. Each line of LIBRARY.smi starts with a SMILES; each line of TRANSFORMS.tsv has a name and a
//! SMIRKS.

use std::collections::{HashMap, HashSet};
use std::env;
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use chematic::core::Molecule;
use chematic::rxn::{PreparedReaction, RdkitProfileOutcome, ReactionTransformLimits};
use chematic::smiles::{canonical_smiles, parse, rdkit_canonical_smiles};
use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The version in Cargo.toml.
const CHEMATIC: &str = "1.2.1";
const CHUNK: usize = 256;

/// The SMILES of all products of a parent, including equal ones.
type Products = fn(&PreparedReaction, &Molecule) -> Vec<String>;

fn own(reaction: &PreparedReaction, parent: &Molecule) -> Vec<String> {
    let sets = reaction.run_reactants(&[parent]).unwrap_or_default();
    sets.iter().flatten().map(canonical_smiles).collect()
}

fn rdkit(reaction: &PreparedReaction, parent: &Molecule) -> Vec<String> {
    let limits = ReactionTransformLimits::default();
    match reaction.run_reactants_traced_rdkit_2026_03_6(&[parent], &limits) {
        Ok(RdkitProfileOutcome::Report(report)) => {
            let products = report.products.iter().flatten();
            products.filter_map(|product| rdkit_canonical_smiles(&product.molecule).ok()).collect()
        }
        _ => Vec::new(),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    let mut words = env::args().skip(1);
    let products: Products = match words.next().as_deref() {
        Some("own") => own,
        Some("rdkit") => rdkit,
        _ => return Err("own or rdkit?".into()),
    };
    let words: Vec<String> = words.collect();
    let flags: HashMap<&str, &str> = words.chunks_exact(2).map(|pair| (&pair[0][..], &pair[1][..])).collect();
    let flag = |name: &str| flags.get(name).copied().ok_or_else(|| format!("{name} is missing"));

    let input = fs::read_to_string(flag("--input")?)?;
    let rows: Vec<&str> = input.lines().filter_map(|line| line.split([' ', '\t']).next()).collect();
    let mut transforms = Vec::new();
    for line in fs::read_to_string(flag("--transforms")?)?.lines() {
        let (name, smirks) = line.split_once('\t').ok_or("a transform without a tab")?;
        transforms.push((name.to_owned(), PreparedReaction::new(smirks).map_err(|error| error.to_string())?));
    }
    let output = Mutex::new(BufWriter::new(File::create(flag("--output")?)?));
    let (next, made) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || -> std::io::Result<()> {
        loop {
            let begin = next.fetch_add(CHUNK, Ordering::Relaxed);
            if begin >= rows.len() {
                return Ok(());
            }
            let mut text = String::new();
            for smiles in &rows[begin..rows.len().min(begin + CHUNK)] {
                made.fetch_add(write_products(smiles, &transforms, products, &mut text), Ordering::Relaxed);
            }
            output
                .lock()
                .map_err(|_| std::io::Error::other("a thread panicked"))?
                .write_all(text.as_bytes())?;
        }
    };
    let workers: usize = flag("--workers")?.parse()?;
    thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| {
            thread.join().map_err(|_| "a thread panicked")?.map_err(|_| "cannot write")
        })
    })?;
    output.into_inner().map_err(|_| "a thread panicked")?.flush()?;
    println!(
        r#"{{"rows": {}, "products": {}, "seconds": {:.4}, "versions": {{"chematic": "{}"}}}}"#,
        rows.len(),
        made.into_inner(),
        started.elapsed().as_secs_f64(),
        CHEMATIC,
    );
    Ok(())
}

/// Appends the distinct products of a parent to `text`; returns their number.
fn write_products(
    smiles: &str,
    transforms: &[(String, PreparedReaction)],
    products: Products,
    text: &mut String,
) -> usize {
    let Ok(parent) = parse(smiles) else { return 0 };
    let mut made = 0;
    for (name, reaction) in transforms {
        let mut seen = HashSet::new();
        for product in products(reaction, &parent) {
            if !seen.contains(&product) {
                text.extend([name, "\t", &product, "\n"]);
                seen.insert(product);
            }
        }
        made += seen.len();
    }
    made
}
