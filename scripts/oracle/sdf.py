"""SDF files of several programs' layouts, and what RDKit's SDMolSupplier reads in them, recorded for tests without Python."""

import json
import os
import re
import subprocess
import tempfile

from rdkit import Chem, RDLogger
from rdkit.Chem import AllChem, rdMolDescriptors

import library
from golden import line

PLANTS_STEP = 25

# What a mol block can say of a molecule in a way of its own.
MOLECULES = """
[NH3+]CC(=O)[O-]
C[N+](C)(C)C
[13CH4]
[2H]C([2H])([2H])O
[CH2]C
[CH]
O=[N+]([O-])c1ccccc1
C[S@](=O)CC
C[C@H](O)/C=C/Cl
C/C=C\\C
F[C@@](Cl)(Br)I
C[C@H](F)[C@@H](F)C
[Na+].[Cl-]
[Cu+2].[O-]S(=O)(=O)[O-]
c1ccc2[nH]ccc2c1
C1CC1C#N
[C-]#[O+]
N[Pt@SP1](Cl)(Cl)N
CC=[N+]=[N-]
O=c1[nH]cnc2nc[nH]c12
C[P@@](CC)c1ccccc1
[H][H]
[H]O[H]
[3H]C
C[Si](C)(C)C
OB(O)c1ccccc1
B1OCCO1
CC1=CC(=O)C=CC1=O
OC1C[C@@H]2CC[C@H]1C2
""".split()

# What RDKit changes or decides only after it has read the block: charges that are not drawn, aromatic bonds, bonds to
# metals, and hydrogens beside stereo marks.
UNSANITIZED = """
CN(=O)=O
C/C=C/N(=O)=O
CN=N#N
C=N#N
CC(C)=N(=O)C
CN(C)(C)(C)C
OCl(=O)(=O)=O
OBr(=O)=O
OI=O
CC=P(C)=O
CP(C)(C)=O
c1ccccc1O
c1cc[nH]c1
c1ccn(C)c1
C[C@H](O)c1ccncc1
[Fe]N(C)(C)C
c1cccn(c1)[Cu]
C[Mg]Br
[H]/N=C(/C)O
[H][C@](F)(Cl)Br
[H]C([H])([H])[C@@]([H])(O)N
C[C@](C)(O)N
C[C@H]=C
C/C=C/C=C\\C
CC=CC
C1=CCCCCCCC/1
C/C=C1/CCCC(C)C1
C[C@H]1CC[C@@H](O)CC1
[CH3:1][C@H:2]([OH:3])N
[O]N(C)C
C[Si]#C
CS(C)(=O)=O
C=S(C)(C)=O
""".split()

# With stereo groups, which only V3000 has.
GROUPS = """
C[C@H](O)[C@@H](C)O |&1:1,3|
C[C@H](O)[C@@H](C)O |o1:1,3|
C[C@H](O)[C@@H](C)OC[C@H](N)O |&1:1,3,&2:7|
C[C@H](O)CC[C@H](C)O |a:1,5|
""".strip().splitlines()

# Blocks of RDKit's own, changed in one place.
METHANOL = """methanol
  hand

  2  1  0  0  0  0  0  0  0  0999 V2000
    0.0000    0.0000    0.0000 C   0  0
    1.5000    0.0000    0.0000 O   0  0
  1  2  1  0
M  END
"""


def changed(*pairs):
    """Methanol's block with these replacements."""
    block = METHANOL
    for old, new in pairs:
        assert old in block, old
        block = block.replace(old, new, 1)
    return block


# Records, each with the code of its reject; None: as SDMolSupplier reads it.
EDGES = (
    (METHANOL + "> <one>\n1\n\n> <two>\nfirst\nsecond\n \nfourth\n\n> <empty>\n\n", None),
    (changed(("methanol\n", "\n")) + ">  <one>  (7)\n 1 \n\n>  <one>\nagain\n\n> 25 <two>\n<a> & b\n\n", None),
    (changed((" O   0", " Xx  0")), "mol_block"),
    (changed((" O   0", " A   0")), "query"),
    (changed((" O   0", " Q   0")), "query"),
    (changed((" O   0", " *   0")), "r_group"),
    (changed((" O   0", " R#  0"), ("M  END", "M  RGP  1   2   1\nM  END")), "r_group"),
    (changed((" O   0", " R1  0")), "r_group"),
    (changed((" O   0", " L   0"), ("M  END", "M  ALS   2  2 F O   N   \nM  END")), "query"),
    (changed(("  1  2  1  0", "  1  2  5  0")), "query"),
    (changed(("  1  2  1  0", "  1  2  8  0")), "query"),
    (changed(("  1  2  1  0", "  1  2  4  0")), None),
    (changed(("  1  2  1  0", "  1  9  1  0")), "exception"),
    (changed(("  1  2  1  0", "  1  2  3  0")), "valence"),
    (changed(("M  END\n", "")), "mol_block"),
    (changed(("  2  1  0", "  x  1  0")), "mol_block"),
    (changed((" V2000", " V4000")), "mol_block"),
    (changed(("  0  0  0  0  0  0  0  0999 V2000", "")), None),
    (changed(("methanol\n  hand\n\n", "methanol\n")), "mol_block"),
    (changed(("M  END", "M  CHG  1   2  -1\nM  END")), None),
    (changed(("M  END", "M  ISO  1   1  13\nM  END")), None),
    (changed(("M  END", "M  RAD  1   1   2\nM  END")), None),
    (changed(("M  END", "M  APO  1   1   1\nM  END")), None),
    (changed(("methanol", "$$$ is no end, > nor a header")), None),
    (changed(("M  END", "M  STY  1   1 DAT\nM  SAL   1  1   1\nM  SDT   1 note\nM  SED   1 text\nM  END")), None),
)


