//! Holds the kernel's canonical SMILES against RDKit's on a whole library.
//!
//!     cargo run --release -p xform-rdkit-sys --example compare_smiles -- FILE.smi
//!
//! FILE.smi has a SMILES at the beginning of each line. Lines that RDKit refuses are counted. Prints what differs.

use std::process::ExitCode;
use std::{env, fs};

use xform_rdkit_sys::canonical_spellings;

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]
fn main() -> ExitCode {
    let Some(path) = env::args().nth(1) else {
        eprintln!("usage: compare_smiles FILE.smi");
        return ExitCode::from(2);
    };
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let (mut equal, mut different, mut refused) = (0, 0, 0);
    for smiles in text.lines().filter_map(|line| line.split_whitespace().next()) {
        match canonical_spellings(smiles) {
            Ok(spellings) if spellings.kernel == spellings.rdkit => equal += 1,
            Ok(spellings) => {
                different += 1;
                println!(
                    "{smiles}\n  kernel {}\n  RDKit  {}",
                    spellings.kernel.smiles, spellings.rdkit.smiles
                );
            }
            Err(_) => refused += 1,
        }
    }
    println!("{equal} equal, {different} different, {refused} refused");
    if different == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
