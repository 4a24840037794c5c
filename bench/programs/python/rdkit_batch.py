"""A batch through RDKit, for pools of processes and of threads."""

import threading

from chemistry import compile_transforms, products_of

_local = threading.local()


def start_worker(transforms, make_record):
    """Compiles the transforms for this process or thread."""
    _local.compiled = compile_transforms(transforms)
    _local.make_record = make_record


def transform_batch(rows):
    """Number of rows, and the distinct products of each row as records."""
    records = []
    for source_id, source_smiles in rows:
        for name, smiles in products_of(source_smiles, _local.compiled):
            records.append(_local.make_record(source_id, source_smiles, smiles, name))
    return len(rows), records
