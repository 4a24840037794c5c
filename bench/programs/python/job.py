"""The job given to a program, and the line with its answer.

    python PROGRAM.py --input LIBRARY.parquet --transforms TRANSFORMS.tsv --output FILE --workers N
                      [--properties NAMES]

TRANSFORMS.tsv has one name and SMIRKS per line. The output holds at least xf_name and smiles.
"""

import argparse
import json
from typing import NamedTuple

import pyarrow.parquet as pq


class Job(NamedTuple):
    """The command line."""

    input: str
    transforms: list
    output: str
    workers: int
    properties: list


def read_job(description):
    """The job that the command line names; its transforms as (name, SMIRKS)."""
    parser = argparse.ArgumentParser(description=description)
    for flag in ("--input", "--transforms", "--output"):
        parser.add_argument(flag, required=True)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--properties", type=lambda names: names.split(","), default=[])
    args = parser.parse_args()
    with open(args.transforms, encoding="utf-8") as lines:
        transforms = [tuple(line.rstrip("\n").split("\t")) for line in lines]
    return Job(args.input, transforms, args.output, args.workers, args.properties)


def batches(path, rows):
    """The library as lists of (id, SMILES)."""
    library = pq.ParquetFile(path)
    id_column = next(name for name in library.schema_arrow.names if name != "smiles")
    for batch in library.iter_batches(rows, columns=[id_column, "smiles"]):
        yield list(zip(batch.column(0).to_pylist(), batch.column(1).to_pylist()))


def answer(rows, writer, seconds, **versions):
    """Prints the result."""
    counts = {"rows": rows, "products": writer.products, "unique": writer.unique, "seconds": seconds}
    print(json.dumps({**counts, "versions": versions}))
