// The kernel's canonical SMILES next to RDKit's own.
#pragma once

#include "../kernel/plain/transform.h"
#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

struct Spellings;

// Reads `smiles` as MolFromSmiles does, sanitizes it once more, as a product is, and writes it in both ways.
// Throws if RDKit refuses the text or cannot write the molecule.
Spellings canonical_spellings(rust::Str smiles);

// Applies `transform` to `smiles` as Python's chain does (RunReactants, SanitizeMol, RemoveHs,
// MolToSmiles) and as the kernel does, and returns both spellings of each product, site by site. Products
// that the chain refuses are left out. Throws if RDKit refuses the text, or if the kernel refuses a
// product that the chain makes.
rust::Vec<Spellings> product_spellings(const Transform &transform, rust::Str smiles);

}  // namespace xform
