//! The kernel's products of a molecule. The expected SMILES come from RDKit 2025.03.1 in Python (RunReactants,
//! SanitizeMol, RemoveHs, MolToSmiles).

mod common;

use common::{NH2, OME, products, run};
use xform_rdkit_sys::{Limits, RowOutcome, TransformSpec};

#[test]
fn each_distinct_product_is_one_row_with_its_sites() {
    // Resorcinol is symmetric: two sites, one product. Catechol monomethyl ether has one.
    let output = run(&[TransformSpec::new(OME)], &["Oc1cccc(O)c1", "CCO", "Oc1ccccc1O"]);
    assert_eq!(output.smiles(), ["COc1cccc(O)c1", "COc1ccccc1O"]);
    let first = &output.products[0];
    assert_eq!((first.row, first.site_index, first.site_count), (0, 0, 2));
    assert_eq!(first.site_atoms, [1, 0], "carbon first, as in the template");
    assert_eq!(first.product_site_atoms, [0, 1, 2], "methyl, oxygen, carbon in COc1cccc(O)c1");
    assert_eq!(output.products[1].row, 2);
    assert_eq!(output.outcomes, [RowOutcome::WithProducts, RowOutcome::NoSite, RowOutcome::WithProducts]);
    let counts = &output.counts[0];
    assert_eq!(
        (counts["sites"], counts["results"], counts["results_repeated"], counts["made"]),
        (4, 4, 2, 2)
    );
}

#[test]
fn sites_are_numbered_by_their_atoms() {
    // Atom 9 (the oxygen written last) belongs to the site whose carbon comes first.
    let output = run(&[TransformSpec::new(OME)], &["c1(O)ccc(Cl)c(O)c1"]);
    let sites: Vec<_> = output.products.iter().map(|p| (p.site_index, p.site_atoms.as_slice())).collect();
    assert_eq!(sites, [(0, [0, 1].as_slice()), (1, [6, 7].as_slice())]);
}

#[test]
fn template_hydrogens_are_merged() {
    let output = run(&[TransformSpec::new(NH2)], &["Oc1ccccc1"]);
    assert_eq!(output.smiles(), ["Nc1ccccc1"]);
    assert_eq!(output.products[0].product_site_atoms, [0, 1], "the two hydrogens are gone");
}

#[test]
fn fragments_that_the_match_does_not_touch_are_dropped() {
    assert_eq!(products(OME, "Oc1ccccc1.[Na+].[Cl-]"), ["COc1ccccc1"]);
    // ... but kept if the match reaches into them.
    assert_eq!(products(OME, "[Na+].[O-]C(=O)c1ccc(O)cc1"), ["COc1ccc(C(=O)[O-])cc1"]);
}

#[test]
fn isotopes_and_map_numbers_of_the_parent_stay() {
    assert_eq!(products(OME, "[18OH]c1ccccc1"), ["C[18O]c1ccccc1"]);
    assert_eq!(products(OME, "[2H]c1ccc(O)cc1"), ["[2H]c1ccc(OC)cc1"]);
    // RDKit removes the map numbers of matched atoms and keeps the others.
    assert_eq!(products(OME, "[OH:5][c:6]1[cH:7]cccc1"), ["COc1cccc[cH:7]1"]);
}

#[test]
fn isotopes_of_the_template_appear() {
    assert_eq!(products("[c:1][OX2H:2]>>[c:1][O:2][13CH3]", "Oc1ccccc1"), ["[13CH3]Oc1ccccc1"]);
}

#[test]
fn charge_is_the_templates_where_it_has_one_and_the_parents_else() {
    assert_eq!(products("[c:1][OX2H:2]>>[c:1][O-:2]", "Oc1ccccc1"), ["[O-]c1ccccc1"]);
    assert_eq!(products("[N+:1][CH3:2]>>[N:1][CH2:2]F", "C[N+](C)(C)C"), ["C[N+](C)(C)CF"]);
}

#[test]
fn stereo_survives_where_the_reaction_leaves_it() {
    assert_eq!(products(OME, "C[C@H](N)c1ccc(O)cc1"), ["COc1ccc([C@H](C)N)cc1"]);
    assert_eq!(products(OME, "Oc1ccc(/C=C/c2ccccc2)cc1"), ["COc1ccc(/C=C/c2ccccc2)cc1"]);
    assert_eq!(
        products("[C@:1]([F:2])([Cl:3])([Br:4])[I:5]>>[C@@:1]([F:2])([Cl:3])([Br:4])[I:5]", "F[C@](Cl)(Br)I"),
        ["F[C@@](Cl)(Br)I"]
    );
}

