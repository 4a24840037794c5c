"""Morgan fingerprints and diverse picks in Python, for the tests of the bridge and of samples."""

import json
import os

from rdkit import Chem
from rdkit.Chem import rdFingerprintGenerator
from rdkit.SimDivFilters import rdSimDivPickers

import library
from mol_blocks import MOLECULES

PLANTS_STEP = 10
# Pools of so many molecules of a series that has many equal distances, and of plants.
PLANTS = 150
ALKANES = 40
PICKS = 40
THRESHOLDS = [0.2, 0.35, 0.65, 0.9]

GENERATOR = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)


def fingerprint(smiles):
    """The fingerprint of a molecule."""
    return GENERATOR.GetFingerprint(Chem.MolFromSmiles(smiles))


def picks_of(smiles):
    """A pool, and what RDKit's pickers pick of it."""
    pool = [fingerprint(text) for text in smiles]
    pick_most = rdSimDivPickers.MaxMinPicker().LazyBitVectorPick
    pick_leaders = rdSimDivPickers.LeaderPicker().LazyBitVectorPick
    size = min(PICKS, len(pool))
    return {
        "fingerprints": [list(bits.GetOnBits()) for bits in pool],
        "maxmin": [
            {"first": first, "picks": list(pick_most(pool, len(pool), size, firstPicks=[first]))}
            for first in [0, len(pool) // 2, len(pool) - 1]
        ],
        "leader": [
            {"threshold": threshold, "picks": list(pick_leaders(pool, len(pool), threshold))} for threshold in THRESHOLDS
        ],
    }


def record(repository):
    """Writes the fixtures: fingerprints as lists of their bits, and a line of JSON for each pool with its picks."""
    plants = [row.smiles for row in library.read(os.path.join(repository, "__test__", "golden", "plants-300.smi"))]
    molecules = [text for text in MOLECULES if Chem.MolFromSmiles(text)] + plants[::PLANTS_STEP]
    path = os.path.join(repository, "crate", "rdkit-sys", "tests", "fixture", "fingerprints.tsv")
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        for smiles in molecules:
            file.write(f"{smiles}\t{' '.join(map(str, fingerprint(smiles).GetOnBits()))}\n")
    print(f"{len(molecules)} fingerprints in {path}")

    alkanes = ["C" * length + end for length in range(1, ALKANES // 2 + 1) for end in ["", "O"]]
    pools = [picks_of(plants[:PLANTS]), picks_of(alkanes)]
    path = os.path.join(repository, "crate", "core", "tests", "fixture", "picks.jsonl")
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(pool, separators=(",", ":")) + "\n" for pool in pools)
    print(f"the picks of {len(pools)} pools in {path}")
