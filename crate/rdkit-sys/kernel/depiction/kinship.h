// Which atoms of a product were its parent's.
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "plain/made_again.h"
#include "plain/parent.h"
#include "plain/transform.h"

namespace xform {

// The atoms of a product are positions in its SMILES, those of its parent indices after MolFromSmiles.
struct Kinship {
  std::map<int, int> kept;  // an atom of the product -> the atom of the parent that it was
  std::vector<int> site;    // the atoms of the product template
};

// Makes the product again and compares it with `smiles`, its row's. Throws if it is another one, or what
// RDKit throws.
Kinship find_kinship(Parent &parent, const Transform &transform, const Origin &origin,
                     std::string_view smiles);

}  // namespace xform