#[test]
fn two_product_templates_give_two_results_a_site() {
    let smirks = "[C:1](=[O:2])[O:3][CH2:4]>>[C:1](=[O:2])[OH].[OH:3][CH2:4]";
    let output = run(&[TransformSpec::new(smirks)], &["CC(=O)OCC"]);
    assert_eq!(output.smiles(), ["CC(=O)O", "CCO"]);
    let indices: Vec<_> = output.products.iter().map(|p| (p.product_index, p.site_index)).collect();
    assert_eq!(indices, [(0, 0), (1, 0)]);
    assert_eq!((output.counts[0]["sites_applied"], output.counts[0]["results"]), (1, 2));
}

#[test]
fn the_same_product_of_two_templates_counts_its_site_once() {
    let output = run(&[TransformSpec::new("[CH3:1][CH3:2]>>[CH3:1]F.[CH3:2]F")], &["CC"]);
    assert_eq!(output.smiles(), ["CF"]);
    assert_eq!(output.products[0].site_count, 2, "two matches, each giving it twice");
    assert_eq!((output.counts[0]["results"], output.counts[0]["results_repeated"]), (4, 3));
}

#[test]
fn there_is_no_cap_on_matches() {
    // Three of twelve CH2 in any order: 12 x 11 x 10 matches. RDKit's default stops at 1,000.
    let spec = TransformSpec::new("([CH2:1].[CH2:2].[CH2:3])>>([CH:1]F.[CH2:2].[CH2:3])");
    let output = run(&[spec], &["C1CCCCCCCCCCC1"]);
    assert_eq!(output.smiles(), ["FC1CCCCCCCCCCC1"]);
    assert_eq!(output.products[0].site_count, 1320);
    assert_eq!((output.counts[0]["sites_applied"], output.counts[0]["results_repeated"]), (1320, 1319));
}

#[test]
fn one_transform_leaves_the_parent_as_it_was_for_the_next() {
    let specs = [OME, NH2, OME].map(TransformSpec::new);
    let output = run(&specs, &["C/C=C/c1ccc(O)cc1[C@H](F)O"]);
    let smiles = output.smiles();
    assert_eq!(smiles[0], smiles[2]);
    assert_eq!(output.products.iter().map(|p| p.transform).collect::<Vec<_>>(), [0, 1, 2]);
}

#[test]
fn names_and_cxsmiles_are_taken_as_mol_from_smiles_takes_them() {
    assert_eq!(products(OME, "Oc1ccccc1 phenol"), ["COc1ccccc1"]);
    assert_eq!(products(OME, "Oc1ccccc1\tphenol"), ["COc1ccccc1"]);
    assert_eq!(products(OME, "Oc1ccccc1 |$_AV:a;;;;;;$| phenol"), ["COc1ccccc1"]);
}

#[test]
fn protected_atoms_are_not_matched() {
    let output = run(&[TransformSpec::new(OME)], &["Oc1ccccc1 |atomProp:0._protected.1|"]);
    assert_eq!(output.counts[0]["sites"], 0);
}

#[test]
fn a_kernel_can_be_run_again_and_again() {
    let mut kernel = common::kernel(Limits::default(), &[TransformSpec::new(OME)]);
    for _ in 0..3 {
        let output = common::run_on(&mut kernel, &["Oc1ccccc1", "C("], &[]);
        assert_eq!((output.products.len(), output.failures.len()), (1, 1));
        assert_eq!(common::run_on(&mut kernel, &[], &[]).outcomes.len(), 0);
    }
}

#[test]
fn templates_may_ask_for_hybridization() {
    // Parents do without hybridization if no query needs it; plain and marked ones, a query as well as a template.
    assert_eq!(products("[CH2;^2:1]>>[C:1]F", "C=CCC"), ["CCC=CF"]);
    assert_eq!(products("[CH2;^2:1]>>[C:1]F", "CC/C=C\\[H]"), ["CC/C=C/F"]);
    let asking = TransformSpec { query_smarts: Some("[C;^3:1]"), ..TransformSpec::new("[CH2:1]>>[C:1]F") };
    assert_eq!(run(&[asking], &["C=CCC"]).smiles(), ["C=CC(C)F"]);
    // A neighbouring transform that does not need it changes nothing.
    assert_eq!(run(&[TransformSpec::new(OME), asking], &["C=CCC"]).smiles(), ["C=CC(C)F"]);
}