def record(repository):
    """Writes the files and expected.tsv: of each record the title, the SMILES (in brackets the code of a reject) and the data
    items as JSON."""
    RDLogger.DisableLog("rdApp.*")
    folder = os.path.join(repository, "crate", "core", "tests", "fixture", "sdf")
    os.makedirs(folder, exist_ok=True)
    plants = library.read(os.path.join(repository, "examples", "plants-1k.parquet"))[::PLANTS_STEP]
    molecules = [Chem.MolFromSmiles(smiles) for smiles in [*MOLECULES, *(row.smiles for row in plants)]]
    files = {
        "rdkit-2d.sdf": rdkit_2d(molecules),
        "rdkit-3d.sdf": rdkit_3d(molecules[: len(MOLECULES) + 12]),
        "unsanitized.sdf": unsanitized([*UNSANITIZED, *(Chem.MolToSmiles(each) for each in molecules[::6])]),
        "rdkit-v3000.sdf": rdkit_v3000(molecules, [Chem.MolFromSmiles(smiles) for smiles in GROUPS]),
        "openbabel.sdf": open_babel([Chem.MolToSmiles(molecule) for molecule in molecules]),
        "pubchem.sdf": pubchem(molecules[::4]),
        "chembl.sdf": chembl(molecules[1::4]),
        "crlf.sdf": rdkit_2d(molecules[:6]).replace("\n", "\r\n"),
        "no-end.sdf": rdkit_2d(molecules[:3]).rstrip("\n").removesuffix("$$$$"),
        "edges.sdf": "".join(f"{block}$$$$\n" for block, _ in EDGES),
    }
    lines = [line("file", "title", "smiles", "data")]
    for name, text in files.items():
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8", newline="") as out:
            out.write(text)
        codes = [code for _, code in EDGES] if name == "edges.sdf" else None
        lines += [line(name, *each) for each in expected(path, codes)]
    with open(os.path.join(folder, "expected.tsv"), "w", encoding="utf-8") as out:
        out.writelines(f"{each}\n" for each in lines)
    print(f"{len(files)} files, {len(lines) - 1} records")


def expected(path, codes):
    """What SDMolSupplier reads in the file."""
    supplier = Chem.SDMolSupplier(path)
    codes = codes or [None] * len(supplier)
    assert len(supplier) == len(codes), path
    for molecule, code in zip(supplier, codes):
        if code:
            # A pattern is a molecule to RDKit.
            assert molecule is None or code in ("query", "r_group"), (path, code)
            yield ("", f"({code})", "{}")
            continue
        assert molecule is not None, path
        data = {name: molecule.GetProp(name) for name in molecule.GetPropNames()}
        yield (molecule.GetProp("_Name").strip(), Chem.MolToSmiles(molecule), json.dumps(data, sort_keys=True))


def sdf(blocks):
    """Records of these blocks, each with its data items."""
    return "".join(
        block + "".join(f">  <{name}>\n{value}\n\n" for name, value in data.items()) + "$$$$\n" for block, data in blocks
    )


def data_of(index, molecule):
    """Data items of different kinds."""
    return {"number": index, "formula": rdMolDescriptors.CalcMolFormula(molecule), "note": f"a\nb {index}" if index % 3 else ""}


def rdkit_2d(molecules):
    """As RDKit draws molecules."""
    blocks = []
    for index, molecule in enumerate(molecules):
        drawn = Chem.Mol(molecule)
        AllChem.Compute2DCoords(drawn)
        drawn.SetProp("_Name", f"molecule {index}" if index % 5 else "")
        blocks.append((Chem.MolToMolBlock(drawn), data_of(index, molecule)))
    return sdf(blocks)


