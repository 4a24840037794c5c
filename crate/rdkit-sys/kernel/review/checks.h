// The checks of a review; each looks at one kind of mistake.
#pragma once

#include "review/finding.h"
#include "review/subject.h"

namespace xform {

// Map numbers that pair nothing, or too much.
void check_mapping(const Subject &subject, Findings &findings);

}  // namespace xform
