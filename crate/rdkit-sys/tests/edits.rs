//! Products made by edits equal those of the plain path, on molecules that were chosen to be hard.

mod common;

use common::{
    BothPaths, Named, config_transforms, golden_molecules, golden_transforms, parents, plants, run_both,
};
use xform_rdkit_sys::{Limits, TransformSpec, edit_obstacles, plain_because};

fn smirks(transforms: &[Named]) -> Vec<String> {
    transforms.iter().map(|transform| transform.smirks.clone()).collect()
}

fn all_transforms() -> Vec<Named> {
    [config_transforms(), golden_transforms()].concat()
}

fn texts(rows: &[String]) -> Vec<&str> {
    rows.iter().map(String::as_str).collect()
}

/// Sites of `transforms` in `rows`, and how many of them are edited.
fn edited(transforms: &[Named], rows: &[&str]) -> (usize, usize) {
    let (mut sites, mut edited) = (0, 0);
    for Named { smirks, .. } in transforms {
        for smiles in rows {
            let obstacles = edit_obstacles(&TransformSpec::new(smirks), smiles).expect("both can be read");
            sites += obstacles.len();
            edited += obstacles.iter().filter(|obstacle| obstacle.is_none()).count();
        }
    }
    (sites, edited)
}

#[test]
fn plants_give_the_same_by_both_paths() {
    let output = BothPaths::new(&smirks(&config_transforms())).agree_on(&texts(&plants()));
    assert!(output.products.len() > 10_000, "{}", output.products.len());
}

#[test]
fn golden_molecules_give_the_same_by_both_paths() {
    let output = BothPaths::new(&smirks(&all_transforms())).agree_on(&texts(&golden_molecules()));
    assert!(output.products.len() > 2_000, "{}", output.products.len());
    assert!(output.failures.len() > 50, "{}", output.failures.len());
}

#[test]
fn hard_parents_give_the_same_by_both_paths() {
    let mut paths = BothPaths::new(&smirks(&all_transforms()));
    for (kind, rows) in parents::by_kind() {
        let output = paths.agree_on(&texts(&rows));
        assert!(!output.products.is_empty(), "{kind}");
        let refused = output.failures.iter().find(|failure| failure.transform < 0);
        assert!(refused.is_none(), "{kind}: {refused:?}");
    }
}

#[test]
fn most_sites_of_plants_are_edited() {
    let rows = plants();
    let (sites, edited) = edited(&config_transforms(), &texts(&rows)[..60]);
    assert!(edited * 10 > sites * 9, "{edited} of {sites}");
}

#[test]
fn sites_in_hard_parents_are_edited() {
    // Without these, the tests above might only compare the plain path with itself.
    let kinds = parents::by_kind();
    let percent = |kind: &str| {
        let (_, rows) = kinds.iter().find(|(name, _)| name == kind).expect("the kind is there");
        let (sites, edited) = edited(&config_transforms(), &texts(rows));
        100 * edited / sites
    };
    let found = parents::EDITED_PERCENT.iter().map(|&(kind, least)| (kind, least, percent(kind)));
    let low: Vec<_> = found.filter(|&(_, least, percent)| percent < least).collect();
    assert_eq!(low, []);
}

#[test]
fn limits_and_filters_do_not_tell_the_paths_apart() {
    let transforms = config_transforms();
    let rows = plants();
    let specs: Vec<_> = transforms
        .iter()
        .map(|transform| TransformSpec {
            max_sites: Some(2),
            exclude_sugar_like: true,
            ..TransformSpec::new(&transform.smirks)
        })
        .collect();
    let limits = Limits::from_iter([("max_products_per_mol", 3)]);
    let [fast, plain] = run_both(&mut common::kernel(limits, &specs), &texts(&rows));
    assert_eq!(fast.products, plain.products);
    assert_eq!(fast.failures, plain.failures);
    assert_eq!(fast.counts, plain.counts);
}

/// A single site may take the plain path even if its transform is edited, and `--explain` shows that; this test is
/// about transforms.
#[test]
fn each_transform_of_the_file_takes_the_path_that_is_expected_of_it() {
    let transforms = config_transforms();
    assert_eq!(transforms.len(), 32);
    for Named { name, smirks } in transforms {
        let reason = plain_because(&TransformSpec::new(&smirks)).expect("it compiles");
        assert_eq!(reason, None, "{name}");
    }
}

