//! Further notations of products: equal to RDKit's in Python, as `scripts/oracle/main.py notations` has recorded them in
//! `fixture/notations.tsv`.

mod common;

use common::batch;
use xform_rdkit_sys::{Batch, ColumnView, Kernel, Settings, TransformSpec, count_names};

const NAMES: [&str; 3] = ["mapped_smiles", "reaction_smiles", "cxsmiles"];

/// A line of the fixture: SMIRKS, whether hydrogens are atoms, whether salts are kept, parent, product, and the three
/// notations.
fn recorded() -> Vec<Vec<&'static str>> {
    let text = include_str!("fixture/notations.tsv");
    text.lines().skip(1).map(|line| line.split('\t').collect()).collect()
}

fn kernel(smirks: &str, explicit_hydrogens: bool, settings: Settings) -> Kernel {
    let transform = TransformSpec { explicit_hydrogens, ..TransformSpec::new(smirks) };
    Kernel::new(&[transform], &settings).expect("the transform compiles")
}

fn text(view: &ColumnView<'_>, index: usize) -> String {
    assert_eq!(view.nulls[index], 0, "a missing notation");
    let text = &view.values[view.offsets[index] as usize..view.offsets[index + 1] as usize];
    String::from_utf8(text.to_vec()).expect("SMILES are ASCII")
}

/// For each product of `rows` its parent, and the text columns that were computed.
fn run(kernel: &mut Kernel, rows: &[&str]) -> Vec<(usize, Vec<String>)> {
    let columns = kernel.columns().expect("they are declared");
    let (bytes, offsets) = batch(rows);
    let results = kernel.run(Batch::new(&bytes, &offsets)).expect("the batch runs");
    let chosen: Vec<_> =
        columns.iter().zip(&results.computed).filter(|(column, _)| column.is_nullable).collect();
    let texts = |index| chosen.iter().map(|(_, view)| text(view, index)).collect();
    results.products.row.iter().enumerate().map(|(index, &row)| (row as usize, texts(index))).collect()
}

fn names(kernel: &Kernel) -> Vec<String> {
    let columns = kernel.columns().expect("they are declared");
    columns.into_iter().filter(|column| column.is_nullable).map(|column| column.name).collect()
}

#[test]
fn notations_are_those_of_rdkit_in_python() {
    let recorded = recorded();
    let mut compared = 0;
    for lines in recorded.chunk_by(|left, right| left[..3] == right[..3]) {
        let mut parents: Vec<_> = lines.iter().map(|line| line[3]).collect();
        parents.dedup();
        let settings =
            Settings { mapped: true, cxsmiles: true, keep_salts: lines[0][2] == "1", ..Settings::default() };
        let mut kernel = kernel(lines[0][0], lines[0][1] == "1", settings);
        assert_eq!(names(&kernel), NAMES);
        let found = run(&mut kernel, &parents);
        assert_eq!(found.len(), lines.len(), "{}", lines[0][0]);
        for ((row, texts), line) in found.iter().zip(lines) {
            assert_eq!(
                (parents[*row], &texts[..]),
                (line[3], &line[5..].iter().map(|&text| text.to_owned()).collect::<Vec<_>>()[..])
            );
            compared += 1;
        }
    }
    assert!(compared > 300, "{compared}");
}

#[test]
fn each_notation_is_written_if_it_is_chosen() {
    let named = |mapped, cxsmiles| {
        names(&kernel(common::OME, false, Settings { mapped, cxsmiles, ..Settings::default() }))
    };
    assert_eq!(named(false, false), [""; 0]);
    assert_eq!(named(true, false), NAMES[..2]);
    assert_eq!(named(false, true), NAMES[2..]);
}

#[test]
fn a_row_made_again_has_the_same_notations() {
    let settings = Settings { mapped: true, cxsmiles: true, ..Settings::default() };
    let mut kernel = kernel(common::OME, false, settings);
    let (bytes, offsets) = batch(&["Oc1ccc(O)cc1", "Cc1ccc(O)cc1"]);
    let results = kernel.run(Batch { rechecks: &[0, 1], ..Batch::new(&bytes, &offsets) }).expect("it runs");
    assert_eq!((results.witness.rows, results.witness.difference), (2, None));
}

#[test]
fn rows_that_lose_their_stereo_groups_are_counted() {
    let rows = ["C[C@H](O)[C@@H](C)O |&1:1,3|", "C[C@H](O)[C@@H](C)O", "C[C@H](F)Cl |o1:1|"];
    let dropped = |cxsmiles| {
        let settings = Settings { cxsmiles, ..Settings::default() };
        let mut kernel = kernel("[C:1][OX2H:2]>>[C:1][O:2]C", false, settings);
        let (bytes, offsets) = batch(&rows);
        let results = kernel.run(Batch::new(&bytes, &offsets)).expect("it runs");
        let names = count_names().expect("they are declared");
        let at = names.iter().position(|name| name == "rows_stereo_groups_dropped").expect("it is a count");
        results.counts[0][at]
    };
    assert_eq!(dropped(false), 1, "a row without products loses nothing");
    assert_eq!(dropped(true), 0);
}
