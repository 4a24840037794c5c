//! The prefilter loses no site and accepts no row that RDKit refuses: results with the fast wing, of which it is a part,
//! and without it are equal.

mod common;

use common::{
    OME, Output, config_transforms, golden_transforms, growth, kernel, mutants, plants, reactions, run_both,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use xform_rdkit_sys::{Kernel, Limits, RowOutcome, TransformSpec, check_transform};

const PLAIN: &[&str] = &[
    "CC",
    "OC1=CC=CC=C1",
    "CCO",
    "O=C(O)C1NC(C=2NC=3C=CC(O)=CC3C2C1)C",
    "O=C1OC(CC(=C1CO)C)C(C)C2CCC3C4CC(SC5CC6C(CCC7(C)C(CCC67)C(C)C8OC(=O)C(=C(C)C8)CO)C9(C(=O)C=CC(O)C59O)C)C%10(O)C(O)C=CC(=O)C%10(C)C4CCC23C",
    "OC1C2CC3C1C(OC)(CC2OC)C4C(O)C5C6(C)CN(CC)C4C35C(O)CC6",
    "O=C1C=2C=CC=C(O)C2N(C=3C=C4OC(C=CC4=C(O)C13)(C)C)C",
    "O=C1C=C(OC=2C(OC)=C(O)C=C(O)C12)C=3C(OC4OC(CO)C(O)C(O)C4O)=CC=C(O)C3OC",
    "OC(=O)C1=CC(O)=C(O)C(O)=C1",
    "NC(CC1=CNC2=CC=CC=C12)C(=O)O",
    "C1=CC2=CC=CC=CC2=C1",
    "O=C1C=CC(=O)C(O)=C1O",
    "C#CC(O)C=CC#N",
    "CP(=O)(O)OCC(F)(Cl)Br",
    "CS(=O)(=O)NC1=NC=CS1",
    "C1=CSC=C1C1=COC=C1",
    "CC(=O)OC(C)CBr",
    "OB(O)C1=CC=CC=C1I",
    "C1CC2CCC1CC2",
    "C1CCCCCCCCCC1=O",
    "CC1=C2C(C(=O)OC)=C3C=CC=C3C=C2C=C1",
    "SC1=NC(S)=NC(=S)N1",
    "O=CC1=CC=CC(C=O)=C1",
    "CN1C=NC2=C1C(=O)N(C)C(=O)N2C",
    "c1ccccc1O",
    "c1ccccc1c1ccccn1",
    "Oc1ccc2c(c1)c1ccccc1o2",
    "Cn1cnc2c1c(=O)n(C)c(=O)n2C",
    "O=c1cc(-c2ccc(O)c(O)c2)oc2cc(O)cc(O)c12",
    "Cc1cc[nH]c1-c1cc[n+](C)cc1",
    "c1cc[n-]c1",
    "c1cc[nH+]cc1",
    "c1ccn2cccc2c1",
    "c1cc[n+]2ccccc2c1",
    "C=c1cccc[nH]1",
    "[cH]1[cH][cH][cH][cH][cH]1",
    "c1ccccccc1",
    "c1cccc1=O",
    "C[C@H](N)C(=O)O",
    "C[C@@](N)(Cl)[C@@H]1CCO1",
    "[C@H](F)(Cl)Br",
    "C/C=C/C",
    "F/C(Cl)=C(/Br)\\I",
    "C/C=C/C=C\\C(=O)O",
    "C[N+](C)(C)C",
    "C[NH+](C)CC([O-])=O",
    "O=[N+]([O-])c1ccccc1[S-]",
    "CN=[N+]=[N-]",
    "[NH4+]",
    "[OH2]",
    "[CH3][CH2][OH]",
    "[O-]c1cccc[n+]1C",
];

/// Text that is not plain, or that RDKit cannot read.
const OTHER: &[&str] = &[
    "[Na+].[O-]C(=O)C",
    "[2H]OC",
    "c1ccnc1",
    "c1cccc1",
    "c1ccccc1c",
    "c1ccc(n1)C=c1ccc[nH]1",
    "c1cc1",
    "c1ccc2cccc2c1",
    "c1ccc2c(c1)c1cccc-2c1",
    "c1ccc2c(c1)CCc1ccccc1-2",
    "c1ccc2c(c1)ccc1c2ccc2c1ccc1ccccc12",
    "c1cnccc1=n",
    "O=n1ccccc1",
    "c1c[nH2]cc1",
    "c1cc[n+]cc1",
    "c1cc[o+]cc1",
    "c1cc[cH-]c1",
    "c1cccccc1",
    "C[C](C)C",
    "C[CH]C",
    "C[NH+]C",
    "C[O]",
    "C[N](=O)=O",
    "C[S@](=O)CC",
    "C[N@](C)CC",
    "C[C@H2]C",
    "C[C@]C",
    "[C@TH1](F)(Cl)(Br)I",
    "[C@@@](F)(Cl)(Br)I",
    "C[C@H](F)(Cl)Br",
    "C/1CCC/1",
    "C/C=C/1CCCC1",
    "C/=C",
    "c1ccccc1/c1ccccc1",
    "[CH4+]",
    "[C-]#[O+]",
    "[13CH4]",
    "[CH3:1]C",
    "[CH4",
    "[]",
    "C[",
    "[cH4]",
    "CN(=O)=O",
    "C1=CC=CN(=O)=C1",
    "CN=N#N",
    "O=Cl(=O)(=O)O",
    "C=P(=O)C",
    "CP(C)(C)(C)(C)C",
    "C(C)(C)(C)(C)C",
    "OC(=O)=O",
    "FC=F",
    "C1CC",
    "C1C1",
    "C11",
    "C12CC12",
    "C=1CC#1",
    "C(C",
    "C)C",
    "C()C",
    "C(1CC1)C",
    "CC(=)C",
    "C==C",
    "=CC",
    "CC=",
    "C%1C",
    "C%01CC%01",
    "C-",
    "C1#CCCC1",
    "C1=CC#CC=C1",
    "C12C3C4C1C5C4C3C25",
    "C12C3C4C5C1C6C7C2C8C3C9C4C%10C5C6C%11C7C8C9C%10%11",
    "C12C3=C4C5=C1C6=C7C8=C2C3=C9C4=C%10C5=C6C%11=C7C8=C9C%10=C%11",
    "CCO name",
    "CCO |$;;x$|",
    "cc",
    "C1=CC=CC=C1c",
    "",
];

/// The reactant templates of both transform files, once each, and some with rarely used queries.
fn all_smirks() -> Vec<String> {
    let both = config_transforms().into_iter().chain(golden_transforms());
    let mut smirks: Vec<_> = both.map(|transform| transform.smirks).collect();
    assert!(smirks.len() > 60, "{}", smirks.len());
    smirks.extend(
        [
            "[C;!R:1]>>[C:1]F",
            "[c,n;r5:1]>>[*:1]F",
            "[!#6;!#1;X1:1]>>[*:1]C",
            "[#6;D3;H0:1]=,:[#6:2]>>[*:1]-[*:2]",
            "[C;R2:1]>>[C:1]F",
            "[!C;!c;+0:1]>>[*:1]C",
            "[v3:1]>>[*:1]C",
            "[#6:1]!-[#8:2]>>[*:1]-[*:2]",
            "[#6:1]@;!:[#7:2]>>[*:1]F",
            "[C;$([CH3]),$(C#N):1]>>[C:1]F",
            "[O;!$(O=*):1]>>[O:1]C",
            "[*;-:1]>>[*+0:1]",
            "[13C:1]>>[C:1]",
            "[D{2-3};H:1]>>[*:1]F",
            "[x2:1]>>[*:1]F",
        ]
        .map(str::to_owned),
    );
    let mut seen = Vec::new();
    smirks.retain(|text| {
        let reactant = text.split('>').next().unwrap_or_default().to_owned();
        let is_new = !seen.contains(&reactant);
        seen.push(reactant);
        is_new
    });
    smirks
}

fn specs(smirks: &[String]) -> Vec<TransformSpec<'_>> {
    smirks.iter().map(|text| TransformSpec::new(text)).collect()
}

