"""Reads a transform file for the oracle, and compiles its reactions."""

import re
from collections import namedtuple
from functools import cached_property

import yaml
from rdkit import Chem
from rdkit.Chem import AllChem

# The value of an AtomType query is the atomic number, plus this for an aromatic atom.
AROMATIC = 1000
ELEMENTS = frozenset(range(1, 119))

AtomFacts = namedtuple("AtomFacts", "number charge isotope hydrogens chirality bonds")


class Transform:
    """One entry of the file; compiled when first used, so that it can be sent to another process."""

    def __init__(self, entry):
        self.entry = entry
        self.name = entry["name"]
        self.smirks = entry["smirks"]
        self.query_smarts = entry.get("query_smarts")
        self.not_smarts = as_list(entry.get("not_smarts", []))
        self.explicit_hydrogens = entry.get("hydrogens") == "explicit"
        self.code = entry.get("code")
        self.label = entry.get("label")

    def __reduce__(self):
        return (Transform, (self.entry,))

    @cached_property
    def reaction(self):
        """The reaction, ready to run."""
        reaction = AllChem.ReactionFromSmarts(self.smirks)
        reaction.Initialize()
        assert reaction.GetNumReactantTemplates() == 1, f"{self.name}: one reactant template is expected"
        return reaction

    @cached_property
    def template(self):
        """The reactant template."""
        return self.reaction.GetReactantTemplate(0)

    @cached_property
    def product_templates(self):
        """The product templates."""
        return list(self.reaction.GetProducts())

    @cached_property
    def product_sizes(self):
        """Number of atoms of each product template; a product begins with these."""
        return [template.GetNumAtoms() for template in self.product_templates]

    @cached_property
    def position_of(self):
        """Map number -> position in the reactant template."""
        return positions(self.template)

    @cached_property
    def query(self):
        """The query molecule; None if the file has none."""
        return Chem.MolFromSmarts(self.query_smarts) if self.query_smarts else None

    @cached_property
    def not_queries(self):
        """The molecules of `not_smarts`."""
        return [Chem.MolFromSmarts(smarts) for smarts in self.not_smarts]

    @cached_property
    def keeps_atoms(self):
        """Whether each product template has the atoms of the reactant template, with their elements."""
        return all(has_the_atoms(self.template, template) for template in self.product_templates)

    @cached_property
    def changed_positions(self):
        """Positions of template atoms that the transform changes or removes."""
        templates = (self.template, *self.product_templates)
        kept = set.intersection(*(set(positions(template)) for template in templates))
        before = template_facts(self.template, kept, "lost")
        after = [template_facts(template, kept, "new") for template in self.product_templates]
        return [
            atom.GetIdx()
            for atom in self.template.GetAtoms()
            if map_number(atom) not in kept
            or any(is_changed(before[map_number(atom)], facts[map_number(atom)]) for facts in after)
        ]


def as_list(value):
    """A list as it is, anything else as its only member."""
    return value if isinstance(value, list) else [value]


def map_number(atom):
    """The map number of a template atom; None if it has none: 0 is a valid number."""
    return atom.GetAtomMapNum() if atom.HasProp("molAtomMapNumber") else None


def positions(template):
    """Map number -> position in the template."""
    return {map_number(atom): atom.GetIdx() for atom in template.GetAtoms() if map_number(atom) is not None}


def has_the_atoms(reactant, product):
    """Whether `product` has exactly the atoms of `reactant`, paired by map number, with their elements."""
    numbers = [sorted(str(map_number(atom)) for atom in side.GetAtoms()) for side in (reactant, product)]
    if "None" in numbers[0] or numbers[0] != numbers[1]:
        return False
    position_of = positions(product)
    pairs = [(atom, product.GetAtomWithIdx(position_of[map_number(atom)])) for atom in reactant.GetAtoms()]
    # An atom of a product template without an element keeps the parent's.
    return all(after.GetAtomicNum() in (0, the_element(before)) for before, after in pairs)


def the_element(atom):
    """The atomic number of all atoms that a template atom matches; None if it may match several elements."""
    elements, _ = matched_elements(atom.DescribeQuery().splitlines())
    return next(iter(elements)) if len(elements) == 1 else None


def matched_elements(lines):
    """The elements that the first query of a description may match, and the lines after that query.

    The parts of a query follow it, each indented by two more blanks.
    """
    head, rest = lines[0], lines[1:]
    parts = []
    while rest and indent(rest[0]) > indent(head):
        part, rest = matched_elements(rest)
        parts.append(part)
    words = head.split()
    if words == ["AtomAnd"]:
        return frozenset.intersection(*parts), rest
    if words == ["AtomOr"]:
        return frozenset.union(*parts), rest
    if words[0] in ("AtomType", "AtomAtomicNum") and words[2:] == ["=", "val"]:
        return frozenset([int(words[1]) % AROMATIC]), rest
    return ELEMENTS, rest


def indent(line):
    """The number of blanks before the text."""
    return len(line) - len(line.lstrip())


def template_facts(template, kept, stranger):
    """Map number -> the properties of the atom that a transform may change; neighbours that are not kept
    count as `stranger`.
    """
    facts = {}
    for atom in template.GetAtoms():
        if map_number(atom) not in kept:
            continue
        partners = [(map_number(bond.GetOtherAtom(atom)), bond) for bond in atom.GetBonds()]
        facts[map_number(atom)] = AtomFacts(
            atom.GetAtomicNum(),
            atom.GetFormalCharge(),
            atom.GetIsotope(),
            frozenset(re.findall(r"AtomHCount (\d+) = val", atom.DescribeQuery())),
            atom.GetChiralTag(),
            sorted((str(number) if number in kept else stranger, bond.GetSmarts()) for number, bond in partners),
        )
    return facts


def is_changed(before, after):
    """Whether an atom differs; a product template without an H count leaves the hydrogens to RDKit."""
    if after.hydrogens and after.hydrogens != before.hydrogens:
        return True
    return before._replace(hydrogens=None) != after._replace(hydrogens=None)


def load(path):
    """The transforms of a file, in file order."""
    with open(path, encoding="utf-8") as text:
        content = yaml.safe_load(text)
    return [transform_of(entry, content.get("defaults") or {}) for entry in content["transforms"]]


def transform_of(entry, defaults):
    """The transform of an entry; the file's defaults for limits are options of a run here."""
    return Transform({"hydrogens": defaults.get("hydrogens"), **entry})


def write_lines(path, out):
    """Writes the transforms of a file, one per line: name, SMIRKS, query or nothing, `explicit` or nothing, and each
    `not_smarts`.
    """
    with open(out, "w", encoding="utf-8") as lines:
        for t in load(path):
            hydrogens = "explicit" if t.explicit_hydrogens else ""
            lines.write("\t".join([t.name, t.smirks, t.query_smarts or "", hydrogens, *t.not_smarts]) + "\n")
