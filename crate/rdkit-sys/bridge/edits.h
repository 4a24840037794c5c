// Which sites make their products by edits.
#pragma once

#include "../kernel/plain/transform.h"
#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

// For each site of `transform` in `smiles`, in order and without filters: what prevents its products from
// being edits; empty if nothing does. Throws if RDKit refuses the text.
rust::Vec<rust::String> edit_obstacles(const Transform &transform, rust::Str smiles);

}  // namespace xform