/// Results with the fast wing, after comparing them with those without it. The templates of all transforms together have
/// more atoms than the prefilter has bits, so only a few are used at a time.
fn compared(transforms: &[TransformSpec], rows: &[&str]) -> Vec<Output> {
    let both = |few: &[TransformSpec]| assert_same_without(&mut kernel(Limits::default(), few), rows);
    transforms.chunks(10).map(both).collect()
}

fn assert_same_without(kernel: &mut Kernel, rows: &[&str]) -> Output {
    let [with, without] = run_both(kernel, rows);
    for (row, smiles) in rows.iter().enumerate() {
        assert_eq!(with.outcomes[row], without.outcomes[row], "{smiles}");
    }
    assert_eq!(with.products, without.products);
    assert_eq!(with.failures, without.failures);
    assert_eq!(with.counts, without.counts);
    with
}

#[test]
fn results_are_the_same_without_it() {
    let rows: Vec<_> = PLAIN.iter().chain(OTHER).copied().collect();
    compared(&specs(&all_smirks()), &rows);
}

/// Templates that are written alike share their bits, so they must not differ only in something that the SMARTS
/// leaves out.
#[test]
fn single_atoms_of_every_kind_do_not_disturb_each_other() {
    const ATOMS: &[&str] = &[
        "[C]",
        "[c]",
        "[#6]",
        "[C,c]",
        "[C;R]",
        "[C;!R]",
        "[C;R0]",
        "[C;R1]",
        "[C;R2]",
        "[C;r]",
        "[C;r5]",
        "[C;r6]",
        "[C;x2]",
        "[C;x3]",
        "[C;D2]",
        "[C;D{2-3}]",
        "[C;D{-2}]",
        "[C;X4]",
        "[C;X{3-}]",
        "[C;v4]",
        "[C;h1]",
        "[C;h]",
        "[C;H1]",
        "[C;H]",
        "[C;H0]",
        "[C;H{1-2}]",
        "[C;^2]",
        "[C;^3]",
        "[C;z1]",
        "[C;Z1]",
        "[C;z{1-2}]",
        "[C;$(C=O)]",
        "[C;!$(C=O)]",
        "[!C]",
        "[!#6]",
        "[!#6;!#7]",
        "[!#6,!#7]",
        "[!$([#6])]",
        "[C&!R,N&R]",
        "[C,N;R]",
        "[C&R,N]",
        "[O;H1]",
        "[OX1]",
        "[O-]",
        "[O;+0]",
        "[N;!H0]",
        "[N;H2,H1]",
        "[n;H1]",
        "[nH0]",
        "[*]",
        "[a]",
        "[A]",
        "[!a]",
        "[12C]",
        "[0C]",
        "[C@]",
        "[C@H]",
        "[C;+]",
        "[*;!+]",
        "[F,Cl,Br,I]",
        "[X1]",
        "[D1;H3]",
    ];
    let smirks: Vec<_> =
        ATOMS.iter().map(|atom| format!("{}:1]>>[*:1]", atom.trim_end_matches(']'))).collect();
    let usable: Vec<_> = specs(&smirks).into_iter().filter(|spec| check_transform(spec).is_ok()).collect();
    assert!(usable.len() > 55, "{}", usable.len());
    let mut kernel = kernel(Limits::default(), &usable);
    assert!(!kernel.describe_prefilter(usable.len() - 1).expect("it is there").starts_with("not"));
    for rows in [PLAIN, OTHER] {
        for order in [true, false] {
            let mut rows = rows.to_vec();
            if !order {
                rows.reverse();
            }
            assert_same_without(&mut kernel, &rows);
        }
    }
}

