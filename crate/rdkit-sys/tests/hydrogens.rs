//! Transforms whose parents get their hydrogens as atoms. The expected results are those of RDKit in Python: `AddHs`,
//! then the usual chain.

mod common;

use common::{
    Counts, Output, Product, batch, config_transforms, golden_molecules, kernel, plants, run, run_both,
    run_within,
};
use xform_rdkit_sys::{Batch, Kernel, Limits, Settings, TransformSpec, plain_because};

fn explicit(smirks: &str) -> TransformSpec<'_> {
    TransformSpec { explicit_hydrogens: true, ..TransformSpec::new(smirks) }
}

/// The results of one transform, which are equal with the fast wing and without it.
fn outputs(spec: TransformSpec, rows: &[&str]) -> Output {
    let [fast, plain] = run_both(&mut kernel(Limits::default(), &[spec]), rows);
    assert_eq!(fast.products, plain.products);
    assert_eq!((&fast.failures, &fast.counts), (&plain.failures, &plain.counts));
    fast
}

/// SMILES, site atoms, number of sites and positions in the SMILES of each product.
type Made<'a> = (&'a str, &'a [i32], i32, &'a [i32]);

fn made(output: &Output) -> Vec<Made<'_>> {
    fn of(product: &Product) -> Made<'_> {
        let Product { smiles, site_atoms, site_count, product_site_atoms, .. } = product;
        (smiles, site_atoms, *site_count, product_site_atoms)
    }
    output.products.iter().map(of).collect()
}

#[test]
fn hydrogens_follow_the_other_atoms_and_are_gone_from_the_product() {
    let cases: &[(&str, &str, &[Made])] = &[
        ("[c:1][O:2][H]>>[c:1][O:2]C", "Oc1ccccc1", &[("COc1ccccc1", &[1, 0, 7], 1, &[0, 1, 2])]),
        ("[c:1][O:2][H:3]>>[c:1][N:2]([H:3])[H]", "Oc1ccccc1", &[("Nc1ccccc1", &[1, 0, 7], 1, &[0, 1])]),
        ("[C:1][H:2]>>[C:1]F", "CCO", &[("OCCF", &[0, 3], 3, &[2, 3]), ("CC(O)F", &[1, 6], 2, &[1, 3])]),
        ("[O:1][H:2]>>[O-:1].[H+:2]", "CO", &[("C[O-]", &[1, 5], 1, &[1]), ("[H+]", &[1, 5], 1, &[0])]),
        ("[*:1][H]>>[*:1]Cl", "[H][H]", &[("Cl", &[0, 1], 2, &[0])]),
    ];
    for (smirks, parent, expected) in cases {
        assert_eq!(made(&outputs(explicit(smirks), &[parent])), *expected, "{smirks}");
    }
}

#[test]
fn labelled_charged_and_aromatic_atoms_have_hydrogens_too() {
    let cases: &[(&str, &str, &[Made])] = &[
        // A labelled hydrogen is an atom of the row, with its own index.
        (
            "[C:1][H:2]>>[C:1]F",
            "[2H]CCO",
            &[
                ("OCCF", &[1, 0], 1, &[2, 3]),
                ("[2H]C(F)CO", &[1, 4], 2, &[1, 2]),
                ("[2H]CC(O)F", &[2, 6], 2, &[2, 4]),
            ],
        ),
        ("[N+:1][H]>>[N+0:1]", "C[NH3+]", &[("CN", &[1, 5], 3, &[1])]),
        ("[n:1][H]>>[n:1]C", "c1cc[nH]c1", &[("Cn1cccc1", &[3, 8], 1, &[0, 1])]),
    ];
    for (smirks, parent, expected) in cases {
        assert_eq!(made(&outputs(explicit(smirks), &[parent])), *expected, "{smirks}");
    }
}

#[test]
fn a_stereocentre_whose_hydrogen_is_replaced_stays_one() {
    let smirks = "[C:1]([CH3:2])([#6:3])([OX2:4])[H]>>[C:1]([C:2])([#6:3])([O:4])F";
    let output = outputs(explicit(smirks), &["C[C@H](O)CC", "C[C@@H](O)CC", "CC(O)CC"]);
    assert_eq!(output.smiles(), ["CC[C@](C)(O)F", "CC[C@@](C)(O)F", "CCC(C)(O)F"]);
}

#[test]
fn products_are_compared_with_the_parent_as_it_was_read() {
    let count = |smirks, rows: &[&str]| {
        let output = outputs(explicit(smirks), rows);
        (output.products.len(), output.counts[0]["products_same_as_parent"])
    };
    assert_eq!(count("[c:1][H:2]>>[c:1][H:2]", &["Cc1ccccc1", "c1cc[nH]c1"]), (2, 2));
    assert_eq!(count("[H:1][CX4:2][C:3]=[O:4]>>[C:2]=[C:3][O:4][H:1]", &["CC=O"]), (1, 0));
    assert_eq!(count("[N,O:1][H:2]>>[*:1][2H:2]", &["[2H]OCCN"]), (2, 1), "one of them was labelled");
}

#[test]
fn a_product_with_too_many_hydrogens_fails() {
    let output = outputs(explicit("[CX4:1][H]>>[C:1](F)F"), &["CC"]);
    assert_eq!((output.failures.len(), output.counts[0]["sites_failed"]), (6, 6));
    assert!(output.failures.iter().all(|failure| failure.code == "valence" && failure.stage == "sanitize"));
}

