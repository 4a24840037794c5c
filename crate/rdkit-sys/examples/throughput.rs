//! Rows per second of the kernel on one thread.
//!
//!     cargo run --release -p xform-rdkit-sys --example throughput -- FILE.smi [SMIRKS]
//!
//! Each line of FILE.smi starts with a SMILES. The result is meaningful only on an idle machine.

use std::process::ExitCode;
use std::time::Instant;
use std::{env, fs};

use xform_rdkit_sys::{Batch, Kernel, Settings, TransformSpec};

/// As many rows as the pipeline passes to a worker at a time.
const BATCH_ROWS: usize = 256;
const OME: &str = "[c:1][OX2H:2]>>[c:1][O:2]C";

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]
fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let Some(path) = arguments.first() else {
        eprintln!("usage: throughput FILE.smi [SMIRKS]");
        return ExitCode::from(2);
    };
    let smirks = arguments.get(1).map_or(OME, String::as_str);
    match measure(path, smirks) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

fn measure(path: &str, smirks: &str) -> Result<String, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let rows: Vec<_> = text.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let mut kernel = Kernel::new(&[TransformSpec::new(smirks)], &Settings::default())
        .map_err(|error| error.to_string())?;
    let start = Instant::now();
    let mut products = 0;
    for batch in rows.chunks(BATCH_ROWS) {
        products += run(&mut kernel, batch).map_err(|error| error.to_string())?;
    }
    let seconds = start.elapsed().as_secs_f64();
    let rate = rows.len() as f64 / seconds;
    Ok(format!("{} rows, {products} products, {seconds:.2} s, {rate:.0} rows/s", rows.len()))
}

fn run(kernel: &mut Kernel, rows: &[&str]) -> Result<u64, xform_rdkit_sys::KernelError> {
    let mut offsets = vec![0];
    let mut bytes = Vec::new();
    for row in rows {
        bytes.extend_from_slice(row.as_bytes());
        offsets.push(bytes.len() as u32);
    }
    Ok(kernel.run(Batch::new(&bytes, &offsets))?.products.row.len() as u64)
}