#[test]
fn a_row_that_rdkit_refuses_is_refused_whatever_the_transforms() {
    let never = [TransformSpec::new("[Xe:1]>>[Xe:1]")];
    let output = &compared(&never, OTHER)[0];
    let rejected = output.outcomes.iter().filter(|&&outcome| outcome == RowOutcome::Rejected).count();
    assert!(rejected > 20, "{rejected}");
    assert!(output.failures.iter().any(|failure| failure.code == "valence"));
    assert!(output.failures.iter().any(|failure| failure.code == "syntax"));
    assert!(compared(&never, PLAIN)[0].failures.is_empty());
}

#[test]
fn each_transform_says_what_is_checked() {
    let long = format!("[C:1]{}>>[C:1]", "C".repeat(62));
    let many = [TransformSpec::new(OME), TransformSpec::new(&long)];
    let kernel = kernel(Limits::default(), &many);
    let first = kernel.describe_prefilter(0).expect("it is there");
    assert!(first.contains("[c:1]"), "{first}");
    let second = kernel.describe_prefilter(1).expect("it is there");
    assert!(second.starts_with("not checked"), "{second}");
    assert!(kernel.describe_prefilter(2).is_err());
}

/// Plain SMILES of this file and of the plants, some of them spoiled.
fn spoiled() -> impl Strategy<Value = String> {
    let mut known: Vec<_> = PLAIN.iter().map(|&smiles| smiles.to_owned()).collect();
    known.extend(plants().into_iter().filter(|smiles| smiles.len() < 120));
    mutants::spoiled(prop::sample::select(known))
}

