//! Which sites are excluded: query, not_smarts, sugar, limit, in this order.

mod common;

use common::{OME, run};
use xform_rdkit_sys::{RowOutcome, TransformSpec, check_transform};

const RUTIN: &str = "C[C@@H]1O[C@@H](OC[C@H]2O[C@@H](Oc3c(-c4ccc(O)c(O)c4)oc4cc(O)cc(O)c4c3=O)[C@H](O)[C@@H](O)\
                     [C@@H]2O)[C@H](O)[C@H](O)[C@H]1O";
const QUERCITRIN: &str = "C[C@@H]1O[C@@H](Oc2c(-c3ccc(O)c(O)c3)oc3cc(O)cc(O)c3c2=O)[C@H](O)[C@H](O)[C@H]1O";
/// A glucose bound through carbon.
const VITEXIN: &str = "O=c1cc(-c2ccc(O)cc2)oc2c([C@@H]3O[C@H](CO)[C@@H](O)[C@H](O)[C@H]3O)c(O)cc(O)c12";
const AMYGDALIN: &str = "N#C[C@H](O[C@@H]1O[C@H](CO[C@@H]2O[C@H](CO)[C@@H](O)[C@H](O)[C@H]2O)[C@@H](O)[C@H](O)[C@H]1O)\
                         c1ccccc1";
const INOSITOL: &str = "OC1C(O)C(O)C(O)C(O)C1O";
/// Every hydroxyl on carbon.
const ANY_OH: &str = "[#6:1][OX2H:2]>>[#6:1][O:2]C";

fn without_sugars(smirks: &str) -> TransformSpec<'_> {
    TransformSpec { exclude_sugar_like: true, ..TransformSpec::new(smirks) }
}

/// Sites that are left, and sites that are excluded.
fn split_by_sugar(smirks: &str, smiles: &str) -> (u64, u64) {
    let output = run(&[without_sugars(smirks)], &[smiles]);
    (output.counts[0]["sites_applied"], output.counts[0]["sites_excluded_sugar"])
}

#[test]
fn phenols_of_glycosides_are_left_and_their_sugars_not() {
    assert_eq!(split_by_sugar(ANY_OH, RUTIN), (4, 6));
    assert_eq!(split_by_sugar(ANY_OH, QUERCITRIN), (4, 3));
    assert_eq!(split_by_sugar(ANY_OH, VITEXIN), (3, 4), "a C-glycoside; CH2OH belongs to the sugar");
    assert_eq!(split_by_sugar(ANY_OH, AMYGDALIN), (0, 7));
    assert_eq!(split_by_sugar(ANY_OH, INOSITOL), (6, 0), "no ring oxygen, no sugar");
}

#[test]
fn a_row_whose_sites_are_all_excluded_says_so() {
    let output = run(&[without_sugars(ANY_OH)], &[AMYGDALIN]);
    assert_eq!(output.outcomes, [RowOutcome::AllSitesExcluded]);
    assert_eq!(output.counts[0]["rows_all_sites_excluded"], 1);
}

#[test]
fn an_unchanged_atom_in_a_sugar_excludes_nothing() {
    // The carbon of `[#6:1]` changes here, because it loses its oxygen. In ANY_OH it does not, so there the
    // aglycone's OH is free.
    assert_eq!(split_by_sugar("[#6:1][OX2:2][c:3]>>[#6:1][OX2:2][c:3]", QUERCITRIN).1, 0);
    assert_eq!(split_by_sugar("[C:1][OX2:2][c:3]>>[C:1]F.[OH:2][c:3]", QUERCITRIN), (0, 1));
}

#[test]
fn rings_that_are_no_sugars() {
    let (tetrahydropyran, too_few_oxygens) = ("OC1CCCCO1", "OC1C(O)CCCO1");
    assert_eq!(split_by_sugar(ANY_OH, tetrahydropyran), (1, 0));
    assert_eq!(split_by_sugar(ANY_OH, too_few_oxygens), (2, 0), "2 of 6 is less than half");
    assert_eq!(split_by_sugar(ANY_OH, "OC1C(O)C(O)CCO1"), (0, 3), "3 of 6 is half");
    assert_eq!(split_by_sugar(ANY_OH, "OC1C(O)CCO1"), (2, 0), "2 of 5 is less than half");
    assert_eq!(split_by_sugar(ANY_OH, "OC1C(O)C(O)CO1"), (0, 3), "a furanose");
    assert_eq!(split_by_sugar(ANY_OH, "OC1C(O)C(O)C2CCCCC2O1"), (3, 0), "fused: not isolated");
    assert_eq!(split_by_sugar(ANY_OH, "OC1C(O)C(O)C(O)OO1"), (4, 0), "two ring oxygens");
    assert_eq!(split_by_sugar(ANY_OH, "OC1C(O)C(O)C=CO1"), (3, 0), "not all sp3");
}

