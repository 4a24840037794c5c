"""The writing side of the Python programs: a Bloom filter and one ParquetWriter."""

from hashlib import blake2b

import pyarrow as pa
import pyarrow.parquet as pq
from rbloom import Bloom

# bench/contenders/xform-native.mjs requests a filter of the same size.
BLOOM_ITEMS = 10_000_000
BLOOM_FP_RATE = 0.001
WRITE_ROWS = 2_000
COLUMNS = ("source_id", "source_smiles", "smiles", "xf_name")
SCHEMA = pa.schema([(name, pa.string()) for name in COLUMNS])


def key_hash(key):
    """128 bits of BLAKE2b, as rbloom expects them."""
    return int.from_bytes(blake2b(key.encode(), digest_size=16).digest(), "big", signed=True)


class TupleRecords:
    """Records as tuples in the order of the schema, as a careful user would pass them."""

    schema = SCHEMA

    @staticmethod
    def make(*values):
        """A record."""
        return values

    @staticmethod
    def key(record):
        """The key that makes a record new: its SMILES, for its transform."""
        return f"{record[3]}\t{record[2]}"

    @classmethod
    def table(cls, records):
        """The records as a table."""
        columns = [list(column) for column in zip(*records)] or [[] for _ in cls.schema]
        return pa.table(columns, schema=cls.schema)


class DictRecords:
    """Records as dicts, as the predecessor passes them between its processes."""

    schema = SCHEMA

    @staticmethod
    def make(*values):
        """A record."""
        return dict(zip(COLUMNS, values))

    @staticmethod
    def key(record):
        """The key that makes a record new: its SMILES, for its transform."""
        return f"{record['xf_name']}\t{record['smiles']}"

    @staticmethod
    def table(records):
        """The records as a table."""
        return pa.Table.from_pylist(records, schema=SCHEMA)


class DedupWriter:
    """Drops what the Bloom filter has seen and writes the rest in small tables."""

    def __init__(self, path, records=TupleRecords):
        self.products = self.unique = 0
        self._records = records
        self._bloom = Bloom(BLOOM_ITEMS, BLOOM_FP_RATE, key_hash)
        self._writer = pq.ParquetWriter(path, records.schema, compression="zstd")
        self._held = []

    def add(self, records):
        """Adds the records of one batch."""
        for record in records:
            key = self._records.key(record)
            self.products += 1
            if key in self._bloom:
                continue
            self._bloom.add(key)
            self.unique += 1
            self._held.append(record)
            if len(self._held) >= WRITE_ROWS:
                self._flush()

    def close(self):
        """Writes the remaining records and the footer."""
        self._flush()
        self._writer.close()

    def _flush(self):
        self._writer.write_table(self._records.table(self._held))
        self._held = []
