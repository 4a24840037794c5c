// The atoms of a SMILES, counted in its text.
#pragma once

#include <cstddef>
#include <string_view>

namespace xform {

// The atoms that MolFromSmiles makes of `smiles` before it sanitizes and takes out hydrogens. Exact for every
// text that it accepts, so that a molecule can be refused for its size before anything slow or recursive
// begins; of another text it is some number not above the length.
std::size_t count_atoms(std::string_view smiles);

}  // namespace xform
