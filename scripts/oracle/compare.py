"""Compares the output of `apply --dedup none` with the definition, row by row, transform by transform."""

import json
import multiprocessing
import os
from collections import Counter, defaultdict
from itertools import groupby

import pyarrow.parquet as pq
from rdkit import Chem

import chain
import library
import notations
import product_ids
import standardize
import transforms

PRODUCT_COLUMNS = [
    "source_row", "source_id", "source_smiles", "xf_name", "xf_code", "xf_label", "smiles", "product_id",
    "product_index", "xf_site_index", "xf_site_atoms", "xf_site_count", "product_site_atoms",
]  # fmt: skip
REJECT_COLUMNS = ["source_row", "xf_name", "xf_site_index", "stage", "code"]
CHUNK_ROWS = 50
SHOWN_DIFFERENCES = 20

_worker = {}


def run(input_path, outdir, config, names, rules, keep_salts, standardization, jobs):
    """Prints counts and differences; returns the number of differences. `standardization` may be None."""
    every = transforms.load(config)
    chosen = [t for t in every if names is None or t.name in names]
    rows = library.read(input_path)
    chunks = [rows[i : i + CHUNK_ROWS] for i in range(0, len(rows), CHUNK_ROWS)]
    report = Report(chosen, product_ids.tokens(every), standardization)
    rejects = read_rejects(os.path.join(outdir, "rejects.parquet"))
    written = ProductReader(os.path.join(outdir, "products.parquet"), chosen, report)
    how = (chosen, standardization, rules, written.has_notations, keep_salts)
    with multiprocessing.get_context("fork").Pool(jobs, _start, how) as pool:
        for chunk, expected in zip(chunks, pool.imap(_expect, chunks)):
            actual = written.upto(chunk[-1].number)
            for row, (failure, parent, outcomes) in zip(chunk, expected):
                compare_row(row, failure, parent, outcomes, actual.pop(row.number, {}), rejects, chosen, report)
            for number in actual:
                report.difference(f"row {number}: written, but out of order or not in the library")
    for number, *rest in sorted(rejects.elements(), key=str):
        report.difference(f"row {number}: reject record {rest} is not expected")
    compare_sums(report, outdir, len(rows))
    return report.show()


def _start(chosen, standardization, *how):
    chain.check_version()
    _worker.update(transforms=chosen, standardization=standardization, how=how)


def _expect(rows):
    expected = []
    for row in rows:
        failure, parent = chain.row_failure(row.smiles), row.smiles
        if _worker["standardization"] and not failure:
            parent, failure = standardize.parent(row.smiles, _worker["standardization"])
        run_all = [] if failure else _worker["transforms"]
        expected.append((failure, parent, [chain.apply_transform(parent, t, *_worker["how"]) for t in run_all]))
    return expected


def compare_row(row, failure, parent, outcomes, actual, rejects, chosen, report):
    """Compares one library row: reject records, then the products of each transform on its `parent`."""
    if report.standardization and not failure:
        report.standardized += standardize.is_changed(row.smiles, parent)
    if failure:
        expect_reject(row, None, failure, rejects, report)
        for transform in chosen:
            report.sums[transform.name]["rows_rejected"] += 1
    for transform, outcome in zip(chosen, outcomes):
        report.sums[transform.name].update(outcome.sums)
        # The standardized parent has no groups any more.
        if report.standardization and outcome.products and standardize.has_stereo_groups(row.smiles):
            report.sums[transform.name]["rows_stereo_groups_dropped"] += 1
        for each in outcome.failures:
            expect_reject(row, transform.name, each, rejects, report)
        compare_products(row, parent, transform, outcome.products, actual.pop(transform.name, []), report)
    for name in actual:
        report.difference(f"row {row.number}, {name}: written, but not a transform of this run or a bad row")


def expect_reject(row, name, failure, rejects, report):
    """Removes one expected record from the written ones."""
    record = (row.number, name, failure.site, failure.stage, failure.code)
    if rejects[record] > 0:
        rejects[record] -= 1
        report.rejects += 1
    else:
        report.difference(f"row {row.number}, {name}, {row.smiles}: reject record {record[2:]} is missing")


def compare_products(row, parent, transform, expected, written, report):
    """Compares the products of one row and transform, in order and in each column."""
    actual = []
    for number, record in enumerate(written, 1):
        product_id = product_ids.product_id(row, report.tokens[transform.name], number)
        if record["product_id"] != product_id:
            report.difference(f"row {row.number}: product_id is {record['product_id']}, expected {product_id}")
        if (record["source_id"], record["source_smiles"]) != (row.id, row.smiles):
            report.difference(f"row {row.number}, {transform.name}: source columns do not contain {row.id}, {row.smiles}")
        if record.get("parent_smiles", row.smiles) != parent:
            report.difference(f"row {row.number}: parent_smiles is {record['parent_smiles']}, expected {parent}")
        if (record["xf_code"], record["xf_label"]) != (transform.code, transform.label):
            report.difference(f"row {row.number}, {transform.name}: xf_code or xf_label differ from the file")
        actual.append(as_product(record))
    if actual == expected or same_but_for_symmetry(actual, expected, report):
        return
    report.difference(
        f"row {row.number}, {transform.name}, {row.smiles}\n"
        + "".join(f"      only expected: {tuple(product)}\n" for product in expected if product not in actual)
        + "".join(f"      only written:  {tuple(product)}\n" for product in actual if product not in expected)
        + ("" if Counter(actual) != Counter(expected) else "      the order differs\n")
    )


