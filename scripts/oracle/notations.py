"""Further notations of a product in Python: with map numbers, as a reaction, with stereo groups."""

import itertools
import os

from rdkit import Chem

import library

NAMES = ("mapped_smiles", "reaction_smiles", "cxsmiles")
PLANTS_STEP = 20

TRANSFORMS = (
    # SMIRKS, and whether the parents get their hydrogens as atoms
    ("[#6:1][OX2H:2]>>[#6:1][O:2]C", False),
    ("[#6:1][OX2H:2]>>[#6:1]N", False),
    ("[CX4;H1:1]([OX2H:2])[C:3]>>[CX3:1](=[O:2])[C:3]", False),
    ("[C@:1]([*:2])([*:3])([*:4])[O:5]>>[C@@:1]([*:2])([*:3])([*:4])[O:5]", False),
    ("[C:1][O:2][C:3]>>[C:1][O:2].[C:3]Br", False),
    ("[C:1]=[C:2]>>[C:1]1[C:2]O1", False),
    ("[c:1][H]>>[c:1]F", True),
    ("[C:1]([H:2])[O:3]>>[C:1](F)[O:3][H:2]", True),
)

# What the numbers and groups of an atom could be lost by, beyond the molecules of the other tests.
MOLECULES = """
Oc1ccccc1
c1ccccc1O.[Na+].[Cl-]
OCC(O)CO
[CH3:7][CH2:1][OH:3]
[2H]OC([2H])([2H])C
[13CH3]C(O)/C=C/CO
C/C=C\\[C@H](O)CC
O[C@H]1CC[C@@H](O)CC1
C[C@H](O)[C@@H](C)O |&1:1,3|
C[C@H](O)[C@@H](C)O |o1:1,3|
C[C@H](O)[C@@H](C)O |a:1,o1:3|
C[C@H](O)[C@@H](C)OC[C@H](N)O |&1:1,3,&2:7|
C[C@H](O)CC[C@H](C)O |a:1,5|
OC1CCCCC1
[O-]c1ccccc1O
c1ccc2c(c1)cccc2O
CC(C)(O)C#N
COCCOC
C[C@@H]1O[C@@H](O)[C@H](O)[C@@H](O)[C@@H]1O
[Na+].[O-]c1ccccc1O
O.Oc1ccccc1.O.Cl
Oc1ccccc1.CC=CO.[2H]O[2H]
C[C@H](O)[C@@H](C)O.C[C@H](N)C(=O)[O-].[K+] |&1:1,3,&2:7|
[NH4+].OC(/C=C/F)Br.C[C@H](Cl)/C=C\\C |a:9|
""".strip().splitlines()


def of_product(product, row):
    """The notations of a product as the chain leaves it; `row` is what the row's SMILES was read as."""
    mapped = write_mapped(product, number_in_parent)
    parent = write_mapped(row, lambda atom: atom.GetIdx() + 1)
    groups = Chem.MolToCXSmiles(product, Chem.SmilesWriteParams(), Chem.CXSmilesFields.CX_ENHANCEDSTEREO)
    return mapped, f"{parent}>>{mapped}", groups


def write_mapped(molecule, number):
    """The canonical SMILES, in which the atoms have these map numbers and no other ones."""
    copy = Chem.Mol(molecule)
    for atom in copy.GetAtoms():
        atom.SetAtomMapNum(number(atom))
    return Chem.MolToSmiles(copy)


def number_in_parent(atom):
    """The atom's index in the parent + 1; 0 if the reaction has added it."""
    return atom.GetIntProp("react_atom_idx") + 1 if atom.HasProp("react_atom_idx") else 0


def record(repository):
    """Writes the notations of the products of each molecule and transform above, and of some plants."""
    plants = library.read(os.path.join(repository, "__test__", "golden", "plants-300.smi"))
    molecules = MOLECULES + [row.smiles for row in plants[::PLANTS_STEP]]
    lines = ["\t".join(["smirks", "hydrogens", "keep_salts", "parent", "smiles", *NAMES])]
    for (smirks, hydrogens), keep_salts in itertools.product(TRANSFORMS, (False, True)):
        lines += ["\t".join([smirks, str(int(hydrogens)), str(int(keep_salts)), smiles, *product])
                  for smiles in molecules if "." in smiles or not keep_salts
                  for product in products(smirks, hydrogens, keep_salts, smiles)]
    out = os.path.join(repository, "crate", "rdkit-sys", "tests", "fixture", "notations.tsv")
    with open(out, "w", encoding="utf-8") as text:
        text.writelines(line + "\n" for line in lines)
    print(f"{out}: {len(lines) - 1} products")


def products(smirks, hydrogens, keep_salts, smiles):
    """The SMILES and notations of each distinct product, as the chain gives them."""
    import chain  # chain uses this module
    from sites import SiteRules
    from transforms import Transform

    entry = {"name": "recorded", "smirks": smirks, "hydrogens": "explicit" if hydrogens else "implicit"}
    outcome = chain.apply_transform(smiles, Transform(entry), SiteRules(), True, keep_salts)
    return [(product.smiles, *product.notations) for product in outcome.products]
