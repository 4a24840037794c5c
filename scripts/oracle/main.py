"""The oracle's commands, called by scripts/verify-oracle.mjs; each can be run by hand as well.

python scripts/oracle/main.py cut LIBRARY OUT.parquet --rows 1000
python scripts/oracle/main.py lines LIBRARY CONFIG ROWS.smi TRANSFORMS.tsv
python scripts/oracle/main.py compare LIBRARY OUTDIR CONFIG [--name N ...] [--max-sites N] [--exclude-sugar-like]
                                      [--keep-salts] [--standardize HOW]
python scripts/oracle/main.py subset PART.parquet WHOLE.parquet
python scripts/oracle/main.py golden REPOSITORY
python scripts/oracle/main.py inchi REPOSITORY
python scripts/oracle/main.py notations REPOSITORY
python scripts/oracle/main.py sdf REPOSITORY
python scripts/oracle/main.py mol-blocks REPOSITORY
python scripts/oracle/main.py fingerprints REPOSITORY
python scripts/oracle/main.py exported TABLE.parquet FILE ...
python scripts/oracle/main.py samples TABLE.parquet REPORT.json SAMPLE.json
python scripts/oracle/main.py standardize REPOSITORY
python scripts/oracle/main.py properties OUTDIR
python scripts/oracle/main.py alerts OUTDIR
python scripts/oracle/main.py legacy LIBRARY OUTDIR
python scripts/oracle/main.py readers OUTDIR [--spark]
python scripts/oracle/main.py rules CONFIG
python scripts/oracle/main.py recipes PAGE.md
python scripts/oracle/main.py templates FILE.smarts OUT.json
"""

import argparse
import os
import sys

import pyarrow.parquet as pq

import alerts
import chain
import compare
import exported
import fingerprints
import golden
import inchi
import legacy
import library
import mol_blocks
import notations
import properties
import rules as rule_files
import samples
import sdf
import standardize
import templates
import transforms
from sites import SiteRules


