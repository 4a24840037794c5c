// Pictures of a transform, and of what it makes of a molecule.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plain/transform.h"

namespace xform {

// A molecule to draw.
struct Depiction {
  std::string smiles;
  // Atoms to highlight, by their position in the SMILES. If one of them is beyond its last atom, it is one of
  // the hydrogens that AddHs appends, and all hydrogens are drawn.
  std::vector<std::uint32_t> atoms;
  std::string caption;
};

// The reaction, as SVG: its templates, in which atoms that change are highlighted, and the SMARTS of the
// atoms.
std::string draw_reaction(const Transform &transform);

// The products of a parent, as SVG. Throws if RDKit cannot read one of the molecules.
std::string draw_products(const Depiction &parent, const std::vector<Depiction> &products);

}  // namespace xform
