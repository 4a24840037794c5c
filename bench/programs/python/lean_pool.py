"""The program of a careful Python user: a pool of processes, small batches, tuples."""

from concurrent.futures import ProcessPoolExecutor

from chemistry import VERSION
from job import read_job
from pool import pump
from rdkit_batch import start_worker, transform_batch
from sink import TupleRecords

if __name__ == "__main__":
    asked = read_job(__doc__)
    workers = ProcessPoolExecutor(
        asked.workers, initializer=start_worker, initargs=(asked.transforms, TupleRecords.make)
    )
    pump(asked, workers, transform_batch, rdkit=VERSION)
