// The witness: chosen rows are made a second time by RDKit alone, and both results compared.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/row.h"

namespace xform {

// What the fast wing and RDKit alone make of a row, where it is not the same.
struct Difference {
  std::uint64_t source_row;
  std::int32_t transform;  // kNone: the row as a whole
  // The first thing that differs, in words: a product with its site and places, a failure or counts.
  std::string fast;
  std::string plain;
};

// What became of the chosen rows of a batch.
struct Witness {
  std::uint64_t rows = 0;        // made a second time
  std::uint64_t incomplete = 0;  // of these, rows for which memory ran out, so that nothing was compared
  std::optional<Difference> difference;  // the first one

  // Adds a row, given both results.
  void compare(std::uint64_t source_row, const RowResults &fast, const RowResults &plain);
};

}  // namespace xform