/// Each of these templates has a less obvious meaning; the products are those of RDKit's Python functions.
#[test]
fn templates_that_say_more_than_they_seem() {
    for (smirks, smiles, products) in [
        // The bond between two lower-case atoms is aromatic or single in a query, and aromatic in a product.
        (
            "[cH:1][c:2][c:3]>>[c:1](F)[c:2][c:3]",
            "c1ccc(-c2ccccc2)cc1",
            &["Fc1ccc(-c2ccccc2)cc1", "Fc1cccc(-c2ccccc2)c1", "Fc1ccccc1-c1ccccc1"][..],
        ),
        (
            "[cH:1][c:2][n:3]>>[c:1](F)[c:2][n:3]",
            "c1ccc(-n2cccc2)cc1",
            &["Fc1ccccc1-n1cccc1", "Fc1ccn(-c2ccccc2)c1"],
        ),
        ("[a:1][a:2]>>[a:1][a:2]", "c1ccc(-c2ccccc2)cc1", &["c1ccc(-c2ccccc2)cc1"]),
        // New atoms between two pieces close a ring over the parent.
        ("([NH2:1].[NH2:2])>>[N:1]C=[N:2]", "NC=CN", &["c1c[nH]cn1"]),
        ("([OH:1].[NH:2])>>[O:1]C[N:2]", "C[C@H]1CC[C@H](CCO)N1", &["C[C@H]1CC[C@@H]2CCOCN21"]),
        (
            "[C:1][OX2H:2]>>[C:1][O:2]C([H])([H])[H]",
            "C/C=C/C=C(/C)C(F)=C(Cl)/C(C)=C/CO",
            &["C/C=C/C=C(C)\\C(F)=C(Cl)/C(C)=C/COC"],
        ),
        // 0 is a valid map number.
        ("[C:0][OH:1]>>[C:0][O:1]C", "CCO", &["CCOC"]),
        ("[C:0][OH:1]>>[C:0][O:1]C", "OC1CCCCC1", &["COC1CCCCC1"]),
        ("[C:1][OH:2]>>[C:1][O:2]C |atomProp:4.smilesSymbol.Foo|", "CCO", &["CCO[FooH3]"]),
        ("[S:1](=[O:2])=[N:3]>>[S:1]([O:2])[N:3]", "CC[S@](=O)(=N)C", &["CC[S@@](C)(N)O"]),
    ] {
        let output = BothPaths::new(&[smirks.to_owned()]).agree_on(&[smiles]);
        let mut found: Vec<_> = output.products.iter().map(|product| product.smiles.as_str()).collect();
        found.sort_unstable();
        assert_eq!(found, products, "{smiles} with {smirks}");
    }
}

/// RDKit's reaction runner throws at such a bond, whatever the transform: P has a hydrogen as its fourth neighbour.
#[test]
fn a_stereo_double_bond_at_an_end_with_four_neighbours_is_refused_by_both_paths() {
    let output = BothPaths::new(&smirks(&config_transforms())).agree_on(&["C/P(CO)=N\\O"]);
    assert_eq!(output.products.len(), 0);
    assert!(output.failures.iter().any(|failure| failure.reason.contains("less than four neighbors")));
}

#[test]
fn what_no_edit_does_is_said() {
    let because = |smirks| plain_because(&TransformSpec::new(smirks)).expect("it compiles");
    let reasons = [
        ("[C@H:1]([#6:2])([O:3])[#6:4]>>[C@@H:1]([#6:2])([O:3])[#6:4]", "it sets, inverts or removes stereo"),
        ("[#6:1]/[C:2]=[C:3]/[#6:4]>>[#6:1]/[C:2]=[C:3]\\[#6:4]", "it sets double bond stereo"),
        ("[C:1]=[C:2]>>[C:1]1[C:2]O1", "it makes a ring"),
        ("[c:1][OX2H:2]>>[c:1][O:2]c1ccccc1", "it brings an aromatic ring"),
        (
            "[c:1][OX2H:2]>>[c:1][O:2][Hg]C",
            "it has an atom other than B, C, N, O, F, Si, P, S, Cl, Se, Br, I",
        ),
        ("[C:1][OX2H]>>CC", "it keeps no atom of the parent"),
        ("([NH2:1].[OX2H:2])>>([N:1]C.[O:2])", "its reactant template is in pieces"),
        ("[C:1][OX2H:2]>>[C:1][O-100:2]", "it has an atom of a charge that no element has"),
        ("[#6:1][N:2]>>[#6:1]~C", "it takes a bond from the parent that is not there"),
    ];
    for (smirks, reason) in reasons {
        assert_eq!(because(smirks).as_deref(), Some(reason), "{smirks}");
    }
}

#[test]
fn a_site_says_what_keeps_it_from_being_edited() {
    let sites =
        |smirks, smiles| edit_obstacles(&TransformSpec::new(smirks), smiles).expect("both can be read");
    assert_eq!(sites(common::OME, "Oc1ccc(O)cc1"), [None, None]);
    let because = |smirks, smiles| sites(smirks, smiles)[0].clone().expect("it takes the plain path");
    assert_eq!(because(common::OME, "[2H]c1ccc(O)cc1"), "hydrogen atom");
    assert_eq!(because(common::OME, "Oc1ccc([CH2])cc1"), "radical");
    assert_eq!(because(common::OME, "Oc1ccccc1.[Na+]"), "element");
    assert_eq!(
        because(common::OME, "Oc1ccccc1 |(0,0,;1,0,;2,0,;3,0,;4,0,;5,0,;6,0,)|"),
        "extension of the SMILES"
    );
    assert_eq!(because("[c:1][OX2H:2]>>[c:1]=[O:2]", "Oc1ccccc1"), "changes the electrons of a ring atom");
    assert_eq!(because("[C;R:1][C;R:2]>>[C:1].[C:2]", "C1CCCCC1"), "opens or changes a ring");
    assert!(edit_obstacles(&TransformSpec::new(common::OME), "C(").is_err());
}