#[test]
fn changed_atoms_are_read_off_the_templates() {
    let cases: &[(&str, &[bool])] = &[
        (OME, &[false, true]),
        ("[c:1][OX2H:2]>>[c:1][N:2]([H])[H]", &[false, true]),
        ("[c:1][OX2H:2]>>[c:1]CCN", &[true, true]),
        ("[cH:1]>>[c:1]F", &[true]),
        ("[#6;!$(C=O):1]-[O;H1]>>[#6:1]F", &[true, true]),
        ("[c,#6:1]-C(=O)[O;H1]>>[#6:1]F", &[true, true, true, true]),
        ("[C;R;H1,H2:1]>>[C;R:1]F", &[true]),
        ("[CH2:1][CX3:2](=[O:3])>>[CH:1]([F])[CX3:2](=[O:3])", &[true, false, false]),
        ("[CH2:1][CX3:2](=O)>>[CH:1]([F])[CX3:2](=O)", &[true, true, true]),
        ("[C:1]-[O:2]>>[C:1][O:2]", &[false, false]),
        ("[C:1]=[O:2]>>[C:1]-[O:2]", &[true, true]),
        ("[C:1]~[O:2]>>[C:1]~[O:2]", &[false, false]),
        ("[N:1][C:2]>>[N+:1][C:2]", &[true, false]),
        ("[N+:1][C:2]>>[N+:1][C:2]", &[false, false]),
        ("[N-:1][C:2]>>[N-:1][C:2]", &[false, false]),
        ("[N+:1][C:2]>>[N+0:1][C:2]", &[true, false]),
        ("[C:1][O:2]>>[13C:1][O:2]", &[true, false]),
        ("[CH3:1][O:2]>>[CH3:1][O:2]", &[false, false]),
        ("[CH3:1][O:2]>>[CH2:1][O:2]", &[true, false]),
        ("[*:1][O:2]>>[*:1][S:2]", &[false, true]),
        ("[C@:1]([F:2])([Cl:3])[Br:4]>>[C@@:1]([F:2])([Cl:3])[Br:4]", &[true, false, false, false]),
        ("[C@:1]([F:2])([Cl:3])[Br:4]>>[C@:1]([F:2])([Cl:3])[Br:4]", &[false, false, false, false]),
        ("[C:1]([F:2])[O:3]>>[C:1]([F:2])[O:3].[F:2]", &[true, true, true]),
    ];
    for (smirks, changed) in cases {
        let info = check_transform(&TransformSpec::new(smirks)).unwrap();
        assert_eq!(info.changed_atoms, *changed, "{smirks}");
    }
}

#[test]
fn a_query_narrows_the_sites() {
    let salicylic = TransformSpec { query_smarts: Some("[c:1]([OX2H:2])cC(=O)O"), ..TransformSpec::new(OME) };
    let output = run(&[salicylic], &["Oc1ccc(O)c(C(=O)O)c1", "Oc1ccccc1"]);
    // Only the OH ortho to the acid, and only the oxygen that the query ties to number 2.
    assert_eq!(output.smiles(), ["COc1ccc(O)cc1C(=O)O"]);
    assert_eq!((output.counts[0]["sites"], output.counts[0]["sites_excluded_query"]), (3, 2));
    assert_eq!(output.products[0].site_index, 1, "numbered among all matches");
    assert_eq!(output.outcomes, [RowOutcome::WithProducts, RowOutcome::AllSitesExcluded]);
}

#[test]
fn a_query_that_is_wider_than_the_template_excludes_nothing() {
    for query in ["[c:1][OX2H:2]", " [c:1][OX2H:2] ", "[c:1]", "[#6:1]~[#8:2]"] {
        let spec = TransformSpec { query_smarts: Some(query), ..TransformSpec::new(OME) };
        let output = run(&[spec], &["Oc1cccc(O)c1"]);
        assert_eq!(output.counts[0]["sites_applied"], 2, "{query}");
    }
}

#[test]
fn every_shared_number_counts() {
    // In the query the numbers are swapped, so no site agrees with it in both.
    let spec = TransformSpec { query_smarts: Some("[c:2][OX2H:1]"), ..TransformSpec::new(OME) };
    assert_eq!(run(&[spec], &["Oc1ccccc1"]).counts[0]["sites_excluded_query"], 1);
}

