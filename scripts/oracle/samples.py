"""Summaries compared with pandas and DuckDB, and leaders with RDKit's fingerprints."""

import json
import math

import duckdb
import pandas
from rdkit import Chem, DataStructs

from fingerprints import GENERATOR

FIGURES = {"min": "min", "mean": "avg", "median": "median", "max": "max"}
# Readers add up in other orders.
TOLERANCE = 1e-9


def is_close(one, other):
    """Whether two figures are the same, or both missing."""
    is_missing = [value is None or math.isnan(value) for value in (one, other)]
    return all(is_missing) or (not any(is_missing) and math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE))


def in_pandas(table, by, column):
    """The figures of a column by group."""
    groups = pandas.read_parquet(table).groupby(by, dropna=False)[column]
    return {name: groups.agg(name).to_dict() for name in FIGURES}


def in_duckdb(table, by, column):
    """The same."""
    columns = ", ".join(f'{function}("{column}")' for function in FIGURES.values())
    rows = duckdb.sql(f"select \"{by}\", {columns} from read_parquet('{table}') group by all").fetchall()
    return {name: {row[0]: row[1 + place] for row in rows} for place, name in enumerate(FIGURES)}


def differences_of_summary(table, report):
    """What a report of `summarize --by COLUMN --json` has that other readers have not."""
    (by,) = report["by"]
    for column in report["columns"]:
        for title, read in [("pandas", in_pandas), ("DuckDB", in_duckdb)]:
            expected = read(table, by, column)
            for group in report["groups"]:
                for name in FIGURES:
                    found, wanted = group["ranges"][column][name], expected[name][group["values"][by]]
                    if not is_close(found, wanted):
                        yield f"{column}, {group['values'][by]}: {name} is {found}, {wanted} in {title}"
    counts = pandas.read_parquet(table, columns=[by])[by].value_counts(dropna=False).to_dict()
    if {group["values"][by]: group["rows"] for group in report["groups"]} != counts:
        yield f"the groups have {counts} rows"


def differences_of_leaders(table, summary):
    """What is wrong with the rows of `sample --by diverse --pick leader --json`, whose pool is the table."""
    threshold = summary["diverse"]["threshold"]
    products = pandas.read_parquet(table, columns=["product_id", "smiles"])
    bits = {row.product_id: GENERATOR.GetFingerprint(Chem.MolFromSmiles(row.smiles)) for row in products.itertuples()}
    leaders = [row["product_id"] for row in summary["sample"]]
    of_leaders = [bits[leader] for leader in leaders]
    for name, own in bits.items():
        distances = [1 - similarity for similarity in DataStructs.BulkTanimotoSimilarity(own, of_leaders)]
        near = [leaders[place] for place, distance in enumerate(distances) if distance <= threshold]
        if name in leaders and near != [name]:
            yield f"the leader {name} is near {near}"
        if not near:
            yield f"{name} is near no leader"


def compare(table, report_path, sample_path):
    """Prints what differs, and returns whether anything does."""
    with open(report_path, encoding="utf-8") as file:
        report = json.load(file)
    with open(sample_path, encoding="utf-8") as file:
        summary = json.load(file)
    found = [*differences_of_summary(table, report), *differences_of_leaders(table, summary)]
    for difference in found[:20]:
        print(f"    DIFFERENCE {difference}")
    groups, columns = len(report["groups"]), len(report["columns"])
    print(f"    {groups} groups of {columns} columns, {len(summary['sample'])} leaders of {summary['rows']} rows")
    return bool(found)
