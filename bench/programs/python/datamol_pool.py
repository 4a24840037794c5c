"""datamol's own functions, in a pool of processes: to_mol, reactions.apply_reaction, SMILES out."""

from concurrent.futures import ProcessPoolExecutor
from functools import partial

import datamol as dm
from rdkit import RDLogger, rdBase

from job import read_job
from pool import pump, transform_rows

RDLogger.DisableLog("rdApp.*")
_worker = {}


def start_worker(transforms):
    """Compiles the transforms."""
    _worker["reactions"] = [(name, dm.reactions.rxn_from_smarts(smirks)) for name, smirks in transforms]


def products_of(smiles):
    """The distinct products of a parent as (transform, SMILES)."""
    parent = dm.to_mol(smiles)
    if parent is None:
        return
    for name, reaction in _worker["reactions"]:
        sets = dm.reactions.apply_reaction(reaction, (parent,), as_smiles=True, disable_logs=False)
        for text in {text for products in sets for text in products if text is not None}:
            yield name, text


def load_modules():
    """datamol loads its modules at first use: that is start-up, which is not timed and which the workers
    inherit.
    """
    start_worker([("warm-up", "[C:1]>>[C:1]O")])
    list(products_of("C"))


if __name__ == "__main__":
    load_modules()
    asked = read_job(__doc__)
    workers = ProcessPoolExecutor(asked.workers, initializer=start_worker, initargs=(asked.transforms,))
    pump(asked, workers, partial(transform_rows, products_of), datamol=dm.__version__, rdkit=rdBase.rdkitVersion)
