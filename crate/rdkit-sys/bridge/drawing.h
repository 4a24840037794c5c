// Pictures as SVG, for Rust.
#pragma once

#include "../kernel/plain/transform.h"
#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

struct DepictedMolecule;

// The functions of kernel/review/drawing.h. Throw if RDKit cannot read a molecule.
rust::String reaction_svg(const Transform &transform);
rust::String products_svg(const DepictedMolecule &parent, const rust::Vec<DepictedMolecule> &products);

}  // namespace xform
