"""Checks rule files against their examples, and the recipes of docs/rules.md, with RDKit in Python.

Examples are compared as molecules: `out` is among the products if it is a string, and the exact set of products if it is
a list; the molecules of `none` have no site.
"""

import re

import yaml
from rdkit import Chem

import chain
from sites import SiteRules
from transforms import Transform, as_list, transform_of


def check_rules(path):
    """Checks each rule of a file; returns what is wrong, one line each."""
    with open(path, encoding="utf-8") as text:
        content = yaml.safe_load(text)
    defaults = content.get("defaults", {})
    entries = content["transforms"]
    wrong = [f"{entry['name']}: {fault}" for entry in entries for fault in faults_of(entry, defaults)]
    print(f"    {len(entries)} rules, {sum(len(entry['examples']) for entry in entries)} examples, {len(wrong)} faults")
    return wrong


def faults_of(entry, defaults):
    """What is wrong with a rule: RDKit's validation, too few examples, examples that are not so."""
    transform, rules = transform_of(entry, defaults), rules_of(entry, defaults)
    warnings, errors = transform.reaction.Validate(True)
    if warnings or errors:
        yield f"RDKit's validation gives {warnings} warnings and {errors} errors"
    pairs = [example for example in entry["examples"] if "in" in example]
    negatives = [example["none"] for example in entry["examples"] if "none" in example]
    if len(pairs) < 2 or not negatives:
        yield "two examples with products and one without a site are required"
    for example in pairs:
        yield from faults_of_pair(transform, rules, example["in"], example["out"])
    for smiles in (each for value in negatives for each in as_list(value)):
        if sites_left(chain.apply_transform(smiles, transform, rules)):
            yield f"{smiles} has a site"


def faults_of_pair(transform, rules, parent, out):
    """What is wrong with one example."""
    outcome = chain.apply_transform(parent, transform, rules)
    made = {product.smiles for product in outcome.products}
    wanted = {canonical(smiles) for smiles in as_list(out)}
    if outcome.failures:
        yield f"{parent}: {len(outcome.failures)} products fail"
    if not (wanted == made if isinstance(out, list) else wanted <= made):
        yield f"{parent} gives {sorted(made)}, not {sorted(wanted)}"


def check_recipes(path):
    """Runs the code blocks of a page: `smirks:`, what `query:`, `not:` and `hydrogens:` add to it, and `parent -> ...`.
    Returns what is wrong.
    """
    entry, wrong, count = {}, [], 0
    for line in code_lines(path):
        if line.startswith("smirks: "):
            entry = {"name": line, "smirks": line.removeprefix("smirks: ")}
        elif line.startswith("query: "):
            entry["query_smarts"] = line.removeprefix("query: ")
        elif line.startswith("not: "):
            entry.setdefault("not_smarts", []).append(line.removeprefix("not: "))
        elif line == "hydrogens: explicit":
            entry["hydrogens"] = "explicit"
        elif " -> " in line:
            parent, said = line.split(" -> ")
            count += 1
            found = result_of(chain.apply_transform(parent, Transform(entry), SiteRules()))
            if found != said:
                wrong.append(f"{entry['smirks']}: {parent} -> {found}, the page has: {said}")
        else:
            wrong.append(f"not a line of a recipe: {line}")
    print(f"    {count} recipes, {len(wrong)} faults")
    return wrong


def code_lines(path):
    """The lines in the code blocks of a page that name no language."""
    with open(path, encoding="utf-8") as text:
        blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text.read(), re.MULTILINE | re.DOTALL)
    return [line for language, block in blocks if not language for line in block.splitlines()]


def result_of(outcome):
    """A result as a page writes it: the products, `no site`, or `rejected:` and the codes."""
    parts = sorted(product.smiles for product in outcome.products)
    if outcome.failures:
        parts.append("rejected: " + ", ".join(sorted({failure.code for failure in outcome.failures})))
    return ", ".join(parts) if sites_left(outcome) else "no site"


def sites_left(outcome):
    """The number of sites that are not excluded."""
    excluded = sum(count for key, count in outcome.sums.items() if key.startswith("sites_excluded_"))
    return outcome.sums["sites"] - excluded


def rules_of(entry, defaults):
    """A rule's own sugar rule and limit, else the file's; -1 is no limit."""
    sugar, limit = (entry.get(key, defaults.get(key)) for key in ("exclude_sugar_like", "max_sites_per_mol"))
    return SiteRules(bool(sugar), None if limit in (None, -1) else limit)


def canonical(smiles):
    """The canonical SMILES of an expected product."""
    return Chem.MolToSmiles(Chem.MolFromSmiles(smiles))
