// From a site to written products.
//
// The chain is Python's RunReactants -> SanitizeMol -> RemoveHs -> MolToSmiles, one small function a step.
#pragma once

#include <GraphMol/RWMol.h>

#include <cstdint>
#include <string>
#include <vector>

#include "failure.h"
#include "sites.h"

namespace xform {

struct Transform;

// A product as it goes out.
struct WrittenProduct {
  std::string smiles;  // canonical
  // Atoms kept from the site and atoms new to it, as ascending positions in `smiles`: the atoms of the
  // product template that are still there after RemoveHs.
  std::vector<std::int32_t> site_atoms;
};

// The raw products of one site, one a product template, neither sanitized nor free of template hydrogens;
// parts of the parent that the match does not reach (salts) are gone. `parent` is not altered.
RDKit::MOL_SPTR_VECT make_products(const RDKit::ROMOL_SPTR &parent, const Transform &transform,
                                   const Site &site);

// Sanitizes, removes hydrogens, and writes. `template_atoms` is the number of atoms of the product template,
// which are the first of `product`. `stage` holds the step reached when something is thrown.
WrittenProduct finish_product(RDKit::RWMol &product, unsigned int template_atoms, Stage &stage);

}  // namespace xform
