"""Properties as RDKit has them in Python: recorded for tests without Python, and compared with those of a run."""

import math
import multiprocessing
import os

import pyarrow.parquet as pq
from rdkit import Chem, RDLogger
from rdkit.Chem import QED, Crippen, Descriptors, rdMolDescriptors
from rdkit.Chem.Scaffolds import MurckoScaffold

TOLERANCE = 1e-9
PARENT = "parent_"
SHOWN = 5

FUNCTIONS = {
    "MW": Descriptors.MolWt,
    "ExactMW": Descriptors.ExactMolWt,
    "Formula": rdMolDescriptors.CalcMolFormula,
    "HeavyAtoms": Descriptors.HeavyAtomCount,
    "TPSA": rdMolDescriptors.CalcTPSA,
    "HBD": rdMolDescriptors.CalcNumHBD,
    "HBA": rdMolDescriptors.CalcNumHBA,
    "cLogP": Crippen.MolLogP,
    "MR": Crippen.MolMR,
    "RotB": rdMolDescriptors.CalcNumRotatableBonds,
    "Rings": rdMolDescriptors.CalcNumRings,
    "AromaticRings": rdMolDescriptors.CalcNumAromaticRings,
    "Fsp3": rdMolDescriptors.CalcFractionCSP3,
    "QED": QED.qed,
    "Charge": Chem.GetFormalCharge,
    "StereoCenters": rdMolDescriptors.CalcNumAtomStereoCenters,
    "UndefinedStereoCenters": rdMolDescriptors.CalcNumUnspecifiedAtomStereoCenters,
    "Scaffold": lambda mol: Chem.MolToSmiles(MurckoScaffold.GetScaffoldForMol(mol)),
    "InChIKey": lambda mol: Chem.MolToInchiKey(mol) or None,
    "InChI": lambda mol: Chem.MolToInchi(mol) or None,
}


def value(name, smiles):
    """The property of a text; None if RDKit cannot compute it. Each is computed of a molecule of its own."""
    try:
        return FUNCTIONS[name](Chem.MolFromSmiles(smiles))
    except Exception:  # RDKit's exceptions have no common class
        return None


def record(sources, out):
    """Writes a line for each molecule that RDKit reads; `sources` are files with a SMILES in the last column."""
    RDLogger.DisableLog("rdApp.*")
    lines = ["\t".join(["smiles", *FUNCTIONS])]
    for smiles in dict.fromkeys(smiles for source in sources for smiles in molecules(source)):
        if Chem.MolFromSmiles(smiles):
            lines.append("\t".join([smiles, *(shown(value(name, smiles)) for name in FUNCTIONS)]))
    with open(out, "w", encoding="utf-8") as text:
        text.writelines(line + "\n" for line in lines)
    print(f"{out}: {len(lines) - 1} molecules")


def molecules(path):
    """The SMILES of a table with a header; those of a .smi file come first in their lines."""
    with open(path, encoding="utf-8") as text:
        lines = [line.rstrip("\n") for line in text if line.strip() and not line.startswith("#")]
    if path.endswith(".smi"):
        return [line.split()[0] for line in lines]
    return [line.split("\t")[-1] for line in lines[1:] if " " not in line.split("\t")[-1]]


def shown(found):
    """A value as text: floats with all their digits, nothing for None."""
    return "" if found is None else repr(found) if isinstance(found, float) else str(found)


def compare(outdir, jobs):
    """Prints what differs between the properties in a run's products and Python's; returns how many values do."""
    table = pq.read_table(os.path.join(outdir, "products.parquet"))
    columns = [name for name in table.column_names if name.removeprefix(PARENT) in FUNCTIONS]
    parents = "parent_smiles" if "parent_smiles" in table.column_names else "source_smiles"
    tasks = {}
    for column in columns:
        texts = table[parents if column.startswith(PARENT) else "smiles"].to_pylist()
        for smiles, found in zip(texts, table[column].to_pylist()):
            tasks[(column, smiles)] = found
    with multiprocessing.Pool(jobs, initializer=RDLogger.DisableLog, initargs=("rdApp.*",)) as pool:
        faults = [fault for fault in pool.imap_unordered(check, tasks.items(), chunksize=500) if fault]
    for fault in faults[:SHOWN]:
        print(f"    DIFFERENCE {fault}")
    print(f"    {len(columns)} columns, {len(tasks):,} values, {len(faults):,} differences")
    return len(faults) if columns else 1


def check(task):
    """How a value differs from Python's; None if it does not."""
    (column, smiles), found = task
    expected = value(column.removeprefix(PARENT), smiles)
    if is_same(found, expected):
        return None
    return f"{column} of {smiles}: {found!r}, in Python {expected!r}"


def is_same(found, expected):
    """Floats may differ by the tolerance, all else must be equal."""
    if isinstance(found, float) and isinstance(expected, float):
        return math.isclose(found, expected, rel_tol=0, abs_tol=TOLERANCE)
    return found == expected
