//! Where memory comes from, and what happens when it runs out.
//!
//! Tests that may end the process run in a child: this program again, told by a variable to run one test.

mod common;

use std::process::{Command, Output};
use std::{env, fs, thread};

use common::{Failure, OME, batch, kernel};
use rustix::process::{Resource, Rlimit, setrlimit};
use xform_rdkit_sys::{
    Batch, Limits, Notation, RowOutcome, TransformSpec, allocate_and_free, allocator_report,
};

const CHILD: &str = "XFORM_TEST_CHILD";

fn is_child() -> bool {
    env::var_os(CHILD).is_some()
}

/// Runs the test `name` of this program in a child.
fn run_child(name: &str) -> Output {
    let mut command = Command::new(env::current_exe().expect("this program has a path"));
    // Otherwise mimalloc reserves a GiB of addresses at once, and the limit would be meaningless.
    command.args(["--exact", name, "--nocapture"]).env(CHILD, "1").env("MIMALLOC_ARENA_RESERVE", "0");
    let output = command.output().expect("it can be started again");
    assert!(output.status.success(), "{output:?}");
    output
}

/// Limits the address space that this process may still take.
fn limit_memory(more_bytes: u64) {
    let status = fs::read_to_string("/proc/self/statm").expect("Linux has it");
    let pages =
        status.split(' ').next().and_then(|pages| pages.parse::<u64>().ok()).expect("a number of pages");
    let limit = Some(pages * 4096 + more_bytes);
    setrlimit(Resource::As, Rlimit { current: limit, maximum: limit }).expect("a limit can be lowered");
}

#[test]
fn cxx_allocates_from_mimalloc_and_malloc_is_left_alone() {
    let report = allocator_report().unwrap();
    assert_eq!(report.cxx_new_in_mimalloc, cfg!(feature = "mimalloc"));
    assert_eq!(
        report.libstdcxx_string_in_mimalloc,
        cfg!(feature = "mimalloc"),
        "libstdc++ must be the static one"
    );
    assert!(!report.c_malloc_in_mimalloc);
}

#[test]
fn an_allocation_that_fails_is_an_error() {
    if !is_child() {
        run_child("an_allocation_that_fails_is_an_error");
        return;
    }
    for bytes in [usize::MAX, usize::MAX / 2, isize::MAX as usize, 1 << 60] {
        let error = allocate_and_free(bytes).unwrap_err();
        assert!(error.to_string().contains("bad_alloc"), "{error}");
    }
    limit_memory(256 << 20);
    assert!(allocate_and_free(1 << 30).is_err());
    assert_eq!(allocate_and_free(1 << 20), Ok(()));
}

/// If a molecule needs more memory than available, only that molecule fails: the rows around it give their products.
#[test]
fn a_row_that_runs_out_of_memory_is_a_record() {
    if !is_child() {
        run_child("a_row_that_runs_out_of_memory_is_a_record");
        return;
    }
    // On a small stack, the guard of the stack would refuse it.
    thread::Builder::new().stack_size(256 << 20).spawn(run_a_monster).unwrap().join().unwrap();
}

fn run_a_monster() {
    let monster = "C.".repeat(1_000_000) + "C";
    let (bytes, offsets) = batch(&["Oc1ccccc1", &monster, "Oc1ccccc1"]);
    let mut kernel = kernel(Limits::default(), &[TransformSpec::new(OME)]);
    limit_memory(192 << 20);
    let results = kernel.run(Batch::new(&bytes, &offsets)).expect("the batch runs");
    let outcomes: Vec<_> = results.rows.outcome.iter().map(|&repr| RowOutcome { repr }).collect();
    assert_eq!(outcomes, [RowOutcome::WithProducts, RowOutcome::Rejected, RowOutcome::WithProducts]);
    assert_eq!(results.failures.len(), 1);
    let failure = Failure::from(&results.failures[0]);
    assert_eq!((failure.row, &*failure.code), (1, "out_of_memory"));
    assert_eq!(results.products.row, [0, 2]);
}

/// Without `patches/mol-block-owned.patch`, RDKit keeps some 300 bytes of each of these blocks.
#[test]
fn refused_mol_blocks_leave_nothing_behind() {
    if !is_child() {
        run_child("refused_mol_blocks_leave_nothing_behind");
        return;
    }
    let v2000 = |bonds: &str| {
        let head = "\n\n\n  2  2  0  0  0  0  0  0  0  0999 V2000\n";
        let atom = |symbol| format!("    0.0000    0.0000    0.0000 {symbol}   0  0\n");
        format!("{head}{}{}{bonds}M  END\n", atom('C'), atom('O'))
    };
    let v3000 = |bond: &str| {
        let atoms = "BEGIN ATOM|1 C 0 0 0 0|2 O 0 0 0 0|END ATOM";
        let table = format!("BEGIN CTAB|COUNTS 2 1 0 0 0|{atoms}|BEGIN BOND|{bond}|END BOND|END CTAB");
        let lines: String = table.split('|').map(|line| format!("M  V30 {line}\n")).collect();
        format!("\n\n\n  0  0  0     0  0            999 V3000\n{lines}M  END\n")
    };
    let blocks = [
        v2000("  1  2  1  0\n  2  1  1  0\n"),
        v2000("  1  2  1  0\n  1  9  1  0\n"),
        v2000("  1  2  1  0\n  1  2  1  0  0  7\n"),
        v3000("1 1 1 9"),
        v3000("1 1 1 1"),
        v3000("1 1 1 2 CFG=9"),
        v3000("1 1 1 2 TOPO=9"),
    ];
    let rows: Vec<&str> = blocks.iter().map(String::as_str).cycle().take(1_000 * blocks.len()).collect();
    let (bytes, offsets) = batch(&rows);
    let mol_blocks = Batch { notation: Notation::MolBlock, ..Batch::new(&bytes, &offsets) };
    let mut kernel = kernel(Limits::default(), &[TransformSpec::new(OME)]);
    limit_memory(64 << 20);
    for _ in 0..40 {
        let results = kernel.run(mol_blocks).expect("the batch runs");
        assert_eq!(results.failures.len(), rows.len());
        for failure in results.failures.iter().map(Failure::from) {
            assert!(["exception", "mol_block"].contains(&&*failure.code), "{failure:?}");
        }
    }
}

/// RDKit writes to its log only if a program opens it, and ours does not.
#[test]
fn rdkit_writes_nothing_to_standard_error() {
    if !is_child() {
        let output = run_child("rdkit_writes_nothing_to_standard_error");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        return;
    }
    common::run(
        &[TransformSpec::new("[c:1][OX2H:2]>>[c:1]([O:2])(F)F")],
        &["C(", "Oc1ccccc1", "CN(C)(C)(C)C", "cc"],
    );
    assert!(xform_rdkit_sys::check_transform(&TransformSpec::new("[c:1")).is_err());
}