#[test]
fn filters_see_the_hydrogens() {
    let excluded = |spec: TransformSpec, row: &str| {
        let output = outputs(spec, &[row]);
        let of = |counts: &Counts| {
            ["query", "not_smarts", "sugar", "limit"].map(|why| counts[&format!("sites_excluded_{why}")])
        };
        (of(&output.counts[0]), output.counts[0]["sites_applied"])
    };
    let fluoride = explicit("[C:1][H:2]>>[C:1]F");
    let query = TransformSpec { query_smarts: Some("[H:2][C:1]O[H]"), ..fluoride };
    assert_eq!(excluded(query, "CCO"), ([3, 0, 0, 0], 2));
    let nots = ["[C:1]([H:2])O[H]".to_owned(), "[C:1]([H:2])([H])[H]".to_owned()];
    assert_eq!(excluded(TransformSpec { not_smarts: &nots[..1], ..fluoride }, "CCO"), ([0, 2, 0, 0], 3));
    assert_eq!(excluded(TransformSpec { not_smarts: &nots, ..fluoride }, "CCO"), ([0, 5, 0, 0], 0));
    // The sugar has the same heavy atoms as without hydrogens.
    let no_sugar = TransformSpec { exclude_sugar_like: true, ..explicit("[C:1][H]>>[C:1]F") };
    assert_eq!(excluded(no_sugar, "OCC1OC(O)C(O)C(O)C1O"), ([0, 0, 7, 0], 0));
    assert_eq!(excluded(no_sugar, "CCC1OC(O)C(O)C(O)C1O"), ([0, 0, 5, 0], 5), "no CH2OH");
}

#[test]
fn the_limit_ranks_the_molecule_with_its_hydrogens() {
    let spec = TransformSpec { max_sites: Some(2), ..explicit("[C:1][H]>>[C:1]F") };
    // Two spellings of a molecule: site numbers and atoms differ, the product does not.
    let output = outputs(spec, &["C[C@@H](O)CC=C", "C=CC[C@@H](C)O"]);
    let found: Vec<_> =
        output.products.iter().map(|product| (product.site_index, &*product.site_atoms)).collect();
    assert_eq!(found, [(7, &[5, 14][..]), (0, &[0, 6][..])]);
    assert_eq!(output.smiles(), ["C[C@@H](O)CC=CF"; 2]);
}

#[test]
fn such_a_transform_is_plain_and_every_row_is_tried() {
    let reason = plain_because(&explicit("[c:1][O:2][H]>>[c:1][O:2]C")).unwrap();
    assert_eq!(reason.as_deref(), Some("its parents have their hydrogens as atoms"));
    // The prefilter knows the other transform's template and rules it out.
    let specs = [TransformSpec::new("[Cl:1]>>[Br:1]"), explicit("[C:1][H]>>[C:1]F")];
    let kernel = kernel(Limits::default(), &specs);
    let described = [0, 1].map(|index| kernel.describe_prefilter(index).unwrap());
    assert!(described[0].starts_with("atoms of [Cl:1]"), "{described:?}");
    assert_eq!(described[1], "not checked: parents get their hydrogens as atoms");
    let output = run(&specs, &["CC", "CCl"]);
    assert_eq!(output.smiles(), ["CCF", "CBr", "FCCl"]);
}

/// Transforms with hydrogen atoms beside those without: one row is read once, and none changes another's results.
#[test]
fn transforms_with_and_without_hydrogens_do_not_disturb_one_another() {
    let all = config_transforms();
    let mut specs: Vec<_> = all
        .iter()
        .map(|transform| TransformSpec {
            exclude_sugar_like: true,
            max_sites: Some(3),
            ..TransformSpec::new(&transform.smirks)
        })
        .collect();
    let rows = [plants(), golden_molecules()].concat();
    let rows: Vec<_> = rows.iter().map(String::as_str).collect();
    let alone = run(&specs, &rows);
    let hydroxyl = TransformSpec { exclude_sugar_like: true, ..explicit("[#6:1][O:2][H]>>[#6:1][O:2]C") };
    specs.insert(0, TransformSpec { max_sites: Some(3), ..hydroxyl });
    let together = run(&specs, &rows);
    assert_eq!(together.counts[1..], alone.counts);
    let others = together.products.iter().filter(|product| product.transform > 0);
    assert!(others.map(|product| &product.smiles).eq(alone.products.iter().map(|product| &product.smiles)));
    assert!(together.counts[0]["made"] > 100);
}

#[test]
fn a_recheck_agrees() {
    let specs = [explicit("[#6:1][H]>>[#6:1]F"), TransformSpec::new(common::OME)];
    let mut kernel = Kernel::new(&specs, &Settings::default()).unwrap();
    let rows = plants();
    let (bytes, offsets) = batch(&rows.iter().take(60).map(String::as_str).collect::<Vec<_>>());
    let all: Vec<_> = (0..60).collect();
    let witness = kernel.run(Batch { rechecks: &all, ..Batch::new(&bytes, &offsets) }).unwrap().witness;
    assert_eq!((witness.rows > 50, witness.difference), (true, None));
}

#[test]
fn the_limit_on_atoms_counts_no_hydrogens() {
    let limits = Limits::from_iter([("max_atoms", 8)]);
    let output = run_within(limits, &[explicit("[CH3:1][H]>>[C:1]F")], &["CCCCCCCC", "CCCCCCCCC"]);
    assert_eq!((output.products.len(), output.failures[0].code.as_str()), (1, "too_many_atoms"));
}
