//! Sends the rows through a kernel with many transforms; `npm run bench:rules` runs it and explains the figures.
//!
//!     rules FILE    # a SMIRKS a line
//!
//! Prints a JSON object about a pass over all rows: `seconds`, CPU time of the thread, which other programs change less than
//! the time; `products`; and `molecules`, the positions of the rows that needed a molecule.

#[allow(dead_code, reason = "the steps are for the other programs")]
mod steps;

use std::{env, fs};

use steps::Rows;
use xform_rdkit_sys::{Kernel, Settings, TransformSpec};

#[expect(clippy::print_stdout, reason = "a program for a script")]
fn main() {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let smirks = read(&env::args().nth(1).expect("the argument is a file of SMIRKS"));
    let transforms: Vec<_> = smirks.lines().map(TransformSpec::new).collect();
    let rows = Rows::read();

    let mut kernel = Kernel::new(&transforms, &Settings::default()).expect("the transforms compile");
    // The first pass meets each kind of atom for the first time, as a run does only once.
    rows.run(&mut kernel);
    let begun = cpu_seconds();
    let products = rows.run(&mut kernel);
    let seconds = cpu_seconds() - begun;

    let text = read(&env::var("XFORM_BENCH_ROWS").expect("it was read before"));
    let smiles = text.lines().filter_map(|line| line.split_whitespace().next());
    let mut needs_molecule = |smiles| !kernel.possible_transforms(smiles).expect("it is read").is_empty();
    let molecules: Vec<_> =
        smiles.enumerate().filter_map(|(row, smiles)| needs_molecule(smiles).then_some(row)).collect();
    println!(r#"{{"seconds": {seconds}, "products": {products}, "molecules": {molecules:?}}}"#);
}

/// CPU time of this thread. Linux only.
fn cpu_seconds() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells it");
    let nanoseconds: f64 =
        text.split_whitespace().next().expect("it comes first").parse().expect("it is a number");
    nanoseconds / 1e9
}
