// Other spellings of a molecule.
#pragma once

#include <cstdint>

#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

struct RandomSpelling;

// Reads `smiles` as MolFromSmiles does and writes it `count` times in random orders. Throws if RDKit refuses
// the text or cannot write the molecule.
rust::Vec<rust::String> random_spellings(rust::Str smiles, RandomSpelling how, std::uint32_t count);

}  // namespace xform
