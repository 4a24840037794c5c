"""chematic in a pool of processes: run_smirks, and the SMILES that it writes."""

from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version

import chematic

from job import read_job
from pool import pump

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


def transform_batch(rows):
    """Number of rows, and the distinct products of each row as records."""
    return len(rows), [
        (key, parent, text, name) for key, parent in rows for name, text in products_of(parent)
    ]


if __name__ == "__main__":
    asked = read_job(__doc__)
    workers = ProcessPoolExecutor(asked.workers, initializer=start_worker, initargs=(asked.transforms,))
    pump(asked, workers, transform_batch, chematic=version("chematic"))
