//! Sends the rows through one step once, so that `npm run bench:instructions` can count the processor's instructions.
//!
//!     instructions STEP

mod steps;

use std::env;

use steps::{Rows, steps};

#[expect(clippy::print_stdout, reason = "a program for a script")]
fn main() {
    let name = env::args().nth(1).unwrap_or_default();
    let step = steps().into_iter().find(|step| step.name == name);
    let mut kernel = step.expect("the argument is a step of benches/steps/mod.rs").kernel();
    println!("{} products", Rows::read().run(&mut kernel));
}
