//! Products made by edits equal those of the plain path, on random molecules and reactions. `PROPTEST_CASES` raises
//! the number of cases.

mod common;

use common::{BothPaths, config_transforms, golden_transforms, mutants, reactions};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use xform_rdkit_sys::{TransformSpec, check_transform, edit_obstacles};

fn texts(rows: &[String]) -> Vec<&str> {
    rows.iter().map(String::as_str).collect()
}

fn smirks_of_files() -> Vec<String> {
    let both = config_transforms().into_iter().chain(golden_transforms());
    both.map(|transform| transform.smirks).collect()
}

fn compiles(smirks: &str) -> bool {
    check_transform(&TransformSpec::new(smirks)).is_ok()
}

proptest! {
    #![proptest_config(mutants::cases(12))]

    #[test]
    fn other_spellings_give_the_same_by_both_paths(rows in vec(mutants::spelling(), 12)) {
        BothPaths::new(&smirks_of_files()).agree_on(&texts(&rows));
    }

    #[test]
    fn small_changes_give_the_same_by_both_paths(rows in vec(mutants::neighbour(), 12)) {
        BothPaths::new(&smirks_of_files()).agree_on(&texts(&rows));
    }
}

proptest! {
    #![proptest_config(mutants::cases(48))]

    #[test]
    fn random_reactions_give_the_same_by_both_paths(
        rows in vec(mutants::neighbour(), 12),
        smirks in vec(reactions::smirks(), 8),
    ) {
        let usable: Vec<_> = smirks.into_iter().filter(|smirks| compiles(smirks)).collect();
        BothPaths::new(&usable).agree_on(&texts(&rows));
    }
}

/// The strategies above would prove nothing if their sites took the plain path.
#[test]
fn random_reactions_and_molecules_are_edited() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let draw = (vec(mutants::neighbour(), 60), vec(reactions::smirks(), 60));
    let (rows, smirks) = draw.new_tree(&mut runner).expect("they are made").current();
    let (mut sites, mut edited) = (0, 0);
    // Templates in pieces have many sites and are never edited.
    let in_one_piece = smirks.iter().filter(|smirks| !smirks.starts_with('('));
    for smirks in in_one_piece.filter(|smirks| compiles(smirks)) {
        for obstacles in rows.iter().filter_map(|row| edit_obstacles(&TransformSpec::new(smirks), row).ok()) {
            sites += obstacles.len();
            edited += obstacles.iter().filter(|obstacle| obstacle.is_none()).count();
        }
    }
    assert!(sites > 1_000 && edited * 5 > sites, "{edited} of {sites}");
}
