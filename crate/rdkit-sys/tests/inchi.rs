//! InChIs and keys are those of RDKit in Python, which `scripts/oracle/main.py inchi` records.

use std::process::{Command, Output};
use std::{env, fs, thread};

use xform_rdkit_sys::{MoleculeInchi, inchi_of};

const CHILD: &str = "XFORM_TEST_CHILD";

/// A line of the recording.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Recorded {
    smiles: String,
    warned: bool,
    inchi: String,
    key: String,
}

fn recorded() -> Vec<Recorded> {
    include_str!("fixture/inchi.tsv")
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<_> = line.split('\t').collect();
            let [smiles, warned, inchi, key] = fields[..] else { panic!("four fields: {line}") };
            let [smiles, inchi, key] = [smiles, inchi, key].map(str::to_owned);
            Recorded { smiles, warned: warned == "1", inchi, key }
        })
        .collect()
}

fn made(smiles: &str) -> MoleculeInchi {
    inchi_of(smiles).unwrap_or_else(|error| panic!("{smiles}: {error}"))
}

fn by_kernel(smiles: &str) -> Recorded {
    let MoleculeInchi { inchi, key, warned, .. } = made(smiles);
    Recorded { smiles: smiles.to_owned(), warned, inchi, key }
}

#[test]
fn inchis_keys_and_warnings_are_those_of_python() {
    let all = recorded();
    for one in &all {
        assert_eq!(by_kernel(&one.smiles), *one);
    }
    let count = |is: fn(&Recorded) -> bool| all.iter().filter(|one| is(one)).count();
    assert!(all.len() > 700, "{}", all.len());
    assert!(count(|one| one.warned) > 200, "some have warnings");
    assert!(count(|one| one.key.is_empty()) > 20, "some have none");
}

#[test]
fn all_molecules_without_an_inchi_have_a_reason() {
    let reasons = [
        ("", "no atoms"),
        ("*CC", "Unsupported in this mode element"),
        ("C~C", "Unrecognized bond type"),
        (
            "C[Fe](C)(C)(C)(C)(C)(C)(C)(C)(C)(C)(C)(C)(C)(C)(C)(C)(C)(C)(C)(C)C",
            "more bonds than InChI supports",
        ),
        ("o1C%91=CC%91=C[CH+]C=1", "Can't kekulize mol"),
    ];
    for (smiles, reason) in reasons {
        let inchi = made(smiles);
        assert!(inchi.message.contains(reason), "{smiles}: {}", inchi.message);
        assert!(inchi.inchi.is_empty() && inchi.key.is_empty() && !inchi.warned, "{smiles}: {inchi:?}");
    }
    for one in recorded().iter().filter(|one| one.inchi.is_empty()) {
        assert_ne!(made(&one.smiles).message, "", "{}", one.smiles);
    }
}

#[test]
fn molecules_above_inchi_s_limit_are_refused() {
    for atoms in [1_025, 3_000] {
        let inchi = made(&"C".repeat(atoms));
        assert!(inchi.inchi.is_empty(), "{atoms}: {}", inchi.inchi);
        assert!(inchi.message.contains("Too many atoms"), "{atoms}: {}", inchi.message);
    }
}

#[test]
fn warnings_say_what_they_are() {
    let inchi = made("C[N+](C)(C)CC([O-])=O.Cl");
    assert!(!inchi.warned && inchi.message.is_empty(), "{inchi:?}");
    let inchi = made("CC(N)C(O)=O");
    assert!(inchi.warned && inchi.message.contains("undefined stereo"), "{inchi:?}");
}

#[test]
fn threads_give_what_one_gives() {
    let all = recorded();
    thread::scope(|scope| {
        for part in 0..4 {
            let mut mine = all.clone();
            let turn = part * mine.len() / 4;
            mine.rotate_left(turn);
            scope.spawn(move || {
                for one in mine {
                    assert_eq!(by_kernel(&one.smiles), one);
                }
            });
        }
    });
}

/// Without the long chain, which RDKit takes a while to read.
fn small_ones_without_an_inchi() -> Vec<String> {
    let all = recorded().into_iter().filter(|one| one.inchi.is_empty() && one.smiles.len() < 100);
    all.map(|one| one.smiles).collect()
}

fn is_child() -> bool {
    env::var_os(CHILD).is_some()
}

/// Runs the test `name` of this program in a process of its own.
fn run_child(name: &str) -> Output {
    let program = env::current_exe().expect("this program has a path");
    let output = Command::new(program).args(["--exact", name, "--nocapture"]).env(CHILD, "1").output();
    let output = output.expect("it can be started again");
    assert!(output.status.success(), "{output:?}");
    output
}

#[test]
fn nothing_is_printed() {
    if is_child() {
        for one in recorded() {
            by_kernel(&one.smiles);
        }
        return;
    }
    let output = run_child("nothing_is_printed");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let text = String::from_utf8_lossy(&output.stdout);
    let foreign = text
        .lines()
        .find(|line| !(line.is_empty() || line.starts_with("running 1 test") || line.starts_with("test ")));
    assert_eq!(foreign, None);
}

#[test]
fn failures_keep_no_memory() {
    if !is_child() {
        run_child("failures_keep_no_memory");
        return;
    }
    let molecules = small_ones_without_an_inchi();
    let fail = |rounds| (0..rounds).for_each(|_| molecules.iter().for_each(|smiles| drop(made(smiles))));
    fail(20);
    let before = resident_bytes();
    fail(200);
    let grown = resident_bytes().saturating_sub(before);
    // 200 rounds over 24 molecules: less than 220 bytes each.
    assert!(grown < 1 << 20, "{grown} bytes");
}

fn resident_bytes() -> u64 {
    let text = fs::read_to_string("/proc/self/statm").expect("Linux has it");
    let pages = text.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok());
    pages.expect("a number of pages") * 4096
}
