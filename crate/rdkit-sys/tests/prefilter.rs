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

/// `count` transforms: those above, then chains of random atoms. Their templates fill many blocks of 64 atoms, with other
/// places left over in each.
fn many_smirks(count: usize) -> Vec<String> {
    const ATOMS: &[&str] = &[
        "[#6]",
        "[C]",
        "[c]",
        "[CH3]",
        "[CH2]",
        "[C;R]",
        "[C;!R]",
        "[CX3]",
        "[OX2]",
        "[OX1]",
        "[OX2H]",
        "[O;!R]",
        "[NX3]",
        "[n]",
        "[N;H1]",
        "[#7]",
        "[S]",
        "[F,Cl]",
        "[*;D1]",
        "[C;$(C=O)]",
        "[cH]",
        "[c;H0]",
        "[Br]",
        "[!#6]",
    ];
    const BONDS: &[&str] = &["", "", "", "-", "~", "=", ":", "!@", "@"];
    let mut state = 17_usize;
    let mut draw = |from: &[&'static str]| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        from[(state >> 33) % from.len()]
    };
    let mut chain = |atoms: usize| {
        let rest: String = (1..atoms).map(|_| [draw(BONDS), draw(ATOMS)].concat()).collect();
        format!("{}{rest}>>[*:1]", draw(ATOMS).replace(']', ":1]"))
    };
    let mut smirks = all_smirks();
    smirks.extend([33, 40, 64, 65, 90].map(|atoms| format!("[C:1]{}>>[C:1]", "C".repeat(atoms - 1))));
    smirks.extend((smirks.len()..count).map(|index| chain(2 + index % 7)));
    smirks.truncate(count);
    smirks
}

