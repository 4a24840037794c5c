//! Random molecules: other spellings and small changes of known ones, and spoiled texts.

use std::env;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use xform_rdkit_sys::{RandomSpelling, random_spellings};

use super::{golden_molecules, parents, plants};

/// `usual` cases, or the number in `PROPTEST_CASES`.
pub fn cases(usual: u32) -> ProptestConfig {
    let asked = env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    ProptestConfig {
        cases: asked.unwrap_or(usual),
        failure_persistence: None,
        max_shrink_iters: 300,
        ..ProptestConfig::default()
    }
}

/// Molecules from the repository, some of which RDKit refuses.
pub fn known() -> Vec<String> {
    let hard = parents::by_kind().into_iter().flat_map(|(_, rows)| rows);
    // Rows with many hundred sites would take all the time.
    let small = golden_molecules().into_iter().filter(|smiles| smiles.len() < 120);
    plants().into_iter().filter(|smiles| smiles.len() < 90).chain(small).chain(hard).collect()
}

/// A known molecule, usually in another spelling.
pub fn spelling() -> impl Strategy<Value = String> {
    let how = (0..u32::MAX, any::<bool>(), prop::bool::weighted(0.2));
    (select(known()), prop::option::weighted(0.8, how)).prop_map(|(smiles, how)| match how {
        None => smiles,
        Some((seed, kekule, hydrogens)) => {
            let how = RandomSpelling { seed, kekule, hydrogens };
            random_spellings(&smiles, how, 1).ok().and_then(|mut all| all.pop()).unwrap_or(smiles)
        }
    })
}

/// A spelling with up to three atoms, bonds, branches or rings changed. Most are still molecules.
pub fn neighbour() -> impl Strategy<Value = String> {
    let change = (0..9u8, any::<Index>(), any::<Index>());
    (spelling(), prop::collection::vec(change, 0..4)).prop_map(|(smiles, changes)| {
        let mut tokens = tokens(&smiles);
        for (kind, place, choice) in changes {
            change_tokens(&mut tokens, kind, place, choice);
        }
        tokens.concat()
    })
}

/// A text with a few characters removed, doubled, swapped, replaced or inserted.
pub fn spoiled(text: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    const LETTERS: &[char] = &[
        'C', 'C', 'N', 'O', 'S', 'P', 'F', 'I', 'B', 'c', 'l', 'r', 'n', 'o', 's', 'H', '=', '#', '(', ')',
        '1', '2', '3', '4', '0', '%', '[', ']', '+', '-', '.', '@', '/', '\\', ':', '$', ' ', '\t', '\n',
        '|', '*', '~', 'é',
    ];
    let change = (0..5u8, any::<Index>(), select(LETTERS));
    (text, prop::collection::vec(change, 1..4)).prop_map(|(text, changes)| {
        let mut text: Vec<_> = text.chars().collect();
        for (kind, place, letter) in changes {
            let at = place.index(text.len() + 1);
            match kind {
                0 => text.insert(at, letter),
                1 if at < text.len() => text[at] = letter,
                2 if at < text.len() && text.len() > 1 => drop(text.remove(at)),
                3 if at < text.len() => text.insert(at, text[at]),
                _ if at + 1 < text.len() => text.swap(at, at + 1),
                _ => {}
            }
        }
        text.into_iter().collect()
    })
}

/// Tokens: bracket atoms, elements of two letters, ring numbers of two digits, and single characters.
fn tokens(smiles: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = smiles;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '[' => rest.find(']').map_or(1, |end| end + 1),
            'C' if rest.starts_with("Cl") => 2,
            'B' if rest.starts_with("Br") => 2,
            '%' if rest.len() >= 3 && rest.is_char_boundary(3) => 3,
            _ => first.len_utf8(),
        };
        tokens.push(rest[..length].to_owned());
        rest = &rest[length..];
    }
    tokens
}

fn is_atom(token: &str) -> bool {
    token.starts_with(|letter: char| letter == '[' || letter == '*' || letter.is_alphabetic())
}

fn change_tokens(tokens: &mut Vec<String>, kind: u8, place: Index, choice: Index) {
    const ATOMS: &[&str] = &[
        "C", "N", "O", "S", "P", "F", "Cl", "I", "B", "c", "n", "o", "[nH]", "[C@H]", "[C@@H]", "[C@]",
        "[C@@]", "[N+]", "[NH+]", "[O-]", "[OH+]", "[S+]", "[S@]", "[P@@]", "[13CH2]", "[13C@H]", "[2H]",
        "[H]", "[CH2:5]", "[CH]", "[C]", "[N]", "[Si]", "[Se]", "[se]", "[BH-]", "[Na]", "[Zn]", "[CH-]",
        "[cH+]", "[n+]", "[N-]", "[N@+]", "[I-66]", "[O-9]", "*",
    ];
    const BRANCHES: &[&str] = &[
        "(O)",
        "(C)",
        "(F)",
        "(=O)",
        "(N)",
        "(C(=O)O)",
        "([O-])",
        "([2H])",
        "([H])",
        "(/C)",
        "(\\F)",
        "(=C)",
        "(c9ccc(O)cc9)",
        "(C#N)",
        "(CO)",
        "([C@H](F)O)",
        "(/C=C/C)",
        "(OP(=O)(O)O)",
        "([Na])",
        "(->[Cu])",
    ];
    const BONDS: &[&str] = &["=", "#", "-", "/", "\\", ":", "->", "<-", "~"];
    const PIECES: &[&str] = &[".[Na+]", ".Cl", ".O", ".[O-]C=O", ".Oc1ccccc1", ".[CH3]", ".C[C@H](O)F"];
    let atoms: Vec<_> = (0..tokens.len()).filter(|&at| is_atom(&tokens[at])).collect();
    if atoms.is_empty() {
        return;
    }
    let at = atoms[place.index(atoms.len())];
    let one_of = |list: &[&str]| list[choice.index(list.len())].to_owned();
    // Ring numbers come before branches.
    let behind = |tokens: &[String], atom: usize| {
        (atom + 1..tokens.len())
            .find(|&next| !tokens[next].starts_with(|c: char| c.is_ascii_digit() || c == '%'))
    };
    match kind {
        0 | 1 => tokens[at] = one_of(ATOMS),
        2 | 3 => {
            let after = behind(tokens, at).unwrap_or(tokens.len());
            tokens.insert(after, one_of(BRANCHES));
        }
        4 => tokens.insert(at, one_of(BONDS)),
        5 if tokens.len() > 1 => drop(tokens.remove(at)),
        6 => tokens.push(one_of(PIECES)),
        7 => {
            let other = atoms[choice.index(atoms.len())];
            let (first, second) = (at.min(other), at.max(other));
            tokens.insert(second + 1, "%91".to_owned());
            tokens.insert(first + 1, "%91".to_owned());
        }
        _ => tokens.insert(at, tokens[at].clone()),
    }
}
