//! Large or deep molecules give products or rejects, and never overflow the stack.

mod common;

use std::thread;

use common::{OME, Output, run_within};
use xform_rdkit_sys::{Limits, TransformSpec};

/// The limit of a run without `--max-atoms`.
const DEFAULT: u32 = 2_000;
const RAISED: u32 = 100_000;
/// The stack of a worker.
const WORKER_STACK_BYTES: usize = 64 << 20;
const PHENOL: &str = "Oc1ccccc1";

/// Runs `smiles` between two good rows, on a worker's stack.
fn run_deep(max_atoms: u32, spec: TransformSpec<'static>, smiles: &str) -> Output {
    run_on_stack(WORKER_STACK_BYTES, max_atoms, spec, smiles)
}

fn run_on_stack(stack_bytes: usize, max_atoms: u32, spec: TransformSpec<'static>, smiles: &str) -> Output {
    let smiles = smiles.to_owned();
    let work = move || {
        run_within(
            Limits::from_iter([("max_atoms", max_atoms)]),
            &[spec, TransformSpec::new(OME)],
            &[PHENOL, &smiles, PHENOL],
        )
    };
    let output = thread::Builder::new()
        .stack_size(stack_bytes)
        .spawn(work)
        .expect("a thread")
        .join()
        .expect("it ends");
    let neighbours = output.products.iter().filter(|product| product.transform == 1 && product.row != 1);
    assert_eq!(neighbours.count(), 2, "the rows around it give their products");
    output
}

/// Number of products of the large row under `smirks`, which must not fail. Only the first sites are used, as there
/// are many.
fn products(max_atoms: u32, smirks: &'static str, smiles: &str) -> usize {
    let output =
        run_deep(max_atoms, TransformSpec { max_sites: Some(3), ..TransformSpec::new(smirks) }, smiles);
    assert_eq!(output.failures, []);
    output.products.iter().filter(|product| (product.row, product.transform) == (1, 0)).count()
}

/// The code with which the large row fails.
fn code(max_atoms: u32, smiles: &str) -> String {
    let output = run_deep(max_atoms, TransformSpec::new(OME), smiles);
    let failure = output.failures.iter().find(|failure| failure.row == 1);
    failure.unwrap_or_else(|| panic!("{:?}", output.outcomes)).code.clone()
}

/// A phenol on a chain of `atoms` atoms.
fn chain(atoms: usize) -> String {
    PHENOL.to_owned() + &"C".repeat(atoms - 7)
}

/// A phenol on a chain of `atoms` atoms, each atom in a branch of the one before.
fn nested(atoms: usize) -> String {
    format!("{PHENOL}{}C{}", "C(".repeat(atoms - 8), ")".repeat(atoms - 8))
}

/// A phenol on a ladder: two chains of `rungs` atoms side by side, with `apart` bonds from rung to rung.
fn ladder(rungs: usize, apart: usize) -> String {
    let spacer = "C".repeat(apart - 1);
    let up: String = (1..=rungs).map(|rung| format!("C%({rung}){spacer}")).collect();
    let down: String = (1..=rungs).rev().map(|rung| format!("{spacer}C%({rung})")).collect();
    format!("{PHENOL}{up}CC{down}")
}

/// A molecule of `atom`s with single or aromatic bonds between the given pairs: a list of atoms without bonds, and
/// ring closures.
fn graph(atom: &str, atoms: usize, bonds: &[(usize, usize)]) -> String {
    let mut text = vec![atom.to_owned(); atoms];
    for (number, &(a, b)) in bonds.iter().enumerate() {
        text[a].push_str(&format!("%({number})"));
        text[b].push_str(&format!("%({number})"));
    }
    text.join(".")
}

/// A fullerene: by atom its three neighbours, in clockwise order.
type Fullerene = Vec<[usize; 3]>;

/// C20: an inner ring a, spokes to b, a zigzag of b and c, spokes to an outer ring d.
fn dodecahedrane() -> Fullerene {
    let (a, b, c, d) = (|i: usize| i % 5, |i: usize| 5 + i % 5, |i: usize| 10 + i % 5, |i: usize| 15 + i % 5);
    let ring = |neighbours: &dyn Fn(usize) -> [usize; 3]| (5..10).map(neighbours).collect::<Vec<_>>();
    [
        ring(&|i| [b(i), a(i + 1), a(i - 1)]),
        ring(&|i| [c(i), a(i), c(i - 1)]),
        ring(&|i| [d(i), b(i + 1), b(i)]),
        ring(&|i| [d(i + 1), c(i), d(i - 1)]),
    ]
    .concat()
}

