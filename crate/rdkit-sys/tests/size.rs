//! Molecules that are large or deep end as products or rejects, and never overflow the stack.

mod common;

use common::{OME, Output, run_within};
use xform_rdkit_sys::{FailureCode, Limits, TransformSpec};

/// The limit of a run without `--max-atoms`.
const DEFAULT: Limits = Limits { max_atoms: 2_000, max_products_per_mol: u32::MAX };
const RAISED: Limits = Limits { max_atoms: 100_000, max_products_per_mol: u32::MAX };
/// The stack of a worker.
const WORKER_STACK_BYTES: usize = 64 << 20;
const PHENOL: &str = "Oc1ccccc1";

/// Runs `smiles` between two good rows, on a worker's stack; these must give their products.
fn run_deep(limits: Limits, smirks: &str, smiles: &str) -> Output {
    run_on_stack(WORKER_STACK_BYTES, limits, smirks, smiles)
}

fn run_on_stack(stack_bytes: usize, limits: Limits, smirks: &str, smiles: &str) -> Output {
    let (smirks, smiles) = (smirks.to_owned(), smiles.to_owned());
    let work = move || {
        let transforms = [TransformSpec::new(&smirks), TransformSpec::new(OME)];
        run_within(limits, &transforms, &[PHENOL, &smiles, PHENOL])
    };
    let output = std::thread::Builder::new().stack_size(stack_bytes).spawn(work).unwrap().join().unwrap();
    let neighbours = output.products.iter().filter(|product| product.transform == 1 && product.row != 1);
    assert_eq!(neighbours.count(), 2);
    output
}

/// Products of the large row under the first transform, which must not fail.
fn products(limits: Limits, smirks: &str, smiles: &str) -> usize {
    let output = run_deep(limits, smirks, smiles);
    assert_eq!(output.failures, []);
    output.products.iter().filter(|product| (product.row, product.transform) == (1, 0)).count()
}

fn code(output: &Output) -> FailureCode {
    let failure = output.failures.iter().find(|failure| failure.row == 1);
    failure.unwrap_or_else(|| panic!("{} products", output.products.len())).code
}

/// A phenol on a chain of `atoms` atoms.
fn chain(atoms: usize) -> String {
    PHENOL.to_owned() + &"C".repeat(atoms - 7)
}

/// The same, each atom in a branch of the one before.
fn nested(atoms: usize) -> String {
    format!("{PHENOL}{}C{}", "C(".repeat(atoms - 8), ")".repeat(atoms - 8))
}

/// A phenol on a ladder: two chains of `rungs` atoms side by side, `apart` bonds from rung to rung.
fn ladder(rungs: usize, apart: usize) -> String {
    let spacer = "C".repeat(apart - 1);
    let up: String = (1..=rungs).map(|rung| format!("C%({rung}){spacer}")).collect();
    let down: String = (1..=rungs).rev().map(|rung| format!("{spacer}C%({rung})")).collect();
    format!("{PHENOL}{up}CC{down}")
}

/// A molecule of `atom`s and single or aromatic bonds between those whose numbers are given: a list of atoms without
/// bonds, and ring closures.
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

/// The next fullerene in the row C20, C60, C180, C540: an atom for each bond's end, with neighbours at the other end and
/// beside it in the face.
fn leapfrog(fullerene: &Fullerene) -> Fullerene {
    let place = |from: usize, to: usize| fullerene[from].iter().position(|&atom| atom == to).unwrap();
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

/// Its SMILES, made of `atom`s.
fn fullerene(atom: &str, leaps: usize) -> String {
    let neighbours = (0..leaps).fold(dodecahedrane(), |smaller, _| leapfrog(&smaller));
    let bonds: Vec<_> = (0..neighbours.len())
        .flat_map(|from| neighbours[from].map(|to| (from, to)))
        .filter(|(from, to)| from < to)
        .collect();
    assert_eq!(bonds.len(), neighbours.len() / 2 * 3, "each atom has three neighbours");
    graph(atom, neighbours.len(), &bonds)
}

/// A dendrimer with `2^generations` resorcinols at its ends.
fn dendrimer(generations: u32) -> String {
    match generations {
        0 => "c1cc(O)cc(O)c1".to_owned(),
        _ => format!("N({0}){0}", dendrimer(generations - 1)),
    }
}

#[test]
fn what_the_default_limit_lets_through_gives_its_products() {
    assert_eq!(products(DEFAULT, OME, &chain(2_000)), 1);
    assert_eq!(products(DEFAULT, OME, &nested(2_000)), 1);
    assert_eq!(products(DEFAULT, OME, &format!("{PHENOL}{}", "*".repeat(1_993))), 1);
    assert_eq!(products(DEFAULT, OME, &format!("{PHENOL}C1{}C1", "C".repeat(1_991))), 1);
    assert_eq!(products(DEFAULT, OME, &format!("{PHENOL}{}", ".C".repeat(1_993))), 1);
}

#[test]
fn ladders_of_rings_give_their_products() {
    assert_eq!(products(DEFAULT, OME, &ladder(990, 1)), 1);
    assert_eq!(products(DEFAULT, OME, &ladder(200, 2)), 1);
}

#[test]
fn fullerenes_give_their_products() {
    let open = "[c:1]:[c:2]>>[CH:1][CH:2]";
    println!("{}", products(DEFAULT, open, &fullerene("c", 1)));
    println!("{}", products(DEFAULT, "[CH:1]>>[C:1]F", &fullerene("C", 1)));
    println!("{}", products(DEFAULT, "[CH:1]>>[C:1]F", &fullerene("C", 3)));
    println!("{}", products(DEFAULT, "[c:1]>>[c:1]", &fullerene("c", 3)));
}

#[test]
fn dendrimer_default() {
    println!("{}", products(DEFAULT, OME, &dendrimer(7)));
}
