// One transform on one parent.
#pragma once

#include <cstdint>

#include "base/limits.h"
#include "base/row.h"
#include "plain/parent.h"
#include "plain/transform.h"

namespace xform {

class FastWing;

// Applies `transform`, the one at position `index` of the run, to `parent` and adds its results to
// `results`. `fast`, which may be null, is asked first for each product. An exception of RDKit becomes a
// failure record of the site, or of the transform if its sites cannot be found. If there are more distinct
// products than the limit, the transform rejects the row: it keeps no products, each site that was to be
// run counts as failed, and there is one record. Only std::bad_alloc from our own bookkeeping can escape;
// `results` must then be discarded.
void apply_transform(Parent &parent, const Transform &transform, std::uint16_t index, const Limits &limits,
                     FastWing *fast, RowResults &results);

// Whether the transform has a site in `parent`, excluded or not. False also if they cannot be found.
bool has_site(Parent &parent, const Transform &transform);

}  // namespace xform
