"""The design that this project replaces, reimplemented from the predecessor's documentation.

RDKit runs in a pool of processes, batches of 50,000 are pickled both ways, products are dicts, and the
parent has a Bloom filter and one ParquetWriter.
"""

from concurrent.futures import ProcessPoolExecutor

from chemistry import VERSION
from job import read_job
from pool import pump
from rdkit_batch import start_worker, transform_batch
from sink import DictRecords

BATCH = 50_000

if __name__ == "__main__":
    asked = read_job(__doc__)
    workers = ProcessPoolExecutor(
        asked.workers, initializer=start_worker, initargs=(asked.transforms, DictRecords.make)
    )
    pump(asked, workers, transform_batch, batch_rows=BATCH, records=DictRecords, rdkit=VERSION)
