"""A pool of processes that computes properties of each product, of the molecule that it has in hand."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor

import pyarrow as pa
from rdkit import Chem

from chemistry import VERSION, compile_transforms, molecules_of
from job import read_job
from pool import pump
from sink import SCHEMA, TupleRecords

sys.path.append(os.path.join(os.path.dirname(__file__), "..", "..", "..", "scripts", "oracle"))
from properties import FUNCTIONS  # noqa: E402

INCHI, KEY = "InChI", "InChIKey"
TYPES = {str: pa.string(), int: pa.int64(), float: pa.float64()}

_worker = {}


def start_worker(transforms, names):
    """Compiles the transforms for this process."""
    _worker.update(compiled=compile_transforms(transforms), names=names)


def transform_batch(rows):
    """Number of rows, and the distinct products of each row as records with their properties."""
    names = _worker["names"]
    return len(rows), [
        (source_id, source_smiles, smiles, name, *values_of(molecule, names))
        for source_id, source_smiles in rows
        for name, smiles, molecule in molecules_of(source_smiles, _worker["compiled"])
    ]


def values_of(molecule, names):
    """The properties; the key is made from the InChI, if both are wanted."""
    found = {}
    for name in sorted(names, key=lambda name: name == KEY):
        has_inchi = name == KEY and found.get(INCHI)
        found[name] = Chem.InchiToInchiKey(found[INCHI]) if has_inchi else FUNCTIONS[name](molecule)
    return [found[name] for name in names]


def records_with(names):
    """Records that end with these properties, whose types follow from those of methane."""
    types = [TYPES[type(value)] for value in values_of(Chem.MolFromSmiles("C"), names)]

    class PropertyRecords(TupleRecords):
        """Records with properties."""

        schema = pa.schema([*SCHEMA, *map(pa.field, names, types)])

    return PropertyRecords


if __name__ == "__main__":
    asked = read_job(__doc__)
    workers = ProcessPoolExecutor(
        asked.workers, initializer=start_worker, initargs=(asked.transforms, asked.properties)
    )
    pump(asked, workers, transform_batch, records=records_with(asked.properties), rdkit=VERSION)
