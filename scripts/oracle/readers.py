"""Whether the Parquet files of a run give the same rows in pyarrow, pandas, polars, DuckDB and, if asked for, Spark, and
what each is spared."""

import json
import math
import os

import duckdb
import pandas
import polars
import pyarrow.parquet as pq

NAMES = ("products.parquet", "rejects.parquet", "parents.parquet")
METADATA_KEY = b"xform_native"
SHOWN = 5


def check(outdir, with_spark=False):
    """Prints what the readers disagree about; returns how many disagreements there are."""
    faults = []
    readers = READERS | ({"Spark": in_spark} if with_spark else {})
    for name in NAMES:
        path = os.path.join(outdir, name)
        if not os.path.exists(path):
            continue
        expected = pq.read_table(path).to_pylist()
        columns = pq.read_schema(path).names
        for reader, read in readers.items():
            found = read(path, columns)
            faults += [f"{name} in {reader}: {fault}" for fault in differences(expected, found)]
        faults += [f"{name}: {fault}" for fault in metadata_faults(path)]
        print(f"    {name}: {len(expected):,} rows in pyarrow, {', '.join(readers)}")
    for fault in faults[:SHOWN]:
        print(f"    DIFFERENCE {fault}")
    return len(faults)


def in_pandas(path, columns):
    """Lists are arrays there, and nulls of numbers are NaN; both are undone here."""
    return pandas.read_parquet(path, dtype_backend="pyarrow")[columns].to_dict("records")


def in_polars(path, columns):
    return polars.read_parquet(path).select(columns).to_dicts()


def in_duckdb(path, _columns):
    """By position: DuckDB gives names that differ in case only a number."""
    result = duckdb.execute("SELECT * FROM read_parquet(?)", [path])
    names = pq.read_schema(path).names
    return [dict(zip(names, row)) for row in result.fetchall()]


def in_spark(path, columns):
    """Spark takes names that differ in case only for the same, unless it is told."""
    from pyspark.sql import SparkSession  # needs Java

    spark = SparkSession.builder.master("local[2]").config("spark.sql.caseSensitive", "true").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    table = spark.read.parquet(path)
    rows = [row.asDict() for row in table.toLocalIterator()]
    assert table.columns == columns, table.columns
    return rows


READERS = {"pandas": in_pandas, "polars": in_polars, "DuckDB": in_duckdb}


def differences(expected, found):
    """In which rows a reader differs from pyarrow."""
    if len(expected) != len(found):
        yield f"{len(found)} rows of {len(expected)}"
        return
    for row, (ours, theirs) in enumerate(zip(expected, found)):
        for column, value in ours.items():
            if plain(value) != plain(theirs[column]):
                yield f"row {row}, {column}: {theirs[column]!r}, in pyarrow {value!r}"


def plain(value):
    """A value without what readers represent in their own ways."""
    if value is None or value is pandas.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def metadata_faults(path):
    """The metadata is text, and what was promised about row groups is there."""
    footer = pq.read_metadata(path)
    origin = json.loads(footer.metadata[METADATA_KEY].decode("utf-8"))
    if not {"tool", "engine", "input", "transforms"} <= origin.keys():
        yield f"the metadata has only {sorted(origin)}"
    for index in range(footer.num_row_groups):
        group = footer.row_group(index)
        if "parents" not in os.path.basename(path) and not group.sorting_columns:
            yield f"row group {index} does not state its order"
        for column in range(group.num_columns):
            if not group.column(column).has_offset_index:
                yield f"row group {index} has no offset index of {group.column(column).path_in_schema}"
