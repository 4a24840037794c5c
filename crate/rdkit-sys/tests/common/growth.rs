//! Plain SMILES (`kernel/fast/plain_graph.h`) grown atom by atom, with branches and rings; most are molecules.

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// An element and its number of bonds.
type Element = (&'static str, u8);

const ELEMENTS: &[Element] = &[
    ("C", 4),
    ("C", 4),
    ("C", 4),
    ("C", 4),
    ("C", 4),
    ("C", 4),
    ("[C@]", 4),
    ("[C@@]", 4),
    ("[C@H]", 3),
    ("[C@@H]", 3),
    ("[CH2]", 2),
    ("[N+]", 4),
    ("[NH+]", 3),
    ("[N-]", 2),
    ("[O-]", 1),
    ("N", 3),
    ("N", 3),
    ("O", 2),
    ("S", 2),
    ("S", 6),
    ("P", 3),
    ("P", 5),
    ("B", 3),
    ("F", 1),
    ("Cl", 1),
    ("Br", 1),
    ("I", 1),
];
const ORDERS: &[u8] = &[1, 1, 1, 2, 2, 3];

/// A ring that is not closed yet.
struct OpenRing {
    number: u32,
    /// The token with the ring number.
    piece: usize,
    atom: usize,
}

#[derive(Default)]
struct Growth {
    pieces: Vec<String>,
    /// By atom: the number of bonds that it can still take.
    free: Vec<u8>,
    /// By atom: its bonded neighbours.
    bonded: Vec<Vec<usize>>,
    /// The place of the next atom.
    at: usize,
    branches: Vec<usize>,
    rings: Vec<OpenRing>,
    last_number: u32,
    may_ring: bool,
}

impl Growth {
    fn add_atom(&mut self, (symbol, bonds): Element, order: u8, in_branch: bool) {
        let is_first = self.free.is_empty();
        let order = order.min(bonds).min(if is_first { 0 } else { self.free[self.at] });
        if !is_first && order == 0 {
            return;
        }
        if in_branch && !is_first {
            self.write("(");
            self.branches.push(self.at);
        }
        self.write(["", "", "=", "#"][usize::from(order)]);
        self.write(symbol);
        let atom = self.free.len();
        self.free.push(bonds - order);
        self.bonded.push(Vec::new());
        if !is_first {
            self.free[self.at] -= order;
            self.bond(self.at, atom);
        }
        self.at = atom;
        self.may_ring = true;
    }

    fn bond(&mut self, one: usize, other: usize) {
        self.bonded[one].push(other);
        self.bonded[other].push(one);
    }

    fn end_branch(&mut self) {
        if let Some(atom) = self.branches.pop() {
            self.write(")");
            self.at = atom;
            self.may_ring = false;
        }
    }

    /// From now on, the bond of the ring counts at this end.
    fn open_ring(&mut self) {
        if self.may_ring && self.free[self.at] > 0 && self.last_number < 60 {
            self.last_number += 1;
            self.free[self.at] -= 1;
            self.write_number(self.last_number);
            self.rings.push(OpenRing {
                number: self.last_number,
                piece: self.pieces.len() - 1,
                atom: self.at,
            });
        }
    }

    fn close_ring(&mut self, choice: Index) {
        let at = self.at;
        let is_far = |ring: &OpenRing| ring.atom != at && !self.bonded[at].contains(&ring.atom);
        let usable: Vec<_> = (0..self.rings.len()).filter(|&ring| is_far(&self.rings[ring])).collect();
        if self.may_ring && self.free[at] > 0 && !usable.is_empty() {
            let ring = self.rings.remove(usable[choice.index(usable.len())]);
            self.free[at] -= 1;
            self.bond(at, ring.atom);
            self.write_number(ring.number);
        }
    }

    fn write_number(&mut self, number: u32) {
        self.write(&if number < 10 { number.to_string() } else { format!("%{number}") });
    }

    fn write(&mut self, piece: &str) {
        self.pieces.push(piece.to_owned());
    }

    /// Closes all branches, and removes the numbers of rings that are still open.
    fn finish(mut self) -> String {
        while !self.branches.is_empty() {
            self.end_branch();
        }
        for ring in &self.rings {
            self.pieces[ring.piece].clear();
        }
        self.pieces.concat()
    }
}

/// A molecule of up to 60 atoms.
pub fn grown() -> impl Strategy<Value = String> {
    let step = (0..10u8, select(ORDERS), select(ELEMENTS), any::<Index>());
    prop::collection::vec(step, 1..60).prop_map(|steps| {
        let mut growth = Growth::default();
        growth.add_atom(("C", 4), 1, false);
        for (kind, order, element, choice) in steps {
            match kind {
                0 | 1 => growth.open_ring(),
                2 | 3 => growth.close_ring(choice),
                4 => growth.add_atom(element, order, true),
                5 => growth.end_branch(),
                _ => growth.add_atom(element, order, false),
            }
        }
        growth.finish()
    })
}

/// Rings with alternating or aromatic bonds.
pub fn grown_rings() -> impl Strategy<Value = String> {
    const RINGS: &[&str] = &[
        "C1=CC=CC=C1",
        "C1=CC=CN1",
        "C1=COC=C1",
        "C1=CSC=C1",
        "C1=NC=CN1",
        "C1=CC=NC=C1",
        "C1CCCCC1",
        "C1=CCC=C1",
        "C1=CC=CC=CC1",
        "C1=CC(=O)C=CC1=O",
        "N1C=CC=C1",
        "C1=CB=CC=C1",
        "C1=CP=CC=C1",
        "O=C1C=CC=CC=C1",
        "C=C1C=CC=C1",
        "S=C1C=CSC1",
        "C1=CC2=CC=CC=C2C=C1",
        "C1=CC2=C(C=CN2)C=C1",
        "C1=CC2=CC=CC2=C1",
        "O=C1C=COC2=CC=CC=C12",
        "C1=CS(=O)(=O)C=C1",
        "C1=NN=NN1",
        "C1=CC=C2C(=C1)C=CC=C2",
        "c1ccccc1",
        "c1cc[nH]c1",
        "c1ccn(C)c1",
        "c1cc[n+](C)cc1",
        "c1cncnc1",
        "c1ccoc1",
        "c1cscn1",
        "c1ccc2[nH]ccc2c1",
        "c1ccc2ncccc2c1",
        "c1ccn2cccc2c1",
        "c1ccc2cccc2cc1",
        "O=c1cc(C)oc2ccccc12",
        "O=c1cccc[nH]1",
        "c1ccc2c(c1)oc1ccccc12",
        "c1ccc2cc3ccccc3cc2c1",
        "c1cc[n-]c1",
        "c1ccccccc1",
    ];
    const JOINTS: &[&str] =
        &["", "-", "C", "O", "=C", "C(=O)", "N", "S", "C=C", "(O)C", "P", "B", "(F)C", "/C=C/", "[C@H](F)"];
    let link = (select(RINGS), select(JOINTS), any::<bool>());
    prop::collection::vec(link, 1..5).prop_map(|links| {
        let mut text = String::from("O");
        for (ring, joint, before) in links {
            text = if before { format!("{ring}{joint}{text}") } else { format!("{text}{joint}{ring}") };
        }
        text
    })
}