def unsanitized(smiles):
    """As a chemist draws them: no charge added, no aromatic bond replaced. Further records are V3000, have crossed double
    bonds, or wedges at every single bond, wherever it is."""
    blocks = []
    for index, text in enumerate(smiles):
        drawn = Chem.MolFromSmiles(text, sanitize=False)
        drawn.UpdatePropertyCache(strict=False)
        AllChem.Compute2DCoords(drawn)
        drawn.SetProp("_Name", f"unsanitized {index}")
        crossed = Chem.Mol(drawn)
        for bond in crossed.GetBonds():
            if bond.GetBondType() == Chem.BondType.DOUBLE:
                bond.SetBondDir(Chem.BondDir.EITHERDOUBLE)
        for molecule in (drawn, crossed) if "=" in text else (drawn,):
            for write in (Chem.MolToMolBlock, Chem.MolToV3KMolBlock):
                block = write(molecule, kekulize=False)
                blocks += [(each, {"number": index}) for each in (block, wedged(block)) if Chem.MolFromMolBlock(each)]
    return sdf(blocks)


def wedged(block):
    """The block, if it is V2000, with a wedge at each single bond."""
    return re.sub(r"^([ \d]{6}  1)  \d", r"\1  1", block, flags=re.MULTILINE)


def rdkit_3d(molecules):
    """As RDKit embeds molecules, with their hydrogens."""
    blocks = []
    for index, molecule in enumerate(molecules):
        embedded = Chem.AddHs(molecule)
        if AllChem.EmbedMolecule(embedded, randomSeed=7, maxAttempts=5) == 0:
            embedded.SetProp("_Name", f"embedded {index}")
            blocks.append((Chem.MolToMolBlock(embedded), data_of(index, molecule)))
    return sdf(blocks)


def rdkit_v3000(molecules, with_groups):
    """V3000, with stereo groups."""
    blocks = []
    for index, molecule in enumerate([*with_groups, *molecules[::3]]):
        drawn = Chem.Mol(molecule)
        AllChem.Compute2DCoords(drawn)
        drawn.SetProp("_Name", f"v3000 {index}")
        blocks.append((Chem.MolToV3KMolBlock(drawn), {"number": index}))
    return sdf(blocks)


def open_babel(smiles):
    """As Open Babel writes them, with coordinates of its own; what RDKit then refuses is left out."""
    with tempfile.TemporaryDirectory() as folder:
        lines, out = os.path.join(folder, "in.smi"), os.path.join(folder, "out.sdf")
        with open(lines, "w", encoding="utf-8") as file:
            file.writelines(f"{each} ob{index}\n" for index, each in enumerate(smiles))
        subprocess.run(["obabel", lines, "-O", out, "--gen2D", "--append", "formula"], check=True, capture_output=True)
        with open(out, encoding="utf-8") as file:
            text = file.read()
    records = [record + "$$$$\n" for record in text.split("$$$$\n") if record.strip()]
    return "".join(each for each in records if Chem.MolFromMolBlock(each.split("M  END")[0] + "M  END\n") is not None)


def pubchem(molecules):
    """PubChem's layout: the compound's number as title, data items over several lines, hydrogens as atoms."""
    blocks = []
    for index, molecule in enumerate(molecules):
        drawn = Chem.AddHs(molecule)
        AllChem.Compute2DCoords(drawn)
        body = Chem.MolToMolBlock(drawn).split("\n", 3)[3]
        block = f"{2244 + index}\n  -OEChem-11302612342D\n\n{body}"
        data = {
            "PUBCHEM_COMPOUND_CID": 2244 + index,
            "PUBCHEM_COMPOUND_CANONICALIZED": 1,
            "PUBCHEM_IUPAC_INCHIKEY": Chem.MolToInchiKey(molecule),
            "PUBCHEM_MOLECULAR_WEIGHT": f"{rdMolDescriptors.CalcExactMolWt(molecule):.2f}",
            "PUBCHEM_COORDINATE_TYPE": "1\n5\n255",
            "PUBCHEM_BONDANNOTATIONS": "1  5  8\n2  11  8",
        }
        blocks.append((block, data))
    return sdf(blocks).replace(">  <", "> <")


def chembl(molecules):
    """ChEMBL's layout."""
    blocks = []
    for index, molecule in enumerate(molecules):
        drawn = Chem.Mol(molecule)
        AllChem.Compute2DCoords(drawn)
        body = Chem.MolToMolBlock(drawn).split("\n", 3)[3]
        block = f"CHEMBL{index + 1}\n     RDKit          2D\n\n{body}"
        blocks.append((block, {"chembl_id": f"CHEMBL{index + 1}"}))
    return sdf(blocks).replace(">  <", "> <")
