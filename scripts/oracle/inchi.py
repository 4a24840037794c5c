"""Records InChIs and keys of RDKit in Python, for crate/rdkit-sys/tests/inchi.rs."""

import os

from rdkit import Chem, rdBase
from rdkit.Chem import rdinchi

import library
from golden import line

PLANTS_STEP = 3

# What InChI treats in special ways, beyond the molecules of the other tests.
CASES = """
# the smallest molecules, and atoms alone

C
O
[H]
[H+]
[2H][2H]
[H][H]
[He]
[Na+]
[Cl-]
[O-2]
[U]
# tautomers: mobile hydrogens, and forms that InChI does not join
Oc1ccccn1
O=c1cccc[nH]1
CC(=O)CC(C)=O
CC(O)=CC(C)=O
c1c[nH]cn1
Nc1ncnc2[nH]cnc12
Nc1ncnc2nc[nH]c12
O=C1NC(=O)c2[nH]c(=O)[nH]c2N1
NC(=N)N
NC(=[NH2+])N
OC(=O)C=CC(O)=O
CC(=O)[O-]
CC(=N)O
CC(N)=O
c1ccc2[nH]nnc2c1
Oc1ccc(N=Nc2ccccc2)cc1
O=C1C=CC(=NNc2ccccc2)C=C1
# charges and protons
C[N+](C)(C)CC([O-])=O
[NH3+]CC([O-])=O
NCC(O)=O
[O-]c1ccccc1.[Na+]
[OH3+]
[NH4+].[Cl-]
C[n+]1ccccc1
[O-][N+](=O)c1ccccc1
O=N(=O)c1ccccc1
C[S+]([O-])C
[O-]Cl(=O)(=O)=O
[O-][Cl+3]([O-])([O-])[O-]
[O-][Cl+3]([O-])([O-])O
[O-][I+2]([O-])O
[C-]#[O+]
[N-]=[N+]=NC
C[N+]#[C-]
# isotopes
[13CH3]O
[13C]
CC([2H])O
[2H]C([3H])(C)O
[18OH2]
[35Cl]CC[37Cl]
[14CH3][C@H](O)[13CH3]
[2H]OC
# stereo: centres, double bonds, undefined, allenes, rings, relative forms
C[C@H](N)C(O)=O
C[C@@H](N)C(O)=O
CC(N)C(O)=O
C[C@H](O)[C@@H](C)O
C[C@H](O)[C@H](C)O
O[C@H]1CC[C@@H](O)CC1
O[C@H]1CC[C@H](O)CC1
OC1CCC(O)CC1
C/C=C/C
C/C=C\\C
CC=CC
C/C=C/C=C\\C
CC=[C@]=CC
C/N=C/C
O/N=C(\\C)CC
C[S@](=O)CC
C[P@](=O)(O)CC
C[N@+](CC)(CCC)Cc1ccccc1
C[Si@H](F)Cl
C/1CCCCCCCC/C=C1
C1CCCCCC/C=C/1
C[C@@]12CC[C@H](C1)C(C)(C)C2=O
OC[C@H]1O[C@@H](Oc2ccc(O)cc2)[C@H](O)[C@@H](O)[C@@H]1O
Cc1cccc(Cl)c1-c1c(F)cccc1Br
# radicals and odd valences
[CH3]
[CH2]
C[C]C
[O][O]
[O]N=O
C[O]
[SH6]
FS(F)(F)(F)(F)F
FP(F)(F)(F)F
FI(F)(F)(F)(F)(F)F
BrBr
[BH4-]
[AlH4-].[Li+]
B1BBBB1
# metals: salts, bonds to metals, dative and zero bonds
[Na]OC(C)=O
C[Mg]Br
C[Zn]C
C[Hg]C
CN->[Pt](Cl)Cl
N[Pt@SP1](N)(Cl)Cl
[NH3]->[Cu+2]<-[NH3]
[Fe]123456c7c1c2c3c4c5c67
[Cl-][Co+3]([Cl-])([Cl-])([Cl-])([Cl-])[Cl-]
CN1(CCO)->[Cu]OC(=O)C1
O=[Os](=O)(=O)=O
[K+].[K+].[O-][Cr](=O)(=O)O[Cr]([O-])(=O)=O
C[Sn](C)(C)C
[Ca+2].[O-]C([O-])=O
Cl[Ti](Cl)(Cl)Cl
[Cu]c1ccccc1
C~C
C$C
# several fragments, also equal ones
CCO.CCO.C
c1ccccc1.O
OC(=O)/C=C/C(O)=O.CN
# many symmetries and cages
C12C3C4C1C5C4C3C25
C1C2CC3CC1CC(C2)C3
C12C3C4C5C1C6C7C2C8C3C9C4C%10C5C6C%11C7C8C9C%10%11
c1cc2cccc3ccc4cccc1c4c23
OC1C(O)C(O)C(O)C(O)C1O
# no InChI: dummy atoms, unknown elements, too many bonds
*CC
[*:1]C
*
[Og]
[Lv]
[Rf]
C[Fe](C)(C)(C)(C)(C)(C)(C)(C)(C)(C)(C)(C)(C)(C)(C)(C)(C)(C)(C)(C)C
""".strip("\n")


def record(repository):
    """Writes crate/rdkit-sys/tests/fixture/inchi.tsv: SMILES, InChI and key of each molecule that RDKit reads."""
    rdBase.DisableLog("rdApp.*")
    lines = [line(*result) for smiles in molecules(repository) for result in results(smiles)]
    out = os.path.join(repository, "crate", "rdkit-sys", "tests", "fixture", "inchi.tsv")
    with open(out, "w", encoding="utf-8") as text:
        text.writelines(f"{each}\n" for each in [line("smiles", "warned", "inchi", "key"), *lines])
    print(f"{len(lines)} molecules")


def molecules(repository):
    """The cases above, then molecules of the repository, each once."""
    cases = [text for text in CASES.split("\n") if not text.startswith("# ")]
    parents = library.read(os.path.join(repository, "crate", "rdkit-sys", "tests", "fixture", "hard-parents.tsv"))
    plants = library.read(os.path.join(repository, "__test__", "golden", "plants-300.smi"))[::PLANTS_STEP]
    long = ["C" * 1000, "C" * 1025]
    return list(dict.fromkeys([*cases, *(row.smiles for row in [*parents, *plants]), *long]))


def results(smiles):
    """(SMILES, whether InChI warns, InChI, key); nothing if RDKit refuses the SMILES."""
    molecule = Chem.MolFromSmiles(smiles)
    if molecule is None:
        return
    try:
        inchi, status, *_ = rdinchi.MolToInchi(molecule)
    except Chem.MolSanitizeException:  # it cannot be kekulized
        yield smiles, 0, "", ""
        return
    yield smiles, int(bool(inchi) and status == 1), inchi, Chem.MolToInchiKey(molecule)
