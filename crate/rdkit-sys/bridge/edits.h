// Which sites have their products made by edits.
#pragma once

#include "../kernel/plain/transform.h"
#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

// By site of `transform` in `smiles`, in their order and without filters: what keeps its products from being
// edits; empty if nothing does. Throws if RDKit refuses the text.
rust::Vec<rust::String> edit_obstacles(const Transform &transform, rust::Str smiles);

}  // namespace xform
