// Limits for one molecule.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

#include "base/failure.h"

namespace xform {

// A molecule beyond a limit is rejected. By default there are no limits.
struct Limits {
  std::uint32_t max_atoms = std::numeric_limits<std::uint32_t>::max();
  // Distinct products of a parent and a transform.
  std::uint32_t max_products_per_mol = std::numeric_limits<std::uint32_t>::max();

  // Sets the limit of that name. Throws std::invalid_argument if there is none.
  void set(std::string_view name, std::uint32_t value);
};

// The limits by the names of the options that set them.
constexpr std::pair<std::string_view, std::uint32_t Limits::*> kLimits[] = {
    {"max_atoms", &Limits::max_atoms},
    {"max_products_per_mol", &Limits::max_products_per_mol},
};

Reason too_many_atoms(std::size_t atoms, std::uint32_t limit);
Reason too_many_products(std::uint32_t limit);

}  // namespace xform
