// From a site to written products.
//
// The plain path is Python's chain RunReactants -> SanitizeMol -> RemoveHs -> MolToSmiles, one small function
// a step. Edits (edit.h) take the place of the first three where they are proved to give the same.
#pragma once

#include <GraphMol/RWMol.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "base/row.h"
#include "plain/sites.h"

namespace xform {

struct Parent;
struct Transform;

// The products of one site, one a product template, finished but for writing; empty if the site takes the
// plain path, and then `obstacle` says why. The template's atoms come first, less the hydrogens that RemoveHs
// takes out.
std::vector<std::unique_ptr<RDKit::RWMol>> edit_products(Parent &parent, const Transform &transform,
                                                         const Site &site, const char *&obstacle);

// The raw products of one site, one a product template, neither sanitized nor free of template hydrogens;
// parts of the parent that the match does not reach (salts) are gone. `parent` is not altered.
RDKit::MOL_SPTR_VECT run_reaction(const RDKit::ROMOL_SPTR &parent, const Transform &transform,
                                  const Site &site);

// Sanitizes a raw product and removes its hydrogens. `template_atoms` is the number of atoms of the product
// template, which are the first of `product`; gives how many are left, which are still the first. `stage`
// holds the step reached when something is thrown.
unsigned int settle_product(RDKit::RWMol &product, unsigned int template_atoms, Stage &stage);

// Writes a product that was edited or settled, and uses it up. Its first `site_atoms` atoms belong to the
// site.
WrittenProduct write_product(RDKit::RWMol &product, unsigned int site_atoms);

}  // namespace xform