def as_product(record):
    """A written row in the oracle's shape."""
    return chain.Product(
        record["smiles"], record["product_index"], record["xf_site_index"], tuple(record["xf_site_atoms"]),
        record["xf_site_count"], tuple(record["product_site_atoms"]),
        tuple(record[name] for name in notations.NAMES if name in record),
    )  # fmt: skip


def same_but_for_symmetry(actual, expected, report):
    """Whether only `product_site_atoms` differ, and they mark equivalent atoms of the same SMILES."""
    bare = [[p._replace(product_site_atoms=()) for p in products] for products in (actual, expected)]
    if bare[0] != bare[1]:
        return False
    pairs = [(a, e) for a, e in zip(actual, expected) if a != e]
    if all(marked(a.smiles, a.product_site_atoms) == marked(e.smiles, e.product_site_atoms) for a, e in pairs):
        report.by_symmetry += len(pairs)
        return True
    return False


def marked(smiles, positions):
    """A canonical SMILES in which an isotope marks the atoms at `positions`; None if there is none.

    Isotopes are doubled to make room for the mark; canonical ranking takes them into account.
    """
    params = Chem.SmilesParserParams()
    params.removeHs = False
    molecule = Chem.MolFromSmiles(smiles, params)
    if molecule is None or any(not 0 <= position < molecule.GetNumAtoms() for position in positions):
        return None
    for atom in molecule.GetAtoms():
        atom.SetIsotope(2 * atom.GetIsotope() + (atom.GetIdx() in positions))
    return Chem.MolToSmiles(molecule)


def compare_sums(report, outdir, rows):
    """Compares the counts in SUMMARY.json with the oracle's own."""
    with open(os.path.join(outdir, "SUMMARY.json"), encoding="utf-8") as text:
        summary = json.load(text)
    if summary["total_input"] != rows:
        report.difference(f"SUMMARY total_input is {summary['total_input']}, the library has {rows} rows")
    if summary["rows_standardized"] != report.standardized:
        report.difference(
            f"SUMMARY rows_standardized is {summary['rows_standardized']}, expected {report.standardized}"
        )
    for entry in summary["transforms"]:
        if entry["sums"]["rows"] != rows:
            report.difference(f"SUMMARY, {entry['name']}: rows is {entry['sums']['rows']}, the library has {rows}")
        for key in chain.SUM_KEYS:
            mine = report.sums[entry["name"]][key]
            if entry["sums"][key] != mine:
                report.difference(f"SUMMARY, {entry['name']}: {key} is {entry['sums'][key]}, expected {mine}")


class ProductReader:
    """Reads products.parquet on request, and checks that its rows are in total order."""

    def __init__(self, path, chosen, report):
        file = pq.ParquetFile(path)
        self.has_notations = set(notations.NAMES) <= set(file.schema_arrow.names)
        more = [*(notations.NAMES if self.has_notations else ()), *(["parent_smiles"] if report.standardization else [])]
        self._batches = file.iter_batches(columns=[*PRODUCT_COLUMNS, *more])
        self._held = []
        self._position = {transform.name: position for position, transform in enumerate(chosen)}
        self._last = None
        self._report = report

    def upto(self, last_row):
        """Source row -> transform -> records, for every record up to `last_row`."""
        taken = []
        while True:
            if self._held and self._held[-1]["source_row"] > last_row:
                break
            batch = next(self._batches, None)
            if batch is None:
                break
            taken += self._held
            self._held = batch.to_pylist()
        taken += [record for record in self._held if record["source_row"] <= last_row]
        self._held = [record for record in self._held if record["source_row"] > last_row]
        self._check_order(taken)
        rows = defaultdict(dict)
        for (row, name), records in groupby(taken, key=lambda r: (r["source_row"], r["xf_name"])):
            rows[row].setdefault(name, []).extend(records)
        return rows

    def _check_order(self, records):
        for record in records:
            transform = self._position.get(record["xf_name"], -1)
            key = (record["source_row"], transform, record["xf_site_index"], record["product_index"])
            if self._last is not None and key <= self._last:
                self._report.difference(f"out of order: {key} comes after {self._last}")
            self._last = key


def read_rejects(path):
    """The reject records as a multiset."""
    table = pq.read_table(path, columns=REJECT_COLUMNS)
    return Counter(zip(*(table.column(name).to_pylist() for name in REJECT_COLUMNS)))


class Report:
    """Counts and differences, and how they are printed."""

    def __init__(self, chosen, tokens, standardization):
        self.tokens = tokens
        self.standardization = standardization
        self.standardized = 0
        self.names = [transform.name for transform in chosen]
        self.sums = {name: Counter() for name in self.names}
        self.rejects = 0
        self.by_symmetry = 0
        self.differences = 0

    def difference(self, text):
        """Counts one difference and prints the first ones."""
        self.differences += 1
        if self.differences <= SHOWN_DIFFERENCES:
            print(f"    DIFFERENCE {text}")

    def show(self):
        """Prints the counts and returns the number of differences."""
        for name in self.names:
            sums = self.sums[name]
            print(
                f"    {name:32} rows with products {sums['rows_with_products']:8,}  sites {sums['sites']:9,}"
                f"  made {sums['made']:9,}  failed {sums['results_failed']:6,}"
            )
        total = sum(sums["made"] for sums in self.sums.values())
        symmetry = f", {self.by_symmetry:,} of them equal by symmetry in product_site_atoms" if self.by_symmetry else ""
        standardized = f"{self.standardized:,} rows standardized, " if self.standardization else ""
        print(f"    {standardized}{total:,} products{symmetry}, {self.rejects:,} reject records, {self.differences:,} differences")
        return self.differences
