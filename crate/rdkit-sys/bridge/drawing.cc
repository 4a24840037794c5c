#include "drawing.h"

#include <algorithm>
#include <iterator>

#include "../kernel/review/drawing.h"
#include "xform-rdkit-sys/src/drawing.rs.h"

namespace xform {
namespace {

Depiction depiction_of(const DepictedMolecule &molecule) {
  return {std::string(molecule.smiles),
          {molecule.atoms.begin(), molecule.atoms.end()},
          std::string(molecule.caption)};
}

}  // namespace

rust::String reaction_svg(const Transform &transform) {
  return rust::String::lossy(draw_reaction(transform));
}

rust::String products_svg(const DepictedMolecule &parent, const rust::Vec<DepictedMolecule> &products) {
  std::vector<Depiction> depictions;
  std::transform(products.begin(), products.end(), std::back_inserter(depictions), depiction_of);
  return rust::String::lossy(draw_products(depiction_of(parent), depictions));
}

}  // namespace xform
