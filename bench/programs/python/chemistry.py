"""RDKit's chain, as a Python user writes it: RunReactants, SanitizeMol, MolToSmiles.

Each parent is parsed once. RemoveHs, which sanitizes again, is called only if the product template itself
has hydrogens; otherwise there is nothing to remove.
"""

from rdkit import Chem, RDLogger, rdBase
from rdkit.Chem import AllChem

VERSION = rdBase.rdkitVersion
RDLogger.DisableLog("rdApp.*")


def has_hydrogens(reaction):
    """Whether a product template has hydrogens as atoms."""
    return any(atom.GetAtomicNum() == 1 for product in reaction.GetProducts() for atom in product.GetAtoms())


def compile_transforms(transforms):
    """(name, reaction, whether its products need RemoveHs) for each (name, SMIRKS)."""
    compiled = []
    for name, smirks in transforms:
        reaction = AllChem.ReactionFromSmarts(smirks)
        reaction.Initialize()
        compiled.append((name, reaction, has_hydrogens(reaction)))
    return compiled


def products_of(smiles, compiled):
    """The distinct products of a parent as (transform, SMILES), see `molecules_of`."""
    for name, text, _ in molecules_of(smiles, compiled):
        yield name, text


def molecules_of(smiles, compiled):
    """The distinct products of a parent as (transform, SMILES, molecule); empty if the parent does not parse."""
    parent = Chem.MolFromSmiles(smiles)
    if parent is None:
        return
    for name, reaction, hydrogens in compiled:
        seen = set()
        for (product,) in reaction.RunReactants((parent,), 0):
            try:
                Chem.SanitizeMol(product)
                text = Chem.MolToSmiles(Chem.RemoveHs(product) if hydrogens else product)
            except Exception:  # RDKit refuses this product
                continue
            if text not in seen:
                seen.add(text)
                yield name, text, product
