"""Like lean_pool.py, but with threads.

Nothing is pickled, and RDKit releases the interpreter's lock in its longer calls.
"""

from concurrent.futures import ThreadPoolExecutor

from chemistry import VERSION
from job import read_job
from pool import pump
from rdkit_batch import start_worker, transform_batch
from sink import TupleRecords

if __name__ == "__main__":
    asked = read_job(__doc__)
    workers = ThreadPoolExecutor(
        asked.workers, initializer=start_worker, initargs=(asked.transforms, TupleRecords.make)
    )
    pump(asked, workers, transform_batch, rdkit=VERSION)
