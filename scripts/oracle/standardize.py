"""Standardization as RDKit has it in Python: recorded for tests without Python, and a part of the definition of a product."""

import os

from rdkit import Chem, RDLogger
from rdkit.Chem.MolStandardize import rdMolStandardize

import chain
import library
from golden import line

PLANTS_STEP = 3

FUNCTIONS = {
    "cleanup": rdMolStandardize.Cleanup,
    "neutral": lambda molecule: rdMolStandardize.Uncharger().uncharge(rdMolStandardize.Cleanup(molecule)),
    "parent": rdMolStandardize.ChargeParent,
}


def parent(smiles, how):
    """The standardized parent of a good row: (its SMILES, None), or (None, the row's reject record)."""
    molecule = Chem.MolFromSmiles(smiles)
    text, code = chain.step_failure(lambda row: Chem.MolToSmiles(FUNCTIONS[how](row)), molecule)
    if not code and text:
        failure = chain.row_failure(text)
        code = failure and failure.code
    return (None, chain.Failure(None, "standardize", code)) if code else (text, None)


def is_changed(smiles, text):
    """Whether the standardized parent is another molecule than the row's."""
    return canonical(smiles) != text


def has_stereo_groups(smiles):
    """Whether the molecule of a good row has stereo groups, which a canonical SMILES cannot hold."""
    return len(Chem.MolFromSmiles(smiles).GetStereoGroups()) > 0


def canonical(smiles):
    """The canonical SMILES of a good row."""
    return Chem.MolToSmiles(Chem.MolFromSmiles(smiles))


def record(repository):
    """Writes standardize.tsv: for each molecule what each function makes of it, in brackets the code of a failure."""
    RDLogger.DisableLog("rdApp.*")
    fixture = os.path.join(repository, "crate", "rdkit-sys", "tests", "fixture")
    lines = [line("smiles", "canonical", *FUNCTIONS)]
    for smiles in molecules(repository, fixture):
        results = [parent(smiles, how) for how in FUNCTIONS]
        parents = [f"({failure.code})" if failure else text for text, failure in results]
        lines.append(line(smiles, canonical(smiles), *parents))
    with open(os.path.join(fixture, "standardize.tsv"), "w", encoding="utf-8") as out:
        out.writelines(f"{each}\n" for each in lines)
    print(f"standardize.tsv: {len(lines) - 1} molecules")


def molecules(repository, fixture):
    """Those of standardize.smi, then other molecules of the repository, each once."""
    with open(os.path.join(fixture, "standardize.smi"), encoding="utf-8") as text:
        cases = [each.rstrip("\n") for each in text if not each.startswith("#")]
    hard = library.read(os.path.join(fixture, "hard-parents.tsv"))
    plants = library.read(os.path.join(repository, "__test__", "golden", "plants-300.smi"))[::PLANTS_STEP]
    others = [row.smiles for row in [*hard, *plants]]
    return [smiles for smiles in dict.fromkeys([*cases, *others]) if chain.row_failure(smiles) is None]
