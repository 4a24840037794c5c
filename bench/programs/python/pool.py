"""Sends batches through an executor, with a bounded number of them in flight, to the writer."""

import time
from concurrent.futures import FIRST_COMPLETED, wait

from job import answer, batches
from sink import DedupWriter, TupleRecords

LEAN_BATCH = 1_000


def transform_rows(products_of, rows):
    """The function that `pump` sends to a worker, for a toolkit whose `products_of(smiles)` yields
    (transform, SMILES).
    """
    return len(rows), [
        (key, parent, text, name) for key, parent in rows for name, text in products_of(parent)
    ]


def pump(job, executor, transform_batch, *, batch_rows=LEAN_BATCH, records=TupleRecords, **versions):
    """Sends the library of `job` through `transform_batch` on `executor`, with 2 batches per worker in
    flight.

    `transform_batch` takes a list of (id, SMILES) and returns the number of rows and the records.
    """
    started = time.perf_counter()
    writer = DedupWriter(job.output, records)
    rows = 0

    def take(done):
        nonlocal rows
        for future in done:
            count, made = future.result()
            rows += count
            writer.add(made)

    with executor as pool:
        pending = set()
        for batch in batches(job.input, batch_rows):
            pending.add(pool.submit(transform_batch, batch))
            if len(pending) >= 2 * job.workers:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                take(done)
        while pending:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            take(done)
    writer.close()
    answer(rows, writer, time.perf_counter() - started, **versions)
