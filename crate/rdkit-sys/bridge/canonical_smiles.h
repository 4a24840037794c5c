// The kernel's canonical SMILES beside RDKit's own.
#pragma once

#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

struct Spellings;

// Reads `smiles` as MolFromSmiles does, sanitizes it once more, as a product is, and writes it in both ways.
// Throws if RDKit refuses the text or cannot write the molecule.
Spellings canonical_spellings(rust::Str smiles);

}  // namespace xform
