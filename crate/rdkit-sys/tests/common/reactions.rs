//! Random simple SMIRKS: a leaving group replaced, a group added, a bond, a charge or an element changed.

use proptest::prelude::*;
use proptest::sample::select;

/// An atom of the reactant template, and its replacement in the product template.
type Change = (&'static str, &'static str);

const FIRST: &[Change] = &[
    ("[#6:1]", "[#6:1]"),
    ("[#6:1]", "[#6:1]"),
    ("[#6:1]", "[C:1]"),
    ("[#6:1]", "[#6+0:1]"),
    ("[c:1]", "[c:1]"),
    ("[c:1]", "[c:1]"),
    ("[cH:1]", "[c:1]"),
    ("[c:1]", "[n:1]"),
    ("[n:1]", "[n+:1]"),
    ("[C:1]", "[C:1]"),
    ("[C:1]", "[N:1]"),
    ("[C:1]", "[*:1]"),
    ("[C:1]", "[13C:1]"),
    ("[CH2:1]", "[CH:1]"),
    ("[CH3:1]", "[C:1]"),
    ("[C;X4:1]", "[C:1]"),
    ("[C;H1:1]", "[CH0:1]"),
    ("[C;R:1]", "[C;R:1]"),
    ("[C@:1]", "[C@:1]"),
    ("[C@H:1]", "[C@H:1]"),
    ("[C@:1]", "[C:1]"),
    ("[#6;!$(C=O):1]", "[#6:1]"),
    ("[*:1]", "[*:1]"),
    ("[#7:1]", "[#7:1]"),
    ("[N:1]", "[N+:1]"),
    ("[O:1]", "[S:1]"),
    ("[P,S:1]", "[*:1]"),
];

const SECOND: &[Change] = &[
    ("[O;H1:2]", "[O:2]"),
    ("[O;H1:2]", "[O:2]"),
    ("[OX2:2]", "[O:2]"),
    ("[O:2]", "[O-:2]"),
    ("[O:2]", "[N:2]([H])[H]"),
    ("[O:2]", "[O:2][H]"),
    ("[O:2]", "[18O:2]"),
    ("[O:2]", "[F:2]"),
    ("[N:2]", "[N:2]"),
    ("[#7:2]", "[#7:2]"),
    ("[N:2]", "[N+:2]"),
    ("[C:2]", "[C:2]"),
    ("[C:2]", "[C:2]([H])"),
    ("[C;R:2]", "[C:2]"),
    ("[c:2]", "[c:2]"),
    ("[#6:2]", "[#6:2]"),
    ("[S:2]", "[S:2](=O)"),
    ("[P:2]", "[P:2](=O)"),
    ("[F,Cl,Br,I:2]", "[*:2]"),
    ("[*:2]", "[*:2]"),
];

/// A bond before and after.
const BONDS: &[Change] = &[
    ("-", "-"),
    ("-", "-"),
    ("-", "-"),
    ("", ""),
    ("", ""),
    ("=", "="),
    ("=", "-"),
    ("-", "="),
    ("~", "~"),
    (":", ":"),
    ("#", "="),
    ("/", "/"),
];

const GROUPS: &[&str] = &[
    "F",
    "Cl",
    "I",
    "C",
    "CC",
    "C(=O)O",
    "N",
    "O",
    "[O-]",
    "[H]",
    "[2H]",
    "[13CH3]",
    "C#N",
    "C=C",
    "OC",
    "[SiH3]",
    "[N+](=O)[O-]",
    "P(=O)(O)O",
    "S(=O)(=O)C",
    "c1ccccc1",
    "[C@H](F)Cl",
    "[C@@](F)(Cl)Br",
    "B(O)O",
    "[Na]",
    "N=[N+]=[N-]",
    "C(F)(F)F",
    "/C=C/C",
    "[CH2]",
    "[NH3+]",
    "[Br+]",
    "N([H])[H]",
    "C([H])([H])O[H]",
];

const THIRD: &[&str] = &["[*:3]", "[#6:3]", "[C:3]", "[c:3]", "[O:3]", "[N:3]"];

/// One reactant template; it may not compile.
pub fn smirks() -> impl Strategy<Value = String> {
    let parts = (select(FIRST), select(SECOND), select(BONDS), select(BONDS), select(GROUPS), select(THIRD));
    (0..16u8, prop::bool::weighted(0.1), parts).prop_map(
        |(shape, from_zero, ((first, a), (second, b), (bond, after), (next, last), group, third))| {
            let pair = format!("{first}{bond}{second}");
            let smirks = match shape {
                0 => format!("{first}{bond}{}>>{a}{group}", second.replace(":2]", "]")),
                1 => format!("{pair}>>{a}{group}"),
                2 | 3 => format!("{pair}>>{a}{after}{b}{group}"),
                4 => format!("{pair}>>{a}({group}){after}{b}"),
                5 => format!("{pair}>>{a}.{b}"),
                6 => format!("{pair}>>{b}{after}{a}"),
                7 => format!("{pair}>>{b}({group}){after}{a}"),
                8 => format!("{pair}{next}{third}>>{a}{after}{b}{last}{third}"),
                9 => format!("{pair}{next}{third}>>{a}{group}{third}"),
                10 => format!("{pair}({next}{third})>>{third}{last}{b}({group}){after}{a}"),
                11 => format!("({first}.{second})>>{a}C{b}"),
                12 => format!("({first}.{second})>>({a}{group}.{b})"),
                13 => format!("[cH:1][c:2]{third}>>[c:1]({group})[c:2]{third}"),
                _ => format!("{first}>>{a}{group}"),
            };
            if from_zero { smirks.replace(":2]", ":0]") } else { smirks }
        },
    )
}
