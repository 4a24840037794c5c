"""Deduplication alone, by DuckDB: SELECT DISTINCT over the products of a run, Parquet in and out.

python duckdb_distinct.py --input PRODUCTS --output FILE --workers N --memory BYTES --scratch FOLDER
"""

import argparse
import json
import time

import duckdb


def main():
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    for flag in ("--input", "--output", "--scratch"):
        parser.add_argument(flag, required=True)
    for flag in ("--workers", "--memory"):
        parser.add_argument(flag, type=int, required=True)
    args = parser.parse_args()
    started = time.perf_counter()
    connection = duckdb.connect()
    connection.execute(f"SET memory_limit='{args.memory // 2**20}MiB'")
    connection.execute(f"SET threads={args.workers}")
    connection.execute(f"SET temp_directory='{args.scratch}'")
    query = f"SELECT DISTINCT xf_name, smiles FROM read_parquet('{args.input}')"
    copy = f"COPY ({query}) TO '{args.output}' (FORMAT parquet, COMPRESSION zstd)"
    copied = connection.execute(copy).fetchone()
    seconds = time.perf_counter() - started
    print(json.dumps({"unique": copied[0], "seconds": seconds, "versions": {"duckdb": duckdb.__version__}}))


if __name__ == "__main__":
    main()
