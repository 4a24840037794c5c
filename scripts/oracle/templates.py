"""What RDKit says of reaction templates: whether it reads them, their templates, and the result of its validation."""

import json
import logging
import re

from rdkit import rdBase
from rdkit.Chem import rdChemReactions


def write_verdicts(path, out):
    """Writes the verdict on each template of a file, a SMIRKS and a name per line, as JSON."""
    rdBase.LogToPythonLogger()
    with open(path, encoding="utf-8") as text:
        rows = [line.split() for line in text]
    with open(out, "w", encoding="utf-8") as text:
        json.dump([{"name": name, "smirks": smirks, **verdict_on(smirks)} for smirks, name in rows], text)


def verdict_on(smirks):
    """The verdict on one template: `{"parses": False}`, or the numbers of templates, warnings and errors."""
    with Messages() as messages:
        try:
            reaction = rdChemReactions.ReactionFromSmarts(smirks)
        except ValueError as error:
            return {"parses": False, "messages": [str(error)]}
        warnings, errors = reaction.Validate()
    return {
        "parses": True,
        "reactants": reaction.GetNumReactantTemplates(),
        "products": reaction.GetNumProductTemplates(),
        "warnings": warnings,
        "errors": errors,
        "messages": messages.texts,
    }


class Messages(logging.Handler):
    """Collects what RDKit logs, without the time, instead of printing it."""

    def __init__(self):
        super().__init__()
        self.texts = []
        self.logger = logging.getLogger("rdkit")
        self.others = self.logger.handlers

    def emit(self, record):
        self.texts.append(re.sub(r"^\[[\d:]+\] ", "", record.getMessage()).strip())

    def __enter__(self):
        self.logger.handlers = [self]
        return self

    def __exit__(self, *_):
        self.logger.handlers = self.others
