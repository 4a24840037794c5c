// The atoms of a SMILES, counted in its text.
#pragma once

#include <cstddef>
#include <string_view>

namespace xform {

// The number of atoms that MolFromSmiles makes from `smiles` before it sanitizes and removes hydrogens.
// Exact for every text that it accepts, so that a molecule can be refused for its size before anything
// slow or recursive begins; for any other text it is some number not above the length.
std::size_t count_atoms(std::string_view smiles);

}  // namespace xform
