"""Which sites of a parent are left out, and why: query, not_smarts, sugar, limit, in this order."""

from typing import NamedTuple, Optional

from rdkit import Chem

from transforms import positions


class SiteRules(NamedTuple):
    """The options that exclude sites; `query_smarts` and `not_smarts` belong to the transform and always apply."""

    exclude_sugar_like: bool = False
    max_sites: Optional[int] = None


def excluded_sites(parent, sites, transform, rules):
    """For each site, the name of the rule that excludes it; None for a site that is run."""
    reasons = [None] * len(sites)
    if transform.query is not None:
        holds = query_holder(parent, transform, transform.query)
        reasons = [None if holds(site) else "query" for site in sites]
    for query in transform.not_queries:
        holds = query_holder(parent, transform, query)
        reasons = [reason or ("not_smarts" if holds(site) else None) for site, reason in zip(sites, reasons)]
    if rules.exclude_sugar_like:
        sugar = sugar_atoms(parent)
        for i, site in enumerate(sites):
            if reasons[i] is None and any(site[position] in sugar for position in transform.changed_positions):
                reasons[i] = "sugar"
    left = [i for i, reason in enumerate(reasons) if reason is None]
    if rules.max_sites is not None and len(left) > rules.max_sites:
        rank = list(Chem.CanonicalRankAtoms(parent, breakTies=True))
        left.sort(key=lambda i: [rank[atom] for atom in sites[i]])
        for i in left[rules.max_sites :]:
            reasons[i] = "limit"
    return reasons


def query_holder(parent, transform, query):
    """A test whether a match of the query puts every shared map number on the same atom as the site."""
    query_positions = positions(query)
    shared = sorted(query_positions.keys() & transform.position_of.keys())
    assert shared, f"{transform.name}: a query shares no map number with the reactant template"
    params = Chem.SubstructMatchParameters()
    params.uniquify = False
    params.maxMatches = 2**31 - 1
    held = {
        tuple(match[query_positions[number]] for number in shared)
        for match in parent.GetSubstructMatches(query, params)
    }
    return lambda site: tuple(site[transform.position_of[number]] for number in shared) in held


def sugar_atoms(parent):
    """Atoms of circular sugars as the Sugar Removal Utility defines them, with their exocyclic O and CH2OH."""
    rings = [set(ring) for ring in parent.GetRingInfo().AtomRings()]
    found = set()
    for i, ring in enumerate(rings):
        isolated = not any(ring & other for j, other in enumerate(rings) if j != i)
        if isolated and is_sugar_ring(parent, ring):
            found |= ring
            for atom in ring:
                found |= sugar_substituents(parent.GetAtomWithIdx(atom), ring)
    return found


def is_sugar_ring(parent, ring):
    """5 to 7 atoms, one oxygen, the rest sp3 carbon, exocyclic single-bonded oxygens for half of them."""
    if not 5 <= len(ring) <= 7:
        return False
    atoms = [parent.GetAtomWithIdx(i) for i in ring]
    carbons = [a for a in atoms if a.GetAtomicNum() == 6 and a.GetHybridization() == Chem.HybridizationType.SP3]
    oxygens = [a for a in atoms if a.GetAtomicNum() == 8]
    exocyclic = {n.GetIdx() for a in atoms for n in outside(a, ring) if n.GetAtomicNum() == 8}
    return len(oxygens) == 1 and len(carbons) == len(ring) - 1 and 2 * len(exocyclic) >= len(ring)


def sugar_substituents(atom, ring):
    """Exocyclic oxygens on a ring atom, and both heavy atoms of a CH2OH on it."""
    found = set()
    for neighbor in outside(atom, ring):
        if neighbor.GetAtomicNum() == 8:
            found.add(neighbor.GetIdx())
        elif neighbor.GetAtomicNum() == 6 and neighbor.GetTotalNumHs(True) == 2:
            hydroxyls = [o for o in outside(neighbor, ring) if o.GetAtomicNum() == 8 and o.GetTotalNumHs(True) == 1]
            found |= {neighbor.GetIdx()} | {o.GetIdx() for o in hydroxyls} if hydroxyls else set()
    return found


def outside(atom, ring):
    """Single-bonded neighbours of an atom that are not in the ring."""
    return [
        bond.GetOtherAtom(atom)
        for bond in atom.GetBonds()
        if bond.GetBondType() == Chem.BondType.SINGLE and bond.GetOtherAtomIdx(atom.GetIdx()) not in ring
    ]
