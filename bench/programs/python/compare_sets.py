"""Compares the product sets of two runs; runs on RDKit 2025.3.1.

    python compare_sets.py [--convert] [--jobs N] OURS.parquet THEIRS

THEIRS is Parquet, or text with one `name<TAB>SMILES` per line. With --convert, both sets first go through
MolFromSmiles and MolToSmiles, for programs whose toolkit or version writes different SMILES. A file
without xf_name counts as the result of one transform. Prints {"ours", "theirs", "common", "unreadable"},
numbers of distinct products.
"""

import argparse
import json
from concurrent.futures import ProcessPoolExecutor

import pyarrow.parquet as pq
from rdkit import Chem, RDLogger

RDLogger.DisableLog("rdApp.*")
CHUNK = 2_000


def read_set(path, named):
    """The distinct (transform, SMILES) of a file; the transform is "" for all if not `named`."""
    if not path.endswith(".parquet"):
        with open(path, encoding="utf-8") as lines:
            pairs = {tuple(line.rstrip("\n").split("\t")) for line in lines}
        return pairs if named else {("", smiles) for _, smiles in pairs}
    table = pq.read_table(path, columns=["xf_name", "smiles"] if named else ["smiles"])
    names = table.column("xf_name").to_pylist() if named else [""] * table.num_rows
    return set(zip(names, table.column("smiles").to_pylist()))


def has_names(path):
    """Whether the file records the transform of a product."""
    return not path.endswith(".parquet") or "xf_name" in pq.ParquetFile(path).schema_arrow.names


def canonical(smiles):
    """The SMILES as this RDKit writes it; None if it cannot read it."""
    molecule = Chem.MolFromSmiles(smiles)
    return None if molecule is None else Chem.MolToSmiles(molecule)


def converted(pool, pairs):
    """The set with each SMILES as this RDKit writes it, and the number that could not be read."""
    texts = sorted({smiles for _, smiles in pairs})
    spelled = dict(zip(texts, pool.map(canonical, texts, chunksize=CHUNK)))
    kept = {(name, spelled[smiles]) for name, smiles in pairs if spelled[smiles] is not None}
    return kept, sum(text is None for text in spelled.values())


def main():
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ours")
    parser.add_argument("theirs")
    parser.add_argument("--convert", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    named = has_names(args.theirs)
    sets = [read_set(path, named) for path in (args.ours, args.theirs)]
    unreadable = 0
    if args.convert:
        with ProcessPoolExecutor(args.jobs) as pool:
            (ours, _), (theirs, unreadable) = [converted(pool, pairs) for pairs in sets]
        sets = [ours, theirs]
    ours, theirs = sets
    result = {
        "ours": len(ours),
        "theirs": len(theirs),
        "common": len(ours & theirs),
        "unreadable": unreadable,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