#[test]
fn a_site_at_which_a_not_smarts_matches_is_excluded() {
    let excluded = |smirks: &str, not: &[&str], rows: &[&str]| {
        let not_smarts: Vec<_> = not.iter().map(|&smarts| smarts.to_owned()).collect();
        let output = run(&[TransformSpec { not_smarts: &not_smarts, ..TransformSpec::new(smirks) }], rows);
        let counts = &output.counts[0];
        (counts["sites_excluded_not_smarts"], counts["sites_applied"], output.outcomes.clone())
    };
    let both = vec![RowOutcome::WithProducts, RowOutcome::AllSitesExcluded];
    let rows = ["Oc1cccc(O)c1O", "Oc1ccccc1O"];
    assert_eq!(excluded(OME, &["[c:1]([OX2H:2])c([cH])[OX2H]"], &rows), (3, 2, both));
    assert_eq!(excluded(OME, &["[c:1]"], &["Oc1ccccc1"]).0, 1, "one shared number is enough");
    assert_eq!(excluded(OME, &["[c:2][OX2H:1]"], &["Oc1ccccc1"]).0, 0, "each shared number counts");
    assert_eq!(excluded(OME, &["[c:1][OX2H:2]"], &["Oc1ccccc1"]).0, 1, "the template itself");
    // Each entry counts, and a site that two of them exclude counts once.
    let any = ["[c:1](O)c[F]", "[c:1](O)c[F,Cl]"];
    assert_eq!(excluded(OME, &any[..1], &["Oc1c(F)cccc1", "Oc1c(Cl)cccc1", "Oc1ccccc1"]).0, 1);
    assert_eq!(excluded(OME, &any, &["Oc1c(F)cccc1", "Oc1c(Cl)cccc1", "Oc1ccccc1"]).0, 2);
    assert_eq!(excluded(OME, &[any[1], any[0]], &["Oc1c(F)cccc1", "Oc1c(Cl)cccc1", "Oc1ccccc1"]).0, 2);
}

#[test]
fn the_limit_does_not_depend_on_the_spelling() {
    let limited = |max_sites| TransformSpec { max_sites: Some(max_sites), ..TransformSpec::new(OME) };
    let spellings = ["Oc1ccc(CC(O)c2cc(O)c(Cl)cc2O)cc1F", "Fc1cc(CC(c2cc(O)c(Cl)cc2O)O)ccc1O"];
    for max_sites in [1, 2, 3] {
        let mut products: Vec<Vec<String>> = Vec::new();
        for smiles in spellings {
            let output = run(&[limited(max_sites)], &[smiles]);
            assert_eq!(output.counts[0]["sites_excluded_limit"], 3 - u64::from(max_sites));
            let mut smiles: Vec<_> = output.products.into_iter().map(|p| p.smiles).collect();
            smiles.sort();
            products.push(smiles);
        }
        assert_eq!(products[0], products[1]);
        assert_eq!(products[0].len(), max_sites as usize);
    }
}

#[test]
fn a_site_counts_in_the_first_filter_that_excludes_it() {
    let spec = TransformSpec {
        query_smarts: Some("[#6:1][OX2H:2]"),
        exclude_sugar_like: true,
        max_sites: Some(1),
        ..TransformSpec::new("[C,c:1][OX2H:2]>>[C,c:1][O:2]C")
    };
    let narrower = TransformSpec { query_smarts: Some("[C,c;!$([CH2]):1][OX2H:2]"), ..spec };
    // CH2OH, which the query of the last one already excludes, and a phenol.
    let nots = ["[CH2:1]".to_owned(), "[c:1]1[cH][cH]c[cH][cH]1".to_owned()];
    let without = TransformSpec { not_smarts: &nots, ..spec };
    let both = TransformSpec { not_smarts: &nots, ..narrower };
    let output = run(&[spec, narrower, without, both], &[VITEXIN]);
    let excluded = |i: usize| {
        let c = &output.counts[i];
        let by = ["query", "not_smarts", "sugar", "limit"].map(|why| c[&format!("sites_excluded_{why}")]);
        (by, c["sites_applied"])
    };
    assert_eq!(excluded(0), ([0, 0, 4, 2], 1));
    assert_eq!(excluded(1), ([1, 0, 3, 2], 1));
    assert_eq!(excluded(2), ([0, 2, 3, 1], 1));
    assert_eq!(excluded(3), ([1, 1, 3, 1], 1));
}
