"""chematic in a pool of processes: run_smirks, and the SMILES that it writes."""

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.metadata import version

import chematic

from job import read_job
from pool import pump, transform_rows

_worker = {}


def start_worker(transforms):
    """chematic compiles a SMIRKS at each call; there is nothing to keep but the text."""
    _worker["transforms"] = transforms


def products_of(smiles):
    """The distinct products of a parent as (transform, SMILES)."""
    try:
        parent = chematic.from_smiles(smiles)
    except ValueError:
        return
    for name, smirks in _worker["transforms"]:
        try:
            sets = chematic.run_smirks(smirks, [parent])
        except ValueError:
            continue
        for text in {product.smiles for products in sets for product in products}:
            yield name, text


if __name__ == "__main__":
    asked = read_job(__doc__)
    workers = ProcessPoolExecutor(asked.workers, initializer=start_worker, initargs=(asked.transforms,))
    pump(asked, workers, partial(transform_rows, products_of), chematic=version("chematic"))
