// One transform on one parent.
#pragma once

#include <cstdint>

#include "base/limits.h"
#include "base/row.h"
#include "plain/parent.h"
#include "plain/transform.h"

namespace xform {

class FastWing;

// Applies `transform`, the one at position `index` of the run, to `parent` and adds what it gives to
// `results`. `fast`, which may be null, is asked first for each product. What RDKit throws becomes a failure
// record of the site, or of the transform where its sites cannot be found. With more distinct products than
// the limit the transform rejects the row: it keeps none, each site that was to be run counts as failed, and
// there is one record. Only std::bad_alloc from our own bookkeeping can escape; `results` is then to be
// thrown away.
void apply_transform(Parent &parent, const Transform &transform, std::uint16_t index, const Limits &limits,
                     FastWing *fast, RowResults &results);

}  // namespace xform
