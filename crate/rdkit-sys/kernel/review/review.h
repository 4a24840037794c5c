// The review of a transform: what its author may not have meant, judged by the templates alone.
#pragma once

#include <vector>

#include "plain/transform.h"
#include "review/finding.h"

namespace xform {

// All findings about `transform`, by their place in the text.
std::vector<Finding> review(const Transform &transform);

}  // namespace xform
