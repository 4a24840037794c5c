//! Transforms and molecules from the repository.

use std::fs;

/// The parts of a transform that these tests use.
#[derive(Debug, Clone)]
pub struct Named {
    pub name: String,
    pub smirks: String,
}

/// The 32 of `configs/transforms.yaml`.
pub fn config_transforms() -> Vec<Named> {
    transforms("configs/transforms.yaml")
}

/// The hand-made ones of the golden tests.
pub fn golden_transforms() -> Vec<Named> {
    transforms("__test__/golden/extra.yaml")
}

/// The plants of the golden tests: 300 natural products.
pub fn plants() -> Vec<String> {
    let text = read("__test__/golden/plants-300.smi");
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

/// The hand-made molecules of the golden tests, some of which RDKit refuses.
pub fn golden_molecules() -> Vec<String> {
    let text = read("__test__/golden/extra.tsv");
    text.lines()
        .skip(1)
        .filter_map(|line| line.split_once('\t'))
        .map(|(_, smiles)| smiles.to_owned())
        .collect()
}

/// Each transform has its name before its SMIRKS, which is a double-quoted text.
fn transforms(file: &str) -> Vec<Named> {
    let text = read(file);
    let names = text.split("- {name: ").flat_map(|part| part.split("- name: ")).skip(1);
    names
        .map(|entry| {
            let name = entry.split([',', '\n']).next().unwrap_or_default();
            let quoted = entry.split("smirks: \"").nth(1).and_then(|rest| rest.split('"').next());
            let smirks = quoted.unwrap_or_else(|| panic!("{file}: {name} has a SMIRKS"));
            Named { name: name.to_owned(), smirks: smirks.replace("\\\\", "\\") }
        })
        .collect()
}

/// The text of a file of the repository.
pub fn read(file: &str) -> String {
    let path = format!("{}/../../{file}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}
