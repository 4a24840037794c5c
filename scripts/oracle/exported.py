"""Compares exported files with the table that they come from, each read by a reader of its own format."""

import csv
import gzip
import io
import json
import math
import os

import pyarrow as pa
import pyarrow.parquet as pq
from rdkit import Chem, RDLogger

SHOWN = 5


def compare(table, files):
    """Prints a line for each file, and the first differences; returns their number."""
    expected = pq.read_table(table)
    found = 0
    for path in files:
        ending = path.removesuffix(".gz").rsplit(".", 1)[1]
        differences = list(READERS[ending](expected, path))
        found += len(differences)
        print(f"    {os.path.basename(path)}: {expected.num_rows:,} rows, {len(differences)} differences")
        for difference in differences[:SHOWN]:
            print(f"    DIFFERENCE {difference}")
    return found


def opened(path):
    """A text file, unpacked."""
    if path.endswith(".gz"):
        return io.TextIOWrapper(gzip.open(path), encoding="utf-8", newline="")
    return open(path, encoding="utf-8", newline="")


def of_delimited(delimiter):
    """A comparison of CSV or TSV."""

    def differences(expected, path):
        with opened(path) as file:
            rows = csv.reader(file, delimiter=delimiter)
            header = next(rows)
            if header != expected.column_names:
                yield f"header {header}"
                return
            yield from of_rows(expected, (dict(zip(header, row)) for row in rows), of_field)

    return differences


def of_field(value, field):
    """Whether a field of text says the value of the table; null and empty text look the same."""
    if value is None:
        return field == ""
    if isinstance(value, list):
        return json.loads(field) == value
    if isinstance(value, bool):
        return field == str(value).lower()
    if isinstance(value, float):
        return float(field) == value or (math.isnan(value) and math.isnan(float(field)))
    return field == str(value)


def of_json(expected, path):
    """A comparison of JSON lines."""
    with opened(path) as file:
        yield from of_rows(expected, map(json.loads, file), lambda value, found: value == found)


def of_rows(expected, rows, is_same):
    """Compares rows one by one."""
    count = 0
    for wanted, row in zip(expected.to_pylist(), rows):
        for name, value in wanted.items():
            if not is_same(value, row[name]):
                yield f"row {count}, {name}: {row[name]!r} instead of {value!r}"
        count += 1
    if count != expected.num_rows or next(iter(rows), None) is not None:
        yield f"{count} rows compared"


def of_arrow(expected, path):
    """A comparison of Arrow files."""
    found = pa.ipc.open_file(path).read_all()
    for name in expected.column_names:
        if found[name].to_pylist() != expected[name].to_pylist():
            yield f"column {name}"


def of_smiles(expected, path):
    """A comparison of SMILES text."""
    with opened(path) as file:
        lines = [tuple(line.rstrip("\n").split("\t")) for line in file]
    if lines != list(zip(expected["smiles"].to_pylist(), expected["product_id"].to_pylist())):
        yield "lines"


def of_sdf(expected, path):
    """A comparison of SDF: the same molecules, names and properties."""
    RDLogger.DisableLog("rdApp.*")
    with gzip.open(path) if path.endswith(".gz") else open(path, "rb") as file:
        molecules = Chem.ForwardSDMolSupplier(file)
        count = 0
        for wanted, molecule in zip(expected.to_pylist(), molecules):
            place = f"row {count}, {wanted['smiles']}"
            count += 1
            if molecule is None:
                yield f"{place}: it cannot be read"
                continue
            read = Chem.MolToSmiles(molecule)
            same = Chem.MolToSmiles(Chem.MolFromSmiles(wanted["smiles"]))
            if read != same:
                yield f"{place}: {read}"
            if molecule.GetProp("_Name") != wanted["product_id"]:
                yield f"{place}: title {molecule.GetProp('_Name')}"
            for name, value in wanted.items():
                held = molecule.GetProp(name) if molecule.HasProp(name) else None
                if (held is None) != (value is None) or (value is not None and not of_field(value, held)):
                    yield f"{place}, {name}: {held!r} instead of {value!r}"
    if count != expected.num_rows:
        yield f"{count} records"


READERS = {
    "csv": of_delimited(","),
    "tsv": of_delimited("\t"),
    "jsonl": of_json,
    "arrow": of_arrow,
    "smi": of_smiles,
    "sdf": of_sdf,
}
