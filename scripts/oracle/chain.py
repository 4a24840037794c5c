"""The definition of a product, in Python: RunReactants, SanitizeMol, RemoveHs, MolToSmiles.

This module knows nothing of the program under test. For one row and one transform it returns the rows,
reject records and counts that the definition requires. Where the definition depends on RDKit's behaviour
(the order of RunReactants, which properties its products carry), that behaviour is asserted, so that a
different version of RDKit fails in the line that explains it.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple, Optional

from rdkit import Chem, RDLogger, rdBase

import notations
from sites import SiteRules, excluded_sites

RDKIT_VERSION = "2025.03.1"

# The counts that depend only on the chemistry, by their names in SUMMARY.json.
SUM_KEYS = (
    "rows_with_products rows_no_site rows_all_sites_excluded rows_rejected sites sites_applied sites_excluded_query "
    "sites_excluded_not_smarts sites_excluded_sugar sites_excluded_limit sites_failed results results_repeated "
    "results_failed made products_same_as_parent rows_stereo_groups_dropped"
).split()

RDLogger.DisableLog("rdApp.*")


class Product(NamedTuple):
    """One distinct product of a parent and a transform: the columns that depend only on the chemistry."""

    smiles: str
    product_index: int
    site_index: int
    site_atoms: tuple
    site_count: int
    product_site_atoms: tuple
    notations: tuple = ()


class Failure(NamedTuple):
    """A bad row (`site` is None) or one result that could not be made."""

    site: Optional[int]
    stage: str
    code: str


@dataclass
class Outcome:
    """The result of one transform for one row."""

    products: list = field(default_factory=list)
    failures: list = field(default_factory=list)
    sums: Counter = field(default_factory=Counter)


def check_version():
    """Refuses any other RDKit: its canonical SMILES would differ for reasons that are not ours."""
    if rdBase.rdkitVersion != RDKIT_VERSION:
        raise SystemExit(f"the oracle needs RDKit {RDKIT_VERSION}, this Python has {rdBase.rdkitVersion}")


def row_failure(smiles):
    """The reject record of a row that MolFromSmiles refuses; None for a good row."""
    if smiles is None:
        return Failure(None, "input", "null")
    if smiles == "":
        return Failure(None, "input", "empty")
    if "\0" in smiles:
        return Failure(None, "input", "nul_byte")
    if Chem.MolFromSmiles(smiles) is not None:
        return None
    unsanitized = Chem.MolFromSmiles(smiles, sanitize=False)
    if unsanitized is None:
        return Failure(None, "parse", "syntax")
    code = step_failure(Chem.SanitizeMol, unsanitized)[1]
    return Failure(None, "parse", code or "exception")


def apply_transform(smiles, transform, rules: SiteRules, with_notations=False, keep_salts=False) -> Outcome:
    """Applies one transform to one good row; the products have further notations if they are asked for."""
    row = Chem.MolFromSmiles(smiles)
    parent = Chem.AddHs(row) if transform.explicit_hydrogens else row
    matches, results = run_every_site(parent, transform)
    order = sorted(range(len(matches)), key=matches.__getitem__)
    sites = [matches[i] for i in order]
    reasons = excluded_sites(parent, sites, transform, rules)

    outcome = Outcome()
    first, counts = {}, Counter()
    for site, (atoms, reason) in enumerate(zip(sites, reasons)):
        outcome.sums["sites"] += 1
        if reason:
            outcome.sums[f"sites_excluded_{reason}"] += 1
            continue
        made = set()
        for index, molecule in enumerate(results[order[site]]):
            outcome.sums["results"] += 1
            if keep_salts:
                molecule = with_untouched(molecule, parent, atoms)
            product, failure = finish(molecule, transform.product_sizes[index])
            if failure:
                outcome.failures.append(Failure(site, *failure))
                outcome.sums["results_failed"] += 1
                continue
            text, positions, bare = product
            if text in first:
                outcome.sums["results_repeated"] += 1
            else:
                more = notations.of_product(bare, row) if with_notations else ()
                first[text] = (index, site, atoms, positions, more)
            made.add(text)
        outcome.sums["sites_applied" if made else "sites_failed"] += 1
        counts.update(made)

    for text, (index, site, atoms, positions, more) in first.items():
        outcome.products.append(Product(text, index, site, atoms, counts[text], positions, more))
    outcome.sums["made"] = len(first)
    outcome.sums["products_same_as_parent"] = int(transform.keeps_atoms and Chem.MolToSmiles(row) in first)
    has_groups = len(row.GetStereoGroups()) > 0
    outcome.sums["rows_stereo_groups_dropped"] = int(has_groups and bool(first) and not with_notations)
    outcome.sums[row_end(outcome.sums)] += 1
    return outcome


def row_end(sums):
    """Which of the four outcomes of a row these counts of one row mean."""
    if sums["made"]:
        return "rows_with_products"
    if sums["sites_failed"]:
        return "rows_rejected"
    return "rows_all_sites_excluded" if sums["sites"] else "rows_no_site"


def run_every_site(parent, transform):
    """All matches and, in the same order, RunReactants' results for them.

    A match is the parent's atoms in the order of the template's. RunReactants does not name the match
    behind a result, but it works through the matches in order; this is asserted from react_atom_idx, for
    each result.
    """
    params = transform.reaction.GetSubstructParams()
    params.uniquify = False
    params.maxMatches = 2**31 - 1
    matches = [
        match
        for match in parent.GetSubstructMatches(transform.template, params)
        # RunReactants skips matches with such an atom; CXSMILES can set the property.
        if not any(parent.GetAtomWithIdx(atom).HasProp("_protected") for atom in match)
    ]
    results = transform.reaction.RunReactants((parent,), maxProducts=0)
    assert len(results) == len(matches), f"RunReactants gave {len(results)} results for {len(matches)} matches"
    for match, products in zip(matches, results):
        for product, size in zip(products, transform.product_sizes):
            assert_comes_from(product, size, match, transform)
    return matches, results


def assert_comes_from(product, size, match, transform):
    """Asserts that the mapped template atoms of `product` were taken from the atoms of `match`."""
    for atom in product.GetAtoms():
        is_template = atom.GetIdx() < size
        origin = atom.GetIntProp("react_atom_idx") if atom.HasProp("react_atom_idx") else None
        if not is_template:
            assert origin is not None, "an atom after the template's has no react_atom_idx"
        elif origin is not None:
            number = atom.GetIntProp("old_mapno")
            expected = match[transform.position_of[number]]
            assert origin == expected, f"map number {number} is atom {origin}, the match says {expected}"


def with_untouched(product, parent, match):
    """A raw product and those fragments of the parent that have no atom of the match."""
    untouched = Chem.RWMol(parent)
    untouched.BeginBatchEdit()
    for fragment in Chem.GetMolFrags(parent):
        for atom in fragment:
            untouched.GetAtomWithIdx(atom).SetIntProp("react_atom_idx", atom)
            if not set(fragment).isdisjoint(match):
                untouched.RemoveAtom(atom)
    untouched.CommitBatchEdit()
    return Chem.CombineMols(product, untouched)


def finish(molecule, template_size):
    """Sanitizes, removes hydrogens and writes: ((smiles, site positions, molecule), None) or (None, (stage, code)).

    The positions are those of the product template's atoms in the SMILES as written: atoms kept from the
    site or new to it.
    """
    for atom in molecule.GetAtoms():
        if atom.GetIdx() < template_size:
            atom.SetBoolProp("_oracle_site", True)
    _, code = step_failure(Chem.SanitizeMol, molecule)
    if code:
        return None, ("sanitize", code)
    bare, code = step_failure(Chem.RemoveHs, molecule)
    if code:
        return None, ("remove_hs", code)
    text, code = step_failure(Chem.MolToSmiles, bare)
    if code:
        return None, ("write", code)
    order = list(bare.GetPropsAsDict(True, True)["_smilesAtomOutputOrder"])
    assert len(order) == bare.GetNumAtoms(), "the SMILES does not hold every atom"
    positions = tuple(
        position for position, atom in enumerate(order) if bare.GetAtomWithIdx(atom).HasProp("_oracle_site")
    )
    return (text, positions, bare), None


def step_failure(step, molecule):
    """Runs one RDKit step: (its value, None), or (None, our code for the exception)."""
    try:
        return step(molecule), None
    except Chem.AtomValenceException:
        return None, "valence"
    except (Chem.KekulizeException, Chem.AtomKekulizeException):
        return None, "kekulize"
    except Chem.MolSanitizeException:
        return None, "sanitize"
    except MemoryError:
        return None, "out_of_memory"
    except Exception:  # RDKit's other exceptions reach Python as RuntimeError, ValueError and more
        return None, "exception"
