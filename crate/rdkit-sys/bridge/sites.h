// The sites of a transform in a molecule, to be shown.
#pragma once

#include "../kernel/plain/transform.h"
#include "rust/cxx.h"
#include "trycatch.h"

namespace xform {

struct SiteList;

// All sites of `transform` in `smiles`, in order. Throws if RDKit refuses the text.
SiteList list_sites(const Transform &transform, rust::Str smiles);

}  // namespace xform