/// The next fullerene in the series C20, C60, C180, C540: one atom for each bond's end, whose neighbours are at the
/// other end and next to it in the face.
fn leapfrog(fullerene: &Fullerene) -> Fullerene {
    let place = |from: usize, to: usize| fullerene[from].iter().position(|&atom| atom == to).expect("a bond");
    let end = |from: usize, to: usize| 3 * from + place(from, to);
    let mut larger = Vec::new();
    for (from, neighbours) in fullerene.iter().enumerate() {
        for (at, &to) in neighbours.iter().enumerate() {
            let next = fullerene[to][(place(to, from) + 1) % 3];
            let before = neighbours[(at + 2) % 3];
            larger.push([end(to, from), end(to, next), end(before, from)]);
        }
    }
    larger
}

/// The fullerene's SMILES, made of `atom`s.
fn fullerene(atom: &str, leaps: usize) -> String {
    let neighbours = (0..leaps).fold(dodecahedrane(), |smaller, _| leapfrog(&smaller));
    let bonds: Vec<_> = (0..neighbours.len())
        .flat_map(|from| neighbours[from].map(|to| (from, to)))
        .filter(|(from, to)| from < to)
        .collect();
    assert_eq!(bonds.len(), neighbours.len() / 2 * 3, "each atom has three neighbours");
    graph(atom, neighbours.len(), &bonds)
}

/// A dendrimer of amines with `2^generations` benzenes at its ends, of four phenols each.
fn dendrimer(generations: u32) -> String {
    match generations {
        0 => "c1c(O)c(O)c(O)c(O)c1".to_owned(),
        _ => format!("N({0}){0}", dendrimer(generations - 1)),
    }
}

const FIVE_HUNDRED_PHENOLS: u32 = 7;

#[test]
fn what_the_default_limit_lets_through_gives_its_products() {
    let cases = [
        chain(2_000),
        nested(2_000),
        ladder(995, 1),
        ladder(100, 2),
        dendrimer(FIVE_HUNDRED_PHENOLS),
        PHENOL.to_owned() + &"*".repeat(1_993),
        PHENOL.to_owned() + &".C".repeat(1_993),
        format!("{PHENOL}C1{}C1", "C".repeat(1_991)),
        format!("{PHENOL}{} |u:{}0|", "C".repeat(1_993), "0,".repeat(20_000)),
    ];
    for smiles in cases {
        let name = &smiles[..smiles.len().min(40)];
        assert!((1..=3).contains(&products(DEFAULT, OME, &smiles)), "{name}");
    }
}

#[test]
fn fullerenes_give_their_products() {
    let label = "[#6D3;!$(*O):1]>>[13#6:1]";
    for leaps in [1, 2, 3] {
        assert!((1..=3).contains(&products(DEFAULT, label, &fullerene("C", leaps))), "{leaps}");
    }
    assert_eq!(products(DEFAULT, label, &fullerene("c", 1)), 1);
    // RDKit cannot kekulize the larger ones, in the parent or in the product.
    for leaps in [2, 3] {
        let output = run_deep(DEFAULT, TransformSpec::new(label), &fullerene("c", leaps));
        assert!(output.failures.iter().all(|failure| failure.code == "kekulize"));
    }
}

#[test]
fn what_is_over_the_default_limit_is_not_even_parsed() {
    let megabyte = 1 << 20;
    let cases = [
        "C".repeat(20_000),
        nested(20_000),
        dendrimer(9),
        "C".repeat(megabyte),
        "C(".repeat(megabyte / 2),
        "[C]".repeat(megabyte / 3),
        "c1".repeat(megabyte / 2),
        "*.".repeat(megabyte / 2),
    ];
    for smiles in cases {
        assert_eq!(code(DEFAULT, &smiles), "too_many_atoms", "{}", &smiles[..40]);
    }
}

#[test]
fn a_megabyte_of_few_atoms_is_refused() {
    let megabyte = 1 << 20;
    let cases = [
        ("C".to_owned() + &"(".repeat(megabyte), "syntax"),
        ("C".to_owned() + &")".repeat(megabyte), "syntax"),
        ("C".to_owned() + &"=".repeat(megabyte), "syntax"),
        ("[".repeat(megabyte), "syntax"),
        (format!("[{}", "C".repeat(megabyte)), "syntax"),
        (format!("[1{}C]", "0".repeat(megabyte)), "syntax"),
        (format!("[C@{}TH]", " ".repeat(megabyte)), "syntax"),
        ("C%(".to_owned() + &"1".repeat(megabyte), "syntax"),
        ("\u{e9}".repeat(megabyte / 2), "syntax"),
        (format!("{PHENOL} |u:{}0|", "0,".repeat(megabyte / 2)), "exception"),
        (format!("{PHENOL} |u:{}0", "0,".repeat(megabyte)), "exception"),
    ];
    for (smiles, expected) in cases {
        let name: String = smiles.chars().take(20).collect();
        assert_eq!(code(DEFAULT, &smiles), expected, "{name}");
    }
    let named = format!("{PHENOL} {}", "|u:0,".repeat(megabyte / 5)).replacen('|', "a", 1);
    assert_eq!(products(DEFAULT, OME, &named), 1, "a name may be as long as it likes");
}

