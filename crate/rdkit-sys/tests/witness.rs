//! The witness: rows that are made a second time with RDKit alone.

mod common;

use common::{OME, batch, config_transforms, golden_molecules, kernel, plants, run_on};
use xform_rdkit_sys::{Batch, Kernel, Limits, TransformSpec, Witness};

/// The witness's result for the rows at `rechecks`.
fn witness(kernel: &mut Kernel, rows: &[&str], rechecks: &[u32]) -> Witness {
    let (bytes, offsets) = batch(rows);
    let batch = Batch { first_row: 100, rechecks, ..Batch::new(&bytes, &offsets) };
    kernel.run(batch).expect("the batch runs").witness
}

#[test]
fn chosen_rows_are_made_again_and_are_the_same() {
    let transforms = config_transforms();
    let specs: Vec<_> = transforms.iter().map(|transform| TransformSpec::new(&transform.smirks)).collect();
    let mut kernel = kernel(Limits::default(), &specs);
    let rows = [plants(), golden_molecules()].concat();
    let rows: Vec<_> = rows.iter().map(String::as_str).collect();
    let all: Vec<_> = (0..rows.len() as u32).collect();
    let before = run_on(&mut kernel, &rows, &[]);
    let found = witness(&mut kernel, &rows, &all);
    assert_eq!(found.difference, None);
    assert_eq!(found.incomplete, 0);
    assert!(found.rows * 10 > rows.len() as u64 * 9, "{} of {}", found.rows, rows.len());
    // The second making leaves nothing behind.
    assert_eq!(run_on(&mut kernel, &rows, &[]).products, before.products);
}

#[test]
fn rows_of_which_the_fast_wing_has_answered_nothing_are_not_made_again() {
    let mut kernel = kernel(Limits::from_iter([("max_atoms", 20)]), &[TransformSpec::new(OME)]);
    let long = "C".repeat(30);
    // Refused by RDKit or before it, after a row that the prefilter has answered.
    let rows = ["CC", "", &long, "C[C@H](C)(C)(C)C", "CC[bad]", "Oc1ccccc1"];
    assert_eq!(witness(&mut kernel, &rows, &[0, 1, 2, 3]).rows, 1);
    // The fast wing reads every text without stereo marks, if only to refuse it.
    assert_eq!(witness(&mut kernel, &rows, &[4, 5]).rows, 2);
    assert_eq!(witness(&mut kernel, &rows, &[]).rows, 0);
    kernel.turn_fast(false).expect("it turns");
    assert_eq!(witness(&mut kernel, &rows, &[0, 4, 5]).rows, 0);
}

/// `cargo test --features test-hooks`: answers that are wrong on purpose. The variable is read once per process,
/// so each test has its own rows.
#[cfg(feature = "test-hooks")]
mod injected {
    use std::process::Command;
    use std::{env, str};

    use super::*;

    const ORDERS: &str = "lie@1:Oc1ccccc1C;lie@-1:Oc1ccccc1CC";

    /// Runs this test again in a process that has the orders, unless this is already that process.
    fn with_orders(name: &str, body: impl FnOnce()) {
        if env::var_os("XFORM_CRASH_SMILES").is_some() {
            return body();
        }
        let mut again = Command::new(env::current_exe().expect("this program has a path"));
        let output = again.args(["--exact", name, "--nocapture"]).env("XFORM_CRASH_SMILES", ORDERS).output();
        let output = output.expect("it can be started again");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn two_transforms() -> Kernel {
        kernel(Limits::default(), &[TransformSpec::new("[Xe:1]>>[Xe:1]C"), TransformSpec::new(OME)])
    }

    #[test]
    fn a_wrong_edit_is_caught() {
        with_orders("injected::a_wrong_edit_is_caught", || {
            let rows = ["CC", "Oc1ccccc1C", "CCC"];
            let mut kernel = two_transforms();
            assert_eq!(witness(&mut kernel, &rows, &[0, 2]).difference, None, "the row is not chosen");
            let difference = witness(&mut kernel, &rows, &[0, 1, 2]).difference.expect("it is wrong");
            assert_eq!((difference.source_row, difference.transform), (101, Some(1)));
            assert!(difference.fast.contains("[99"), "{difference:?}");
            assert!(difference.plain.contains("product COc1ccccc1C "), "{difference:?}");
            kernel.turn_fast(false).expect("it turns");
            assert_eq!(run_on(&mut kernel, &rows, &[]).smiles(), ["COc1ccccc1C"]);
        });
    }

    #[test]
    fn a_site_that_the_prefilter_loses_is_caught() {
        with_orders("injected::a_site_that_the_prefilter_loses_is_caught", || {
            let mut kernel = two_transforms();
            let difference = witness(&mut kernel, &["Oc1ccccc1CC"], &[0]).difference.expect("it is wrong");
            assert_eq!((difference.source_row, difference.transform), (100, Some(1)));
            assert!(difference.fast.starts_with("counts"), "{difference:?}");
            assert!(difference.plain.contains("CCc1ccccc1OC"), "{difference:?}");
        });
    }
}
