#include "review/neighbours.h"

#include "base/map_number.h"

namespace xform {
namespace {

std::vector<const RDKit::Atom *> neighbours(const RDKit::Atom &atom) {
  std::vector<const RDKit::Atom *> all;
  for (const auto *bond : atom.getOwningMol().atomBonds(&atom)) {
    all.push_back(bond->getOtherAtom(&atom));
  }
  return all;
}

// The neighbours of `atom` that `other` does not have, by their map numbers.
std::vector<const RDKit::Atom *> without_counterpart(const RDKit::Atom &atom, const RDKit::Atom &other) {
  std::vector<const RDKit::Atom *> found;
  for (const auto *neighbour : neighbours(atom)) {
    bool is_shared = false;
    for (const auto *candidate : neighbours(other)) {
      is_shared = is_shared || (map_number(*neighbour) && map_number(*neighbour) == map_number(*candidate));
    }
    if (!is_shared) {
      found.push_back(neighbour);
    }
  }
  return found;
}

}  // namespace

NeighbourChange neighbour_change(const TemplateAtom &reactant, const TemplateAtom &product) {
  return {without_counterpart(*reactant.atom, *product.atom),
          without_counterpart(*product.atom, *reactant.atom)};
}

}  // namespace xform
