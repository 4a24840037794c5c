//! Sends the rows through a kernel with many transforms; `npm run bench:rules` runs it and explains the figures.
//!
//!     rules FILE    # a SMIRKS a line
//!
//! Prints a JSON object: `load_seconds` for the kernel, then for a pass over all rows `seconds`, `products` and `skipped`,
//! the number of rows that needed no molecule.

#[allow(dead_code, reason = "the steps are for the other programs")]
mod steps;

use std::time::Instant;
use std::{env, fs};

use steps::Rows;
use xform_rdkit_sys::{Kernel, Limits, TransformSpec};

#[expect(clippy::print_stdout, reason = "a program for a script")]
fn main() {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let smirks = read(&env::args().nth(1).expect("the argument is a file of SMIRKS"));
    let transforms: Vec<_> = smirks.lines().map(TransformSpec::new).collect();
    let rows = Rows::read();

    let begun = Instant::now();
    let mut kernel = Kernel::new(&transforms, &Limits::default()).expect("the transforms compile");
    let load_seconds = begun.elapsed().as_secs_f64();

    // The first pass meets each kind of atom for the first time, as a run does only once.
    rows.run(&mut kernel);
    let begun = Instant::now();
    let products = rows.run(&mut kernel);
    let seconds = begun.elapsed().as_secs_f64();

    let text = read(&env::var("XFORM_BENCH_ROWS").expect("it was read before"));
    let smiles = text.lines().filter_map(|line| line.split_whitespace().next());
    let is_skipped = |smiles: &&str| kernel.possible_transforms(smiles).expect("it is read").is_empty();
    let skipped = smiles.filter(is_skipped).count();
    println!(
        r#"{{"load_seconds": {load_seconds}, "seconds": {seconds}, "products": {products}, "skipped": {skipped}}}"#
    );
}
