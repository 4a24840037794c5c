//! A molecule is recognised by what a product of a run would have been recognised by.

mod common;

use std::collections::BTreeMap;

use common::{OME, golden_molecules, parents, plants};
use xform_rdkit_sys::{
    Batch, Identifier, Kernel, MoleculeIdentity, Notation, RandomSpelling, Settings, TransformSpec,
    canonical_spellings, inchi_of, random_spellings,
};

type Identity = Option<(MoleculeIdentity, String)>;

fn identities(by_inchi_key: bool, texts: &[String]) -> Vec<Identity> {
    identified(Identifier::new(by_inchi_key, None).expect("there is memory"), texts)
}

fn identified(mut identifier: Identifier, texts: &[String]) -> Vec<Identity> {
    let (mut bytes, mut offsets) = (Vec::new(), vec![0]);
    for text in texts {
        bytes.extend_from_slice(text.as_bytes());
        offsets.push(bytes.len() as u32);
    }
    let found =
        identifier.identify(0, &bytes, &offsets, Notation::Smiles).expect("a bad molecule is not an error");
    assert_eq!(found.kinds.len(), texts.len());
    let entries = found.kinds.iter().zip(found.offsets.windows(2));
    let text = |bounds: &[u32]| str::from_utf8(&found.texts[bounds[0] as usize..bounds[1] as usize]);
    let identity = |(&repr, bounds): (&u8, &[u32])| match (MoleculeIdentity { repr }, text(bounds)) {
        (MoleculeIdentity::None, text) => {
            assert_eq!(text, Ok(""));
            None
        }
        (kind, text) => Some((kind, text.expect("it is ASCII").to_owned())),
    };
    entries.map(identity).collect()
}

fn molecules() -> Vec<String> {
    let kinds = parents::by_kind().into_iter().flat_map(|(_, rows)| rows);
    let odd = ["", "C1CC", "not a molecule", "[Na+].[Cl-]", "*CC", "C[C@H](O)F |&1:1|", "[H][H]"];
    plants().into_iter().chain(kinds).chain(golden_molecules()).chain(odd.map(str::to_owned)).collect()
}

#[test]
fn by_smiles_it_is_rdkits_canonical_smiles() {
    let molecules = molecules();
    let found = identities(false, &molecules);
    // `canonical_spellings` sanitizes once more, which a few antiaromatic cations do not survive.
    let mut refused = 0;
    for (smiles, found) in molecules.iter().zip(&found) {
        match canonical_spellings(smiles).ok().filter(|_| !smiles.is_empty()) {
            Some(expected) => {
                assert_eq!(*found, Some((MoleculeIdentity::Smiles, expected.rdkit.smiles)), "{smiles}");
            }
            None => refused += u32::from(found.is_some()),
        }
    }
    assert!(refused <= 3, "{refused}");
    assert!(found.iter().flatten().count() > 500);
    assert!(found.iter().filter(|found| found.is_none()).count() >= 3);
}

#[test]
fn by_inchi_key_it_is_the_key_or_the_smiles() {
    let molecules = molecules();
    let (by_smiles, by_key) = (identities(false, &molecules), identities(true, &molecules));
    let mut kinds = BTreeMap::<u8, usize>::new();
    for ((smiles, by_smiles), by_key) in molecules.iter().zip(by_smiles).zip(by_key) {
        let key = inchi_of(smiles).map(|inchi| inchi.key).unwrap_or_default();
        let expected = match (by_smiles, key.as_str()) {
            (None, _) => None,
            (by_smiles, "") => by_smiles,
            (_, key) => Some((MoleculeIdentity::InchiKey, key.to_owned())),
        };
        assert_eq!(by_key, expected, "{smiles}");
        *kinds.entry(by_key.map_or(0, |(kind, _)| kind.repr)).or_default() += 1;
    }
    assert_eq!(kinds.len(), 3, "{kinds:?}");
}

#[test]
fn a_product_is_recognised_by_its_own_text_and_by_any_other_spelling() {
    let mut kernel = Kernel::new(&[TransformSpec::new(OME)], &Settings::default()).expect("it is a SMIRKS");
    let (rows, mut products) = (plants(), Vec::new());
    for row in &rows {
        let results = kernel.run(Batch::new(row.as_bytes(), &[0, row.len() as u32])).expect("it runs");
        let bounds = results.products.smiles_offsets.windows(2);
        let text = |bounds: &[u32]| &results.products.smiles[bounds[0] as usize..bounds[1] as usize];
        products.extend(bounds.map(|bounds| String::from_utf8(text(bounds).to_vec()).expect("it is ASCII")));
    }
    assert!(products.len() > 150, "{}", products.len());
    for (product, found) in products.iter().zip(identities(false, &products)) {
        assert_eq!(found.as_ref().map(|(_, text)| text), Some(product));
    }
    let how = RandomSpelling { seed: 7, ..RandomSpelling::default() };
    for product in products.iter().step_by(5) {
        let others = random_spellings(product, how, 5).expect("RDKit reads it");
        for (other, found) in others.iter().zip(identities(false, &others)) {
            assert_eq!(found.map(|(_, text)| text).as_ref(), Some(product), "{other}");
        }
    }
}

#[test]
fn molecules_are_standardized_as_rows_are() {
    let texts = ["[Na+].OC(=O)c1ccccc1[O-]", "CC(=O)[O-].[NH4+]", "C[N+](=O)[O-]", "CN(=O)=O", "C1CC", "O"];
    let texts = texts.map(str::to_owned);
    for (how, expected) in [
        (
            "cleanup",
            ["O=C([O-])c1ccccc1O.[Na+]", "CC(=O)[O-].[NH4+]", "C[N+](=O)[O-]", "C[N+](=O)[O-]", "", "O"],
        ),
        ("parent", ["O=C(O)c1ccccc1O", "CC(=O)O", "C[N+](=O)[O-]", "C[N+](=O)[O-]", "", "O"]),
    ] {
        let found = identified(Identifier::new(false, Some(how)).expect("it is known"), &texts);
        let smiles = found.into_iter().map(|found| found.map_or_else(String::new, |(_, text)| text));
        assert_eq!(smiles.collect::<Vec<_>>(), expected, "{how}");
    }
    assert!(Identifier::new(true, Some("tautomer")).is_err());
}
