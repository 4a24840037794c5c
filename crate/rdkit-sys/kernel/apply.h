// One transform on one parent.
#pragma once

#include <cstdint>

#include "parent.h"
#include "row.h"
#include "transform.h"

namespace xform {

// Applies `transform`, the one at position `index` of the run, to `parent` and adds what it gives to
// `results`. What RDKit throws becomes a failure record of the site, or of the transform where its sites
// cannot be found. Only std::bad_alloc from our own bookkeeping can escape; `results` is then to be thrown
// away.
void apply_transform(Parent &parent, const Transform &transform, std::uint16_t index, RowResults &results);

}  // namespace xform
