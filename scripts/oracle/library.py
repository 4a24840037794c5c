"""Reads libraries and cuts slices of them."""

import csv
import gzip
import re
from typing import NamedTuple, Optional

import pyarrow.parquet as pq


class Row(NamedTuple):
    """One row of a library."""

    number: int
    id: Optional[object]
    smiles: Optional[str]


# A CXSMILES extension belongs to the SMILES; between dollar signs it may contain any character.
SMILES_LINE = re.compile(r"(?P<smiles>\S+(?:\s+\|(?:[^|$]|\$[^$]*\$)*\|)?)\s*(?P<id>.*)")


def spread(total, wanted):
    """`wanted` row numbers spread evenly over `total`; all of them if `wanted` is None or larger."""
    if wanted is None or wanted >= total:
        return range(total)
    return [i * total // wanted for i in range(wanted)]


def read(path):
    """The rows of a Parquet, .smi, .csv or .tsv file, as (number, id, SMILES)."""
    values = _read_parquet(path) if path.endswith(".parquet") else _read_text(path)
    return [Row(number, *pair) for number, pair in enumerate(values)]


def cut(path, out, wanted):
    """Writes an evenly spread slice of a Parquet library with all columns, and returns its number of rows."""
    table = pq.read_table(path)
    table = table.take(list(spread(table.num_rows, wanted)))
    pq.write_table(table, out, compression="zstd")
    return table.num_rows


def write_lines(path, out):
    """Writes the SMILES of a library, one per line; missing values and values that are not one line are left out."""
    texts = (row.smiles for row in read(path))
    with open(out, "w", encoding="utf-8") as lines:
        lines.writelines(f"{text}\n" for text in texts if text and not set(text) & set("\r\n\0"))


def _read_parquet(path):
    file = pq.ParquetFile(path)
    names = file.schema_arrow.names
    smiles = next(name for name in names if name.lower() == "smiles")
    endings = [name for name in names if name.endswith("_id")]
    id_column = "id" if "id" in names else endings[0] if len(endings) == 1 else None
    table = file.read(columns=[smiles] + ([id_column] if id_column else []))
    ids = table.column(id_column).to_pylist() if id_column else [None] * table.num_rows
    return zip(ids, table.column(smiles).to_pylist())


def _read_text(path):
    opened = gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else open(path, encoding="utf-8")
    with opened as text:
        if ".smi" in path:
            found = [SMILES_LINE.match(line.strip()) for line in text if line.strip()]
            return [(line["id"] or None, line["smiles"]) for line in found]
        table = csv.DictReader(text, delimiter="\t" if ".tsv" in path else ",", quoting=csv.QUOTE_NONE)
        return [(row["id"], row["smiles"]) for row in table]