/// Texts of the plain alphabet, most of them invalid in some way.
fn random_text() -> impl Strategy<Value = String> {
    const TOKENS: &[&str] = &[
        "C",
        "C",
        "C",
        "C",
        "C",
        "C",
        "C",
        "C",
        "O",
        "N",
        "S",
        "P",
        "F",
        "Cl",
        "Br",
        "B",
        "I",
        "=",
        "=C",
        "=C",
        "=O",
        "(C)",
        "(",
        ")",
        "#",
        "-",
        "1",
        "1",
        "2",
        "2",
        "3",
        "%10",
        "/",
        "\\",
        "[C@H]",
        "[C@@]",
        "[CH2]",
        "[N+]",
        "[O-]",
        "[NH+]",
        "c",
        "c",
        "c",
        "c",
        "n",
        "o",
        "s",
        "[nH]",
        "[n+]",
        "c1ccccc1",
        "c2ccc(cc2)",
        "-c3cc[nH]c3",
    ];
    prop::collection::vec(prop::sample::select(TOKENS), 1..24).prop_map(|tokens| tokens.concat())
}

proptest! {
    #![proptest_config(mutants::cases(16))]

    #[test]
    fn results_on_spoiled_smiles_are_the_same(rows in prop::collection::vec(spoiled(), 24)) {
        let rows: Vec<_> = rows.iter().map(String::as_str).collect();
        compared(&specs(&all_smirks()), &rows);
    }

    #[test]
    fn results_on_neighbours_of_known_molecules_are_the_same(
        rows in prop::collection::vec(mutants::spoiled(mutants::neighbour()), 24),
    ) {
        let rows: Vec<_> = rows.iter().map(String::as_str).collect();
        compared(&specs(&all_smirks()), &rows);
    }

    #[test]
    fn results_with_random_templates_are_the_same(
        rows in prop::collection::vec(growth::grown(), 24),
        smirks in prop::collection::vec(reactions::smirks(), 20),
    ) {
        let usable: Vec<_> = smirks.into_iter().filter(|text| check_transform(&TransformSpec::new(text)).is_ok()).collect();
        let rows: Vec<_> = rows.iter().map(String::as_str).collect();
        compared(&specs(&usable), &rows);
    }
}

proptest! {
    #![proptest_config(mutants::cases(64))]

    #[test]
    fn random_texts_are_refused_alike(rows in prop::collection::vec(random_text(), 200)) {
        let rows: Vec<_> = rows.iter().map(String::as_str).collect();
        let few = [TransformSpec::new(OME), TransformSpec::new("[C;!R;H2:1]=[C:2]>>[C:1][C:2]")];
        compared(&few, &rows);
    }

    #[test]
    fn spoiled_texts_are_refused_alike(rows in prop::collection::vec(mutants::spoiled(growth::grown()), 200)) {
        let rows: Vec<_> = rows.iter().map(String::as_str).collect();
        let few = [TransformSpec::new(OME), TransformSpec::new("[Xe:1]>>[Xe:1]")];
        compared(&few, &rows);
    }

    #[test]
    fn results_on_grown_smiles_are_the_same(
        grown in prop::collection::vec(growth::grown(), 60),
        rings in prop::collection::vec(growth::grown_rings(), 60),
    ) {
        let rows = [grown, rings].concat();
        let rows: Vec<_> = rows.iter().map(String::as_str).collect();
        let few = [OME, "[nH:1]>>[n:1]C", "[C;!R;H2:1]=[C:2]>>[C:1][C:2]", "[cH:1]>>[c:1]F", "[N;R;H1:1]>>[N:1]C"];
        compared(&few.map(TransformSpec::new), &rows);
    }
}

/// The grown SMILES would prove nothing if RDKit refused most of them, or if they were not plain.
#[test]
fn most_grown_smiles_are_molecules() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let rows =
        prop::collection::vec(growth::grown(), 400).new_tree(&mut runner).expect("they are made").current();
    let rows: Vec<_> = rows.iter().map(String::as_str).collect();
    let output = &compared(&[TransformSpec::new(OME)], &rows)[0];
    let refused = output.outcomes.iter().filter(|&&outcome| outcome == RowOutcome::Rejected).count();
    assert!(refused < 100, "{refused} of 400");
}