/// Results with the fast wing, after comparing them with those without it: of all transforms in one run, and of a few at a
/// time, which the prefilter seeks in another way.
fn compared(transforms: &[TransformSpec], rows: &[&str]) -> Vec<Output> {
    let both = |some: &[TransformSpec]| assert_same_without(&mut kernel(Limits::default(), some), rows);
    both(transforms);
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

/// A mixture of rows that are plain, that are not, and that come from nature.
fn mixed_rows() -> Vec<String> {
    let known = PLAIN.iter().chain(OTHER).map(|&smiles| smiles.to_owned());
    known.chain(plants().into_iter().step_by(40)).collect()
}

#[test]
fn a_transform_gets_the_verdict_that_it_gets_alone() {
    let rows = mixed_rows();
    for count in [12, 150, 1000] {
        let smirks = many_smirks(count);
        let mut all = kernel(Limits::default(), &specs(&smirks));
        let mut alone: Vec<_> = specs(&smirks).iter().map(|one| kernel(Limits::default(), &[*one])).collect();
        let mut ruled_out = 0;
        for row in &rows {
            let may = |kernel: &mut Kernel| !kernel.possible_transforms(row).expect("it is read").is_empty();
            let expected: Vec<_> =
                (0..).zip(&mut alone).filter_map(|(index, one)| may(one).then_some(index)).collect();
            assert_eq!(
                all.possible_transforms(row).expect("it is read"),
                expected,
                "{count} transforms, {row}"
            );
            ruled_out += count - expected.len();
        }
        assert!(
            2 * ruled_out > count * PLAIN.len(),
            "{ruled_out} of {count} transforms in {} rows",
            rows.len()
        );
    }
}

#[test]
fn no_site_is_lost_among_many_transforms() {
    let plants = plants();
    let rows: Vec<_> = PLAIN.iter().copied().chain(plants.iter().step_by(100).map(String::as_str)).collect();
    for count in [150, 1000] {
        let output = assert_same_without(&mut kernel(Limits::default(), &specs(&many_smirks(count))), &rows);
        let with_sites = output.counts.iter().filter(|counts| counts["sites"] > 0).count();
        assert!(with_sites > count / 10, "{with_sites} of {count} transforms");
    }
}

#[test]
fn a_row_that_many_transforms_cannot_match_needs_no_molecule() {
    let never = (0..1000).map(|index| format!("[OX2:1]{}[OX2][OX2]N>>[O:1]", "C".repeat(1 + index % 40)));
    let never: Vec<_> = never.collect();
    let mut kernel = kernel(Limits::default(), &specs(&never));
    let possible = PLAIN.iter().map(|row| kernel.possible_transforms(row).expect("it is read").len());
    assert_eq!(possible.sum::<usize>(), 0);
}

#[test]
fn equal_templates_get_the_same_verdict() {
    const TEMPLATES: [&str; 3] = ["[c:1][OX2H:2]", "[CX3:1](=[OX1:2])[NX3]", "[C:1]#[N:2]"];
    let smirks: Vec<_> = (0..150).map(|index| format!("{}>>[*:1]", TEMPLATES[index % 3])).collect();
    let mut kernel = kernel(Limits::default(), &specs(&smirks));
    for (row, template) in [("Oc1ccccc1", 0), ("CC(=O)NC", 1), ("CC#N", 2)] {
        let expected: Vec<_> = (0..150).filter(|index| index % 3 == template).collect();
        assert_eq!(kernel.possible_transforms(row).expect("it is read"), expected, "{row}");
    }
}

/// Only the first 64 atoms are sought, so a fault beyond them is left to RDKit.
#[test]
fn the_first_atoms_of_a_large_template_are_sought() {
    let [late, early] =
        [("", "F"), ("F", "")].map(|(first, last)| format!("[C:1]{first}{}{last}>>[C:1]", "C".repeat(69)));
    let early = early.replace("[C:1]F", "[C:1](F)");
    let alkane = "C".repeat(75);
    let rows = [alkane.as_str(), &format!("{alkane}F"), &format!("FC{alkane}"), "O"];
    let expected: [&[u16]; 4] = [&[0], &[0, 1], &[0, 1], &[]];
    let specs = [TransformSpec::new(&late), TransformSpec::new(&early)];
    let mut kernel = kernel(Limits::default(), &specs);
    for (row, expected) in rows.iter().zip(expected) {
        assert_eq!(kernel.possible_transforms(row).expect("it is read"), expected, "{row}");
    }
    let output = assert_same_without(&mut kernel, &rows);
    let sites: Vec<_> = output.counts.iter().map(|counts| counts["sites"]).collect();
    assert!(sites.iter().all(|&sites| sites > 0), "{sites:?}");
}

#[test]
fn each_transform_says_what_is_checked() {
    let long = format!("[C:1]{}>>[C:1]", "C".repeat(64));
    let whole = format!("[C:1]{}>>[C:1]", "C".repeat(63));
    let many = [OME, &long, &whole, "()>>C"].map(TransformSpec::new);
    let mut kernel = kernel(Limits::default(), &many);
    let told = |transform| kernel.describe_prefilter(transform).expect("it is there");
    assert_eq!(told(0), "atoms of [c:1][O&X2&H1:2] and their neighbours, on plain SMILES");
    assert!(told(1).starts_with("the first 64 atoms of [C:1]"), "{}", told(1));
    assert!(told(2).starts_with("atoms of [C:1]"), "{}", told(2));
    assert_eq!(told(3), "not checked: the reactant template has no atoms");
    assert!(kernel.describe_prefilter(4).is_err());
    assert_eq!(kernel.possible_transforms("O").expect("it is read"), [3]);
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

    #[test]
    fn verdicts_among_many_are_those_of_a_few(rows in prop::collection::vec(spoiled(), 24)) {
        let smirks = many_smirks(400);
        let mut all = kernel(Limits::default(), &specs(&smirks));
        let mut few: Vec<_> = specs(&smirks).chunks(5).map(|few| kernel(Limits::default(), few)).collect();
        for row in &rows {
            let parts = few.iter_mut().zip((0_u16..).step_by(5)).flat_map(|(kernel, first)| {
                let possible = kernel.possible_transforms(row).expect("it is read");
                possible.into_iter().map(move |index| first + index)
            });
            prop_assert_eq!(parts.collect::<Vec<_>>(), all.possible_transforms(row).expect("it is read"), "{}", row);
        }
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
