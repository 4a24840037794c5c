//! Mol blocks as rows: the SMILES that Python's `SDMolSupplier` and `MolToSmiles` give, as `scripts/oracle/main.py sdf` has
//! recorded them, and all further steps as if the library had these SMILES.

use std::collections::BTreeMap;
use std::path::PathBuf;

use xform_core::dedup::{DedupKey, Identity};
use xform_core::engine::{Batch, Engine, EngineOutput, Limits, Notation, ReadRows, SmilesBatch, Stage};
use xform_core::source::{SourceOptions, open};
use xform_core::transform::Transform;
use xform_core::{EngineSettings, Standardization};
use xform_rdkit::RdkitEngine;

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../core/tests/fixture/sdf").join(name)
}

/// What Python reads in each file: SMILES, or in brackets the code of a reject.
fn expected() -> BTreeMap<String, Vec<String>> {
    let table = std::fs::read_to_string(fixture("expected.tsv")).expect("it is there");
    let mut files = BTreeMap::<String, Vec<String>>::new();
    for line in table.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        files.entry(fields[0].to_owned()).or_default().push(fields[2].to_owned());
    }
    files
}

fn engine(transforms: &[Transform], settings: &EngineSettings) -> RdkitEngine {
    RdkitEngine::new(transforms, settings).expect("the transforms compile")
}

fn rows_of(file: &str) -> SmilesBatch {
    let mut source = open(&fixture(file), &SourceOptions::default(), &|texts| Ok(vec![true; texts.len()]))
        .expect("it is an SDF");
    let mut rows = SmilesBatch::of(Notation::MolBlock);
    while let Some(chunk) = source.next_chunk(usize::MAX).expect("it is intact") {
        (0..chunk.smiles.len())
            .for_each(|row| rows.push_at(chunk.smiles.get(row), chunk.smiles.lines()[row]));
    }
    rows
}

fn texts(read: &ReadRows) -> Vec<String> {
    let text = |row| String::from_utf8(read.smiles.get(row).to_vec()).expect("it is ASCII");
    let mut texts: Vec<String> = (0..read.smiles.len()).map(text).collect();
    for failure in &read.failures {
        if texts[failure.row as usize].is_empty() {
            texts[failure.row as usize] = format!("({})", failure.code.as_str());
        }
    }
    texts
}

fn run(settings: &EngineSettings, rows: &SmilesBatch, rechecks: &[u32]) -> EngineOutput {
    let ome = Transform::new("OMe", "[#6:1][OX2H:2]>>[#6:1][O:2]C");
    let mut output = EngineOutput::default();
    let batch = Batch { rechecks, ..Batch::new(rows) };
    engine(&[ome], settings).worker(None).expect("it compiles").run(batch, &mut output).expect("it runs");
    output
}

fn smiles_batch(texts: &[String]) -> SmilesBatch {
    let mut rows = SmilesBatch::default();
    texts.iter().for_each(|text| rows.push(text.as_bytes()));
    rows
}

#[test]
fn smiles_are_those_of_python() {
    let engine = engine(&[], &EngineSettings::default());
    let mut records = 0;
    for (file, expected) in expected() {
        let read = engine.read_rows(&rows_of(&file)).expect("it reads");
        assert_eq!(texts(&read), expected, "{file}");
        records += expected.len();
    }
    assert!(records > 250, "{records}");
}

#[test]
fn products_are_those_of_the_smiles() {
    for settings in [
        EngineSettings::default(),
        EngineSettings { standardize: Standardization::Parent, cxsmiles: true, ..EngineSettings::default() },
    ] {
        for file in expected().into_keys() {
            let blocks = rows_of(&file);
            let all: Vec<u32> = (0..blocks.len() as u32).collect();
            let of_blocks = run(&settings, &blocks, &all);
            assert_eq!(of_blocks.rechecked.difference, None, "{file}");
            let smiles = of_blocks.smiles.expect("the SMILES of mol blocks");
            let texts: Vec<String> = (0..smiles.len())
                .map(|row| String::from_utf8(smiles.get(row).to_vec()).expect("ASCII"))
                .collect();
            let of_smiles = run(&settings, &smiles_batch(&texts), &all);
            assert_eq!(of_smiles.smiles, None, "SMILES are not made of SMILES");
            let (products, others) = (of_blocks.products, of_smiles.products);
            assert_eq!((&products.row, &products.smiles), (&others.row, &others.smiles), "{file}");
            assert_eq!(products.columns, others.columns, "{file}");
            let outcomes = |output: &[xform_core::totals::RowResult]| {
                output.iter().map(|row| row.outcome).collect::<Vec<_>>()
            };
            assert_eq!(outcomes(&of_blocks.rows), outcomes(&of_smiles.rows), "{file}");
        }
    }
}

