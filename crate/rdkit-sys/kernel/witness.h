// The witness: chosen rows are made a second time with RDKit alone, and both results are compared.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/columns.h"
#include "base/row.h"

namespace xform {

// The results of the fast wing and of RDKit alone for a row, if they differ.
struct Difference {
  std::uint64_t source_row;
  std::int32_t transform;  // kNone: the row as a whole
  // The first difference, in words: a product with its site and positions, a failure or counts.
  std::string fast;
  std::string plain;
};

// The result for the chosen rows of a batch.
struct Witness {
  std::uint64_t rows = 0;                // made a second time
  std::uint64_t incomplete = 0;          // how many of these ran out of memory, so that nothing was compared
  std::optional<Difference> difference;  // the first one

  // Adds a row, given both results; `columns` are those that are computed for its products.
  void compare(std::uint64_t source_row, const std::vector<ComputedColumn> &columns, const RowResults &fast,
               const RowResults &plain);
};

}  // namespace xform
