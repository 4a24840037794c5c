// Limits for one molecule.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "base/failure.h"

namespace xform {

// A molecule beyond a limit is rejected. By default there are no limits.
struct Limits {
  std::uint32_t max_atoms = std::numeric_limits<std::uint32_t>::max();
  // Distinct products of a parent and a transform.
  std::uint32_t max_products = std::numeric_limits<std::uint32_t>::max();
};

Reason too_many_atoms(std::size_t atoms, std::uint32_t limit);
Reason too_many_products(std::uint32_t limit);

}  // namespace xform
