"""Indigo in a pool of processes: reactionProductEnumerate to depth 1, canonicalSmiles."""

from concurrent.futures import ProcessPoolExecutor
from functools import partial

from indigo import Indigo, IndigoException

from job import read_job
from pool import pump, transform_rows

_worker = {}


def start_worker(transforms):
    """Creates a session for this worker, and compiles the transforms."""
    session = Indigo()
    session.setOption("rpe-mode", "grid")
    session.setOption("rpe-multistep-reactions", False)
    session.setOption("rpe-max-depth", 1)
    _worker["session"] = session
    _worker["reactions"] = [(name, session.loadReactionSmarts(smirks)) for name, smirks in transforms]


def products_of(smiles):
    """The distinct products of a parent as (transform, SMILES)."""
    session = _worker["session"]
    try:
        parent = session.loadMolecule(smiles)
    except IndigoException:
        return
    for name, reaction in _worker["reactions"]:
        for text in enumerate_products(session, reaction, parent):
            yield name, text


def enumerate_products(session, reaction, parent):
    """The distinct products of one transform; none if Indigo refuses."""
    reactants, monomers = session.createArray(), session.createArray()
    monomers.arrayAdd(parent)
    reactants.arrayAdd(monomers)
    try:
        results = session.reactionProductEnumerate(reaction, reactants)
        return {
            product.canonicalSmiles()
            for result in results.iterateArray()
            for product in result.iterateProducts()
        }
    except IndigoException:
        return set()


if __name__ == "__main__":
    asked = read_job(__doc__)
    workers = ProcessPoolExecutor(asked.workers, initializer=start_worker, initargs=(asked.transforms,))
    pump(asked, workers, partial(transform_rows, products_of), indigo=Indigo().version())
