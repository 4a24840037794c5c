"""Records the results of RDKit in Python for the cases of __test__/golden/cases.json, for tests without Python."""

import gzip
import json
import os

import alerts
import chain
import library
import properties
import transforms
from sites import SiteRules

PRODUCTS_HEADER = "row transform product_index site_index site_count site_atoms product_site_atoms smiles"
REJECTS_HEADER = "row transform site_index stage code"
PLANTS_STEP = 3
PLANTS_ROWS = 300


def record(repository):
    """Cuts the plants slice and records every case."""
    folder = os.path.join(repository, "__test__", "golden")
    cut_plants(os.path.join(repository, "examples", "plants-1k.parquet"), os.path.join(folder, "plants-300.smi"))
    with open(os.path.join(folder, "cases.json"), encoding="utf-8") as text:
        cases = json.load(text)
    fixture = os.path.join(repository, "crate", "rdkit-sys", "tests", "fixture")
    molecules = [os.path.join(fixture, "properties.smi"), os.path.join(folder, "extra.tsv"),
                 os.path.join(fixture, "hard-parents.tsv"), os.path.join(folder, "plants-300.smi")]
    properties.record(molecules, os.path.join(fixture, "properties.tsv"))
    plants = os.path.join(folder, "plants-300.smi")
    alerts.record([os.path.join(fixture, "alerts.smi"), os.path.join(fixture, "properties.smi"), plants],
                  os.path.join(fixture, "own-alerts.tsv"), os.path.join(fixture, "alerts.tsv"))
    for case in cases:
        rows = library.read(os.path.join(folder, case["input"]))
        chosen = transforms.load(os.path.join(repository, case["config"]))
        record_case(rows, chosen, SiteRules(case["exclude_sugar_like"], case["max_sites"]), folder, case["name"])


def cut_plants(source, out):
    """Every third row of the example library, as SMILES text."""
    rows = library.read(source)[: PLANTS_STEP * PLANTS_ROWS : PLANTS_STEP]
    with open(out, "w", encoding="utf-8") as text:
        text.writelines(f"{row.smiles} {row.id}\n" for row in rows)


def record_case(rows, chosen, rules, folder, name):
    """Writes NAME.products.tsv.gz, NAME.rejects.tsv and NAME.sums.json."""
    products, rejects = [PRODUCTS_HEADER.replace(" ", "\t")], [REJECTS_HEADER.replace(" ", "\t")]
    sums = {transform.name: dict.fromkeys(chain.SUM_KEYS, 0) for transform in chosen}
    for row in rows:
        bad = chain.row_failure(row.smiles)
        if bad:
            rejects.append(line(row.number, "", "", bad.stage, bad.code))
        for number, transform in enumerate(chosen):
            mine = sums[transform.name]
            if bad:
                mine["rows_rejected"] += 1
                continue
            outcome = chain.apply_transform(row.smiles, transform, rules)
            for key, value in outcome.sums.items():
                mine[key] += value
            products += [product_line(row.number, number, product) for product in outcome.products]
            rejects += [line(row.number, number, f.site, f.stage, f.code) for f in outcome.failures]
    base = os.path.join(folder, name)
    write_gzip(base + ".products.tsv.gz", products)
    with open(base + ".rejects.tsv", "w", encoding="utf-8") as text:
        text.writelines(each + "\n" for each in rejects)
    with open(base + ".sums.json", "w", encoding="utf-8") as text:
        json.dump(sums, text, indent=2)
        text.write("\n")
    print(f"{name}: {len(rows)} rows, {len(products) - 1} products, {len(rejects) - 1} reject records")


def product_line(row, transform, product):
    """One product as a line; atom lists are comma-separated."""
    lists = (",".join(map(str, atoms)) for atoms in (product.site_atoms, product.product_site_atoms))
    return line(row, transform, product.product_index, product.site_index, product.site_count, *lists, product.smiles)


def line(*values):
    """Tab-separated text."""
    return "\t".join(map(str, values))


def write_gzip(path, lines):
    """Writes compressed lines without a time stamp, so that the same content gives the same file."""
    data = "".join(each + "\n" for each in lines).encode()
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(data)