#[test]
fn a_reason_has_the_line_of_the_file() {
    let read = engine(&[], &EngineSettings::default()).read_rows(&rows_of("edges.sdf")).expect("it reads");
    let text = std::fs::read_to_string(fixture("edges.sdf")).expect("it is there");
    let lines: Vec<&str> = text.lines().collect();
    let blocks = rows_of("edges.sdf");
    for failure in &read.failures {
        let number =
            |part: &str| part.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
        let line: u64 = failure.reason.split("line ").filter_map(number).last().expect(&failure.reason);
        let first = blocks.lines()[failure.row as usize];
        assert!(line >= first && line < first + 12 && line as usize <= lines.len(), "{}", failure.reason);
        assert_eq!((failure.stage, failure.transform), (Stage::Parse, None));
    }
    let reason = |part: &str| read.failures.iter().find(|failure| failure.reason.contains(part)).expect(part);
    let unknown = reason("Xx");
    let line: usize =
        unknown.reason.split("line ").last().and_then(|end| end.trim().parse().ok()).unwrap_or_default();
    assert!(line == 0 || lines[line - 1].contains("Xx"), "{}", unknown.reason);
    let counts = reason("unsigned int");
    let line: usize =
        counts.reason.split("line ").last().and_then(|end| end.trim().parse().ok()).expect("a line");
    assert!(lines[line - 1].starts_with("  x"), "{}", counts.reason);
}

#[test]
fn stereo_groups_are_kept_with_cxsmiles_and_counted_without() {
    let rows = rows_of("rdkit-v3000.sdf");
    let count = |output: &EngineOutput| output.tallies[0].rows_stereo_groups_dropped;
    let plain = run(&EngineSettings::default(), &rows, &[]);
    assert_eq!(count(&plain), 4);
    let kept = run(&EngineSettings { cxsmiles: true, ..EngineSettings::default() }, &rows, &[]);
    assert_eq!(count(&kept), 0);
    let first = |output: &EngineOutput| {
        String::from_utf8(output.smiles.as_ref().expect("SMILES").get(0).to_vec()).expect("ASCII")
    };
    assert!(first(&kept).ends_with("|&1:1,3|"), "{}", first(&kept));
    assert!(!first(&plain).contains('|'), "{}", first(&plain));
}

#[test]
fn what_a_smiles_cannot_hold_is_counted() {
    let simplified = run(&EngineSettings::default(), &rows_of("edges.sdf"), &[]);
    assert_eq!(
        simplified.rows.iter().filter(|row| row.simplified).count(),
        2,
        "an attachment point, a data group"
    );
}

#[test]
fn a_molecule_that_is_too_large_is_refused_before_it_is_written() {
    let limits = Limits { max_atoms: 3, ..Limits::default() };
    let read = engine(&[], &limits.into()).read_rows(&rows_of("rdkit-3d.sdf")).expect("it reads");
    let large = texts(&read).iter().filter(|text| *text == "(too_many_atoms)").count();
    assert!(large > 20, "{large}");
}

#[test]
fn known_molecules_may_be_mol_blocks() {
    for key in [DedupKey::Smiles, DedupKey::InchiKey] {
        let mut identifier =
            engine(&[], &EngineSettings::default()).identifier(key, None).expect("it recognises");
        let mut identities = |rows: &SmilesBatch| {
            let mut found = Vec::new();
            let owned = |identity: Identity<'_>| match identity {
                Identity::Smiles(text) | Identity::InchiKey(text) => text.to_vec(),
            };
            identifier.identify(0, rows, &mut |identity| found.push(identity.map(owned))).expect("it runs");
            found
        };
        let of_blocks = identities(&rows_of("rdkit-2d.sdf"));
        assert_eq!(of_blocks, identities(&smiles_batch(&expected()["rdkit-2d.sdf"])));
        assert!(of_blocks.iter().all(Option::is_some));
        assert!(identities(&rows_of("edges.sdf")).iter().filter(|found| found.is_none()).count() > 10);
    }
}
