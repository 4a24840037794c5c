"""Alerts as RDKit's FilterCatalog finds them in Python: recorded for tests without Python, and compared with a run's."""

import json
import multiprocessing
import os

import pyarrow.parquet as pq
from rdkit import Chem, RDLogger
from rdkit.Chem.FilterCatalog import FilterCatalog, FilterCatalogParams, SmartsMatcher

CATALOGS = ["PAINS", "BRENK", "NIH", "ZINC"]
OWN = "own"
SHOWN = 5

_catalogs = {}


def catalog(name):
    """RDKit's catalog of that name."""
    if name not in _catalogs:
        params = FilterCatalogParams()
        params.AddCatalog(getattr(FilterCatalogParams.FilterCatalogs, name))
        _catalogs[name] = FilterCatalog(params)
    return _catalogs[name]


def alerts(names, molecule):
    """The descriptions of the entries of these catalogs that a molecule matches, in their order."""
    return [entry.GetDescription() for name in names for entry in catalog(name).GetMatches(molecule)]


def record(sources, own, out):
    """Writes the alerts of each molecule that RDKit reads; `sources` are .smi files, `own` a table of SMARTS and names."""
    RDLogger.DisableLog("rdApp.*")
    matchers = [SmartsMatcher(name, smarts) for smarts, name in (line.split("\t") for line in lines_of(own)[1:])]
    lines = ["\t".join(["smiles", *CATALOGS, OWN])]
    for smiles in dict.fromkeys(line.split()[0] for source in sources for line in lines_of(source)):
        molecule = Chem.MolFromSmiles(smiles)
        if molecule:
            found = [alerts([name], molecule) for name in CATALOGS]
            found.append([matcher.GetName() for matcher in matchers if matcher.HasMatch(molecule)])
            lines.append("\t".join([smiles, *("|".join(names) for names in found)]))
    with open(out, "w", encoding="utf-8") as text:
        text.writelines(line + "\n" for line in lines)
    print(f"{out}: {len(lines) - 1} molecules")


def lines_of(path):
    """The lines of a file without blank ones and comments."""
    with open(path, encoding="utf-8") as text:
        return [line.rstrip("\n") for line in text if line.strip() and not line.startswith("#")]


def compare(outdir, jobs):
    """Prints what differs between the alerts in a run's products and Python's; returns how many products do."""
    table = pq.read_table(os.path.join(outdir, "products.parquet"))
    metadata = pq.read_metadata(os.path.join(outdir, "products.parquet")).metadata
    catalogs = json.loads(metadata[b"xform_native"])["alerts"]["catalogs"]
    names = [name for name in CATALOGS if name in catalogs]
    tasks = {smiles: (names, smiles, found) for smiles, found in zip(table["smiles"].to_pylist(), table["alerts"].to_pylist())}
    with multiprocessing.Pool(jobs, initializer=RDLogger.DisableLog, initargs=("rdApp.*",)) as pool:
        faults = [fault for fault in pool.imap_unordered(check, tasks.values(), chunksize=100) if fault]
    for fault in faults[:SHOWN]:
        print(f"    DIFFERENCE {fault}")
    print(f"    {', '.join(names)}: {len(tasks):,} products, {len(faults):,} differences")
    return len(faults)


def check(task):
    """How a product's alerts differ from Python's; None if they do not."""
    names, smiles, found = task
    expected = alerts(names, Chem.MolFromSmiles(smiles))
    return None if found == expected else f"alerts of {smiles}: {found}, in Python {expected}"
