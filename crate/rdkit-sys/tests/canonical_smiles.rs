//! Canonical SMILES are RDKit's, character for character, whichever way the kernel takes to write them.

use xform_rdkit_sys::canonical_spellings;

/// Each kind of molecule that is written in a special way.
const MOLECULES: &[&str] = &[
    // Plain, with many symmetries, fused, bridged, with enough rings for two-digit closures.
    "C",
    "CCO",
    "Oc1ccc(cc1)C(=O)c1ccc(O)cc1",
    "OC1C(O)C(O)C(O)C(O)C1O",
    "c1ccc2c(c1)ccc1ccccc12",
    "c1cc2cccc3ccc4cccc1c4c23",
    "O=C1c2ccccc2C(=O)c2ccccc12",
    "C1CC2CCC1C2",
    "C12C3C4C1C5C4C3C25",
    "C1C2CC3CC1CC(C2)C3",
    "C12C3C4C5C1C6C7C2C8C3C9C4C%10C5C6C%11C7C8C9C%10%11",
    "c1cc2cc3cc4cc5cc6cc7cc8ccccc8cc7cc6cc5cc4cc3cc2cc1",
    "C1CCC2(CC1)CCC1(CC2)CCCCC1",
    "N#Cc1nc2[nH]ccc2s1",
    "c1ccc2cccc2cc1",
    "O=c1cc[nH]c2ccccc12",
    "Cn1c(=O)c2c(ncn2C)n(C)c1=O",
    "CP(C)(=O)OS(C)(=O)=O",
    "FC(F)(F)C(Cl)(Br)I",
    "BrB(Br)c1ccpcc1",
    // Charges, radicals, isotopes, map numbers, hydrogens, query atoms, odd valences.
    "[O-][N+](=O)c1ccccc1",
    "C[N+](C)(C)CC([O-])=O",
    "[CH2]C",
    "C[C]C",
    "[13CH3]C",
    "[2H]OC",
    "[2H][2H]",
    "[H][H]",
    "[CH3:7][OH:2]",
    "[CH3:2]C[CH3:1]",
    "[OH:-1]",
    "*c1ccccc1",
    "[*:1]CC",
    "[1*]C[2*]",
    "S(F)(F)(F)(F)(F)F",
    "[SH4]",
    "[PH5]",
    "C[SiH3]",
    "C[Si](C)(C)C",
    "[se]1cccc1",
    "[Na+].[Cl-]",
    // Several fragments.
    "CCO.CCO.C",
    "Oc1ccccc1.[Na+].[Cl-].O",
    "C[C@H](N)O.C/C=C/C",
    // Metals, dative and other bonds.
    "[Cu+2].[O-]C(=O)C",
    "C[Mg]Br",
    "[NH3]->[Cu+2]<-[NH3]",
    "CN->[Pt](Cl)Cl",
    // Dative bonds in rings, which RDKit does not count as rings.
    "C[NH]1CC[NH2]->[Pd]<-1([CH3])[CH3]",
    "CN1(CCO)->[Cu]OC(=O)C1",
    "[Fe]123456c7c1c2c3c4c5c67",
    "C$C",
    "C~C",
    "[Cl-][Co+3]([Cl-])([Cl-])([Cl-])([Cl-])[Cl-]",
    // Stereo: centres, rings, meso forms, pseudo-asymmetry, sulphur, phosphorus, allenes.
    "C[C@H](N)C(=O)O",
    "C[C@@H](N)C(=O)O",
    "[C@H](F)(Cl)Br",
    "C[C@@]1(O)CC[C@H](C)CC1",
    "C[C@H]1CC[C@@H](C)CC1",
    "C[C@H]1CC[C@H](O)[C@@H](O)C1",
    "O[C@H](C)[C@@H](C)O",
    "C[C@H](O)[C@H](F)[C@@H](C)O",
    "C[S@](=O)CC",
    "C[P@](=O)(O)CC",
    "CC=[C@]=CC",
    "OC[C@H]1O[C@@H](Oc2ccc(O)cc2)[C@H](O)[C@@H](O)[C@@H]1O",
    "C[C@]12CC[C@H]3[C@@H](CC=C4C[C@@H](O)CC[C@]34C)[C@@H]1CC[C@@H]2O",
    "C1C[C@H]2CC[C@@H]1C2",
    "[C@]12(C)CCCC[C@@H]1CCC2",
    "N[Pt@SP1](N)(Cl)Cl",
    "C[Fe@OH1](F)(Cl)(Br)(I)N",
    // Double bonds.
    "C/C=C/C",
    "C/C=C\\C",
    "F/C(Cl)=C(/F)Br",
    "C/C=C/C=C/C",
    "CC(/C=C/C)=C/C",
    "C/C=C1/CCC[C@H](C)C1",
    "O/N=C/c1ccccc1",
    "C/1CCCCCCCC/C=C1",
    "C/C=C/[C@H](C)/C=C\\C",
    // CXSMILES extensions: groups, atropisomers, wiggly bonds, coordinates.
    "C[C@H](O)[C@@H](C)F |&1:1,o2:3|",
    "C[C@H](O)CC |a:1|",
    "Cc1cccc(Cl)c1-c1c(F)cccc1Br |(1.2,-2.4,;0.9,-0.9,;2.1,0,;1.8,1.5,;0.4,2,;-0.7,1,;-2.1,1.5,;-0.5,-0.5,;-1.6,-1.5,;-1.3,-3,;0.1,-3.4,;-2.5,-4,;-3.9,-3.5,;-4.2,-2,;-3,-1,;-3.3,0.5,),wU:7.7|",
    "CC=CC |w:1.0|",
    "CC(O)F |wU:1.1|",
];

#[test]
fn the_kernel_writes_what_rdkit_writes() {
    for smiles in MOLECULES {
        // Molecules that RDKit refuses do not matter here, but most must be readable.
        let Ok(spellings) = canonical_spellings(smiles) else { continue };
        assert_eq!(spellings.kernel, spellings.rdkit, "{smiles}");
    }
    let read = MOLECULES.iter().filter(|smiles| canonical_spellings(smiles).is_ok()).count();
    assert!(read + 4 > MOLECULES.len(), "{read} of {}", MOLECULES.len());
}

#[test]
fn marks_of_every_kind_are_in_the_text() {
    let kernel = |smiles| canonical_spellings(smiles).expect("it is read").kernel.smiles;
    assert_eq!(kernel("OC(=O)[C@H](N)C"), "C[C@@H](N)C(=O)O");
    assert_eq!(kernel("C(/C)=C/C"), "C/C=C\\C");
    assert_eq!(kernel("O.[13CH4]"), "O.[13CH4]");
    assert_eq!(kernel("[NH3]->[Cu+2]"), "[NH3]->[Cu+2]");
}

#[test]
fn positions_lead_back_to_the_atoms() {
    let spellings = canonical_spellings("OCc1ccccc1").expect("it is read");
    assert_eq!(spellings.kernel.smiles, "OCc1ccccc1");
    assert_eq!(spellings.kernel.atom_order, [0, 1, 2, 3, 4, 5, 6, 7]);
    let order = canonical_spellings("c1ccccc1CO").expect("it is read").kernel.atom_order;
    assert_eq!(&order[..3], [7, 6, 5]);
}
