// Which transforms are the same rule.
#pragma once

#include <string>

#include "plain/transform.h"

namespace xform {

// A text that two transforms share if they differ at most in their map numbers and in the order of their
// atoms and product templates, and in agents, which have no effect. Different texts may still mean the same:
// `[C;H3]` and `[CH3]`.
std::string identity(const Transform &transform);

}  // namespace xform
