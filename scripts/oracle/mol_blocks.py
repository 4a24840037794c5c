"""Molecules as mol blocks in Python, for the tests of the bridge."""

import os

from rdkit import Chem
from rdkit.Chem import rdDepictor

import library

PLANTS_STEP = 15

# What a drawing could lose: marks of centres and double bonds, charges, isotopes, map numbers, radicals, groups of
# stereo, several fragments, dummies, names, and more atoms than V2000 has room for.
MOLECULES = """
CCO
C
[H][H]
c1ccccc1O
C[C@H](O)F
C[C@@H](O)F
C[C@H](O)[C@@H](N)C(=O)O
F/C=C/F
F/C=C\\F
FC=CF
C/C=C/C=C\\C
O[C@H]1CC[C@@H](O)CC1
C[N+](C)(C)CC(=O)[O-]
[Na+].[Cl-]
[13CH3]C([2H])([2H])O
[CH3:7][CH2:1][OH:3]
C[CH2]
*CC
C1CC2CCC1C2
C12C3C4C1C5C2C3C45
CC(=O)O[C@H]1C[C@@H]2CC[C@H]1N2C
C[C@H](O)[C@@H](C)O |&1:1,3|
CCO ethanol
[Fe+2].[O-]C(=O)C(=O)[O-]
CS(=O)(=O)N
[nH]1cccc1
""".strip().splitlines()


def mol_block(smiles):
    """The mol block of a molecule without its name, with RDKit's own coordinates."""
    molecule = Chem.MolFromSmiles(smiles)
    molecule.ClearProp("_Name")
    rdDepictor.Compute2DCoords(molecule, forceRDKit=True)
    return Chem.MolToMolBlock(molecule)


def record(repository):
    """Writes the fixture of crate/rdkit-sys: SDF whose titles are the SMILES."""
    plants = library.read(os.path.join(repository, "__test__", "golden", "plants-300.smi"))[::PLANTS_STEP]
    long = ["C" * 1200, "C1" + "C" * 1000 + "1"]
    records = [smiles + mol_block(smiles) + "$$$$\n" for smiles in MOLECULES + [row.smiles for row in plants] + long]
    path = os.path.join(repository, "crate", "rdkit-sys", "tests", "fixture", "mol_blocks.sdf")
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(records)
    print(f"{len(records)} mol blocks in {path}")
