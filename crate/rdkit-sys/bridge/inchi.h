// The InChI of a SMILES.
#pragma once

#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

struct MoleculeInchi;

// Reads `smiles` as MolFromSmiles does and makes its InChI (kernel/properties/inchi.h). Throws if RDKit
// refuses the text or cannot prepare the molecule for InChI.
MoleculeInchi inchi_of(rust::Str smiles);

}  // namespace xform