/// The recursion of a step needs stack in proportion to its molecule; a thread with a smaller stack refuses the
/// molecule.
#[test]
fn what_is_too_deep_for_the_stack_is_a_record() {
    let ome = TransformSpec::new(OME);
    let ring = format!("{PHENOL}C1{}C1", "C".repeat(1_991));
    let extended = format!("{PHENOL} |u:{}0|", "0,".repeat(2_000));
    let cases = [
        (chain(400), "write", "writing a product of 401 atoms"),
        (ring, "parse", "reading a SMILES of 2000 atoms"),
        (extended, "parse", "reading a CXSMILES extension of 4005 bytes"),
    ];
    for (smiles, stage, words) in cases {
        let shallow = run_on_stack(256 << 10, DEFAULT, ome, &smiles);
        let failure = &shallow.failures[0];
        assert_eq!((failure.row, &*failure.stage, &*failure.code), (1, stage, "exception"));
        assert!(failure.reason.starts_with(words), "{}", failure.reason);
        let enough = run_on_stack(8 << 20, DEFAULT, ome, &smiles);
        assert_eq!(enough.failures, []);
    }
}

/// Hydrogens as atoms triple a molecule, but no step recurses along them: the stack on which a molecule may be written
/// is enough for all steps before.
#[test]
fn hydrogens_as_atoms_need_no_more_stack() {
    let fluoride = TransformSpec {
        explicit_hydrogens: true,
        max_sites: Some(3),
        exclude_sugar_like: true,
        ..TransformSpec::new("[#6:1][H]>>[#6:1]F")
    };
    for smiles in [chain(2_000), nested(2_000), ladder(995, 1), format!("{PHENOL}C1{}C1", "C".repeat(1_991))]
    {
        let output = run_on_stack(2_400 << 10, DEFAULT, fluoride, &smiles);
        assert_eq!(output.failures, [], "{}", &smiles[..40]);
        assert!(output.counts[0]["sites"] > 2_000);
    }
}

#[test]
fn with_a_raised_limit_longer_chains_give_their_products() {
    assert_eq!(products(RAISED, OME, &chain(5_000)), 1);
    assert_eq!(products(RAISED, OME, &nested(5_000)), 1);
    assert_eq!(code(RAISED, &"C".repeat(200_000)), "too_many_atoms");
}

#[test]
#[ignore = "takes minutes"]
fn with_a_raised_limit_monsters_survive() {
    assert_eq!(products(RAISED, OME, &chain(20_000)), 1);
    assert_eq!(products(RAISED, OME, &nested(20_000)), 1);
    // Too deep to be written on a worker's stack.
    assert_eq!(code(RAISED, &chain(70_000)), "exception");
}

#[test]
#[ignore = "takes minutes"]
fn dendrimers_give_their_products_at_every_site() {
    let applied = |max_atoms, generations| {
        let output = run_deep(max_atoms, TransformSpec::new(OME), &dendrimer(generations));
        assert_eq!(output.failures, []);
        output.counts[0]["sites_applied"] - 2
    };
    assert_eq!(applied(DEFAULT, FIVE_HUNDRED_PHENOLS), 512);
    assert_eq!(applied(RAISED, FIVE_HUNDRED_PHENOLS + 2), 2_048);
}

#[test]
fn a_pattern_that_matches_a_small_molecule_in_many_ways_comes_to_an_end() {
    let path = TransformSpec {
        max_sites: Some(1),
        ..TransformSpec::new(
            "[*:1]~[*:2]~[*:3]~[*:4]~[*:5]~[*:6]~[*:7]~[*:8]~[*:9]~[*:10]~[*:11]~[*:12]>>[13*:1]",
        )
    };
    let output = run_deep(DEFAULT, path, &fullerene("C", 1));
    assert_eq!(output.failures, []);
    assert!(output.counts[0]["sites"] > 100_000, "{:?}", output.counts[0]);
}
