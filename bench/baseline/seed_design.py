#!/usr/bin/env python3
"""Baselines in Python: the design that this project replaces, and a lean process pool.

The design is that of the predecessor's pipeline as its documentation describes it: RDKit in a pool of processes,
whole batches pickled both ways, a Bloom filter and one ParquetWriter in the parent. `--lean` is what a careful
Python user would write instead: batches of 1,000 and tuples. Written for this repository.

    python seed_design.py INPUT.parquet OUT.parquet [--lean] [--workers N] [--batch-size N] [--max-in-flight N]

Prints one JSON line: rows, products, unique, seconds (from after the imports to the closed file).
"""

import argparse
import json
import time
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from hashlib import blake2b

import pyarrow as pa
import pyarrow.parquet as pq
from rbloom import Bloom
from rdkit import Chem, RDLogger
from rdkit.Chem import AllChem

OME = "[c:1][OX2H:2]>>[c:1][O:2]C"
LEAN_BATCH = 1_000
BLOOM_ITEMS = 10_000_000
BLOOM_FP_RATE = 0.001
WRITE_ROWS = 2_000
SCHEMA = pa.schema([(name, pa.string()) for name in ("source_id", "source_smiles", "smiles", "xf_label")])

RDLogger.DisableLog("rdApp.*")
_worker = {}


def start_worker(smirks, lean):
    """Compiles the reaction once per process."""
    reaction = AllChem.ReactionFromSmarts(smirks)
    reaction.Initialize()
    _worker.update(reaction=reaction, record=lean_record if lean else seed_record)


def lean_record(source_id, source_smiles, smiles):
    """A product as a tuple."""
    return (source_id, source_smiles, smiles, "OMe")


def seed_record(source_id, source_smiles, smiles):
    """A product as the predecessor passes it: a dict."""
    return {"source_id": source_id, "source_smiles": source_smiles, "smiles": smiles, "xf_label": "OMe"}


def transform_batch(rows):
    """Number of rows, and the distinct products of each row."""
    reaction, record = _worker["reaction"], _worker["record"]
    records = []
    for source_id, source_smiles in rows:
        parent = Chem.MolFromSmiles(source_smiles)
        if parent is None:
            continue
        seen = set()
        for (product,) in reaction.RunReactants((parent,)):
            try:
                Chem.SanitizeMol(product)
            except Exception:
                continue
            smiles = Chem.MolToSmiles(product)
            if smiles not in seen:
                seen.add(smiles)
                records.append(record(source_id, source_smiles, smiles))
    return len(rows), records


def key_hash(smiles):
    """128 bits of BLAKE2b, as rbloom wants them."""
    return int.from_bytes(blake2b(smiles.encode(), digest_size=16).digest(), "big", signed=True)


class DedupWriter:
    """Drops what the Bloom filter has seen and writes the rest in small tables."""

    def __init__(self, path, lean):
        self.products = self.unique = 0
        self._lean = lean
        self._bloom = Bloom(BLOOM_ITEMS, BLOOM_FP_RATE, key_hash)
        self._writer = pq.ParquetWriter(path, SCHEMA, compression="zstd")
        self._held = []

    def add(self, records):
        """Takes the records of one batch."""
        for record in records:
            smiles = record[2] if self._lean else record["smiles"]
            self.products += 1
            if smiles in self._bloom:
                continue
            self._bloom.add(smiles)
            self.unique += 1
            self._held.append(record)
            if len(self._held) >= WRITE_ROWS:
                self._flush()

    def close(self):
        """Writes what is held, and the footer."""
        self._flush()
        self._writer.close()

    def _flush(self):
        if self._lean:
            columns = [list(column) for column in zip(*self._held)] or [[], [], [], []]
            table = pa.table(columns, schema=SCHEMA)
        else:
            table = pa.Table.from_pylist(self._held, schema=SCHEMA)
        self._writer.write_table(table)
        self._held = []


def run(args):
    """Transforms the whole library; gives what to print."""
    started = time.perf_counter()
    batch_size = LEAN_BATCH if args.lean else args.batch_size
    in_flight = args.max_in_flight or 2 * args.workers
    library = pq.ParquetFile(args.input)
    id_column = next(name for name in library.schema_arrow.names if name != "smiles")
    writer = DedupWriter(args.output, args.lean)
    rows = 0

    def take(done):
        nonlocal rows
        for future in done:
            count, records = future.result()
            rows += count
            writer.add(records)

    with ProcessPoolExecutor(args.workers, initializer=start_worker, initargs=(args.smirks, args.lean)) as pool:
        pending = set()
        for batch in library.iter_batches(batch_size, columns=[id_column, "smiles"]):
            pairs = list(zip(batch.column(0).to_pylist(), batch.column(1).to_pylist()))
            pending.add(pool.submit(transform_batch, pairs))
            if len(pending) >= in_flight:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                take(done)
        while pending:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            take(done)
    writer.close()
    seconds = time.perf_counter() - started
    return {"rows": rows, "products": writer.products, "unique": writer.unique, "seconds": seconds}


def main():
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--max-in-flight", type=int, default=0)
    parser.add_argument("--batch-size", type=int, default=50_000)
    parser.add_argument("--smirks", default=OME)
    parser.add_argument("--lean", action="store_true")
    print(json.dumps(run(parser.parse_args())))


if __name__ == "__main__":
    main()