def main():
    """Runs one command; the exit status is 1 if it finds a difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)

    cut = commands.add_parser("cut", help="write an evenly spread slice of a Parquet library")
    cut.add_argument("library")
    cut.add_argument("out")
    cut.add_argument("--rows", type=int)

    lines = commands.add_parser("lines", help="write a library's SMILES and a file's transforms, one per line")
    lines.add_argument("library")
    lines.add_argument("config")
    lines.add_argument("rows")
    lines.add_argument("transforms")

    check = commands.add_parser("compare", help="compare a run's files with RDKit in Python")
    check.add_argument("library")
    check.add_argument("outdir")
    check.add_argument("config")
    check.add_argument("--name", action="append")
    check.add_argument("--max-sites", type=int)
    check.add_argument("--exclude-sugar-like", action="store_true")
    check.add_argument("--keep-salts", action="store_true")
    check.add_argument("--standardize", choices=standardize.FUNCTIONS)
    check.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))

    subset = commands.add_parser("subset", help="check that all SMILES of one file are among another's")
    subset.add_argument("part")
    subset.add_argument("whole")

    record = commands.add_parser("golden", help="record the golden files of the tests")
    record.add_argument("repository")

    inchis = commands.add_parser("inchi", help="record the InChIs of the tests of the bridge")
    inchis.add_argument("repository")
    written = commands.add_parser("notations", help="record the notations of the tests of the bridge")
    written.add_argument("repository")
    records = commands.add_parser("sdf", help="write SDF files and record what RDKit reads in them")
    records.add_argument("repository")
    sampled = commands.add_parser("samples", help="compare figures with pandas and DuckDB, leaders with RDKit")
    sampled.add_argument("table")
    sampled.add_argument("report")
    sampled.add_argument("sample")

    fingerprinted = commands.add_parser("fingerprints", help="record the fingerprints and diverse picks of the tests")
    fingerprinted.add_argument("repository")

    drawn = commands.add_parser("mol-blocks", help="record the mol blocks of the tests of the bridge")
    drawn.add_argument("repository")
    files = commands.add_parser("exported", help="compare exported files with their table")
    files.add_argument("table")
    files.add_argument("files", nargs="+")
    parents = commands.add_parser("standardize", help="record the standardized molecules of the tests of the kernel")
    parents.add_argument("repository")
    described = commands.add_parser("properties", help="compare the properties of a run with RDKit in Python")
    described.add_argument("outdir")
    described.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))

    alerted = commands.add_parser("alerts", help="compare the alerts of a run with RDKit in Python")
    alerted.add_argument("outdir")
    alerted.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))

    predecessors = commands.add_parser("legacy", help="compare the predecessor's columns of a run with RDKit in Python")
    predecessors.add_argument("library")
    predecessors.add_argument("outdir")

    others = commands.add_parser("readers", help="read the files of a run with pyarrow, pandas, polars and DuckDB")
    others.add_argument("outdir")
    others.add_argument("--spark", action="store_true", help="and with Spark, which needs Java")

    examples = commands.add_parser("rules", help="check each rule of a file against its examples")
    examples.add_argument("config")

    recipes = commands.add_parser("recipes", help="run the recipes of a page")
    recipes.add_argument("page")

    verdicts = commands.add_parser("templates", help="write RDKit's verdict on each reaction template of a file")
    verdicts.add_argument("file")
    verdicts.add_argument("out")

    args = parser.parse_args()
    chain.check_version()
    if args.command == "cut":
        print(library.cut(args.library, args.out, args.rows))
        return 0
    if args.command == "lines":
        library.write_lines(args.library, args.rows)
        transforms.write_lines(args.config, args.transforms)
        return 0
    if args.command == "compare":
        rules = SiteRules(args.exclude_sugar_like, args.max_sites)
        found = compare.run(
            args.library, args.outdir, args.config, args.name, rules, args.keep_salts, args.standardize, args.jobs
        )
        return 1 if found else 0
    if args.command == "golden":
        golden.record(args.repository)
        return 0
    if args.command == "inchi":
        inchi.record(args.repository)
        return 0
    if args.command == "notations":
        notations.record(args.repository)
        return 0
    if args.command == "sdf":
        sdf.record(args.repository)
        return 0
    if args.command == "samples":
        return 1 if samples.compare(args.table, args.report, args.sample) else 0
    if args.command == "fingerprints":
        fingerprints.record(args.repository)
        return 0
    if args.command == "mol-blocks":
        mol_blocks.record(args.repository)
        return 0
    if args.command == "exported":
        return 1 if exported.compare(args.table, args.files) else 0
    if args.command == "standardize":
        standardize.record(args.repository)
        return 0
    if args.command == "properties":
        return 1 if properties.compare(args.outdir, args.jobs) else 0
    if args.command == "alerts":
        return 1 if alerts.compare(args.outdir, args.jobs) else 0
    if args.command == "legacy":
        return 1 if legacy.compare(args.library, args.outdir) else 0
    if args.command == "readers":
        import readers  # the other commands do not need its readers

        return 1 if readers.check(args.outdir, args.spark) else 0
    if args.command == "templates":
        templates.write_verdicts(args.file, args.out)
        return 0
    if args.command == "rules":
        return show_faults(rule_files.check_rules(args.config))
    if args.command == "recipes":
        return show_faults(rule_files.check_recipes(args.page))
    return show_subset(args.part, args.whole)


def show_faults(faults):
    """Prints faults, one per line; returns 1 if there are any."""
    for fault in faults:
        print(f"    DIFFERENCE {fault}")
    return 1 if faults else 0


def show_subset(part, whole):
    """Prints how many (transform, SMILES) of `part` are not in `whole`; returns 1 if there are any."""
    pairs = [pq.read_table(path, columns=["xf_name", "smiles"]).to_pydict() for path in (part, whole)]
    inner, outer = (set(zip(table["xf_name"], table["smiles"])) for table in pairs)
    print(f"    {len(inner):,} of {len(outer):,} distinct products, {len(inner - outer):,} foreign")
    return 1 if inner - outer else 0


if __name__ == "__main__":
    sys.exit(main())
