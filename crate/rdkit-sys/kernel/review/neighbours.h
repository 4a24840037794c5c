// How the neighbours of a kept atom differ between the templates.
#pragma once

#include <vector>

#include "review/subject.h"

namespace xform {

struct NeighbourChange {
  std::vector<const RDKit::Atom *> lost;    // atoms of the reactant template that are no neighbours any more
  std::vector<const RDKit::Atom *> gained;  // atoms of the product template that were none
};

// `product` is the atom that `reactant` becomes.
NeighbourChange neighbour_change(const TemplateAtom &reactant, const TemplateAtom &product);

}  // namespace xform
