// From a site to written products: Python's chain RunReactants -> SanitizeMol -> RemoveHs -> MolToSmiles,
// with one small function per step.
#pragma once

#include <GraphMol/RWMol.h>

#include <cstdint>
#include <vector>

#include "base/row.h"
#include "plain/sites.h"

namespace xform {

class FastWing;
struct CanonicalSmiles;
struct Parent;
struct Transform;

// The raw products of one site, one per product template. They are not sanitized and still have template
// hydrogens; parts of the parent that the match does not reach (salts) are gone, unless the parent keeps
// salts. `parent` is not changed.
RDKit::MOL_SPTR_VECT run_reaction(const Parent &parent, const Transform &transform, const Site &site);

// A raw product, to be settled.
RDKit::RWMol &as_editable(RDKit::ROMol &raw);

// Sanitizes a raw product and removes its hydrogens. `template_atoms` is the number of atoms of the
// product template, which are the first of `product`; returns how many of them are left, which are still
// the first. If an exception is thrown, `stage` holds the step that failed. `fast`, which may be null, is
// asked whether there is anything to remove.
unsigned int settle_product(RDKit::RWMol &product, unsigned int template_atoms, FastWing *fast, Stage &stage);

// Writes a product that was edited or settled; the product cannot be used afterwards. Its first
// `site_atoms` atoms belong to the site. `fast`, which may be null, is asked first.
WrittenProduct write_product(RDKit::RWMol &product, unsigned int site_atoms, FastWing *fast);

// The canonical SMILES that RDKit writes.
CanonicalSmiles mol_to_smiles(const RDKit::ROMol &molecule);

}  // namespace xform
